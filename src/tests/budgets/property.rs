//! Whatever runs, ends, fails and dies in parallel: spent and reserved never exceed a hard cap, nothing stays reserved,
//! and what is spent is the sum of the ledger.

use super::bank::{Bank, PRICED, RESERVED_SUMS, number};
use crate::{
    ids::RunId,
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        provider::Usage,
    },
    server::{
        budgets,
        models::{FinishReason, ModelError, ModelEvent, scripted::Step},
        runs::{self, recovery},
    },
    tests::app::TestApp,
};
use proptest::prelude::*;
use std::time::Duration;

/// What becomes of a call.
#[derive(Debug, Clone, Copy)]
enum Outcome {
    /// It answers, and its provider says what it used.
    Answers(i64),
    /// It answers without a word of its usage.
    Silent,
    /// It says half of it and fails.
    Cut,
    /// It fails before the first word, and is tried again.
    Fails,
    /// It never ends: somebody stops it, or its driver dies.
    Hangs,
}

/// What happens beside the calls.
#[derive(Debug, Clone, Copy)]
enum Event {
    Send,
    /// The run that was sent so many sends ago is stopped.
    Stop(usize),
    /// All drivers lose their leases, as if their process had died.
    Kill,
    /// The cap is changed to so much more than is spent.
    Cap(i64),
    Rest,
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        4 => (0i64..64).prop_map(Outcome::Answers),
        2 => Just(Outcome::Silent),
        2 => Just(Outcome::Cut),
        1 => Just(Outcome::Fails),
        2 => Just(Outcome::Hangs),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        8 => Just(Event::Send),
        3 => (0usize..6).prop_map(Event::Stop),
        2 => Just(Event::Kill),
        1 => (200i64..2_000).prop_map(Event::Cap),
        3 => Just(Event::Rest),
    ]
}

fn steps(outcome: Outcome) -> Vec<Step> {
    let pause = || Step::Pause(Duration::from_millis(3));
    let usage = |output| Step::Emit(ModelEvent::Usage(Usage { input_tokens: 20, output_tokens: output, ..Usage::default() }));
    match outcome {
        Outcome::Answers(output) => vec![pause(), Step::text("Done"), usage(output), pause(), Step::finish(FinishReason::Stop)],
        Outcome::Silent => vec![Step::text("Just words"), pause(), Step::finish(FinishReason::Stop)],
        Outcome::Cut => vec![Step::text("Half"), usage(1), Step::Fail(ModelError::CutOff { detail: String::new() })],
        Outcome::Fails => vec![Step::Fail(ModelError::Unavailable { detail: String::new() })],
        Outcome::Hangs => vec![Step::text("For ever"), Step::WaitFor(std::sync::Arc::default())],
    }
}

const SPENT_TOKENS: &str = "SELECT COALESCE(SUM(input_tokens + cache_read_tokens + cache_write_tokens + output_tokens + reasoning_tokens), 0) FROM calls";
const SPENT_MONEY: &str = "SELECT COALESCE(SUM(cost_microusd), 0) FROM calls";
const OVER: &str = "SELECT COUNT(*) FROM budgets WHERE hard AND spent + reserved > cap";
const ACTIVE: &str = "SELECT COUNT(*) FROM runs WHERE status IN ('queued', 'running', 'waiting')";

async fn play(outcomes: Vec<Outcome>, events: Vec<Event>) {
    let bank = Bank::open().await;
    bank.app.scripted.script_turns(PRICED, outcomes.into_iter().map(steps).collect());
    let tokens = bank.budget(Unit::Tokens, Period::Month, 900).await;
    let of_agent = BudgetDraft {
        scope: Scope::Agent,
        scope_id: Some(bank.agent.uuid()),
        unit: Unit::Microusd,
        period: Period::Day,
        cap: 1_200,
        hard: true,
    };
    let money = bank.draft(of_agent).await;
    let mut sent: Vec<RunId> = Vec::new();
    for event in events {
        match event {
            Event::Send => {
                let thread = bank.thread().await;
                // Refused at the door is as good as in the run.
                if let Ok(new) = runs::send(&bank.app.app, &bank.group.owner.member, thread, "How much?", None).await {
                    sent.push(new.run_id);
                }
            }
            Event::Stop(back) => {
                if let Some(run) = sent.len().checked_sub(back + 1).map(|at| sent[at]) {
                    // It may have ended meanwhile.
                    let _ = runs::stop(&bank.app.app, &bank.group.owner.member, run).await;
                }
            }
            Event::Kill => {
                recovery::settle_left_behind(&bank.app.app, i64::MAX).await.unwrap();
            }
            Event::Cap(more) => {
                let stands = bank.stands(tokens).await;
                let cap = stands.spent + stands.reserved + more;
                budgets::set_cap(&bank.app.app, &bank.admin(), tokens, cap).await.unwrap();
            }
            Event::Rest => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        holds(&bank.app).await;
    }
    idle(&bank, &sent).await;
    for (id, sum) in [(tokens, SPENT_TOKENS), (money, SPENT_MONEY)] {
        let stands = bank.stands(id).await;
        assert_eq!((stands.spent, stands.reserved), (bank.number(sum).await, 0));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM reservations").await, 0);
}

async fn holds(app: &TestApp) {
    assert_eq!(number(app, OVER).await, 0, "a hard cap is exceeded");
    assert_eq!(number(app, RESERVED_SUMS).await, 0, "the sum of reservations is not what is reserved");
}

/// Ends everything: what hangs is stopped.
async fn idle(bank: &Bank, sent: &[RunId]) {
    for _ in 0..2_000 {
        if bank.number(ACTIVE).await == 0 {
            return;
        }
        for run in sent {
            let _ = runs::stop(&bank.app.app, &bank.group.owner.member, *run).await;
        }
        holds(&bank.app).await;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("some runs do not end");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 60, ..ProptestConfig::default() })]
    #[test]
    fn no_cap_is_exceeded_and_nothing_stays_reserved(
        outcomes in prop::collection::vec(outcome(), 4..16),
        events in prop::collection::vec(event(), 8..32),
    ) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(play(outcomes, events));
    }
}
