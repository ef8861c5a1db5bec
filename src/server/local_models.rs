//! Local models, as the rest of the server meets them. A build without them has `no_local_models.rs` in this place.

use super::{
    config::Settings,
    embedders::{Embedders, local as embedder, local::LocalEmbedder},
    failure::internal,
    models::{
        fetch::{self, Fetched},
        local::{self, IDLE_AFTER, Local, LocalConfig},
        registry::Models,
    },
    worker,
};
use crate::error::Result;
use std::{io::Write as _, path::Path, process::ExitCode, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Offers the local models. Their weights may still be missing: then each says how to get them.
pub fn offer(
    (models, embedders): (&Models, &Embedders),
    settings: &Settings,
    tasks: &TaskTracker,
    shutdown: &CancellationToken,
) -> Result<()> {
    let config = LocalConfig {
        models_dir: settings.models_dir(),
        program: std::env::current_exe().map_err(internal)?,
        args: vec!["worker".to_owned()],
        idle_after: IDLE_AFTER,
        tasks: tasks.clone(),
        shutdown: shutdown.clone(),
    };
    embedders.insert(embedder::PROVIDER, Arc::new(LocalEmbedder::new(config.clone())));
    models.insert(local::PROVIDER, Arc::new(Local::new(config)));
    Ok(())
}

/// `models fetch`.
pub async fn fetch(settings: &Settings, from: Option<&Path>) -> Result<(), String> {
    // Progress that cannot be written is no reason to stop.
    let progress = |line: &str| drop(writeln!(std::io::stderr(), "{line}"));
    let fetched = fetch::fetch(&settings.models_dir(), from, progress).await.map_err(|error| error.to_string())?;
    for file in fetched {
        let line = match file {
            Fetched::AlreadyThere(path) => format!("{} is there already", path.display()),
            Fetched::Written(path) => format!("{} is there now", path.display()),
        };
        writeln!(std::io::stdout(), "{line}").map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// What the worker process does.
pub fn work(models_dir: &Path) -> ExitCode {
    worker::main(models_dir)
}
