//! What stands in the place of local models in a build without them.

use super::{config::Settings, embedders::Embedders, models::registry::Models};
use crate::error::Result;
use std::{path::Path, process::ExitCode};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub fn offer(_: (&Models, &Embedders), _: &Settings, _: &TaskTracker, _: &CancellationToken) -> Result<()> {
    Ok(())
}

pub async fn fetch(_: &Settings, _: Option<&Path>) -> Result<(), String> {
    Err("This build has no local models. Build with the feature `local-models`, or set a provider's key.".to_owned())
}

pub fn work(_: &Path) -> ExitCode {
    ExitCode::FAILURE
}
