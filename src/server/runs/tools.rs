//! The calls that a model asks for: planned when its step is settled, then performed, several at once, each with its
//! result in a transaction of its own.
//!
//! | module | what it does |
//! |---|---|
//! | [`plan`] | what becomes of each call: it runs, it asks first, or it is refused |
//! | [`perform`] | runs calls side by side, under timeouts, a stop and the run's deadline |
//! | [`result`] | how a call ends: its row, its part, its result, its lines in journal and audit log |

pub mod cite;
mod perform;
pub mod plan;
pub mod result;

use super::{
    ending::Ending,
    journal::Notes,
    settle,
    turn::{Driven, Halt, Turn},
};
use crate::{
    model::{
        agent::LOOKS,
        message::{Message, Role},
        run::{RunKind, RunStatus},
        thread_event::{RunState, ThreadEvent},
        tool_call::ToolState,
    },
    server::store::tool_calls::StoredCall,
};
use serde_json::json;

/// Messages among which the member's last one is.
const LOOKED_BACK: usize = 8;

/// Characters of a message that are searched with.
const QUERY_MAX: usize = 1_000;

/// What came of a step's calls.
pub enum Worked {
    /// All have results: the model is asked again.
    Done,
    /// Some wait for the member, and nobody drives the run meanwhile.
    Parked,
    End(Ending),
}

/// Performs what is open of the run, until nothing is or the rest waits for the member.
pub async fn work(turn: &mut Turn) -> Driven<Worked> {
    loop {
        let open = open(turn).await?;
        let ready: Vec<StoredCall> = open.iter().filter(|stored| stored.call.state != ToolState::Waiting).cloned().collect();
        if ready.is_empty() {
            if open.is_empty() {
                return Ok(if turn.handed_over { Worked::End(Ending::completed()) } else { Worked::Done });
            }
            if park(turn).await? {
                return Ok(Worked::Parked);
            }
            continue;
        }
        if let Some(ending) = perform::all(turn, ready).await? {
            return Ok(Worked::End(ending));
        }
    }
}

/// Searches the group's documents with the member's message, as if the model had asked for it, where the agent always looks
/// first: what it finds stands in the conversation as the result of a tool, and is no more than that.
pub async fn look_first(turn: &mut Turn) -> Driven<Worked> {
    // A call is a part of the answer: where there is none, nothing was said and nothing looked for yet.
    let asked = turn.agent.look_first && turn.claimed.kind != RunKind::Continue && turn.answer.parts.is_empty();
    if !asked || turn.toolbox.get(LOOKS).is_none() {
        return Ok(Worked::Done);
    }
    let messages = turn.app.store.turn(&turn.claimed.lease).context(turn.answer.seq, LOOKED_BACK).await?;
    let question = messages.iter().rev().find(|message| message.role == Role::User).map(Message::text).unwrap_or_default();
    let query: String = question.trim().chars().take(QUERY_MAX).collect();
    if query.is_empty() {
        return Ok(Worked::Done);
    }
    settle::ask(turn, LOOKS, json!({ "query": query })).await?;
    work(turn).await
}

async fn open(turn: &Turn) -> Driven<Vec<StoredCall>> {
    let mut tx = turn.app.store.begin().await?;
    let open = turn.app.store.turn(&turn.claimed.lease).open_calls(&mut tx).await?;
    tx.commit().await?;
    Ok(open)
}

/// False where a call that waited was decided meanwhile, so that there is something to do after all.
async fn park(turn: &mut Turn) -> Driven<bool> {
    let (app, lease) = (turn.app.clone(), turn.claimed.lease);
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    if !app.store.turn(&lease).hold(&mut tx, now + super::lease::LENGTH.as_millis() as i64).await? {
        return Err(Halt::Lost);
    }
    if !app.store.turn(&lease).park(&mut tx, turn.worked()).await? {
        return Ok(false);
    }
    let mut notes = Notes::new(lease.group, lease.thread, now);
    let waiting = RunState { run_id: lease.run, status: RunStatus::Waiting, error: None };
    notes.event(&mut tx, ThreadEvent::Run(waiting)).await?;
    tx.commit().await?;
    notes.announce(&turn.topic);
    turn.topic.quiet(turn.answer.id);
    Ok(true)
}
