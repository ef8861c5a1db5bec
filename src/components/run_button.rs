//! Buttons about a run. Each is a plain form, so that it works before any script runs.

use super::icon::{Icon, IconName};
use crate::ids::RunId;
use leptos::{ev, prelude::*};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunAct {
    Stop,
    /// Stops a run that has not begun.
    Cancel,
    Continue,
    Retry,
}

impl RunAct {
    pub fn path(self) -> &'static str {
        match self {
            Self::Stop | Self::Cancel => "/fn/stop_run",
            Self::Continue => "/fn/continue_run",
            Self::Retry => "/fn/retry_run",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Stop => "Stop",
            Self::Cancel => "Cancel",
            Self::Continue => "Continue",
            Self::Retry => "Retry",
        }
    }

    fn icon(self) -> IconName {
        match self {
            Self::Stop => IconName::Stop,
            Self::Cancel => IconName::Close,
            Self::Continue => IconName::ChevronRight,
            Self::Retry => IconName::Retry,
        }
    }
}

/// What the buttons of a thread share.
#[derive(Clone)]
pub struct RunDesk {
    pub slug: String,
    /// A request is on its way.
    pub working: Signal<bool>,
    pub on_act: Callback<(RunAct, RunId)>,
}

#[component]
pub fn RunButton(act: RunAct, run: RunId, desk: RunDesk, #[prop(default = "btn")] class: &'static str) -> impl IntoView {
    let RunDesk { slug, working, on_act } = desk;
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        on_act.run((act, run));
    };
    view! {
        <form class="run-form" method="post" action=act.path() on:submit=submit>
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="run_id" value=run.to_string()/>
            <button class=class type="submit" disabled=move || working.get()><Icon name=act.icon()/>{act.label()}</button>
        </form>
    }
}
