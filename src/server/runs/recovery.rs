//! What a dead process left behind is settled: nothing stays pending, and what was said is kept.

use super::{admission, approvals, context, ending::Ending, journal::Notes, lease, tools::result};
use crate::{
    error::Result,
    ids::CallId,
    model::{
        Millis,
        message::{Message, MessageStatus, Part},
        provider::Usage,
        thread_event::{MessageChange, RunState, ThreadEvent},
    },
    server::{
        budgets::{
            charge::{self, Used},
            outside,
        },
        plans,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            calls::{Call, Counted},
            db::Tx,
            runs::Claimed,
        },
        usage::ledger,
        webhooks::deliver,
    },
};
use serde_json::json;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

/// How long the same Idempotency-Key answers the same.
const KEYS_KEPT: Duration = Duration::from_secs(7 * 24 * 3600);

/// How often a run may be claimed.
const CLAIMS_MAX: i64 = 20;

/// How often leases that ran out are looked for.
const SWEEP: Duration = Duration::from_secs(10);

/// At start-up this process is the only one, so every run that is marked as running was left behind by a dead one.
pub async fn start(app: &App) -> Result<()> {
    let settled = settle_left_behind(app, Millis::MAX).await?;
    if settled > 0 {
        tracing::info!(settled, "runs that the last process left behind were settled, or go on");
    }
    outside::settle_left_behind(app, Millis::MAX).await?;
    // Of runs that are gone with their threads, and of calls that could not be settled, of all groups.
    app.store.system().release_left_behind(Millis::MAX).await?;
    plans::renew(app).await?;
    kick_waiting(app).await?;
    app.tasks.spawn(sweep(app.clone()));
    Ok(())
}

async fn sweep(app: App) {
    let mut tick = interval(SWEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = app.shutdown.cancelled() => return,
            _ = tick.tick() => {}
        }
        // Errors are logged where they arise; the next sweep tries again. Sessions belong to no group.
        let _ = settle_left_behind(&app, app.clock.now()).await;
        let _ = approvals::expire(&app).await;
        // What has nothing to wait for is nobody's in particular.
        let _ = app.store.system().resume_decided().await;
        let _ = kick_waiting(&app).await;
        let _ = app.store.system().sweep_sessions(app.clock.now()).await;
        let _ = app.store.system().sweep_idempotency(app.clock.now() - KEYS_KEPT.as_millis() as i64).await;
        let _ = outside::settle_left_behind(&app, app.clock.now()).await;
        // Reservations that nobody settles any more, and messages that are due: of all groups.
        let _ = app.store.system().release_left_behind(app.clock.now()).await;
        deliver::soon(&app);
        let _ = deliver::sweep(&app).await;
    }
}

async fn kick_waiting(app: &App) -> Result<()> {
    // Recovery concerns the runs of all groups.
    for thread in app.store.system().waiting_threads().await? {
        super::kick(app, thread);
    }
    Ok(())
}

/// Settles every run whose lease ended before `expired`; answers how many. Each is one transaction, so that dying here
/// changes nothing that the next start would not do again.
pub async fn settle_left_behind(app: &App, expired: Millis) -> Result<usize> {
    let mut settled = 0;
    loop {
        let now = app.clock.now();
        let mut tx = app.store.begin().await?;
        let until = now + lease::LENGTH.as_millis() as i64;
        // Of whichever group: the dead process drove them all.
        let Some(claimed) = app.store.system().take_over(&mut tx, app.clock.uuid(), until, expired).await? else {
            return Ok(settled);
        };
        match settle_one(app, tx, &claimed, now).await {
            Ok(notes) => {
                let topic = app.runs.bus().thread(claimed.lease.thread);
                *topic.live() = Default::default();
                notes.announce(&topic);
            }
            // One run that cannot be settled must not keep all others from it. The cause is in the log.
            Err(_) => app.store.system().give_up(claimed.lease.run, expired, now).await?,
        }
        settled += 1;
    }
}

async fn settle_one(app: &App, mut tx: Tx, claimed: &Claimed, now: Millis) -> Result<Notes> {
    let (notes, told) = if may_go_on(app, &mut tx, claimed).await? {
        let turn = app.store.turn(&claimed.lease);
        turn.release(&mut tx).await?;
        turn.budgets().release(&mut tx, claimed.lease.run.uuid());
        (Notes::new(claimed.lease.group, claimed.lease.thread, now), false)
    } else {
        interrupt(app, &mut tx, claimed, now).await?
    };
    tx.commit().await?;
    if told {
        deliver::soon(app);
    }
    Ok(notes)
}

