//! The end of a step or of a run: last text, ledger row, statuses and journal in one transaction.

use super::{
    admission,
    ending::Ending,
    journal::Notes,
    step::{Spoken, StepEnd},
    tools::{
        plan::{self, Plan, Planned},
        result::{self, Ended},
    },
    turn::{Driven, Halt, Turn},
};
use crate::{
    error::Result,
    ids::{CallId, ToolCallId},
    model::{
        live::ListChange,
        message::Part,
        run::RunStatus,
        thread::Thread,
        thread_event::{ApprovalChange, MessageChange, PartChange, RunState, RunUsage, ThreadEvent},
        tool_call::{ToolCall, ToolState},
    },
    server::{
        store::{
            Actor,
            audit::{self, Event},
            calls::Call,
            db::Tx,
            tool_calls::StoredCall,
            turns::Next,
        },
        usage::ledger,
        webhooks::deliver,
    },
};
use serde_json::{Value, json};

/// Ends the run.
pub async fn end(turn: &mut Turn, ending: Ending) -> Driven<()> {
    turn.speech.written().await?;
    turn.speech.reopen();
    let now = turn.app.clock.now();
    let mut tx = turn.app.store.begin().await?;
    let lease = turn.claimed.lease;
    let mut notes = Notes::new(lease.group, lease.thread, now);
    if turn.called {
        let actor = Actor { group: Some(lease.group), person: Some(turn.claimed.person) };
        result::close_open(&turn.app.store.turn(&lease), &mut tx, &mut notes, &turn.app.clock, actor).await?;
    }
    let error = ending.error.clone().filter(|_| ending.run != RunStatus::Completed);
    // The message, its usage, perhaps the error, the run.
    let count = 3 + i64::from(error.is_some());
    let outcome = (ending.run, ending.error.as_ref());
    let finished = turn.app.store.turn(&lease).finish_run(&mut tx, outcome, count, now).await?.ok_or(Halt::Lost)?;
    notes = notes.with(finished.newest, count);
    finish_message(turn, &mut tx, &mut notes, &ending, now).await?;
    let mut told = false;
    match turn.unbooked.clone() {
        Some(spoken) => told = book(turn, &mut tx, &spoken, finished.budgeted, now).await?,
        // Reserved for a call that was not made after all.
        None if turn.reserves || finished.budgeted => turn.app.store.turn(&lease).budgets().release(&mut tx, lease.run.uuid()),
        None => {}
    }
    let duration_ms = now - turn.claimed.started_at;
    let usage = RunUsage { run_id: lease.run, usage: turn.used, cost_microusd: turn.cost, duration_ms };
    notes.event(&mut tx, ThreadEvent::Usage(usage)).await?;
    if let Some(error) = error {
        notes.event(&mut tx, ThreadEvent::Error(error)).await?;
    }
    let state = RunState { run_id: lease.run, status: ending.run, error: ending.error.clone() };
    notes.event(&mut tx, ThreadEvent::Run(state)).await?;
    record(turn, &mut tx, &ending).await?;
    tx.commit().await?;
    booked(turn, told);
    notes.announce(&turn.topic);
    turn.topic.quiet(turn.answer.id);
    turn.next = if finished.thread.answering { Next::Waits } else { Next::None };
    tell_lists(turn, finished.thread);
    Ok(())
}

async fn finish_message(turn: &mut Turn, tx: &mut Tx, notes: &mut Notes, ending: &Ending, now: i64) -> Result<()> {
    let seq = notes.next_seq(tx).await?;
    let closes = turn.speech.close(tx, seq).await?;
    let answer = &mut turn.answer;
    (answer.status, answer.error, answer.finished_at) = (ending.message, ending.error.clone(), Some(now));
    let store = turn.app.store.turn(&turn.claimed.lease);
    store.finish_message(tx, answer.id, answer.status, answer.error.as_ref(), now).await?;
    notes.event_at(tx, seq, ThreadEvent::Message(MessageChange::finished(answer)), closes).await
}

