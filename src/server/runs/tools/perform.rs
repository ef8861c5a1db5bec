//! Performing calls: side by side, each under its tool's timeout, all under the run's stop and deadline.

use super::{
    cite,
    result::{self, Ended},
};
use crate::{
    ids::ToolCallId,
    model::{
        message::Part,
        thread_event::{PartChange, ThreadEvent},
        tool_call::ToolState,
    },
    server::{
        runs::{
            ending::Ending,
            journal::Notes,
            lease,
            step::hold,
            turn::{Driven, Halt, Turn},
        },
        store::{Actor, db::Tx, tool_calls::StoredCall},
        tools::{Effects, Outcome, Scope, Then, Tool},
    },
};
use futures::FutureExt as _;
use std::{panic::AssertUnwindSafe, sync::Arc};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout},
};

/// Calls of one run that run at once; the rest follow.
const PARALLEL: usize = 8;

/// A call that is about to run.
struct Ready {
    stored: StoredCall,
    tool: Arc<dyn Tool>,
}

/// A call that can run, or one that has its result without.
enum Judged {
    Ready(Ready),
    Over(Ended),
}

type Finished = (ToolCallId, Result<Outcome, (ToolState, String)>);

/// Performs the calls, at most [`PARALLEL`] of them; answers how the run ends, where it does meanwhile.
pub async fn all(turn: &mut Turn, mut calls: Vec<StoredCall>) -> Driven<Option<Ending>> {
    // What has not begun has certainly had no effect: the end of the run says so.
    if turn.cancel.is_cancelled() {
        return Ok(Some(Ending::stopped()));
    }
    if Instant::now() >= turn.deadline {
        return Ok(Some(Ending::limit("seconds")));
    }
    calls.truncate(PARALLEL);
    let mut over = Vec::new();
    let mut ready = Vec::new();
    for stored in calls {
        match judge(turn, stored) {
            Judged::Ready(call) => ready.push(call),
            Judged::Over(ended) => over.push(ended),
        }
    }
    begin(turn, &mut ready, over).await?;
    run(turn, ready).await
}

fn judge(turn: &Turn, stored: StoredCall) -> Judged {
    if stored.call.state == ToolState::Denied {
        return Judged::Over(Ended::denied(stored));
    }
    let Some(tool) = turn.toolbox.get(&stored.call.name) else {
        return Judged::Over(Ended::new(stored, ToolState::Failed, "This tool is not there any more."));
    };
    // It was running when the last driver of this run ended.
    if stored.call.state == ToolState::Running && tool.effects() == Effects::Unkeyed {
        return Judged::Over(Ended::uncertain(stored));
    }
    Judged::Ready(Ready { stored, tool })
}

/// Marks calls as running before they run, so that a call whose process dies is known of.
async fn begin(turn: &mut Turn, ready: &mut [Ready], over: Vec<Ended>) -> Driven<()> {
    let now = turn.app.clock.now();
    let (mut tx, mut notes) = open(turn).await?;
    let store = turn.app.store.clone();
    for ended in &over {
        end(turn, &mut tx, &mut notes, ended, now).await?;
    }
    for Ready { stored, .. } in ready {
        let turn_store = store.turn(&turn.claimed.lease);
        turn_store.call_started(&mut tx, stored.call.call_id, now).await?;
        (stored.call.state, stored.call.started_at) = (ToolState::Running, Some(now));
        turn_store.show_call(&mut tx, stored).await?;
        let content = Part::ToolCall(stored.call.clone());
        let change = PartChange { message_id: stored.message, part: stored.part, content };
        notes.event(&mut tx, ThreadEvent::ToolCall(change)).await?;
    }
    tx.commit().await?;
    notes.announce(&turn.topic);
    Ok(())
}

async fn run(turn: &mut Turn, ready: Vec<Ready>) -> Driven<Option<Ending>> {
    let Some(scope) = turn.scope() else { return Ok(Some(Ending::not_a_member())) };
    // Each in a task of its own: one that waits for the database goes on while this writes another one's result, or both
    // would wait for each other.
    let mut running = start(turn, &ready, &scope);
    let mut left: Vec<Ready> = ready;
    let third = lease::LENGTH / 3;
    let mut renew = interval_at(Instant::now() + third, third);
    renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (cancel, shutdown, deadline) = (turn.cancel.clone(), turn.app.shutdown.clone(), sleep_until(turn.deadline));
    tokio::pin!(deadline);
    while !left.is_empty() {
        let finished = tokio::select! {
            biased;
            () = cancel.cancelled() => {
                running.abort_all();
                give_up(turn, left, ToolState::Stopped).await?;
                return Ok(Some(Ending::stopped()));
            }
            // Recovery goes on with what is open once the server is back.
            () = shutdown.cancelled() => return Err(Halt::Lost),
            () = &mut deadline => {
                running.abort_all();
                give_up(turn, left, ToolState::TimedOut).await?;
                return Ok(Some(Ending::limit("seconds")));
            }
            _ = renew.tick() => { hold(turn).await?; continue }
            finished = running.join_next() => finished,
        };
        let Some(Ok((id, result))) = finished else { break };
        if let Some(at) = left.iter().position(|ready| ready.stored.call.call_id == id) {
            finish(turn, left.swap_remove(at), result).await?;
        }
    }
    Ok(None)
}

