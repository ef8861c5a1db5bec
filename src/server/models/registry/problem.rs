//! Why a provider offers nothing, as an admin is told: what happened and what to do. The provider's own words are in the log.

use crate::server::models::ModelError;

pub(super) fn of(provider: &str, error: &ModelError) -> String {
    match error {
        ModelError::Unauthorised { .. } => {
            format!("{provider} does not accept this server's key. Set a valid one in the server's settings.")
        }
        ModelError::Unavailable { .. } => format!("{provider} cannot be reached. Check its base URL, and that it is running."),
        ModelError::RateLimited { .. } => {
            format!("{provider} limits how much we may ask. Try again in a minute, or raise the limit with the provider.")
        }
        ModelError::TimedOut { .. } => too_slow(provider),
        ModelError::NotInstalled { .. } => {
            "The model's files are missing. Run `guildhall models fetch` on this server, or ask its operator to.".to_owned()
        }
        ModelError::InvalidRequest { .. }
        | ModelError::CutOff { .. }
        | ModelError::ContextTooLong { .. }
        | ModelError::ContentFiltered { .. } => {
            format!("{provider} does not answer like a model API. Check its base URL; the server's log has the cause.")
        }
    }
}

pub(super) fn too_slow(provider: &str) -> String {
    format!("{provider} did not answer in time. Check that it is running, then load this page again in a minute.")
}

pub(super) fn no_models(provider: &str) -> String {
    format!("{provider} has no models. Add one there, then load this page again in a minute.")
}
