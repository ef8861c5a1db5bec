//! One call of a tool: a line that says what and how it went, and behind it what went in and what came out.

use super::icon::{Icon, IconName};
use crate::model::{
    message::Part,
    segment::{input_summary, state_word, tool_title},
    tool_call::ToolState,
};
use leptos::prelude::*;

/// `call` is the part of the call; `result` its result, once there is one.
#[component]
pub fn ToolCard(#[prop(into)] call: Signal<Option<Part>>, #[prop(into)] result: Signal<Option<Part>>) -> impl IntoView {
    let state = Memo::new(move |_| match &*call.read() {
        Some(Part::ToolCall(call)) => call.state,
        _ => ToolState::Pending,
    });
    let head = move || match call.get() {
        Some(Part::ToolCall(call)) => (tool_title(&call.name), input_summary(&call.input)),
        _ => Default::default(),
    };
    let input = move || match call.get() {
        Some(Part::ToolCall(call)) => serde_json::to_string_pretty(&call.input).unwrap_or_default(),
        _ => String::new(),
    };
    view! {
        <details class="step">
            <summary class="step-head">
                <Icon name=IconName::ChevronRight/>
                <span class=move || format!("dot {}", tone(state.get())) aria-hidden="true"></span>
                <b class="step-title">{move || head().0}</b>
                <span class="step-about" dir="auto">{move || head().1}</span>
                <span class="step-state">{move || state_word(state.get())}</span>
            </summary>
            <div class="step-body">
                <h3 class="step-label">"Input"</h3>
                <pre class="step-data" tabindex="0">{input}</pre>
                {move || result.get().map(output)}
            </div>
        </details>
    }
}

fn output(result: Part) -> impl IntoView {
    let (text, failed) = match result {
        Part::ToolResult { output, is_error, .. } => (output, is_error),
        _ => Default::default(),
    };
    view! {
        <h3 class="step-label">{if failed { "Error" } else { "Output" }}</h3>
        <pre class="step-data" class:bad=failed tabindex="0">{text}</pre>
    }
}

fn tone(state: ToolState) -> &'static str {
    match state {
        ToolState::Pending | ToolState::Waiting => "waits",
        ToolState::Running => "runs",
        ToolState::Done => "good",
        ToolState::Denied | ToolState::Stopped => "quiet",
        ToolState::Failed | ToolState::TimedOut | ToolState::Uncertain => "bad",
    }
}
