//! A worker without a model, for what is about processes and turns. See `fake_worker.sh` for what it can be asked.

use super::config;
use crate::server::models::{
    fetch::weights::CHAT,
    local::{Local, LocalConfig},
};
use tempfile::TempDir;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/local/fake_worker.sh");

/// A local model over the fake worker; its folder goes when this is dropped.
pub(super) struct Fake {
    pub local: Local,
    pub config: LocalConfig,
    _folder: TempDir,
}

pub(super) fn fake(change: impl FnOnce(&mut LocalConfig)) -> Fake {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(CHAT.path(folder.path()), "weights").unwrap();
    let mut config = config("/bin/sh".into(), vec![SCRIPT.to_owned()], folder.path().to_owned());
    change(&mut config);
    Fake { local: Local::new(config.clone()), config, _folder: folder }
}
