//! Random keys. The browser has no `Clock` that would give them, and needs none: nothing here is replayed in a test.

/// A key that nobody else has: 128 random bits, written as a uuid.
#[expect(
    clippy::disallowed_methods,
    reason = "the server's Clock does not exist in a browser; this is the one source of keys there"
)]
pub fn random() -> String {
    uuid::Uuid::new_v4().to_string()
}
