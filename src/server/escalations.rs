//! An agent asks for a person. The human side (claiming, answering, resolving) comes with the inbox.

use crate::{
    error::Result,
    ids::EscalationId,
    model::{
        escalation::{Escalation, EscalationStatus, Handoff},
        text,
        thread_event::ThreadEvent,
    },
    server::{
        runs::journal::Notes,
        store::{
            Actor,
            audit::{self, Event},
        },
        tools::Scope,
    },
};

const REASON_MAX: usize = 2_000;

/// Opens an escalation for the thread of the call. A second time the call answers the one that it opened.
pub async fn open(scope: &Scope, reason: &str) -> Result<Escalation> {
    let (app, member) = (&scope.app, &scope.member);
    let reason = text::block("reason", reason, REASON_MAX)?;
    let store = app.store.escalations(member);
    let mut tx = app.store.begin().await?;
    if let Some(opened) = store.of_origin(&mut tx, scope.call).await? {
        return Ok(opened);
    }
    // Asking again for somebody who was asked already changes nothing.
    if let Some(opened) = store.open_of(&mut tx, scope.thread).await? {
        return Ok(opened);
    }
    let now = app.clock.now();
    let escalation = Escalation {
        id: EscalationId::from_uuid(app.clock.uuid()),
        thread_id: scope.thread,
        reason: reason.clone(),
        status: EscalationStatus::Open,
        person: member.name().to_owned(),
        agent: String::new(),
        created_at: now,
        updated_at: now,
    };
    store.insert(&mut tx, &escalation, scope.agent, scope.call).await?;
    let mut notes = Notes::new(member.group_id(), scope.thread, now);
    let handoff = Handoff { escalation_id: escalation.id, status: escalation.status, reason, created_at: now };
    notes.event(&mut tx, ThreadEvent::Handoff(handoff)).await?;
    let event = Event::new("escalation.opened", "escalation", escalation.id.uuid());
    audit::record(&mut tx, &app.clock, Actor::member(member), event).await?;
    tx.commit().await?;
    notes.announce(&app.runs.bus().thread(scope.thread));
    Ok(escalation)
}
