//! `/`: leads to where one works, or to the way in.

use crate::{
    api::account::{me, sign_up_open},
    components::{empty::Empty, failure::PageFailure, icon::IconName},
    error::Result,
    model::person::Me,
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::components::Redirect;

page!(room, show_home);

struct Loaded {
    goal: Resource<Result<Goal>>,
}

/// Where a visitor of `/` belongs.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
enum Goal {
    Path(String),
    /// Signed in, and a member of nothing yet.
    NoGroup,
}

impl Loaded {
    fn new() -> Self {
        Self { goal: resource(|| (), |()| goal()) }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_home() -> AnyView {
    let this = Loaded::new();
    let goal = this.goal;
    view! {
        <Title text="Start"/>
        <main class="lone" id="main">
            <Suspense>
                {move || Suspend::new(async move {
                    match goal.await {
                        Ok(Goal::Path(path)) => view! { <Redirect path/> }.into_any(),
                        Ok(Goal::NoGroup) => view! { <NoGroup/> }.into_any(),
                        Err(error) => view! { <PageFailure error/> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
    .into_any()
}

async fn goal() -> Result<Goal> {
    Ok(match me().await? {
        Some(me) => of_person(&me),
        None if sign_up_open().await? => Goal::Path("/sign-up".to_owned()),
        None => Goal::Path("/sign-in".to_owned()),
    })
}

fn of_person(me: &Me) -> Goal {
    me.memberships.first().map_or(Goal::NoGroup, |first| Goal::Path(format!("/g/{}", first.group.slug)))
}

#[component]
fn NoGroup() -> impl IntoView {
    let text = "You are signed in, and not a member of any group yet. Ask an administrator to add your e-mail address.";
    view! {
        <Empty icon=IconName::Person title="No group yet" text>
            <a class="btn" href="/account">"Open account"</a>
        </Empty>
    }
}
