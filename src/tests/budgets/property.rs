//! Whatever runs, ends, fails and dies in parallel: spent and reserved never exceed a hard cap, nothing stays reserved,
//! and what is spent is the sum of the ledger.

use super::bank::{Bank, PRICED, RESERVED_SUMS, number};
use crate::{
    ids::{BudgetId, RunId},
    model::{
        budget::{Budget, BudgetDraft, Period, Scope, Unit},
        provider::Usage,
    },
    server::{
        budgets::{
            self,
            counter::Worst,
            outside::{self, Asking, Ended},
        },
        models::{
            FinishReason, ModelError, ModelEvent,
            scripted::{PROVIDER, Step},
        },
        runs::{self, recovery},
        store::calls::Counted,
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
    /// A budget is made of so much, instead of the last one that was made like this.
    Late(i64),
    /// A call outside of runs begins.
    Outside,
    /// The last of these ends, unless it died.
    End(i64),
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
        2 => (1i64..1_500).prop_map(Event::Late),
        2 => Just(Event::Outside),
        2 => (0i64..WORST.input_tokens).prop_map(Event::End),
        3 => Just(Event::Rest),
    ]
}

/// Of a call outside of runs.
const WORST: Worst = Worst { input_tokens: 60, output_tokens: 10 };

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
// Those that are made while calls go on are looked at by themselves.
const OVER: &str = "SELECT COUNT(*) FROM budgets WHERE hard AND scope <> 'person' AND spent + reserved > cap";
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
    let (mut late, mut outside): (Option<Late>, Vec<outside::Open>) = (None, Vec::new());
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
                outside::settle_left_behind(&bank.app.app, i64::MAX).await.unwrap();
            }
            Event::Cap(more) => {
                let stands = bank.stands(tokens).await;
                let cap = stands.spent + stands.reserved + more;
                budgets::set_cap(&bank.app.app, &bank.admin(), tokens, cap).await.unwrap();
            }
            Event::Late(cap) => {
                if let Some(before) = late.take() {
                    budgets::remove(&bank.app.app, &bank.admin(), before.id).await.unwrap();
                }
                late = Some(Late::make(&bank, cap).await);
            }
            Event::Outside => {
                let (purpose, agent) = ("title", Some(bank.agent));
                let asking = Asking { purpose, provider: PROVIDER, model: PRICED, agent, worst: WORST };
                // It may be refused.
                outside.extend(outside::begin(&bank.app.app, &bank.group.owner.member, asking).await.ok());
            }
            Event::End(input_tokens) => {
                if let Some(open) = outside.pop() {
                    let usage = Usage { input_tokens, output_tokens: WORST.output_tokens, ..Usage::default() };
                    let ended = Ended { status: "completed", error_kind: None, usage, counted: Counted::Reported };
                    open.end(ended).await.unwrap();
                }
            }
            Event::Rest => tokio::time::sleep(Duration::from_millis(5)).await,
        }
        holds(&bank.app).await;
        if let Some(late) = &mut late {
            late.holds(&bank).await;
        }
    }
    idle(&bank, &sent).await;
    outside::settle_left_behind(&bank.app.app, i64::MAX).await.unwrap();
    let late = late.map(|late| (late.id, SPENT_TOKENS));
    for (id, sum) in [(tokens, SPENT_TOKENS), (money, SPENT_MONEY)].into_iter().chain(late) {
        let stands = bank.stands(id).await;
        assert_eq!((stands.spent, stands.reserved), (bank.number(sum).await, 0));
    }
    assert_eq!(bank.number("SELECT COUNT(*) FROM reservations").await, 0);
}

/// A budget that was made while calls went on.
struct Late {
    id: BudgetId,
    cap: i64,
    /// What was spent and reserved of it when it was last looked at.
    stood: i64,
}

impl Late {
    async fn make(bank: &Bank, cap: i64) -> Self {
        let scope_id = Some(bank.group.owner.person.id.uuid());
        let draft = BudgetDraft { scope: Scope::Person, scope_id, unit: Unit::Tokens, period: Period::Month, cap, hard: true };
        Self { id: bank.draft(draft).await, cap, stood: i64::MAX }
    }

    /// It may stand over its cap by calls that are older, and these only use less than they reserved.
    async fn holds(&mut self, bank: &Bank) {
        let Budget { spent, reserved, .. } = bank.stands(self.id).await;
        let stands = spent + reserved;
        assert!(stands <= self.cap.max(self.stood), "{stands} of {}, after {}", self.cap, self.stood);
        self.stood = stands;
    }
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
