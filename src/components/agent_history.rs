//! Who saved an agent, when, and with which model.

use super::time::Time;
use crate::model::agent::AgentVersion;
use leptos::prelude::*;

#[component]
pub fn AgentHistory(versions: Vec<AgentVersion>) -> impl IntoView {
    view! {
        <ol class="history" reversed>
            {versions.into_iter().map(|version| view! {
                <li class="history-row">
                    <span class="history-number">{format!("Version {}", version.version)}</span>
                    <span class="history-model">{format!("{} · {}", version.model, version.provider)}</span>
                    <span class="history-by" dir="auto">{version.saved_by.unwrap_or_else(|| "guildhall".to_owned())}</span>
                    <Time at=version.saved_at/>
                </li>
            }).collect_view()}
        </ol>
    }
}
