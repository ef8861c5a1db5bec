//! One call of a tool: a line that says what, how it went and how long it took; behind it what went in and what came out.
//! A call that waits for the member is asked about right here, behind no fold.

use super::{
    approval::{ApprovalDesk, ApprovalForm, DecisionLine, Refusal},
    icon::{Icon, IconName},
};
use crate::{
    browser::{document::focus_is_lost, time::now},
    model::{
        Millis, duration,
        message::Part,
        segment::{input_summary, state_word, tool_title},
        thread_event::ToolDraft,
        tool_call::{ToolCall, ToolState},
        tool_input::{readable, written},
    },
};
use leptos::{html, prelude::*};
use std::time::Duration;

/// What there is of a call: at first only what the model has written of it, then the call, then its result.
#[derive(Clone, Copy)]
pub struct ShownCall {
    pub draft: Memo<Option<ToolDraft>>,
    pub call: Memo<Option<ToolCall>>,
    pub result: Memo<Option<Part>>,
}

/// `asker` is the name of the agent that makes the call.
#[component]
pub fn ToolCard(shown: ShownCall, asker: String, desk: ApprovalDesk) -> impl IntoView {
    let ShownCall { call, result, .. } = shown;
    let summary = NodeRef::<html::Summary>::new();
    let state = Memo::new(move |_| call.read().as_ref().map(|call| call.state));
    let waits = Memo::new(move |_| state.get() == Some(ToolState::Waiting));
    let decision = Memo::new(move |_| call.read().as_ref()?.approval.as_ref()?.decision.clone());
    let decided_here = StoredValue::new(false);
    keep_focus(waits, decided_here, summary);
    let asking = desk.clone();
    let form = move || {
        let call = call.get_untracked().filter(|_| waits.get())?;
        let on_submit = Callback::new(move |()| decided_here.set_value(true));
        Some(view! { <ApprovalForm call asker=asker.clone() desk=asking.clone() on_submit/> })
    };
    view! {
        <div class="step tool" class:asks=move || waits.get()>
            <details class="fold">
                <summary class="step-head" node_ref=summary>
                    <Icon name=IconName::ChevronRight/>
                    <Head shown state/>
                </summary>
                <div class="step-body">
                    <h3 class="step-label">"Input"</h3>
                    <pre class="step-data" tabindex="0" role="group" aria-label="Input">{move || input(shown)}</pre>
                    {move || result.get().map(output)}
                </div>
            </details>
            {form}
            {move || decision.get().map(|decision| view! { <DecisionLine decision/> })}
            <Refusal call desk/>
        </div>
    }
    .into_any()
}

/// Name, what it is about, state and time.
#[component]
fn Head(shown: ShownCall, state: Memo<Option<ToolState>>) -> impl IntoView {
    let head = Memo::new(move |_| match (&*shown.call.read(), &*shown.draft.read()) {
        (Some(call), _) => (tool_title(&call.name), input_summary(&call.input)),
        (None, Some(draft)) => (tool_title(&draft.name), written(&draft.input)),
        (None, None) => Default::default(),
    });
    let took = Memo::new(move |_| {
        let call = shown.call.read();
        let call = call.as_ref()?;
        Some(call.finished_at? - call.started_at?)
    });
    let running = Memo::new(move |_| state.get() == Some(ToolState::Running));
    let clock = clock(running);
    let counted = move || {
        let since = shown.call.read().as_ref()?.started_at?;
        duration::so_far(clock.get().filter(|_| running.get())? - since)
    };
    let time = move || took.get().map(duration::words).or_else(counted).map(|time| format!(" · {time}"));
    view! {
        <span class=move || format!("dot {}", tone(state.get())) aria-hidden="true"></span>
        <b class="step-title">{move || head.get().0}</b>
        <span class="step-about" dir="auto">{move || head.get().1}</span>
        <span class="step-state num">{move || state.get().map_or("Writing input…", state_word)}{time}</span>
    }
    .into_any()
}

/// The time of the day, once a second, for as long as something runs.
fn clock(running: Memo<bool>) -> RwSignal<Option<Millis>> {
    let at = RwSignal::new(None);
    let tick = move || _ = at.try_set(Some(now().at));
    Effect::new(move |_| {
        if !running.get() {
            return;
        }
        tick();
        if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
    });
    at
}

/// Whoever decided here stood on a button that is gone now: the keyboard goes to the card that it was on.
fn keep_focus(waits: Memo<bool>, decided_here: StoredValue<bool>, summary: NodeRef<html::Summary>) {
    Effect::new(move |before: Option<bool>| {
        let waits = waits.get();
        if before == Some(true) && !waits && decided_here.get_value() {
            request_animation_frame(move || {
                if let Some(summary) = summary.try_get_untracked().flatten().filter(|_| focus_is_lost()) {
                    _ = summary.focus();
                }
            });
        }
        waits
    });
}

fn input(shown: ShownCall) -> String {
    match (&*shown.call.read(), &*shown.draft.read()) {
        (Some(call), _) => serde_json::to_string_pretty(&call.input).unwrap_or_default(),
        (None, Some(draft)) => draft.input.clone(),
        (None, None) => String::new(),
    }
}

fn output(result: Part) -> impl IntoView {
    let (text, failed) = match result {
        Part::ToolResult { output, is_error, .. } => (readable(&output), is_error),
        _ => Default::default(),
    };
    let label = if failed { "Error" } else { "Output" };
    view! {
        <h3 class="step-label">{label}</h3>
        <pre class="step-data" class:bad=failed tabindex="0" role="group" aria-label=label>{text}</pre>
    }
}

fn tone(state: Option<ToolState>) -> &'static str {
    match state {
        None | Some(ToolState::Running) => "runs",
        Some(ToolState::Pending) => "quiet",
        Some(ToolState::Waiting) => "waits",
        Some(ToolState::Done) => "good",
        Some(ToolState::Denied | ToolState::Stopped) => "quiet",
        Some(ToolState::Failed | ToolState::TimedOut | ToolState::Uncertain) => "bad",
    }
}
