//! Where a member writes. Before any script runs it is a plain form; afterwards it sends on Enter, keeps drafts, grows,
//! and stops what goes on.

mod field;
mod writing;

use super::{
    icon::{Icon, IconName},
    run_button::{RunAct, RunDesk},
};
use crate::{
    ids::{RunId, ThreadId},
    model::message::MESSAGE_MAX,
};
use leptos::{ev, prelude::*};
use writing::Writing;

const STOP_FORM: &str = "stop-run";

#[component]
pub fn Composer(
    thread: ThreadId,
    #[prop(into)] agent_name: Signal<String>,
    /// Why nothing can be sent, and what to do.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// What one should know before sending.
    #[prop(into)]
    warning: Signal<Option<String>>,
    /// The run that Stop stops.
    #[prop(into)]
    run: Signal<Option<RunId>>,
    /// Whether the run waits for the member's word.
    #[prop(into)]
    asks: Signal<bool>,
    desk: RunDesk,
    on_send: Callback<String>,
    /// The newest message of the member.
    last_said: Callback<(), Option<String>>,
    /// A text that comes back to be edited.
    returned: RwSignal<Option<String>>,
) -> impl IntoView {
    let writing = Writing {
        thread,
        field: NodeRef::new(),
        typed: RwSignal::new(0),
        error: RwSignal::new(None),
        scripted: RwSignal::new(false),
        problem,
        warning,
        run,
        asks,
        on_act: desk.on_act,
        on_send,
        last_said,
    };
    Effect::new(move |_| writing.stop_on_escape());
    writing.arrive();
    writing.take_back(returned);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        writing.send();
    };
    view! {
        <div class="composer">
            <form class="composer-box" class:blocked=move || problem.get().is_some() method="post" action="/fn/send_message" on:submit=submit>
                <input type="hidden" name="slug" value=desk.slug.clone()/>
                <input type="hidden" name="thread_id" value=thread.to_string()/>
                <textarea
                    class="composer-field"
                    name="text"
                    aria-label="Message"
                    aria-describedby="composer-note"
                    rows="1"
                    required
                    dir="auto"
                    placeholder=move || format!("Message {}…", agent_name.get())
                    disabled=move || problem.get().is_some()
                    node_ref=writing.field
                    on:keydown=move |press| writing.key(&press)
                    on:input=move |_| writing.input()
                ></textarea>
                <Acts writing working=desk.working/>
            </form>
            <StopForm writing slug=desk.slug/>
        </div>
    }
    .into_any()
}

/// Below the field: a word about it, Stop while something goes on, and Send; only one of the two while nothing is typed.
#[component]
fn Acts(writing: Writing, working: Signal<bool>) -> impl IntoView {
    let Writing { typed, scripted, problem, warning, run, error, asks, .. } = writing;
    let idle = move || run.get().is_none();
    let hide_send = move || scripted.get() && !idle() && typed.get() == 0;
    let blocked = move || problem.get().is_some() || typed.get() > MESSAGE_MAX;
    view! {
        <div class="composer-acts">
            <p class="composer-note" id="composer-note" role="status">
                {move || note(problem.get().or_else(|| error.get()).or_else(|| warning.get()), writing.count(), asks.get())}
            </p>
            <button class="round stop" class:gone=idle type="submit" form=STOP_FORM aria-label="Stop" title="Stop (Esc)"
                disabled=move || working.get()>
                <Icon name=IconName::Stop size=20/>
            </button>
            <button class="round" class:gone=hide_send type="submit" aria-label="Send" title="Send (Enter)" disabled=blocked>
                <Icon name=IconName::Send size=20/>
            </button>
        </div>
    }
}

fn note(reason: Option<String>, count: Option<String>, asks: bool) -> impl IntoView {
    match (reason, count) {
        (Some(reason), _) => view! { <span class="composer-problem">{reason}</span> }.into_any(),
        (None, Some(count)) => view! { <span class="num">{count}</span> }.into_any(),
        (None, None) if asks => {
            view! { <span class="composer-asks"><Icon name=IconName::Clock/>"Waiting for your approval"</span> }.into_any()
        }
        (None, None) => view! { <span class="composer-hint">"Enter sends · Shift Enter for a new line"</span> }.into_any(),
    }
}

/// Forms do not nest, so the Stop button inside the one above belongs to this one.
#[component]
fn StopForm(writing: Writing, slug: String) -> impl IntoView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        writing.stop();
    };
    let run = move || writing.run.get().map(|run| run.to_string()).unwrap_or_default();
    view! {
        <form class="gone" id=STOP_FORM method="post" action=RunAct::Stop.path() on:submit=submit>
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="run_id" value=run/>
        </form>
    }
}
