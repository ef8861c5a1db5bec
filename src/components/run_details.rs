//! What an answer took: one quiet line, and behind it the tokens by kind.

use crate::model::{duration, message::Message, money, thread_event::RunUsage};
use leptos::prelude::*;

#[component]
pub fn RunDetails(message: Signal<Message>, used: Memo<Option<RunUsage>>) -> impl IntoView {
    let time = Memo::new(move |_| {
        let message = message.read();
        message.finished_at.map(|end| duration::words(end - message.created_at))
    });
    move || match (used.get(), time.get()) {
        (Some(used), time) => Some(details(used, time).into_any()),
        (None, Some(time)) => Some(view! { <span class="tools-fact num">{time}</span> }.into_any()),
        (None, None) => None,
    }
}

fn details(used: RunUsage, time: Option<String>) -> impl IntoView {
    let cost = used.cost_microusd.map(money::dollars);
    let total = time.unwrap_or_else(|| duration::words(used.duration_ms));
    let line =
        format!("{total} · {} tokens{}", used.usage.total(), cost.as_ref().map(|cost| format!(" · {cost}")).unwrap_or_default());
    let tokens = [
        ("Input", used.usage.input_tokens),
        ("From cache", used.usage.cache_read_tokens),
        ("To cache", used.usage.cache_write_tokens),
        ("Reasoning", used.usage.reasoning_tokens),
        ("Output", used.usage.output_tokens),
    ];
    let fact = |name: &'static str, value: String| view! { <div class="fact"><dt>{name}</dt><dd class="num">{value}</dd></div> };
    let facts = tokens
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| fact(name, format!("{count} tokens")))
        .collect_view();
    view! {
        <details class="run-details">
            <summary class="text-button num">{line}</summary>
            <dl class="facts">
                {facts}
                {fact("Time", total)}
                {fact("Cost", cost.unwrap_or_else(|| "unknown price".to_owned()))}
            </dl>
        </details>
    }
}
