//! When to look after the stream: the network comes back, somebody looks at the tab, the page goes to rest and returns.

use std::cell::Cell;

use gloo_timers::callback::Timeout;
use leptos::{
    ev::{self, Custom},
    prelude::*,
    web_sys::PageTransitionEvent,
};

use super::{hub, leader, rest, say_wants, start};
use crate::model::live_plan::{Connection, backoff};

/// After so long out of sight, a stream that seems open is opened again.
const TRUSTED_MS: f64 = 60_000.0;

thread_local! {
    static HIDDEN_AT: Cell<f64> = const { Cell::new(0.0) };
}

/// Listens for as long as the page lives.
pub fn listen() {
    _ = window_event_listener(ev::online, |_| leader::wake(true));
    _ = window_event_listener_untyped("visibilitychange", |_| visibility());
    let pagehide = Custom::<PageTransitionEvent>::new("pagehide");
    _ = window_event_listener(pagehide, |_| rest());
    let pageshow = Custom::<PageTransitionEvent>::new("pageshow");
    _ = window_event_listener(pageshow, |event| {
        if event.persisted() {
            start();
            say_wants();
        }
    });
}

fn visibility() {
    if document().hidden() {
        HIDDEN_AT.set(js_sys::Date::now());
    } else if js_sys::Date::now() - HIDDEN_AT.get() > TRUSTED_MS && hub(|hub| hub.leading) {
        leader::wake(true);
    } else {
        leader::call();
    }
}

/// A tab that nobody sees may have its timers slowed down. So where the leader has lost the stream, every visible tab
/// reminds it.
pub fn nudge() {
    if document().hidden() || hub(|hub| hub.leading) {
        return;
    }
    let remind = || {
        if hub(|hub| hub.connection.get_untracked()) == Connection::Lost {
            leader::call();
            nudge();
        }
    };
    Timeout::new(backoff(3, js_sys::Math::random()), remind).forget();
}
