//! What admins are told of budgets wherever they begin: the shares that were reached in the periods that go on.

use super::icon::{Icon, IconName};
use crate::model::budget::Alert;
use leptos::prelude::*;

#[component]
pub fn BudgetAlerts(alerts: Vec<Alert>, href: String) -> impl IntoView {
    (!alerts.is_empty()).then(|| {
        let line = |alert: Alert| {
            view! { <p dir="auto">{alert.percent}" % of "{alert.budget}": "{alert.spent}" of "{alert.cap}"."</p> }
        };
        view! {
            <section class="callout notice-tone" aria-label="Budgets">
                <Icon name=IconName::Alert size=20/>
                <div class="callout-words">
                    <p class="callout-title">"A budget is being used up"</p>
                    {alerts.into_iter().map(line).collect_view()}
                    <div class="callout-acts"><a class="btn" href=href>"See budgets"</a></div>
                </div>
            </section>
        }
    })
}
