//! The HTML shell, the providers, and the map of URLs to pages.

use crate::{
    browser,
    components::{
        notice::Notices,
        time::{Clock, use_clock},
    },
    pages::{
        account::AccountRoute,
        agent::AgentRoute,
        agents::AgentsRoute,
        dashboard::DashboardRoute,
        document::DocumentRoute,
        group::GroupRoute,
        home::HomeRoute,
        knowledge::KnowledgeRoute,
        new_agent::NewAgentRoute,
        not_found::NotFoundPage,
        retrieval::RetrievalRoute,
        settings::SettingsRoute,
        sign_in::SignInRoute,
        sign_up::SignUpRoute,
        tasks::TasksRoute,
        thread::ThreadRoute,
        threads::ThreadsRoute,
        usage::{
            UsageRoute, budgets::BudgetsRoute, calls::UsageCallsRoute, prices::PricesRoute, reconcile::ReconcileRoute,
            statement::StatementRoute, statements::StatementsRoute,
        },
    },
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags, Title, provide_meta_context};
use leptos_router::{
    Lazy, SsrMode,
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
                <Route path=path!("/") view={Lazy::<HomeRoute>::new()} ssr=ssr.clone()/>
                <Route path=path!("/sign-in") view={Lazy::<SignInRoute>::new()} ssr=ssr.clone()/>
                <Route path=path!("/sign-up") view={Lazy::<SignUpRoute>::new()} ssr=ssr.clone()/>
                <Route path=path!("/account") view={Lazy::<AccountRoute>::new()} ssr=ssr.clone()/>
                <ParentRoute path=path!("/g/:slug") view={Lazy::<GroupRoute>::new()} ssr=ssr.clone()>
                    <Route path=path!("") view={Lazy::<DashboardRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/agents") view={Lazy::<AgentsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/agents/new") view={Lazy::<NewAgentRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/agents/:id") view={Lazy::<AgentRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/tasks") view={Lazy::<TasksRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/knowledge") view={Lazy::<KnowledgeRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/knowledge/retrieval") view={Lazy::<RetrievalRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/knowledge/:id") view={Lazy::<DocumentRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/threads") view={Lazy::<ThreadsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/budgets") view={Lazy::<BudgetsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/settings") view={Lazy::<SettingsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage") view={Lazy::<UsageRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/calls") view={Lazy::<UsageCallsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/prices") view={Lazy::<PricesRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/statements") view={Lazy::<StatementsRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/statements/:month") view={Lazy::<StatementRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/usage/reconcile") view={Lazy::<ReconcileRoute>::new()} ssr=ssr.clone()/>
                    <Route path=path!("/threads/:id") view={Lazy::<ThreadRoute>::new()} ssr=ssr.clone()/>
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
