//! Where tests find the real weights. They are never fetched by a test, and never skipped in silence.

use crate::server::models::fetch::weights::ALL;
use std::path::PathBuf;

/// The folder with the real weights.
pub(crate) fn models_dir() -> PathBuf {
    let named = std::env::var_os("GUILDHALL_MODELS").map(PathBuf::from);
    let usual = || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache/guildhall/models");
    let folder = named.unwrap_or_else(usual);
    for file in ALL.iter().map(|weights| weights.path(&folder)) {
        assert!(
            file.is_file(),
            "{} is missing: run `GUILDHALL_DATA=~/.cache/guildhall guildhall models fetch` once, as `make test` does",
            file.display()
        );
    }
    folder
}
