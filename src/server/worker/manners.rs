//! The worker gives way: the server's pages stay quick while the model thinks, and where memory runs out, the worker is
//! what the system ends.

/// Best effort: a system that does not allow it still gets its answers.
#[cfg(unix)]
pub(super) fn give_way() {
    if let Err(error) = rustix::process::nice(10) {
        tracing::debug!(%error, "the priority stays as it is");
    }
    // Only Linux has this file; 0 is usual and 1000 is first to go.
    if let Err(error) = std::fs::write("/proc/self/oom_score_adj", "500") {
        tracing::debug!(%error, "the place in the out-of-memory order stays as it is");
    }
}

#[cfg(not(unix))]
pub(super) fn give_way() {}
