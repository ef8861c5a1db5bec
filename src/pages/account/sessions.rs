//! Where one is signed in, and signing out everywhere else.

use crate::{
    api::account::SignOutElsewhere,
    components::{field::FormError, notice::use_notices, time::Time},
    error::Result,
    model::{device, person::SessionInfo},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn Sessions(sessions: Vec<SessionInfo>, action: ServerAction<SignOutElsewhere>) -> impl IntoView {
    let others = sessions.iter().any(|session| !session.current);
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    let notices = use_notices();
    Effect::new(move |before: Option<usize>| {
        let version = action.version().get();
        if before.is_some_and(|before| before != version) && matches!(action.value().get_untracked(), Some(Ok(()))) {
            notices.say("Signed out everywhere else");
        }
        version
    });
    view! {
        <section class="section" aria-labelledby="sessions">
            <h2 class="section-title" id="sessions">"Where you are signed in"</h2>
            <FormError error/>
            <ul class="list">{sessions.into_iter().map(|session| view! { <SessionRow session/> }).collect_view()}</ul>
            {others.then(|| view! {
                <ActionForm action><button class="btn" type="submit">"Sign out everywhere else"</button></ActionForm>
            })}
        </section>
    }
}

#[component]
fn SessionRow(session: SessionInfo) -> impl IntoView {
    view! {
        <li class="list-row">
            <div class="list-link">
                <span class="list-title" title=session.device.clone()>{device::words(&session.device)}</span>
                <span class="list-facts">
                    {session.current.then(|| view! { <span class="flag good">"This one"</span> })}
                    <span>"Last seen "<Time at=session.seen_at/></span>
                    <span>"Signed in "<Time at=session.created_at/></span>
                </span>
            </div>
        </li>
    }
}