/// Dropping the set gives up what still runs.
fn start(turn: &Turn, ready: &[Ready], scope: &Scope) -> JoinSet<Finished> {
    let mut running = JoinSet::new();
    for ready in ready {
        // Shutdown waits for it, as for everything that works in the background.
        running.spawn(turn.app.tasks.track_future(one(ready, scope)));
    }
    running
}

/// Whatever the tool does, this answers: a panic is a failure like any other.
fn one(ready: &Ready, scope: &Scope) -> impl Future<Output = Finished> + Send + use<> {
    let (tool, id, input) = (ready.tool.clone(), ready.stored.call.call_id, ready.stored.call.input.clone());
    let scope = scope.for_call(id);
    // However this ends, what the tool has handed on hears of it.
    let over = scope.cancel.clone().drop_guard();
    async move {
        let _over = over;
        let patience = tool.patience();
        let call = async { tool.call(input, scope).await };
        let result = match timeout(patience, AssertUnwindSafe(call).catch_unwind()).await {
            Ok(Ok(Ok(outcome))) => Ok(outcome),
            Ok(Ok(Err(error))) => Err((ToolState::Failed, error.0)),
            Ok(Err(_)) => Err((ToolState::Failed, "The tool failed for a reason of its own.".to_owned())),
            Err(_) => Err((ToolState::TimedOut, format!("The tool did not answer within {} seconds.", patience.as_secs()))),
        };
        (id, result)
    }
}

async fn finish(turn: &mut Turn, ready: Ready, result: Result<Outcome, (ToolState, String)>) -> Driven<()> {
    let ended = match result {
        Ok(Outcome { output, sources, then }) => {
            let output = cite::number(output, &sources, &turn.sources);
            turn.sources.extend_from_slice(&sources);
            Ended { stored: ready.stored, state: ToolState::Done, output, sources, then }
        }
        // Nobody knows what a target did that was given up on.
        Err((ToolState::TimedOut, text)) if ready.tool.effects() != Effects::None => {
            let text = format!("{text} It is not known whether it was carried out.");
            Ended::new(ready.stored, ToolState::TimedOut, text)
        }
        Err((state, text)) => Ended::new(ready.stored, state, text),
    };
    let now = turn.app.clock.now();
    let (mut tx, mut notes) = open(turn).await?;
    end(turn, &mut tx, &mut notes, &ended, now).await?;
    tx.commit().await?;
    notes.announce(&turn.topic);
    turn.handed_over |= ended.then == Then::EndTurn;
    Ok(())
}

/// The run ends while these run.
async fn give_up(turn: &mut Turn, left: Vec<Ready>, state: ToolState) -> Driven<()> {
    let now = turn.app.clock.now();
    let (mut tx, mut notes) = open(turn).await?;
    for Ready { stored, tool } in left {
        let ended = match (tool.effects(), state) {
            (Effects::None, ToolState::TimedOut) => {
                Ended::new(stored, state, "The run's time was over before the tool answered.")
            }
            (Effects::None, _) => Ended::new(stored, state, "Stopped by the member."),
            _ => Ended::uncertain(stored),
        };
        end(turn, &mut tx, &mut notes, &ended, now).await?;
    }
    tx.commit().await?;
    notes.announce(&turn.topic);
    Ok(())
}

/// A transaction of the run, while it is ours.
async fn open(turn: &Turn) -> Driven<(Tx, Notes)> {
    let (now, lease) = (turn.app.clock.now(), turn.claimed.lease);
    let mut tx = turn.app.store.begin().await?;
    if !turn.app.store.turn(&lease).hold(&mut tx, now + lease::LENGTH.as_millis() as i64).await? {
        return Err(Halt::Lost);
    }
    Ok((tx, Notes::new(lease.group, lease.thread, now)))
}

async fn end(turn: &mut Turn, tx: &mut Tx, notes: &mut Notes, ended: &Ended, now: i64) -> Driven<()> {
    let (store, lease) = (turn.app.store.clone(), turn.claimed.lease);
    let actor = Actor { group: Some(lease.group), person: Some(turn.claimed.person) };
    let speech = &mut turn.speech;
    result::write(&store.turn(&lease), (&mut *tx, &mut *notes), || speech.take_index(), ended, now).await?;
    result::record(tx, &turn.app.clock, actor, ended, now).await?;
    Ok(())
}
