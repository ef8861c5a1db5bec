//! Stop: the only thing that ends a run early, but for its limits.

use super::journal::Notes;
use crate::{
    error::Result,
    ids::RunId,
    model::{
        run::RunStatus,
        thread_event::{RunState, ThreadEvent},
    },
    server::{
        failure::internal,
        member::Member,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
        },
    },
};

/// A queued run ends at once, and one that waits for its member is woken to end. For one that goes on, the wish is written
/// down and its driver is told: it settles what was said. Stopping a run that has ended changes nothing.
pub async fn stop(app: &App, member: &Member, id: RunId) -> Result<()> {
    let (app, member) = (app.clone(), member.clone());
    let tasks = app.tasks.clone();
    // In a task of its own: whoever asks may hang up between what is written down and what is told.
    tasks.spawn(async move { stop_now(&app, &member, id).await }).await.map_err(internal)?
}

async fn stop_now(app: &App, member: &Member, id: RunId) -> Result<()> {
    let run = app.store.runs(member).get(id).await?;
    let now = app.clock.now();
    let mut tx = app.store.begin().await?;
    let runs = app.store.runs(member);
    let mut notes = Notes::new(member.group_id(), run.thread_id, now);
    let mut waited = false;
    let was_queued = runs.stop_queued(&mut tx, id, now).await?;
    if was_queued {
        notes.event(&mut tx, ThreadEvent::Run(RunState { run_id: id, status: RunStatus::Stopped, error: None })).await?;
    } else if runs.wake_to_stop(&mut tx, id, now).await? {
        waited = true;
    } else if !runs.request_stop(&mut tx, id, now).await? {
        return Ok(());
    }
    audit::record(&mut tx, &app.clock, Actor::member(member), Event::new("run.stopped", "run", id.uuid())).await?;
    tx.commit().await?;
    app.runs.cancel(id);
    if waited {
        super::kick(app, run.thread_id);
    }
    let topic = app.runs.bus().thread(run.thread_id);
    super::send::announce(app, member, run.thread_id, notes, &topic).await
}
