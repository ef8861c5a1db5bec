//! Time, ids and randomness come from here, so that a test can fix them.

use crate::model::Millis;
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use uuid::{Builder, Uuid};

/// Cheap to clone; clones share the time.
#[derive(Clone, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
}

impl Clock {
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now` until it is moved.
    pub fn fixed(now: Millis) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(now))) }
    }

    /// Moves a fixed clock forward.
    pub fn advance(&self, by: Duration) {
        if let Some(fixed) = &self.fixed {
            fixed.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
        }
    }

    pub fn now(&self) -> Millis {
        match &self.fixed {
            Some(fixed) => fixed.load(Ordering::SeqCst),
            None => system_now(),
        }
    }

    /// A new uuid v7: ids sort by the time at which they were made.
    pub fn uuid(&self) -> Uuid {
        let mut random = [0; 10];
        fill(&mut random);
        Builder::from_unix_timestamp_millis(self.now().max(0) as u64, &random).into_uuid()
    }

    /// 256 random bits: session tokens, keys, leases.
    pub fn secret(&self) -> [u8; 32] {
        let mut random = [0; 32];
        fill(&mut random);
        random
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that reads the system's time")]
fn system_now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

/// A system that gives no randomness cannot run safely: there is nothing better to do than to end.
#[expect(clippy::expect_used, reason = "without randomness tokens would be guessable")]
pub(crate) fn fill(bytes: &mut [u8]) {
    getrandom::fill(bytes).expect("the operating system gives random bytes");
}
