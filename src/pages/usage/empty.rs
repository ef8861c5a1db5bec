//! What stands where no figures are.

use super::asked::Links;
use crate::{
    components::{empty::Empty, icon::IconName},
    model::usage::ask::UsageAsk,
    pages::group::use_group,
};
use leptos::prelude::*;

/// Nobody has asked a model anything yet.
#[component]
pub fn NothingYet() -> impl IntoView {
    let group = use_group();
    let text = "Every call of a model is counted here with its tokens and its cost, from the first message on.";
    view! {
        <Empty icon=IconName::Chart title="Nothing was used yet" text>
            <a class="btn main" href=group.path("")>"Start a thread"</a>
        </Empty>
    }
}

/// Something was used, but not of this kind or in these days.
#[component]
pub fn Nothing(asked: UsageAsk, links: Links) -> impl IntoView {
    let all = links.overview(&UsageAsk { by: asked.by, ..UsageAsk::default() });
    view! {
        <Empty icon=IconName::Chart title="Nothing in this period" text="Choose other days, or fewer conditions.">
            <a class="btn" href=all>"Show this month"</a>
        </Empty>
    }
}
