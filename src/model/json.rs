//! Reading JSON.

use serde::de::DeserializeOwned;

/// Reads it as bytes, as the answers of server functions are read. From text, serde would read every type with code of its
/// own, which pages would load beside the other.
pub fn read<T: DeserializeOwned>(text: &str) -> serde_json::Result<T> {
    serde_json::from_slice(text.as_bytes())
}
