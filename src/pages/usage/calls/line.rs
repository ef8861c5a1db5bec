//! One call of a model, and behind it everything that the ledger knows of it.

use super::super::{asked::Links, figures::time};
use crate::model::{
    money,
    provider::PriceSource,
    usage::{
        Key,
        ask::UsageAsk,
        dashboard::short,
        drill::{CallLine, Place},
    },
};
use leptos::prelude::*;

#[component]
pub fn CallRow(call: CallLine, asked: UsageAsk, links: Links) -> impl IntoView {
    let cost = call.cost_microusd.map(money::dollars);
    let bad = (call.status != "completed").then(|| {
        let words = call.error_kind.clone().map_or_else(|| call.status.clone(), |kind| format!("{}: {kind}", call.status));
        let tone = if call.status == "failed" { "flag bad" } else { "flag" };
        view! { <span class=tone>{words.replace('_', " ")}</span> }
    });
    let price = match cost {
        Some(cost) => view! { <span class="call-cost num">{cost}</span> }.into_any(),
        None => view! { <span class="flag unpriced">"unknown price"</span> }.into_any(),
    };
    view! {
        <li class="call">
            <details class="call-details">
                <summary class="call-head">
                    <span class="call-when num">{call.when.clone()}</span>
                    <span class="call-model" dir="auto">{call.model.clone()}</span>
                    {bad}
                    <span class="call-tokens num">{format!("{} tokens", money::many(call.usage.total()))}</span>
                    {price}
                </summary>
                <CallFacts call asked links/>
            </details>
        </li>
    }
}

#[component]
fn CallFacts(call: CallLine, asked: UsageAsk, links: Links) -> impl IntoView {
    let fact = |name: &'static str, value: String| view! { <div class="fact"><dt>{name}</dt><dd class="num" dir="auto">{value}</dd></div> };
    let usage = call.usage;
    let per = |class: fn(crate::model::provider::Price) -> i64| call.price.map(class);
    let tokens = [
        ("Input", usage.input_tokens, per(|price| price.input)),
        ("From cache", usage.cache_read_tokens, per(|price| price.cache_read)),
        ("To cache", usage.cache_write_tokens, per(|price| price.cache_write)),
        ("Output", usage.output_tokens, per(|price| price.output)),
        ("Reasoning", usage.reasoning_tokens, per(|price| price.reasoning)),
    ];
    let tokens = tokens.into_iter().filter(|(_, count, _)| *count > 0);
    let tokens = tokens.map(|(name, count, price)| fact(name, priced(count, price))).collect_view();
    let attempt = if call.attempt > 1 { format!(", attempt {}", call.attempt) } else { String::new() };
    view! {
        <dl class="facts">
            {fact("Provider", call.provider.clone())}
            {fact("Purpose", Key::Purpose(call.purpose.clone()).words(None))}
            {call.agent.map(|id| fact("Agent", Key::Agent(Some(id)).words(call.agent_name.as_deref())))}
            {call.person.map(|id| fact("Person", Key::Person(Some(id)).words(call.person_name.as_deref())))}
            {tokens}
            {fact("Counted", counted(&call.counted).to_owned())}
            {fact("Price", source(call.price_source).to_owned())}
            {fact("Time", format!("{}, first token after {}", time(Some(call.duration_ms)), time(call.first_token_ms)))}
            {call.run.map(|_| fact("Step", format!("{}{attempt}", call.step)))}
            {fact("Call", call.id.to_string())}
        </dl>
        <p class="call-links">
            {call.thread.map(|thread| {
                let href = links.calls(&asked, &Place { thread: Some(thread), ..Place::default() });
                view! { <a class="quiet-link" href=href>{format!("Calls of thread {}", short(&thread.to_string()))}</a> }
            })}
            {call.run.map(|run| {
                let href = links.calls(&asked, &Place { run: Some(run), ..Place::default() });
                view! { <a class="quiet-link" href=href>{format!("Calls of run {}", short(&run.to_string()))}</a> }
            })}
        </p>
    }
}

fn priced(count: i64, price: Option<i64>) -> String {
    let count = money::grouped(count.unsigned_abs());
    match price {
        Some(price) => format!("{count} tokens at {} per million", money::dollars(price)),
        None => format!("{count} tokens"),
    }
}

fn counted(counted: &str) -> &'static str {
    match counted {
        "reported" => "as the provider reported it",
        "drained" => "as the provider reported it after the stop",
        "partial" => "input as reported; output estimated from what arrived",
        _ => "estimated: the provider told nothing",
    }
}

fn source(source: Option<PriceSource>) -> &'static str {
    match source {
        Some(PriceSource::Group) => "the group’s own",
        Some(PriceSource::Provider) => "the provider’s",
        Some(PriceSource::BuiltIn) => "built in",
        None => "not known",
    }
}
