//! What stands in a page's place when it could not be loaded.

use super::icon::{Icon, IconName};
use crate::{components::page_status::set_page_status, error::AppError, pages::not_found::NotFound};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_location, location::Url};

/// Whatever the error asks for: signing in, a word that there is nothing, or what happened and what to do.
#[component]
pub fn PageFailure(error: AppError) -> impl IntoView {
    match error {
        AppError::Unauthorised => view! { <ToSignIn/> }.into_any(),
        AppError::NotFound => view! { <NotFound/> }.into_any(),
        error => {
            set_page_status(error.status());
            view! { <Title text="Something went wrong"/><Failure error/> }.into_any()
        }
    }
}

/// Sends a stranger to the sign-in page, which leads back here.
#[component]
pub fn ToSignIn() -> impl IntoView {
    let location = use_location();
    let here = format!("{}{}", location.pathname.get_untracked(), query(&location.search.get_untracked()));
    view! { <Redirect path=format!("/sign-in?next={}", Url::escape(&here))/> }
}

fn query(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// What happened, and the reference that an administrator can look up. Reloading is always safe.
#[component]
pub fn Failure(error: AppError) -> impl IntoView {
    let retry = error.retryable().then(|| view! { <a class="btn" href="" rel="external">"Try again"</a> });
    view! {
        <div class="failure" role="alert">
            <Icon name=IconName::Alert size=20/>
            <p class="failure-text">{error.to_string()}</p>
            {retry}
        </div>
    }
}