/// Whether the driver died between two model calls: then nothing that was said is lost, and the run goes on with its
/// tools. One that was claimed too often is not tried for ever.
async fn may_go_on(app: &App, tx: &mut Tx, claimed: &Claimed) -> Result<bool> {
    let answered = app.store.turn(&claimed.lease).booked_step(tx).await?;
    Ok(claimed.step > 0 && claimed.step <= answered && claimed.attempt < CLAIMS_MAX)
}

/// Answers also whether an alert of a budget is to be sent.
async fn interrupt(app: &App, tx: &mut Tx, claimed: &Claimed, now: Millis) -> Result<(Notes, bool)> {
    let lease = claimed.lease;
    let turn = app.store.turn(&lease);
    let ending = Ending::interrupted();
    let mut notes = Notes::new(lease.group, lease.thread, now);
    let actor = Actor { group: Some(lease.group), person: None };
    result::close_open(&turn, tx, &mut notes, &app.clock, actor).await?;
    let own = turn.own_messages(tx, Millis::MAX).await?;
    let mut used = None;
    for mut message in own.into_iter().filter(|message| message.status == MessageStatus::Streaming) {
        used = book_estimate(app, tx, claimed, &message, now).await?.or(used);
        let seq = notes.next_seq(tx).await?;
        let closes = turn.close_left_open(tx, seq).await?;
        (message.status, message.error, message.finished_at) = (ending.message, ending.error.clone(), Some(now));
        turn.finish_message(tx, message.id, message.status, message.error.as_ref(), now).await?;
        notes.event_at(tx, seq, ThreadEvent::Message(MessageChange::finished(&message)), closes).await?;
    }
    // What the dead driver had reserved is given back, whether it made its call or not.
    let told = charge::charge(app, &turn.budgets(), tx, lease.run.uuid(), used).await?;
    turn.finish_run(tx, (ending.run, ending.error.as_ref()), 0, now).await?;
    notes.event(tx, ThreadEvent::Run(RunState { run_id: lease.run, status: ending.run, error: ending.error })).await?;
    let event = Event::new("run.ended", "run", lease.run.uuid()).with(json!({ "status": ending.run, "steps": claimed.step }));
    audit::record(tx, &app.clock, actor, event).await?;
    Ok((notes, told))
}

/// A call that was made and not booked: what it used is estimated from what went in and what arrived.
async fn book_estimate(app: &App, tx: &mut Tx, claimed: &Claimed, answer: &Message, now: Millis) -> Result<Option<Used>> {
    let turn = app.store.turn(&claimed.lease);
    if claimed.step <= turn.booked_step(tx).await? {
        return Ok(None);
    }
    // What the steps before said and brought went into this one; what stands behind the last result came out of it.
    let mut before = answer.clone();
    let after = before
        .parts
        .iter()
        .rposition(|part| matches!(part, Part::ToolResult { .. } | Part::Source { .. }))
        .map_or(0, |at| at + 1);
    let written = Message { parts: before.parts.split_off(after), ..answer.clone() };
    let attempts = turn.attempts(tx, claimed.step).await?;
    if attempts > 0 && written.parts.is_empty() {
        // It died between two attempts, for all that is known: nothing is booked that may not have been asked for.
        return Ok(None);
    }
    let agent = turn.agent(tx, claimed.agent, claimed.agent_version).await?;
    let mut said = turn.context(answer.seq - 1, 200).await?;
    said.push(before);
    // No model was given more than it can read, nor said more than it was let.
    let known = app.models.known(&agent.provider, &agent.model).and_then(|info| info.context_tokens);
    let context = known.unwrap_or(context::DEFAULT_CONTEXT);
    let usage = Usage {
        input_tokens: i64::from(context::estimate(&agent.instructions, &said).min(context)),
        output_tokens: context::tokens(written.text().len()).min(agent.limits.output_tokens.into()),
        ..Usage::default()
    };
    let call = Call {
        id: CallId::from_uuid(app.clock.uuid()),
        group: claimed.lease.group,
        run: Some(claimed.lease.run),
        step: claimed.step,
        attempt: attempts + 1,
        thread: Some(claimed.lease.thread),
        agent: Some(claimed.agent),
        agent_version: Some(claimed.agent_version),
        person: Some(claimed.person),
        key: claimed.key,
        purpose: "chat",
        provider: agent.provider,
        model: agent.model,
        status: "interrupted",
        error_kind: None,
        counted: Counted::Estimated,
        usage,
        started_at: claimed.started_at,
        first_token_at: None,
        finished_at: now,
    };
    let cost_microusd = ledger::book(app, tx, &call).await?;
    Ok(Some(Used { spender: admission::spender(claimed), usage, cost_microusd, finished_at: now }))
}
