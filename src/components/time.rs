//! A moment, in words. UTC at first, because the server cannot know the reader's zone; then as the reader would say it.

use crate::{
    browser,
    model::{
        Millis,
        when::{self, Now},
    },
};
use leptos::prelude::*;
use std::time::Duration;

/// The reader's clock: `None` until the page is interactive, then right to the minute.
#[derive(Clone, Copy)]
pub struct Clock(RwSignal<Option<Now>>);

impl Clock {
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    /// Starts the clock, once everything is hydrated: what the server rendered must be met as it is, in UTC.
    pub fn start(self) {
        let tick = move || self.0.set(Some(browser::time::now()));
        tick();
        set_interval(tick, Duration::from_secs(60));
    }

    pub fn now(self) -> Option<Now> {
        self.0.get()
    }
}

pub fn use_clock() -> Clock {
    expect_context::<Clock>()
}

/// `5 min ago`, with the full date and time on hover.
#[component]
pub fn Time(at: Millis) -> impl IntoView {
    let clock = use_clock();
    let words = move || clock.now().map_or_else(|| when::utc(at), |now| now.relative(at));
    let full = move || clock.now().map_or_else(|| when::utc(at), |now| now.absolute(at));
    view! { <time class="time" datetime=when::machine(at) title=full>{words}</time> }
}

/// `Until 23 Nov 2026, 14:02 · 23 h left`: by when something must be done.
#[component]
pub fn Until(at: Millis) -> impl IntoView {
    let clock = use_clock();
    let words = move || match clock.now() {
        None => format!("Until {}", when::utc(at)),
        Some(now) => match now.left(at) {
            Some(left) => format!("Until {} · {left}", now.absolute(at)),
            None => "The time to decide ran out.".to_owned(),
        },
    };
    view! { <time class="until" datetime=when::machine(at)>{words}</time> }
}
