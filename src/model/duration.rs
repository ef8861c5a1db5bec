//! How long something took, in words.

use crate::model::Millis;

/// `under 0.1 s`, `0.4 s`, `12 s`, `3 min 5 s`: as exact as it is short.
pub fn words(ms: Millis) -> String {
    match ms.max(0) {
        ms if ms < 100 => "under 0.1 s".to_owned(),
        ms if ms < 10_000 => format!("{}.{} s", ms / 1_000, ms % 1_000 / 100),
        ms if ms < 60_000 => format!("{} s", ms / 1_000),
        ms => format!("{} min {} s", ms / 60_000, ms % 60_000 / 1_000),
    }
}

/// `3 s`, `2 min 5 s`: of something that still goes on. Nothing in the first second.
pub fn so_far(ms: Millis) -> Option<String> {
    match ms / 1_000 {
        ..=0 => None,
        s if s < 60 => Some(format!("{s} s")),
        s => Some(format!("{} min {} s", s / 60, s % 60)),
    }
}
