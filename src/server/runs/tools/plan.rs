//! What becomes of each call that a model asked for.

use crate::{
    error::Result,
    ids::ToolCallId,
    model::{
        Millis,
        tool_call::{Approval, ToolCall, ToolState},
    },
    server::{
        runs::{ending::Ending, step::Asked, turn::Turn},
        store::db::Tx,
    },
};
use serde_json::{Value, json};

/// Calls of one step that are looked at; the rest are refused.
pub const CALLS_MAX: usize = 16;

/// How often a run may make the very same call. Once more, and it goes in circles.
const SAME_MAX: i64 = 3;

/// A call, and its result where it is refused at once.
pub struct Planned {
    pub call: ToolCall,
    pub refusal: Option<String>,
}

pub struct Plan {
    pub calls: Vec<Planned>,
    /// Where the run goes in circles.
    pub ending: Option<Ending>,
}

pub async fn plan(turn: &Turn, tx: &mut Tx, asked: Vec<Asked>, now: Millis) -> Result<Plan> {
    let mut plan = Plan { calls: Vec::new(), ending: None };
    // Most agents never ask, and their steps need not look it up.
    let approval_time = match turn.agent.ask_first.is_empty() {
        true => 0,
        false => turn.app.store.turn(&turn.claimed.lease).approval_time(tx).await?,
    };
    for asked in asked {
        let call_id = ToolCallId::from_uuid(turn.app.clock.uuid());
        let refusal = refusal(turn, tx, &mut plan, &asked).await?;
        let input = asked.input.unwrap_or_else(|text| json!({ "unreadable": text }));
        let asks = refusal.is_none() && turn.agent.ask_first.iter().any(|ask| ask.applies(&asked.name, &input));
        let state = match (&refusal, asks) {
            (Some(_), _) => ToolState::Failed,
            (None, true) => ToolState::Waiting,
            (None, false) => ToolState::Pending,
        };
        let approval = asks.then(|| Approval { expires_at: now + approval_time, decision: None });
        let call = ToolCall { call_id, name: asked.name, input, state, started_at: None, finished_at: None, approval };
        plan.calls.push(Planned { call, refusal });
    }
    Ok(plan)
}

/// Why the call is not made, in words for the model.
async fn refusal(turn: &Turn, tx: &mut Tx, plan: &mut Plan, asked: &Asked) -> Result<Option<String>> {
    if plan.calls.len() >= CALLS_MAX {
        return Ok(Some(format!("Not run: at most {CALLS_MAX} calls are made at once.")));
    }
    if let Err(mistake) = turn.toolbox.check(&asked.name, &asked.input) {
        return Ok(Some(mistake));
    }
    let Ok(input) = &asked.input else { return Ok(None) };
    if before(turn, tx, plan, &asked.name, input).await? >= SAME_MAX {
        plan.ending = Some(Ending::limit("repeats"));
        return Ok(Some(format!("Not run: the very same call was made {SAME_MAX} times already.")));
    }
    Ok(None)
}

/// How often the run has made this call, in this step too.
async fn before(turn: &Turn, tx: &mut Tx, plan: &Plan, name: &str, input: &Value) -> Result<i64> {
    let earlier = turn.app.store.turn(&turn.claimed.lease).same_calls(tx, name, input).await?;
    let now = plan.calls.iter().filter(|planned| planned.call.name == name && planned.call.input == *input).count();
    Ok(earlier + now as i64)
}
