use super::*;
use proptest::prelude::*;

fn bucket(limit: i64, level: i64) -> Bucket {
    Bucket { kind: Kind::Messages, scope: Scope::Person, scope_id: Uuid::nil(), limit, level }
}

#[test]
fn a_minute_lets_through_exactly_the_limit() {
    let mut level = 0;
    let mut sent = 0;
    while bucket(7, level).wait().is_none() {
        level = bucket(7, level).take(1).level;
        sent += 1;
    }
    assert_eq!(sent, 7);
    // 60,000 / 7 is no whole number of milliseconds: the wait is rounded up, and then it is enough.
    let wait = bucket(7, level).wait().unwrap();
    assert_eq!(wait, 8_572);
    assert!(bucket(7, sunk(level, 0, 7, wait - 1)).wait().is_some());
    assert!(bucket(7, sunk(level, 0, 7, wait)).wait().is_none());
}

#[test]
fn a_refusal_says_how_long_to_wait() {
    let AppError::RateLimited { retry_after_s, message } = refusal(&[bucket(10, 10 * UNIT), bucket(1_000, 0)]).unwrap() else {
        panic!("another error");
    };
    assert_eq!(retry_after_s, 6);
    assert_eq!(message, "You may send 10 messages a minute, and you have for now. Try again in 6 s.");
}

proptest! {
    /// Whatever the pauses, no window of a minute sees more than the burst and the minute's own, and what is let through
    /// over all the time is never more than that.
    #[test]
    fn no_stretch_of_time_sees_more_than_its_share(limit in 1i64..50, pauses in prop::collection::vec(0i64..20_000, 1..200)) {
        let (mut now, mut level, mut at, mut sent) = (0, 0, 0, 0i64);
        for pause in pauses {
            now += pause;
            let current = bucket(limit, sunk(level, at, limit, now));
            if current.wait().is_none() {
                (level, at) = (current.take(1).level, now);
                sent += 1;
            }
        }
        prop_assert!(sent <= limit + now * limit / UNIT);
    }

    #[test]
    fn whoever_waits_as_long_as_told_is_let_through(limit in 1i64..100_000, level in 0i64..10_000_000_000) {
        if let Some(wait) = bucket(limit, level).wait() {
            prop_assert!(bucket(limit, sunk(level, 0, limit, wait)).wait().is_none());
            prop_assert!(bucket(limit, sunk(level, 0, limit, wait - 1)).wait().is_some());
        }
    }
}
