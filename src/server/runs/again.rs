//! Continue and Retry: a new run without a new message.

use super::{admission, journal::Notes, send};
use crate::{
    error::{AppError, Result},
    ids::RunId,
    model::{
        run::{Run, RunKind, RunStatus},
        thread_event::{RunState, ThreadEvent},
    },
    server::{
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            runs::NewRun,
        },
    },
};
use serde_json::json;

/// Goes on where the thread's last run ended too early.
pub async fn go_on(app: &App, member: &Member, run: RunId) -> Result<Run> {
    again(app, member, run, RunKind::Continue).await
}

/// Answers again what the thread's last run answered. What that one said stays visible, but no model is given it.
pub async fn retry(app: &App, member: &Member, run: RunId) -> Result<Run> {
    again(app, member, run, RunKind::Retry).await
}

async fn again(app: &App, member: &Member, of: RunId, kind: RunKind) -> Result<Run> {
    let mut tx = app.store.begin().await?;
    let before = app.store.runs(member).in_tx(&mut tx, of).await?;
    let (id, notes) = match queue(app, member, &mut tx, &before, kind).await {
        Ok(queued) => queued,
        Err(error) => {
            drop(tx);
            return admission::tell(app, member, Err(error)).await;
        }
    };
    tx.commit().await?;
    let topic = app.runs.bus().thread(before.thread_id);
    send::announce(app, member, before.thread_id, notes, &topic).await?;
    super::kick(app, before.thread_id);
    app.store.runs(member).get(id).await
}

async fn queue(app: &App, member: &Member, tx: &mut Tx, before: &Run, kind: RunKind) -> Result<(RunId, Notes)> {
    let runs = app.store.runs(member);
    if !before.status.ended() || runs.newest(tx, before.thread_id).await? != Some(before.id) {
        return Err(AppError::conflict("Something newer happened in this thread. Reload to see it."));
    }
    let thread = app.store.threads(member).in_tx(tx, before.thread_id).await?;
    let agent = app.store.agents(member).in_tx(tx, thread.agent_id).await?;
    send::may_answer(&thread, agent.status)?;
    let terms = app.store.budgets(member).terms(&mut *tx).await?;
    admission::may_ask(app, member, tx, &terms, agent.id, "").await?;
    if kind == RunKind::Retry {
        runs.supersede(tx, before.id).await?;
    }
    let now = app.clock.now();
    let id = RunId::from_uuid(app.clock.uuid());
    let run = NewRun { id, thread: thread.id, agent: agent.id, agent_version: agent.version, kind, key: member.key_id() };
    runs.insert(tx, &run, now).await?;
    let mut notes = Notes::new(member.group_id(), thread.id, now);
    notes.event(tx, ThreadEvent::Run(RunState { run_id: id, status: RunStatus::Queued, error: None })).await?;
    let event = Event::new("run.requested", "run", id.uuid()).with(json!({ "kind": kind, "of": before.id }));
    audit::record(tx, &app.clock, Actor::member(member), event).await?;
    Ok((id, notes))
}
