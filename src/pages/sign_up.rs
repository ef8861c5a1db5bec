//! The first person's page: they make the first group and own it. Afterwards it says how others come in.

use super::sign_in::Door;
use crate::{
    api::account::{SignUp, sign_up_open},
    components::{
        failure::Failure,
        field::{FormError, PasswordField, Submit, TextField},
    },
    error::Result,
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{form::ActionForm, prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;

page!(room, show_sign_up);

struct Loaded {
    open: Resource<Result<bool>>,
}

impl Loaded {
    fn new() -> Self {
        Self { open: resource(|| (), |()| sign_up_open()) }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_sign_up() -> AnyView {
    let this = Loaded::new();
    let open = this.open;
    // Made here and not behind the await: an error that a plain form left in the URL is read once, where the route is.
    let action = ServerAction::<SignUp>::new();
    view! {
        <Title text="Sign up"/>
        <Door title="Set up guildhall">
            <Suspense>
                {move || Suspend::new(async move {
                    match open.await {
                        Ok(true) => view! { <SignUpForm action/> }.into_any(),
                        Ok(false) => view! { <Closed/> }.into_any(),
                        Err(error) => view! { <Failure error/> }.into_any(),
                    }
                })}
            </Suspense>
        </Door>
    }
    .into_any()
}

#[component]
fn SignUpForm(action: ServerAction<SignUp>) -> impl IntoView {
    let error = Signal::derive(move || action.value().get().and_then(Result::err));
    view! {
        <p class="door-lead">"You are the first one here. You will own the first group, and add the others to it."</p>
        <ActionForm action attr:class="form">
            <FormError error fields=&["name", "email", "password", "group_name"]/>
            <TextField name="name" label="Name" autocomplete="name" max=80 autofocus=true error/>
            <TextField name="email" label="Email" kind="email" autocomplete="username" max=254 error/>
            <PasswordField name="password" label="Password" autocomplete="new-password" error
                hint="12 characters or more. A short sentence works well."/>
            <TextField name="group_name" label="Group name" autocomplete="organization" max=80 error
                hint="A team, a company, a household: whoever shares the agents."/>
            <Submit label="Create group" pending=action.pending()/>
        </ActionForm>
    }
}

#[component]
fn Closed() -> impl IntoView {
    view! {
        <p class="door-lead">
            "This guildhall has an owner already. New people join through an administrator of their group, \
             who makes an account for their e-mail address."
        </p>
        <a class="btn main" href="/sign-in">"Sign in"</a>
    }
}
