//! Short messages about what just happened, with a way to undo it. They are read out and go away by themselves.

use super::icon::{Icon, IconName};
use leptos::prelude::*;
use std::time::Duration;

const SHOWN_FOR: Duration = Duration::from_secs(8);

/// Where any part of the app says what happened.
#[derive(Clone, Copy)]
pub struct Notices {
    shown: RwSignal<Vec<Notice>>,
    made: StoredValue<u32>,
}

#[derive(Clone)]
struct Notice {
    id: u32,
    text: String,
    tone: Tone,
    action: Option<(&'static str, Callback<()>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Plain,
    Bad,
}

impl Notices {
    pub fn provide() {
        provide_context(Self { shown: RwSignal::new(Vec::new()), made: StoredValue::new(0) });
    }

    /// Says that something was done.
    pub fn say(self, text: impl Into<String>) {
        self.push(text.into(), Tone::Plain, None);
    }

    /// Says that something was done and offers a way back.
    pub fn offer(self, text: impl Into<String>, label: &'static str, undo: impl Fn() + Send + Sync + 'static) {
        self.push(text.into(), Tone::Plain, Some((label, Callback::new(move |()| undo()))));
    }

    /// Says that something went wrong.
    pub fn fail(self, text: impl ToString) {
        self.push(text.to_string(), Tone::Bad, None);
    }

    fn push(self, text: String, tone: Tone, action: Option<(&'static str, Callback<()>)>) {
        let id = self.made.with_value(|made| made + 1);
        self.made.set_value(id);
        self.shown.update(|shown| shown.push(Notice { id, text, tone, action }));
        set_timeout(move || self.dismiss(id), SHOWN_FOR);
    }

    fn dismiss(self, id: u32) {
        // The page that said it may be gone by now, and this with it.
        self.shown.try_update(|shown| shown.retain(|notice| notice.id != id));
    }
}

pub fn use_notices() -> Notices {
    expect_context::<Notices>()
}

/// Where notices appear. It stands once in a page's frame.
#[component]
pub fn NoticeArea() -> impl IntoView {
    let notices = use_notices();
    view! {
        <div class="notices" role="status" aria-live="polite">
            <For each=move || notices.shown.get() key=|notice| notice.id let:notice>
                {notice_view(notices, notice)}
            </For>
        </div>
    }
}

fn notice_view(notices: Notices, notice: Notice) -> impl IntoView {
    let Notice { id, text, tone, action } = notice;
    let button = action.map(|(label, run)| {
        let click = move |_| {
            run.run(());
            notices.dismiss(id);
        };
        view! { <button class="notice-action" type="button" on:click=click>{label}</button> }
    });
    view! {
        <div class="notice" class:bad=tone == Tone::Bad>
            <span class="notice-text">{text}</span>
            {button}
            <button class="icon-button" type="button" aria-label="Dismiss" on:click=move |_| notices.dismiss(id)>
                <Icon name=IconName::Close/>
            </button>
        </div>
    }
}
