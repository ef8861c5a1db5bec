//! Calls to be booked, and what they come to by hand.

use crate::{
    ids::{AgentId, CallId, PersonId, RunId, ThreadId},
    model::{
        Millis,
        calendar::Date,
        provider::Usage,
        usage::{Sums, UsageFilter},
    },
    server::{
        store::calls::{Call, Counted},
        usage::ledger,
    },
    tests::app::{Someone, TestApp, TestGroup},
};
use std::{collections::BTreeMap, ops::Range};
use uuid::Uuid;

/// 28 November 2026, 12:00 UTC.
pub const NOW: Millis = 1_795_867_200_000;

pub const HOUR: Millis = 3_600_000;
pub const DAY: Millis = 24 * HOUR;

/// The beginning of a day in UTC.
pub fn day(raw: &str) -> Millis {
    Date::parse(raw).expect("a date").number() * DAY
}

/// A call of `gpt-4.1` (whose price is built in) that the owner had made, without a run.
pub fn call(lab: &TestGroup, app: &TestApp, at: Millis) -> Call {
    Call {
        id: CallId::from_uuid(app.app.clock.uuid()),
        group: lab.group.id,
        run: None,
        step: 1,
        attempt: 1,
        thread: None,
        agent: Some(lab.agent),
        agent_version: Some(1),
        person: Some(lab.owner.person.id),
        key: None,
        purpose: "chat",
        provider: "openai".to_owned(),
        model: "gpt-4.1".to_owned(),
        status: "completed",
        error_kind: None,
        counted: Counted::Reported,
        usage: Usage { input_tokens: 1_000, output_tokens: 100, ..Usage::default() },
        started_at: at - 1_200,
        first_token_at: Some(at - 900),
        finished_at: at,
    }
}

/// $2 for a million in and $8 out: what [`call`] costs.
pub const COST: i64 = 2_800;

impl TestApp {
    /// Books a call and answers what it cost.
    pub async fn book(&self, call: &Call) -> Option<i64> {
        let mut tx = self.app.store.begin().await.expect("a transaction");
        let cost = ledger::book(&self.app, &mut tx, call).await.expect("a booking");
        tx.commit().await.expect("a commit");
        cost
    }
}

/// Calls of all kinds, in the order of time, from `start` on: people, agents, threads, models with and without a price,
/// purposes, ends, and every so often none of them. `seed` decides which.
pub fn many(lab: &TestGroup, app: &TestApp, people: &[&Someone], seed: u64, start: Millis, count: usize) -> Vec<Call> {
    let mut dice = Dice(seed | 1);
    let agents = [lab.agent, AgentId::from_uuid(Uuid::from_u128(7))];
    let threads: Vec<ThreadId> = (0..6).map(|n| ThreadId::from_uuid(Uuid::from_u128(100 + n))).collect();
    let models = [
        ("openai", "gpt-4.1"),
        ("openai", "gpt-5-mini"),
        ("anthropic", "claude-sonnet-5"),
        ("workshop", "llama"),
        ("other", "gpt-4.1"),
    ];
    let mut at = start;
    (0..count)
        .map(|_| {
            at += dice.below(9 * HOUR as u64) as Millis;
            let (provider, model) = models[dice.below(5) as usize];
            let purpose = ["chat", "chat", "chat", "title", "embedding"][dice.below(5) as usize];
            let nobody = purpose == "embedding" && dice.below(2) == 0;
            let person: Option<PersonId> = (!nobody).then(|| people[dice.below(people.len() as u64) as usize].person.id);
            let status = ["completed", "completed", "completed", "failed", "stopped", "interrupted"][dice.below(6) as usize];
            let in_thread = purpose != "embedding";
            let run = in_thread.then(|| RunId::from_uuid(app.app.clock.uuid()));
            let mut tokens = || dice.below(20_000) as i64;
            let usage = Usage {
                input_tokens: tokens(),
                cache_read_tokens: tokens(),
                cache_write_tokens: tokens(),
                output_tokens: tokens(),
                reasoning_tokens: tokens(),
            };
            Call {
                run,
                thread: in_thread.then(|| threads[dice.below(6) as usize]),
                agent: in_thread.then(|| agents[dice.below(2) as usize]),
                person,
                purpose,
                provider: provider.to_owned(),
                model: model.to_owned(),
                status,
                counted: if dice.below(4) == 0 { Counted::Estimated } else { Counted::Reported },
                usage,
                started_at: at - dice.below(40_000) as Millis,
                first_token_at: None,
                ..call(lab, app, at)
            }
        })
        .collect()
}

/// What the calls come to that a filter lets through, added up one by one.
pub fn by_hand(calls: &[(Call, Option<i64>)], filter: &UsageFilter) -> Sums {
    let mut sums = Sums::default();
    let mut threads = std::collections::HashSet::new();
    for (call, cost) in calls {
        let first = call.thread.is_some_and(|thread| threads.insert(thread));
        if !lets_through(filter, call) {
            continue;
        }
        sums += Sums {
            calls: 1,
            messages: i64::from(call.run.is_some() && call.purpose == "chat" && call.step == 1 && call.attempt == 1),
            threads: i64::from(first),
            failed: i64::from(call.status == "failed"),
            stopped: i64::from(matches!(call.status, "stopped" | "interrupted")),
            estimated: i64::from(call.counted.estimated()),
            usage: call.usage,
            cost_microusd: cost.unwrap_or(0),
            unknown_price_calls: i64::from(cost.is_none()),
        };
    }
    sums
}

/// What each thread comes to, added up one by one: its calls, what they used and cost, and how many had no price.
pub fn threads_by_hand(calls: &[(Call, Option<i64>)], filter: &UsageFilter) -> BTreeMap<Uuid, Spent> {
    let mut threads: BTreeMap<Uuid, Spent> = BTreeMap::new();
    for (call, cost) in calls.iter().filter(|(call, _)| lets_through(filter, call)) {
        let Some(thread) = call.thread else { continue };
        let (calls, usage, spent, unknown) = threads.entry(thread.uuid()).or_default();
        (*calls, *spent) = (*calls + 1, *spent + cost.unwrap_or(0));
        *usage = *usage + call.usage;
        *unknown += i64::from(cost.is_none());
    }
    threads
}

/// The same as lists of threads tell it.
pub async fn threads_told(app: &TestApp, lab: &TestGroup, days: Range<i64>, filter: &UsageFilter) -> BTreeMap<Uuid, Spent> {
    let usage = app.app.store.usage(&lab.owner.member);
    let threads = usage.threads(days, filter, lab.owner.person.id, 100).await.expect("threads");
    threads.into_iter().map(|t| (t.thread.uuid(), (t.calls, t.usage, t.cost_microusd, t.unknown_price_calls))).collect()
}

pub type Spent = (i64, Usage, i64, i64);

pub fn lets_through(filter: &UsageFilter, call: &Call) -> bool {
    let UsageFilter { provider, model, agent, person, purpose } = filter;
    provider.as_ref().is_none_or(|provider| *provider == call.provider)
        && model.as_ref().is_none_or(|model| *model == call.model)
        && agent.is_none_or(|agent| Some(agent) == call.agent)
        && person.is_none_or(|person| Some(person) == call.person)
        && purpose.as_ref().is_none_or(|purpose| purpose == call.purpose)
}

/// A small generator: the same seed gives the same calls.
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        // xorshift64 (Marsaglia 2003)
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }
}
