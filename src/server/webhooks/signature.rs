//! Signatures of messages, and the secrets that they are made with.

use crate::{model::Millis, server::clock::Clock};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// 256 random bits, as receivers' libraries read them.
pub fn new_secret(clock: &Clock) -> String {
    format!("{PREFIX}{}", BASE64_STANDARD.encode(clock.secret()))
}

/// The signature of a message. `seconds` is its time stamp. `None` where the secret is none of ours.
pub fn sign(secret: &str, id: &str, seconds: i64, body: &str) -> Option<String> {
    let key = BASE64_STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    Some(format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes())))
}

pub fn seconds(at: Millis) -> i64 {
    at.div_euclid(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_example_has_its_signature() {
        // From the reference libraries' tests of Standard Webhooks.
        let signature = sign(
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signature.as_deref(), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
    }

    #[test]
    fn a_secret_that_is_none_signs_nothing() {
        assert_eq!(sign("swordfish", "1", 0, ""), None);
        assert!(sign(&new_secret(&Clock::system()), "1", 0, "").is_some());
    }
}
