//! Where a member writes. Before any script runs it is a plain form; afterwards it sends on Enter, keeps drafts, grows,
//! and stops what goes on.

mod field;

use super::{
    icon::{Icon, IconName},
    run_button::{RunAct, RunDesk},
};
use crate::{
    browser::{document::focus_is_lost, drafts, scroll::has_fine_pointer},
    ids::{RunId, ThreadId},
    model::{message::MESSAGE_MAX, text},
};
use field::{Pressed, grow, pressed};
use leptos::{ev, html, prelude::*, web_sys::HtmlTextAreaElement};

/// So near to the limit, the characters are counted.
const COUNT_FROM: usize = MESSAGE_MAX - 2_000;
const STOP_FORM: &str = "stop-run";

#[component]
pub fn Composer(
    thread: ThreadId,
    #[prop(into)] agent_name: Signal<String>,
    /// Why nothing can be sent, and what to do.
    #[prop(into)]
    problem: Signal<Option<String>>,
    /// The run that Stop stops.
    #[prop(into)]
    run: Signal<Option<RunId>>,
    desk: RunDesk,
    on_send: Callback<String>,
    /// The newest message of the member.
    last_said: Callback<(), Option<String>>,
    /// A text that comes back to be edited.
    returned: RwSignal<Option<String>>,
) -> impl IntoView {
    let field = NodeRef::<html::Textarea>::new();
    let typed = RwSignal::new(0_usize);
    let error = RwSignal::new(None::<String>);
    // Without a script nobody can tell whether something is typed, so the button is always there then.
    let scripted = RwSignal::new(false);
    let put = move |text: &str| {
        if let Some(field) = field.get_untracked() {
            field.set_value(text);
            changed(&field, thread, typed);
        }
    };
    Effect::new(move |before: Option<()>| {
        let Some(field) = field.get() else { return };
        if before.is_none() || !scripted.get_untracked() {
            scripted.set(true);
            arrive(&field, thread, typed);
        }
    });
    Effect::new(move |_| {
        if let Some(text) = returned.get() {
            put(&text);
            returned.set(None);
            field.get_untracked().map(|field| field.focus());
        }
    });
    let send = move || {
        let Some(input) = field.get_untracked() else { return };
        if problem.with_untracked(Option::is_some) {
            return;
        }
        match text::block("text", &input.value(), MESSAGE_MAX) {
            Ok(text) => {
                error.set(None);
                put("");
                on_send.run(text);
            }
            Err(refused) if !input.value().trim().is_empty() => error.set(Some(refused.to_string())),
            Err(_) => {}
        }
    };
    let on_act = desk.on_act;
    let stop = move || {
        if let Some(run) = run.get_untracked() {
            on_act.run((RunAct::Stop, run));
        }
    };
    let key = move |press: ev::KeyboardEvent| match pressed(&press) {
        Pressed::Send => {
            press.prevent_default();
            send();
        }
        Pressed::Back => {
            let empty = field.get_untracked().is_some_and(|field| field.value().is_empty());
            if let Some(said) = empty.then(|| last_said.run(())).flatten() {
                press.prevent_default();
                put(&said);
            }
        }
        Pressed::Other => {}
    };
    let escape = window_event_listener(ev::keydown, move |press| {
        let free = !press.default_prevented() && !field::in_dialog(&press) && !press.is_composing();
        if press.key() == "Escape" && free && run.get_untracked().is_some() {
            press.prevent_default();
            stop();
        }
    });
    on_cleanup(move || escape.remove());
    let slug = desk.slug.clone();
    let working = desk.working;
    let hide_send = move || scripted.get() && run.get().is_some() && typed.get() == 0;
    let count = move || {
        let typed = typed.get();
        (typed >= COUNT_FROM).then(|| format!("{} of 32,000 characters", money_like(typed)))
    };
    view! {
        <div class="composer">
            <form
                class="composer-box"
                class:blocked=move || problem.get().is_some()
                method="post"
                action="/fn/send_message"
                on:submit=move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    send();
                }
            >
                <input type="hidden" name="slug" value=slug.clone()/>
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
                    node_ref=field
                    on:keydown=key
                    on:input=move |_| {
                        error.set(None);
                        if let Some(field) = field.get_untracked() {
                            changed(&field, thread, typed);
                        }
                    }
                ></textarea>
                <div class="composer-acts">
                    <p class="composer-note" id="composer-note" role="status">
                        {move || note(problem.get(), error.get(), count())}
                    </p>
                    <button class="round stop" class:gone=move || run.get().is_none() type="submit" form=STOP_FORM formnovalidate
                        aria-label="Stop" title="Stop (Esc)" disabled=move || working.get()>
                        <Icon name=IconName::Stop size=20/>
                    </button>
                    <button class="round" class:gone=hide_send type="submit" aria-label="Send" title="Send (Enter)"
                        disabled=move || problem.get().is_some() || (typed.get() > MESSAGE_MAX)>
                        <Icon name=IconName::Send size=20/>
                    </button>
                </div>
            </form>
            <form class="gone" id=STOP_FORM method="post" action=RunAct::Stop.path()
                on:submit=move |event: ev::SubmitEvent| {
                    event.prevent_default();
                    stop();
                }
            >
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="run_id" value=move || run.get().map(|run| run.to_string()).unwrap_or_default()/>
            </form>
        </div>
    }
}

/// What was typed before the script came stays; else the draft comes back.
fn arrive(field: &HtmlTextAreaElement, thread: ThreadId, typed: RwSignal<usize>) {
    if field.value().is_empty() {
        if let Some(draft) = drafts::draft(thread) {
            field.set_value(&draft);
        }
    }
    changed(field, thread, typed);
    if has_fine_pointer() && focus_is_lost() {
        _ = field.focus();
    }
}

fn changed(field: &HtmlTextAreaElement, thread: ThreadId, typed: RwSignal<usize>) {
    let text = field.value();
    typed.set(text.chars().count());
    drafts::keep_draft(thread, &text);
    grow(field);
}

fn note(problem: Option<String>, error: Option<String>, count: Option<String>) -> impl IntoView {
    match (problem.or(error), count) {
        (Some(reason), _) => view! { <span class="composer-problem">{reason}</span> }.into_any(),
        (None, Some(count)) => view! { <span class="num">{count}</span> }.into_any(),
        (None, None) => view! { <span class="composer-hint">"Enter sends · Shift Enter for a new line"</span> }.into_any(),
    }
}

/// `31,204`.
fn money_like(count: usize) -> String {
    if count < 1_000 { count.to_string() } else { format!("{},{:03}", count / 1_000, count % 1_000) }
}
