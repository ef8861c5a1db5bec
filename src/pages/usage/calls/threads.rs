//! The threads that cost the most in a period.

use super::super::{asked::Links, figures};
use crate::model::{
    money,
    usage::{
        Sums,
        ask::UsageAsk,
        dashboard::short,
        drill::{Place, ThreadCost},
    },
};
use leptos::prelude::*;

#[component]
pub fn ThreadRows(threads: Vec<ThreadCost>, asked: UsageAsk, links: Links) -> impl IntoView {
    let row = |cost: ThreadCost| {
        let href = links.calls(&asked, &Place { thread: Some(cost.thread), ..Place::default() });
        // What others talk about is theirs; what it cost is the group's.
        let title = cost.title.unwrap_or_else(|| format!("Thread {}", short(&cost.thread.to_string())));
        let gone = |name: Option<String>| name.unwrap_or_else(|| "deleted".to_owned());
        let ThreadCost { calls, usage, cost_microusd, unknown_price_calls, .. } = cost;
        let sums = Sums { calls, usage, cost_microusd, unknown_price_calls, ..Sums::default() };
        view! {
            <tr>
                <th scope="row"><a class="table-link" href=href dir="auto">{title}</a></th>
                <td dir="auto">{gone(cost.person_name)}</td>
                <td class="wide-only" dir="auto">{gone(cost.agent_name)}</td>
                <td class="n">{money::grouped(cost.calls.unsigned_abs())}</td>
                <td class="n wide-only">{money::many(cost.usage.total())}</td>
                <td class="n">{figures::cost(&sums)}</td>
            </tr>
        }
    };
    view! {
        <section class="panel" aria-labelledby="threads-title">
            <header class="panel-head"><h2 class="panel-title" id="threads-title">"Dearest threads"</h2></header>
            <div class="table-frame">
                <table class="table num">
                    <thead>
                        <tr>
                            <th scope="col">"Thread"</th>
                            <th scope="col">"Person"</th>
                            <th class="wide-only" scope="col">"Agent"</th>
                            <th class="n" scope="col">"Calls"</th>
                            <th class="n wide-only" scope="col">"Tokens"</th>
                            <th class="n" scope="col">"Cost"</th>
                        </tr>
                    </thead>
                    <tbody>{threads.into_iter().map(row).collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}
