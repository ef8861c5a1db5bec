//! The HTML shell, the providers, and the map of URLs to pages.

use crate::{
    browser,
    components::{
        notice::Notices,
        time::{Clock, use_clock},
    },
    pages::{
        account, agent, agents, dashboard, document, group, home, knowledge, new_agent, not_found::NotFoundPage, retrieval,
        settings, sign_in, sign_up, tasks, thread, threads, usage,
    },
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{ParentRoute, Route, Router, Routes},
    path,
};

/// Runs before the first paint: whoever chose light or dark never sees the other flash by.
const THEME_SCRIPT: &str =
    r#"try{let t=localStorage.getItem("guildhall:theme");if(t)document.documentElement.dataset.theme=t}catch(e){}"#;

/// The document around the app. Only the server renders it.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content"/>
                <meta name="color-scheme" content="light dark"/>
                <script nonce=use_nonce()>{THEME_SCRIPT}</script>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <HashedStylesheet id="leptos" options=options.clone()/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// What both halves run. Every page is loaded when it is first visited.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    Notices::provide();
    Clock::provide();
    // Rendered whole before the first byte leaves: a page's status and redirects are right, and it needs no script to be read.
    let ssr = SsrMode::Async;
    view! {
        <Title formatter={|page: String| format!("{page} · guildhall")}/>
        <Router>
            <Routes fallback=NotFoundPage>
                <Route path=path!("/") view=home::PAGE ssr=ssr.clone()/>
                <Route path=path!("/sign-in") view=sign_in::PAGE ssr=ssr.clone()/>
                <Route path=path!("/sign-up") view=sign_up::PAGE ssr=ssr.clone()/>
                <Route path=path!("/account") view=account::PAGE ssr=ssr.clone()/>
                <ParentRoute path=path!("/g/:slug") view=group::PAGE ssr=ssr.clone()>
                    <Route path=path!("") view=dashboard::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/agents") view=agents::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/agents/new") view=new_agent::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/agents/:id") view=agent::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/tasks") view=tasks::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/knowledge") view=knowledge::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/knowledge/retrieval") view=retrieval::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/knowledge/:id") view=document::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/threads") view=threads::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/budgets") view=usage::budgets::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/settings") view=settings::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage") view=usage::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/calls") view=usage::calls::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/prices") view=usage::prices::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/statements") view=usage::statements::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/statements/:month") view=usage::statement::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/usage/reconcile") view=usage::reconcile::PAGE ssr=ssr.clone()/>
                    <Route path=path!("/threads/:id") view=thread::PAGE ssr=ssr.clone()/>
                </ParentRoute>
            </Routes>
            <HydrationMark/>
        </Router>
    }
}

/// Tells styles and tests that the page is interactive, and starts the reader's clock. It stands behind the routes: it
/// hydrates after them, when their code has arrived.
#[component]
fn HydrationMark() -> impl IntoView {
    let clock = use_clock();
    move || {
        Effect::new(move |_| {
            browser::document::mark_hydrated();
            clock.start();
        });
    }
}
