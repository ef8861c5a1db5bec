//! Which provider is asked first when nobody has chosen one.

use crate::server::models::scripted;

/// The large ones, then what an operator set up, then the small model of this machine; what only plays a part comes last.
pub(super) fn of(provider: &str) -> u8 {
    match provider {
        "anthropic" => 0,
        "openai" => 1,
        "local" => 3,
        scripted::PROVIDER => 4,
        _ => 2,
    }
}