/// Ends a step after which the run goes on: its calls are written down, and those that are refused have their results.
/// Answers how the run ends, where the calls themselves are the reason.
pub async fn go_on(turn: &mut Turn) -> Driven<Option<Ending>> {
    let Some(spoken) = turn.unbooked.clone() else { return Ok(None) };
    turn.speech.written().await?;
    let now = turn.app.clock.now();
    let (app, lease) = (turn.app.clone(), turn.claimed.lease);
    let mut tx = app.store.begin().await?;
    let until = now + super::lease::LENGTH.as_millis() as i64;
    let budgeted = app.store.turn(&lease).hold_to_book(&mut tx, until).await?.ok_or(Halt::Lost)?;
    let mut notes = Notes::new(lease.group, lease.thread, now);
    turn.called = true;
    let Plan { calls, ending } = plan::plan(turn, &mut tx, spoken.asked.clone(), now).await?;
    let mut refused = Vec::new();
    for Planned { call, refusal } in calls {
        let stored = add_call(turn, &mut tx, &mut notes, call, now).await?;
        refused.extend(refusal.map(|refusal| Ended::new(stored, ToolState::Failed, refusal)));
    }
    let actor = Actor { group: Some(lease.group), person: Some(turn.claimed.person) };
    for ended in refused {
        let speech = &mut turn.speech;
        result::write(&app.store.turn(&lease), (&mut tx, &mut notes), || speech.take_index(), &ended, now).await?;
        result::record(&mut tx, &app.clock, actor, &ended, now).await?;
    }
    let told = book(turn, &mut tx, &spoken, budgeted, now).await?;
    tx.commit().await?;
    booked(turn, told);
    turn.topic.live().drafts.clear();
    notes.announce(&turn.topic);
    Ok(ending)
}

/// Writes down a call that the server makes in the agent's name.
pub async fn ask(turn: &mut Turn, name: &str, input: Value) -> Driven<()> {
    let now = turn.app.clock.now();
    let (app, lease) = (turn.app.clone(), turn.claimed.lease);
    let mut tx = app.store.begin().await?;
    if !app.store.turn(&lease).hold(&mut tx, now + super::lease::LENGTH.as_millis() as i64).await? {
        return Err(Halt::Lost);
    }
    let mut notes = Notes::new(lease.group, lease.thread, now);
    turn.called = true;
    let call_id = ToolCallId::from_uuid(app.clock.uuid());
    let (name, state) = (name.to_owned(), ToolState::Pending);
    let call = ToolCall { call_id, name, input, state, started_at: None, finished_at: None, approval: None };
    add_call(turn, &mut tx, &mut notes, call, now).await?;
    tx.commit().await?;
    turn.speech.closed();
    notes.announce(&turn.topic);
    Ok(())
}

async fn add_call(turn: &mut Turn, tx: &mut Tx, notes: &mut Notes, call: ToolCall, now: i64) -> Result<StoredCall> {
    let seq = notes.next_seq(tx).await?;
    let closes = turn.speech.close(tx, seq).await?;
    let (lease, message, part) = (turn.claimed.lease, turn.answer.id, turn.speech.take_index());
    let store = turn.app.store.turn(&lease);
    let content = Part::ToolCall(call.clone());
    store.add_part(tx, message, part, &content).await?;
    let stored = StoredCall { call, group: lease.group, thread: lease.thread, run: lease.run, message, part };
    store.ask_for(tx, &stored, turn.step, now).await?;
    notes.event_at(tx, seq, ThreadEvent::ToolCall(PartChange { message_id: message, part, content }), closes).await?;
    if stored.call.state == ToolState::Waiting {
        let approval = ApprovalChange { run_id: lease.run, message_id: message, call: stored.call.clone() };
        notes.event(tx, ThreadEvent::Approval(approval)).await?;
    }
    Ok(stored)
}

