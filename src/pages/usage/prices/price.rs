//! One model: what it costs now and why, and what it cost before.

use super::super::figures::calls_words;
use crate::model::{
    money,
    provider::{Price, PriceSource},
    usage::prices::{ModelPrice, OwnPrice},
};
use leptos::prelude::*;

#[component]
pub fn ModelCard(model: ModelPrice) -> impl IntoView {
    let ModelPrice { provider, model, now, calls, unknown_price_calls, own } = model;
    let source = now.map(|priced| match priced.source {
        PriceSource::Group => "the group’s own",
        PriceSource::Provider => "the provider’s",
        PriceSource::BuiltIn => "built in",
    });
    let price = match now {
        Some(priced) => view! { <Figures price=priced.price/> }.into_any(),
        None => view! { <span class="flag unpriced">"unknown price"</span> }.into_any(),
    };
    let mut used = if calls == 0 { "not used in 90 days".to_owned() } else { format!("{} in 90 days", calls_words(calls)) };
    if unknown_price_calls > 0 {
        used.push_str(&format!(", {} of them without a price", money::grouped(unknown_price_calls.unsigned_abs())));
    }
    view! {
        <li class="price">
            <p class="price-name"><b dir="auto">{model}</b>" "<span class="table-note">{provider}</span></p>
            <p class="price-now num">{price}</p>
            <p class="price-note">{source}{source.map(|_| " · ")}{used}</p>
            {(!own.is_empty()).then(|| view! { <History own/> })}
        </li>
    }
}

/// The classes that differ, and no more.
#[component]
fn Figures(price: Price) -> impl IntoView {
    if price == Price::FREE {
        return view! { <span>"free"</span> }.into_any();
    }
    let mut parts = vec![("in", price.input)];
    // An embedder has no output.
    parts.extend((price.output > 0).then_some(("out", price.output)));
    let more = [
        ("cached", price.cache_read, price.input),
        ("to cache", price.cache_write, price.input),
        ("reasoning", price.reasoning, price.output),
    ];
    parts.extend(more.into_iter().filter(|(_, is, usual)| is != usual).map(|(name, is, _)| (name, is)));
    let words: Vec<_> = parts.into_iter().map(|(name, micro)| format!("${} {name}", money::exact(micro))).collect();
    view! { <span>{words.join(" · ")}</span> }.into_any()
}

#[component]
fn History(own: Vec<OwnPrice>) -> impl IntoView {
    let line = |own: OwnPrice| {
        let by = own.saved_by.map(|name| format!(", saved by {name}"));
        let price = match own.price {
            Some(price) => view! { <Figures price/> }.into_any(),
            None => view! { <span>"no price of the group’s own"</span> }.into_any(),
        };
        view! { <li>{format!("From {}: ", own.from.words())}{price}{by}</li> }
    };
    view! {
        <details class="more-info">
            <summary>"The group’s own prices"</summary>
            <ul class="bullets">{own.into_iter().map(line).collect_view()}</ul>
        </details>
    }
}
