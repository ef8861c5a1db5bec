//! Time, ids and randomness come from here, so that a test can fix them.

use crate::model::Millis;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use uuid::{Builder, Uuid};

/// Cheap to clone; clones share the time.
#[derive(Clone, Default)]
pub struct Clock {
    fixed: Option<Arc<AtomicI64>>,
    /// The newest id.
    last: Arc<Mutex<u128>>,
}

impl Clock {
    pub fn system() -> Self {
        Self::default()
    }

    /// A clock that stands still at `now` until it is moved.
    pub fn fixed(now: Millis) -> Self {
        Self { fixed: Some(Arc::new(AtomicI64::new(now))), ..Self::default() }
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

    /// A new uuid v7: ids sort in the order in which this process made them, those of one millisecond too, so that of two
    /// messages sent at once the first is answered first.
    pub fn uuid(&self) -> Uuid {
        let mut random = [0; 14];
        fill(&mut random);
        let [bits @ .., a, b, c, d] = random;
        let id = Builder::from_unix_timestamp_millis(self.now().max(0) as u64, &bits).into_uuid().as_u128();
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        // The step is small beside the 62 random bits at the end: version and variant stay as they are.
        let id = if id > *last { id } else { *last + 1 + u128::from(u32::from_be_bytes([a, b, c, d])) };
        *last = id;
        Uuid::from_u128(id)
    }

    /// 256 random bits: session tokens, keys.
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

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn ids_of_one_millisecond_come_in_order() {
        let clock = Clock::fixed(1_700_000_000_000);
        let ids: Vec<_> = (0..10_000).map(|_| clock.uuid()).collect();
        assert!(ids.is_sorted() && ids.windows(2).all(|pair| pair[0] != pair[1]));
        assert!(ids.iter().all(|id| id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122));
    }
}
