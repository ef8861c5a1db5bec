//! Random keys. The browser has no `Clock` that would give them, and needs none: nothing here is replayed in a test.

use leptos::prelude::window;

/// A key that nobody else has: random bits, written as a uuid. `crypto.randomUUID` would say the same in fewer words, but
/// is missing where a page is served without TLS.
pub fn random() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        _ = crypto.get_random_values_with_u8_array(&mut bytes);
    }
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}
