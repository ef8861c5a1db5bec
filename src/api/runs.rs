//! Runs: stopping one, going on after one, trying one again.

use crate::{
    error::Result,
    ids::RunId,
    model::{group::Slug, run::Run},
};
use leptos::prelude::*;

/// Stops a run that is queued or goes on. Stopping one that has ended changes nothing.
#[server(prefix = "/fn", endpoint = "stop_run")]
pub async fn stop_run(slug: Slug, run_id: RunId) -> Result<()> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::runs::stop(&app, &member, run_id).await
}

/// Starts a new run that goes on where this one (the thread's last) was stopped, interrupted or cut off.
#[server(prefix = "/fn", endpoint = "continue_run")]
pub async fn continue_run(slug: Slug, run_id: RunId) -> Result<Run> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::runs::go_on(&app, &member, run_id).await
}

/// Starts a new run that answers the same message again; what this one (the thread's last) said is kept above it, but
/// no model is given it.
#[server(prefix = "/fn", endpoint = "retry_run")]
pub async fn retry_run(slug: Slug, run_id: RunId) -> Result<Run> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::runs::retry(&app, &member, run_id).await
}
