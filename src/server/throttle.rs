//! Limits on guessing: sign-ins per address on the network and per e-mail address, kept in memory.

use crate::error::{AppError, Result};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock as _, clock::DefaultClock};
use std::{num::NonZeroU32, sync::Arc, time::Duration};

/// Cheap to clone.
#[derive(Clone)]
pub struct Throttle {
    tries: Arc<DefaultKeyedRateLimiter<String>>,
    clock: DefaultClock,
}

impl Throttle {
    /// `burst` tries at once, then one more every `pause`.
    pub fn new(burst: NonZeroU32, pause: Duration) -> Option<Self> {
        let quota = Quota::with_period(pause)?.allow_burst(burst);
        Some(Self { tries: Arc::new(RateLimiter::keyed(quota)), clock: DefaultClock::default() })
    }

    /// Counts one try for `key`.
    pub fn count(&self, key: &str) -> Result<()> {
        let Err(until) = self.tries.check_key(&key.to_owned()) else { return Ok(()) };
        let wait = until.wait_time_from(self.clock.now()).as_secs() + 1;
        if self.tries.len() > 10_000 {
            self.tries.retain_recent();
        }
        let message = format!("Too many tries. Wait {wait} seconds and try again.");
        Err(AppError::RateLimited { retry_after_s: wait, message })
    }
}
