//! The way in. Works as a plain form, too.

use crate::{
    api::account::SignIn,
    components::field::{FormError, PasswordField, Submit, TextField},
    pages::bundle::page,
};
use leptos::{form::ActionForm, prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

page!(doors, show_sign_in);

#[wasm_split(doors, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_sign_in() -> AnyView {
    view! {
        <Title text="Sign in"/>
        <Door title="Sign in">
            <SignInForm/>
        </Door>
    }
    .into_any()
}

/// A small page around a form, for those who are still outside.
#[component]
pub fn Door(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <main class="door" id="main">
            <div class="door-card">
                <p class="door-brand"><span class="mark" aria-hidden="true">"g"</span>"guildhall"</p>
                <h1 class="door-title">{title}</h1>
                {children()}
            </div>
        </main>
    }
}

#[component]
fn SignInForm() -> impl IntoView {
    let action = ServerAction::<SignIn>::new();
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    let query = use_query_map();
    let next = move || query.with(|query| query.get("next"));
    view! {
        <ActionForm action attr:class="form">
            <FormError error fields=&["email", "password"]/>
            {move || next().map(|next| view! { <input type="hidden" name="next" value=next/> })}
            <TextField name="email" label="Email" kind="email" autocomplete="username" autofocus=true error/>
            <PasswordField name="password" label="Password" autocomplete="current-password" error/>
            <Submit label="Sign in" pending=action.pending()/>
        </ActionForm>
        <p class="door-aside">"No account? An administrator of your group can make one for you."</p>
    }
}
