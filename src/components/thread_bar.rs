//! The bar over a thread: its title, who answers, how full the context is, and whether news arrive.

use super::thread_menu::{ThreadAct, ThreadMenu};
use crate::{
    browser::live::connection,
    model::{
        live_plan::Connection,
        money,
        thread::{ThreadAgent, ThreadSpent, ThreadStatus},
    },
};
use leptos::prelude::*;

#[component]
pub fn ThreadBar(
    title: RwSignal<String>,
    status: RwSignal<ThreadStatus>,
    agent: RwSignal<ThreadAgent>,
    cost: Signal<ThreadSpent>,
    on_act: Callback<ThreadAct>,
) -> impl IntoView {
    let who = move || agent.with(|agent| format!("{} · {}", agent.name, agent.model));
    view! {
        <header class="bar thread-bar">
            <h1 class="bar-title" dir="auto">{move || title.get()}</h1>
            <div class="bar-actions">
                <ConnectionState/>
                <span class="chip who-chip" dir="auto" title=who>{who}</span>
                <ContextGauge agent/>
                <CostChip cost/>
                <ThreadMenu title status on_act/>
            </div>
        </header>
    }
}

/// Nothing while all is well; a blip is not worth a word either.
#[component]
fn ConnectionState() -> impl IntoView {
    let lost = RwSignal::new(false);
    Effect::new(move |_| lost.set(connection().get() == Connection::Lost));
    view! { <span class="connection" role="status">{move || lost.get().then_some("Reconnecting…")}</span> }
}

const WIDTH: f64 = 44.0;

/// How much of what the model can read at once the next message would use.
#[component]
fn ContextGauge(agent: RwSignal<ThreadAgent>) -> impl IntoView {
    let used = Memo::new(move |_| agent.with(|agent| (agent.used_tokens, agent.context_tokens)));
    move || {
        let (used, Some(all)) = used.get() else { return None };
        let share = (f64::from(used) / f64::from(all.max(1))).min(1.0);
        let percent = format!("{} %", (share * 100.0).round());
        let words = format!("Context: {} of {} tokens used", money::tokens(used), money::tokens(all));
        let fill = format!("{:.1}", share * WIDTH);
        Some(view! {
            <span class="chip num context-chip" title=words>
                <svg class="context-gauge" class:high={share > 0.85} width="44" height="6" viewBox="0 0 44 6" role="img" aria-label=words.clone()>
                    <rect class="gauge-all" width="44" height="6" rx="3"></rect>
                    <rect class="gauge-used" width=fill height="6" rx="3"></rect>
                </svg>
                <span aria-hidden="true">{percent}</span>
            </span>
        })
    }
}

/// What the thread cost so far. Nothing where it cost nothing: a local model's thread needs no word on money.
#[component]
fn CostChip(cost: Signal<ThreadSpent>) -> impl IntoView {
    let cost = Memo::new(move |_| cost.get());
    move || {
        let ThreadSpent { cost_microusd, unknown_price_calls } = cost.get();
        if cost_microusd == 0 && unknown_price_calls == 0 {
            return None;
        }
        let known = money::dollars(cost_microusd);
        let (words, title) = if unknown_price_calls == 0 {
            (known.clone(), format!("Cost of this thread so far: {known}"))
        } else {
            let title = format!("Cost of this thread so far: {known}, and what has no known price");
            (format!("{known} + unknown"), title)
        };
        Some(view! { <span class="chip num cost-chip" title=title>{words}</span> })
    }
}
