//! How a worker ends, and what is said about it.

use std::time::Duration;
use tokio::{process::Child, time::timeout};

/// How long a worker that closed its output may take to be gone.
const GONE_AFTER: Duration = Duration::from_secs(1);

/// Why a watch ends.
pub(super) enum End {
    Idle,
    Stuck,
    Shutdown,
    Died,
}

impl End {
    /// Logs the end, and answers what whoever still waits is told.
    pub fn detail(&self, status: &str) -> String {
        match self {
            Self::Idle => tracing::debug!("the local model's process was idle and ended"),
            Self::Shutdown => tracing::debug!("the local model's process ends with the server"),
            Self::Stuck | Self::Died => tracing::warn!(status, "the local model's process is lost"),
        }
        match self {
            Self::Idle | Self::Shutdown => "the local model was shut down".to_owned(),
            Self::Stuck => "the local model's process was stuck and was ended".to_owned(),
            Self::Died => format!("the local model's process died ({status})"),
        }
    }
}

/// Waits until the process is gone, with or against its will, and tells how it went.
pub(super) async fn gone(child: &mut Child, end: &End) -> String {
    let grace = if matches!(end, End::Died) { GONE_AFTER } else { Duration::ZERO };
    let status = match timeout(grace, child.wait()).await {
        Ok(status) => status,
        Err(_) => {
            // It may have ended by itself meanwhile, which is what is wanted.
            let _ = child.start_kill();
            child.wait().await
        }
    };
    status.map_or_else(|error| error.to_string(), |status| status.to_string())
}
