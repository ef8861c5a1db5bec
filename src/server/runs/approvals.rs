//! Approvals: the member decides about a call that asks first, and the run goes on. Deciding and resuming is one
//! transaction, so that of two decisions one counts, whatever device or door they come through.

use super::journal::Notes;
use crate::{
    error::{AppError, Result},
    ids::ToolCallId,
    model::{
        Millis,
        message::Part,
        text,
        thread_event::{ApprovalChange, PartChange, ThreadEvent},
        tool_call::{Decision, REASON_MAX, ToolCall, ToolState, Verdict},
    },
    server::{
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            tool_calls::StoredCall,
        },
    },
};
use serde_json::json;

pub async fn decide(app: &App, member: &Member, id: ToolCallId, verdict: Verdict, reason: &str) -> Result<ToolCall> {
    let reason = (!reason.trim().is_empty()).then(|| text::line("reason", reason, REASON_MAX)).transpose()?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let calls = app.store.tool_calls(member);
    let mut stored = calls.in_tx(&mut tx, id).await?;
    let expired = stored.call.approval.as_ref().is_some_and(|approval| approval.expires_at <= now);
    if stored.call.state != ToolState::Waiting || expired {
        return Err(too_late(&stored.call));
    }
    let decision = Decision { verdict, by: Some(member.name().to_owned()), reason, at: now };
    if !calls.decide(&mut tx, &stored, &decision).await? {
        return Err(too_late(&stored.call));
    }
    stored.call.decide(decision);
    let notes = tell(app, &mut tx, &stored, Actor::member(member)).await?;
    tx.commit().await?;
    notes.announce(&app.runs.bus().thread(stored.thread));
    super::kick(app, stored.thread);
    Ok(stored.call)
}

fn too_late(call: &ToolCall) -> AppError {
    let decision = call.approval.as_ref().and_then(|approval| approval.decision.as_ref());
    AppError::conflict(match decision.map(|decision| (decision.verdict, decision.by.as_deref())) {
        Some((Verdict::Approved, Some(by))) => format!("This was approved by {by} already."),
        Some((Verdict::Denied, Some(by))) => format!("This was denied by {by} already."),
        _ => "This can no longer be decided: the time ran out, or the run has ended.".to_owned(),
    })
}

/// Denies what nobody decided about in time.
pub async fn expire(app: &App) -> Result<()> {
    let now = app.clock.now();
    // Approvals of all groups run out by the same clock.
    for stored in app.store.system().expired_approvals(now).await? {
        // One that fails is tried again with the next sweep, and keeps no other from its end. The cause is in the log.
        let _ = expire_one(app, stored, now).await;
    }
    Ok(())
}

async fn expire_one(app: &App, mut stored: StoredCall, now: Millis) -> Result<()> {
    let decision = Decision { verdict: Verdict::Denied, by: None, reason: None, at: now };
    let mut tx = app.store.begin().await?;
    // Nobody decides here, so there is no member's proof.
    if !app.store.system().let_expire(&mut tx, &stored, &decision).await? {
        return Ok(());
    }
    stored.call.decide(decision);
    let notes = tell(app, &mut tx, &stored, Actor { group: Some(stored.group), person: None }).await?;
    tx.commit().await?;
    notes.announce(&app.runs.bus().thread(stored.thread));
    super::kick(app, stored.thread);
    Ok(())
}

async fn tell(app: &App, tx: &mut Tx, stored: &StoredCall, actor: Actor) -> Result<Notes> {
    let mut notes = Notes::new(stored.group, stored.thread, app.clock.now());
    let content = Part::ToolCall(stored.call.clone());
    let change = PartChange { message_id: stored.message, part: stored.part, content };
    notes.event(tx, ThreadEvent::ToolCall(change)).await?;
    let approval = ApprovalChange { run_id: stored.run, message_id: stored.message, call: stored.call.clone() };
    notes.event(tx, ThreadEvent::Approval(approval)).await?;
    let decision = stored.call.approval.as_ref().and_then(|approval| approval.decision.as_ref());
    let data = json!({ "tool": stored.call.name, "verdict": decision.map(|decision| decision.verdict) });
    let event = Event::new("approval.decided", "tool_call", stored.call.call_id.uuid()).with(data);
    audit::record(tx, &app.clock, actor, event).await?;
    Ok(notes)
}
