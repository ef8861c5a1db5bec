//! `/account`: who one is, where one is signed in, the password, and how it looks.

mod password;
mod sessions;

use crate::{
    api::account::{ChangePassword, SignOutElsewhere, me, sessions as list_sessions},
    components::{
        failure::{PageFailure, ToSignIn},
        icon::{Icon, IconName},
        notice::NoticeArea,
        sidebar::SignOutButton,
        skeleton::SkeletonRows,
        theme_choice::ThemeChoice,
    },
    error::Result,
    model::person::{Me, SessionInfo},
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use password::PasswordForm;
use sessions::Sessions;

page!(room, show_account);

struct Loaded {
    me: Resource<Result<Option<Me>>>,
    sessions: Resource<Result<Vec<SessionInfo>>>,
    change_password: ServerAction<ChangePassword>,
    sign_out_elsewhere: ServerAction<SignOutElsewhere>,
}

impl Loaded {
    fn new() -> Self {
        let (change_password, sign_out_elsewhere) = (ServerAction::new(), ServerAction::new());
        let ended = move || (change_password.version().get(), sign_out_elsewhere.version().get());
        Self {
            me: resource(|| (), |()| me()),
            sessions: resource(ended, |_| list_sessions()),
            change_password,
            sign_out_elsewhere,
        }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_account() -> AnyView {
    let this = Loaded::new();
    view! {
        <Title text="Account"/>
        <main class="solo" id="main">
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || Suspend::new(async move {
                    match this.me.await {
                        Ok(Some(me)) => {
                            let sessions = this.sessions.await.unwrap_or_default();
                            let (change, elsewhere) = (this.change_password, this.sign_out_elsewhere);
                            view! { <Account me sessions change elsewhere/> }.into_any()
                        }
                        Ok(None) => view! { <ToSignIn/> }.into_any(),
                        Err(error) => view! { <PageFailure error/> }.into_any(),
                    }
                })}
            </Transition>
        </main>
        <NoticeArea/>
    }
    .into_any()
}

#[component]
fn Account(
    me: Me,
    sessions: Vec<SessionInfo>,
    change: ServerAction<ChangePassword>,
    elsewhere: ServerAction<SignOutElsewhere>,
) -> impl IntoView {
    let back = me.memberships.first().map(|first| (format!("/g/{}", first.group.slug), first.group.name.clone()));
    view! {
        {back.map(|(href, name)| view! {
            <a class="back-link" href=href><Icon name=IconName::ArrowLeft/><bdi>{name}</bdi></a>
        })}
        <h1 class="solo-title">"Account"</h1>
        <section class="section" aria-labelledby="you">
            <h2 class="section-title" id="you">"You"</h2>
            <dl class="facts">
                <div class="fact"><dt>"Name"</dt><dd dir="auto">{me.person.name}</dd></div>
                <div class="fact"><dt>"Email"</dt><dd>{me.person.email.to_string()}</dd></div>
                {me.memberships.into_iter().map(|membership| view! {
                    <div class="fact">
                        <dt dir="auto">{membership.group.name}</dt><dd>{membership.role.as_str()}</dd>
                    </div>
                }).collect_view()}
            </dl>
            <SignOutButton/>
        </section>
        <section class="section" aria-labelledby="appearance">
            <h2 class="section-title" id="appearance">"Appearance"</h2>
            <p class="soft">"Kept in this browser."</p>
            <ThemeChoice/>
            <p class="soft without-script">"Without JavaScript the system’s choice is followed."</p>
        </section>
        <Sessions sessions action=elsewhere/>
        <PasswordForm action=change/>
    }
}
