//! How the tabs of a browser share one stream: nobody misses anything, nobody is told to skip anything.

use crate::{
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::LiveEvent,
        live_plan::{Wants, backoff, path, reached, serves, takes},
        thread_event::{Snapshot, ThreadChange, ThreadEvent},
    },
};
use proptest::prelude::*;
use uuid::Uuid;

fn thread(n: u128) -> ThreadId {
    ThreadId::from_uuid(Uuid::from_u128(n))
}

fn at(seq: i64) -> Option<Cursor> {
    Some(Cursor::new(seq, 0))
}

fn event(seq: i64) -> LiveEvent {
    let change = ThreadChange { title: format!("at {seq}"), status: Default::default() };
    LiveEvent::Thread { thread_id: thread(1), cursor: format!("{seq}.0"), event: ThreadEvent::Thread(change) }
}

fn snapshot(seq: i64) -> LiveEvent {
    let event = ThreadEvent::Snapshot(Snapshot::default());
    LiveEvent::Thread { thread_id: thread(1), cursor: format!("{seq}.0"), event }
}

#[test]
fn the_stream_begins_at_the_oldest_cursor_of_each_thread() {
    let mut wants = Wants::default();
    wants.want("a", thread(1), at(9));
    wants.want("b", thread(1), at(4));
    wants.want("b", thread(2), None);
    let (one, two) = (thread(1), thread(2));
    assert_eq!(path(&wants.plan()), format!("/live?thread={one}@4.0&thread={two}@"));
    wants.leave("b");
    assert_eq!(path(&wants.plan()), format!("/live?thread={one}@9.0"));
    wants.drop("a", thread(1));
    assert_eq!(path(&wants.plan()), "/live");
}

#[test]
fn a_tab_that_joins_behind_the_stream_asks_for_a_new_one_and_a_tab_ahead_of_it_does_not() {
    let mut wants = Wants::default();
    wants.want("a", thread(1), at(9));
    let stream = wants.plan();
    wants.want("b", thread(1), at(12));
    assert!(serves(&stream, &wants.plan()));
    wants.want("c", thread(1), at(8));
    assert!(!serves(&stream, &wants.plan()));
}

#[test]
fn an_event_that_comes_before_the_new_stream_is_not_taken_for_the_missing_ones() {
    let mut wants = Wants::default();
    wants.want("a", thread(1), at(15));
    let mut stream = wants.plan();
    wants.want("late", thread(1), at(10));
    let after = reached(&mut stream, &event(16));
    wants.passed(&event(16), after);
    assert_eq!(wants.plan()[&thread(1)], at(10), "11 to 15 are still owed");
    let LiveEvent::Thread { event, .. } = event(16) else { unreachable!() };
    assert!(!takes(at(10), after, &event));
    assert!(takes(at(15), after, &event));
}

#[test]
fn who_waits_for_a_snapshot_takes_nothing_else() {
    let mut wants = Wants::default();
    wants.want("a", thread(1), None);
    let mut stream = wants.plan();
    let after = reached(&mut stream, &event(3));
    wants.passed(&event(3), after);
    assert_eq!(wants.plan()[&thread(1)], None);
    let after = reached(&mut stream, &snapshot(3));
    wants.passed(&snapshot(3), after);
    assert_eq!(wants.plan()[&thread(1)], at(3));
}

#[test]
fn a_thread_that_is_gone_is_followed_no_more() {
    let mut wants = Wants::default();
    wants.want("a", thread(1), at(1));
    wants.passed(&LiveEvent::Gone { thread_id: thread(1) }, None);
    assert!(wants.plan().is_empty());
}

/// What can happen to a browser with three tabs, while the server says events 1, 2, 3, … of one thread.
#[derive(Debug, Clone)]
enum Happening {
    /// A tab opens, or opens again, with a page that shows everything up to some event of the past.
    Join {
        tab: usize,
        behind: i64,
    },
    Leave {
        tab: usize,
    },
    /// The server says so many events of those that the stream has not had yet.
    Say(usize),
    /// The server goes on without anybody listening.
    Grow(i64),
    /// The leader looks whether its stream still serves everybody.
    Replan,
    /// The leader's tab closes: another one asks who has what.
    Succeed,
}

fn happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        (0..3_usize, 0..6_i64).prop_map(|(tab, behind)| Happening::Join { tab, behind }),
        (0..3_usize).prop_map(|tab| Happening::Leave { tab }),
        (1..4_usize).prop_map(Happening::Say),
        (1..4_i64).prop_map(Happening::Grow),
        Just(Happening::Replan),
        Just(Happening::Succeed),
    ]
}

#[derive(Default)]
struct Browser {
    wants: Wants,
    stream: std::collections::BTreeMap<ThreadId, Option<Cursor>>,
    /// What each open tab has: everything up to this event.
    tabs: [Option<i64>; 3],
    head: i64,
}

impl Browser {
    fn go(&mut self, happening: &Happening) {
        match *happening {
            Happening::Join { tab, behind } => {
                let have = (self.head - behind).max(0);
                self.tabs[tab] = Some(have);
                self.wants.want(&tab.to_string(), thread(1), at(have));
            }
            Happening::Leave { tab } => {
                self.tabs[tab] = None;
                self.wants.leave(&tab.to_string());
            }
            Happening::Say(count) => (0..count).for_each(|_| self.say()),
            Happening::Grow(count) => self.head += count,
            Happening::Replan => self.replan(),
            Happening::Succeed => self.succeed(),
        }
    }

    fn replan(&mut self) {
        if !serves(&self.stream, &self.wants.plan()) {
            self.stream = self.wants.plan();
        }
    }

    fn succeed(&mut self) {
        self.wants = Wants::default();
        for (tab, have) in self.tabs.iter().enumerate() {
            if let Some(have) = have {
                self.wants.want(&tab.to_string(), thread(1), at(*have));
            }
        }
        self.stream = self.wants.plan();
    }

    fn say(&mut self) {
        let Some(Some(place)) = self.stream.get(&thread(1)).copied() else { return };
        let next = place.seq + 1;
        if next > self.head {
            return;
        }
        let live = event(next);
        let after = reached(&mut self.stream, &live);
        self.wants.passed(&live, after);
        let LiveEvent::Thread { event, .. } = live else { return };
        for have in self.tabs.iter_mut().flatten() {
            if takes(at(*have), after, &event) && next > *have {
                assert_eq!(next, *have + 1, "an event was skipped");
                *have = next;
            }
        }
    }
}

proptest! {
    #[test]
    fn every_tab_gets_every_event_once_whatever_happens(story in prop::collection::vec(happening(), 1..60)) {
        let mut browser = Browser::default();
        for happening in &story {
            browser.go(happening);
        }
        browser.replan();
        for _ in 0..400 {
            browser.say();
        }
        for have in browser.tabs.iter().flatten() {
            prop_assert_eq!(*have, browser.head);
        }
    }

    #[test]
    fn a_pause_stays_between_a_quarter_of_a_second_and_ten(failures in 0_u32.., jitter in 0.0..1.0_f64) {
        let pause = backoff(failures, jitter);
        prop_assert!((250..=10_000).contains(&pause));
        prop_assert!(backoff(failures.saturating_add(1), 0.0) >= backoff(failures, 0.0));
    }
}
