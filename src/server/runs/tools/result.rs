//! How a call ends: its row, the part that shows it, its result, and its lines in journal and audit log.

use crate::{
    error::Result,
    model::{
        Millis,
        message::Part,
        thread_event::{PartChange, ThreadEvent},
        tool_call::{ToolState, Verdict},
    },
    server::{
        clock::Clock,
        runs::journal::Notes,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            tool_calls::StoredCall,
            turns,
        },
        tools::Then,
    },
};
use serde_json::json;

/// The most of a result that is kept and given to the model, in bytes.
const OUTPUT_MAX: usize = 24_000;

/// A call that ended, whichever way.
pub struct Ended {
    pub stored: StoredCall,
    pub state: ToolState,
    pub output: String,
    pub sources: Vec<Part>,
    pub then: Then,
}

impl Ended {
    pub fn new(stored: StoredCall, state: ToolState, output: impl Into<String>) -> Self {
        Self { stored, state, output: output.into(), sources: Vec::new(), then: Then::GoOn }
    }

    /// What the model is told of a call that was denied.
    pub fn denied(stored: StoredCall) -> Self {
        let decision = stored.call.approval.as_ref().and_then(|approval| approval.decision.as_ref());
        let output = match decision.filter(|decision| decision.verdict == Verdict::Denied) {
            Some(decision) if decision.by.is_none() => "Not run: nobody allowed it in time.".to_owned(),
            Some(decision) => match &decision.reason {
                Some(reason) => format!("Not run: the member did not allow it. Their reason: {reason}"),
                None => "Not run: the member did not allow it.".to_owned(),
            },
            None => "Not run.".to_owned(),
        };
        Self::new(stored, ToolState::Denied, output)
    }

    /// A call that nobody will finish, because its run ends. One that was running may have had its effect.
    pub fn given_up(stored: StoredCall) -> Self {
        match stored.call.state {
            ToolState::Denied => Self::denied(stored),
            ToolState::Running => Self::uncertain(stored),
            _ => Self::new(stored, ToolState::Stopped, "Not run: the run ended before."),
        }
    }

    pub fn uncertain(stored: StoredCall) -> Self {
        let output = "It is not known whether this call was carried out: it was cut off while it ran. \
            Do not repeat it without asking; look first whether it had its effect.";
        Self::new(stored, ToolState::Uncertain, output)
    }
}

/// Writes the end of a call. `next` gives the places of the parts that are added.
pub async fn write(
    store: &turns::Turn<'_>,
    (tx, notes): (&mut Tx, &mut Notes),
    mut next: impl FnMut() -> usize,
    ended: &Ended,
    now: Millis,
) -> Result<()> {
    let mut stored = ended.stored.clone();
    let output = cut(&ended.output);
    store.call_ended(tx, stored.call.call_id, ended.state, &output, now).await?;
    (stored.call.state, stored.call.finished_at) = (ended.state, Some(now));
    store.show_call(tx, &stored).await?;
    notes.event(tx, ThreadEvent::ToolCall(change(&stored, stored.part, Part::ToolCall(stored.call.clone())))).await?;
    let is_error = ended.state != ToolState::Done;
    let result = Part::ToolResult { call_id: stored.call.call_id, output, is_error };
    let at = next();
    store.add_part(tx, stored.message, at, &result).await?;
    notes.event(tx, ThreadEvent::ToolResult(change(&stored, at, result))).await?;
    for source in &ended.sources {
        let at = next();
        store.add_part(tx, stored.message, at, source).await?;
        notes.event(tx, ThreadEvent::Source(change(&stored, at, source.clone()))).await?;
    }
    Ok(())
}

fn change(stored: &StoredCall, part: usize, content: Part) -> PartChange {
    PartChange { message_id: stored.message, part, content }
}

/// The call's line in the audit log, and a second one where it failed.
pub async fn record(tx: &mut Tx, clock: &Clock, actor: Actor, ended: &Ended, now: Millis) -> Result<()> {
    let (call, run) = (&ended.stored.call, ended.stored.run);
    let duration_ms = call.started_at.map(|started| now - started);
    let data = json!({ "tool": call.name, "run": run, "state": ended.state, "duration_ms": duration_ms });
    audit::record(tx, clock, actor, Event::new("tool.called", "tool_call", call.call_id.uuid()).with(data)).await?;
    if !matches!(ended.state, ToolState::Failed | ToolState::TimedOut | ToolState::Uncertain) {
        return Ok(());
    }
    let data = json!({ "kind": "tool", "tool": call.name, "status": ended.state, "retryable": false, "attempt": 1, "run": run });
    audit::record(tx, clock, actor, Event::new("agent_error", "tool_call", call.call_id.uuid()).with(data)).await
}

/// Every call of the run that has no result gets one: the run ends.
pub async fn close_open(store: &turns::Turn<'_>, tx: &mut Tx, notes: &mut Notes, clock: &Clock, actor: Actor) -> Result<()> {
    let now = clock.now();
    for stored in store.open_calls(tx).await? {
        let mut place = store.next_part(tx, stored.message).await?;
        let ended = Ended::given_up(stored);
        let next = || {
            place += 1;
            place - 1
        };
        write(store, (&mut *tx, &mut *notes), next, &ended, now).await?;
        record(tx, clock, actor, &ended, now).await?;
    }
    Ok(())
}

/// A long result is cut, and says so.
fn cut(output: &str) -> String {
    if output.len() <= OUTPUT_MAX {
        return output.to_owned();
    }
    let end = (0..=OUTPUT_MAX).rev().find(|at| output.is_char_boundary(*at)).unwrap_or(0);
    format!("{}\n[cut: the result has {} bytes, and these are the first {end}]", &output[..end], output.len())
}
