//! Changing the password. It ends every other session.

use crate::{
    api::account::ChangePassword,
    components::{
        field::{FormError, PasswordField, Submit},
        notice::use_notices,
    },
    error::{AppError, Result},
};
use leptos::{form::ActionForm, prelude::*};

#[component]
pub fn PasswordForm(action: ServerAction<ChangePassword>) -> impl IntoView {
    let notices = use_notices();
    let error = Signal::derive(move || action.value().get().and_then(Result::err).map(about_the_new_one));
    Effect::new(move |before: Option<usize>| {
        let version = action.version().get();
        if before.is_some_and(|before| before != version) && matches!(action.value().get_untracked(), Some(Ok(()))) {
            notices.say("Password changed; every other session is signed out");
        }
        version
    });
    view! {
        <section class="section" aria-labelledby="password">
            <h2 class="section-title" id="password">"Password"</h2>
            <p class="soft">"Changing it signs you out everywhere else."</p>
            <ActionForm action attr:class="form">
                <FormError error fields=&["current", "new"]/>
                <PasswordField name="current" label="Current password" autocomplete="current-password" error/>
                <PasswordField name="new" label="New password" autocomplete="new-password" error
                    hint="12 characters or more. A short sentence works well."/>
                <Submit label="Change password" pending=action.pending()/>
            </ActionForm>
        </section>
    }
}

/// The rules for passwords name their field `password`; on this form that is the new one.
fn about_the_new_one(error: AppError) -> AppError {
    match error {
        AppError::Invalid { field: Some(field), message } if field == "password" => AppError::invalid("new", message),
        other => other,
    }
}