/// Books an attempt that failed before anything was shown, and after which another one is made.
pub async fn attempt(turn: &mut Turn) -> Driven<()> {
    let Some(spoken) = turn.unbooked.clone() else { return Ok(()) };
    let now = turn.app.clock.now();
    let lease = turn.claimed.lease;
    let mut tx = turn.app.store.begin().await?;
    let until = now + super::lease::LENGTH.as_millis() as i64;
    let budgeted = turn.app.store.turn(&lease).hold_to_book(&mut tx, until).await?.ok_or(Halt::Lost)?;
    let told = book(turn, &mut tx, &spoken, budgeted, now).await?;
    if let StepEnd::Failed(error) = &spoken.end {
        tracing::warn!(run = %lease.run, kind = error.kind(), %error, attempt = turn.attempt, "a model call failed and is tried again");
        let actor = Actor { group: Some(lease.group), person: Some(turn.claimed.person) };
        let data = json!({ "kind": error.kind(), "status": "retried", "retryable": true, "step": turn.step, "attempt": turn.attempt,
                "cause": error.to_string() });
        audit::record(&mut tx, &turn.app.clock, actor, Event::new("agent_error", "run", lease.run.uuid()).with(data)).await?;
    }
    tx.commit().await?;
    booked(turn, told);
    Ok(())
}

/// The transaction that wrote the last call down, and closed its text, is committed. `told`: an alert waits to be sent.
fn booked(turn: &mut Turn, told: bool) {
    (turn.unbooked, turn.reserves) = (None, false);
    turn.speech.closed();
    if told {
        deliver::soon(&turn.app);
    }
}

/// Writes the call's row of the ledger, adds it to what the run used, and counts it in the group's budgets. Answers
/// whether an alert of those is to be sent.
async fn book(turn: &mut Turn, tx: &mut Tx, spoken: &Spoken, budgeted: bool, now: i64) -> Result<bool> {
    let (usage, counted) = spoken.counted();
    let (status, error_kind) = outcome(&spoken.end);
    let claimed = &turn.claimed;
    let call = Call {
        id: CallId::from_uuid(turn.app.clock.uuid()),
        group: claimed.lease.group,
        run: Some(claimed.lease.run),
        step: turn.step,
        attempt: turn.attempt,
        thread: Some(claimed.lease.thread),
        agent: Some(claimed.agent),
        agent_version: Some(claimed.agent_version),
        person: Some(claimed.person),
        key: claimed.key,
        purpose: "chat",
        provider: turn.agent.provider.clone(),
        model: turn.agent.model.clone(),
        status,
        error_kind,
        counted,
        usage,
        started_at: spoken.started_at,
        first_token_at: spoken.first_token_at,
        finished_at: now,
    };
    let cost = ledger::book(&turn.app, tx, &call).await?;
    turn.used = turn.used + usage;
    turn.cost = turn.cost.zip(cost).map(|(sum, cost)| sum + cost);
    admission::account(turn, tx, (usage, cost), budgeted, now).await
}

fn outcome(end: &StepEnd) -> (&'static str, Option<&'static str>) {
    match end {
        StepEnd::Finished(_) => ("completed", None),
        StepEnd::Failed(error) => ("failed", Some(error.kind())),
        StepEnd::Stopped => ("stopped", None),
        StepEnd::OutOfTime => ("stopped", Some("limit_seconds")),
        StepEnd::ShutDown => ("interrupted", None),
        // These are no calls.
        StepEnd::OverBudget(_) | StepEnd::NotInPlan => ("stopped", None),
    }
}

async fn record(turn: &Turn, tx: &mut Tx, ending: &Ending) -> Result<()> {
    let claimed = &turn.claimed;
    let actor = Actor { group: Some(claimed.lease.group), person: Some(claimed.person) };
    let failed = ending.error.as_ref().filter(|_| ending.run == RunStatus::Failed);
    let event = match failed {
        None => {
            Event::new("run.ended", "run", claimed.lease.run.uuid()).with(json!({ "status": ending.run, "steps": turn.step }))
        }
        Some(error) => Event::new("agent_error", "run", claimed.lease.run.uuid())
            .with(json!({ "kind": error.code, "status": "failed", "retryable": error.retryable, "step": turn.step,
                "attempt": turn.attempt, "cause": ending.cause })),
    };
    audit::record(tx, &turn.app.clock, actor, event).await
}

/// The thread moved up and stopped answering; whoever shows a list of threads hears of it.
fn tell_lists(turn: &Turn, thread: Thread) {
    let (group, person) = (turn.claimed.lease.group, turn.claimed.person);
    turn.app.runs.bus().list_changed(group, person, ListChange::Thread { group_id: group, thread });
}
