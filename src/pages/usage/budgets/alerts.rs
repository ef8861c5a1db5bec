//! What admins were told of lately.

use crate::{components::time::Time, model::budget::Alert};
use leptos::prelude::*;

#[component]
pub fn Alerts(alerts: Vec<Alert>) -> impl IntoView {
    (!alerts.is_empty()).then(|| {
        view! {
            <section class="section" aria-labelledby="alerts">
                <h2 class="section-title" id="alerts">"Alerts"</h2>
                <p class="soft">"Each share of a budget is told of once in its period."</p>
                <ul class="list">{alerts.into_iter().map(|alert| view! { <AlertRow alert/> }).collect_view()}</ul>
            </section>
        }
    })
}

#[component]
fn AlertRow(alert: Alert) -> impl IntoView {
    let class = match alert.percent {
        100.. => "flag bad",
        80.. => "flag notice",
        _ => "flag",
    };
    view! {
        <li class="list-row budget-alert">
            <span class=class>{alert.percent}" %"</span>
            <span class="budget-alert-words" dir="auto">"of "{alert.budget}": "{alert.spent}" of "{alert.cap}</span>
            <Time at=alert.at/>
        </li>
    }
}
