//! The sidebar of a group: who one is, what goes on, where to go. On a narrow screen it is a sheet.
//!
//! It is a popover: the menu button opens it before any script runs, and wide screens lay it out as a column.

use super::{
    icon::{Icon, IconName},
    time::use_clock,
};
use crate::{
    api::account::SignOut,
    browser,
    model::{
        group::{Group, Slug},
        person::Me,
        thread::Thread,
        thread_list::{ThreadList, by_day},
    },
    pages::start::focus_ask,
};
use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn};
use leptos_router::{
    components::A,
    hooks::{use_location, use_navigate},
};

/// How many threads the sidebar shows; the rest are on their own page.
const SHOWN: usize = 20;

#[component]
pub fn Sidebar(group: Group, me: Me, threads: RwSignal<ThreadList>, palette: RwSignal<bool>) -> impl IntoView {
    let slug = group.slug.clone();
    let manages = me.memberships.iter().any(|membership| membership.group.id == group.id && membership.role.manages());
    let path = move |rest: &str| format!("/g/{slug}{rest}");
    view! {
        <nav class="side" id="sidebar" popover="auto" aria-label="Group">
            <GroupMenu group=group.clone() me=me.clone()/>
            <NewThread action=path("")/>
            <SearchButton palette/>
            <ThreadLinks threads slug=group.slug.clone()/>
            <div class="side-foot">
                <NavLink href=path("/threads") icon=IconName::Thread label="Threads" exact=true/>
                <NavLink href=path("/tasks") icon=IconName::Task label="Tasks" exact=true/>
                <NavLink href=path("/agents") icon=IconName::Agent label="Agents" exact=false/>
                <NavLink href=path("/knowledge") icon=IconName::Book label="Knowledge" exact=false/>
                <NavLink href=path("/usage") icon=IconName::Chart label="Usage" exact=false/>
                {manages.then(|| view! { <NavLink href=path("/settings") icon=IconName::Sliders label="Settings" exact=true/> })}
                <NavLink href="/account".to_owned() icon=IconName::Person label="Account" exact=true/>
                <SignOutButton/>
            </div>
        </nav>
    }
}

/// Leads to the dashboard, where the first message is written.
#[component]
fn NewThread(action: String) -> impl IntoView {
    let navigate = use_navigate();
    let submit = {
        let action = action.clone();
        move |submit: SubmitEvent| {
            submit.prevent_default();
            navigate(&action, Default::default());
            focus_ask();
        }
    };
    view! {
        <form class="side-form" method="get" action=action on:submit=submit>
            <button class="btn main wide" type="submit"><Icon name=IconName::Plus/>"New thread"</button>
        </form>
    }
}

/// The group's name; with more than one group a menu that leads to the others.
#[component]
fn GroupMenu(group: Group, me: Me) -> impl IntoView {
    let initial = group.name.chars().next().map(|c| c.to_uppercase().to_string());
    let others: Vec<Group> = me.memberships.into_iter().map(|m| m.group).filter(|other| other.id != group.id).collect();
    let head = view! {
        <span class="mark" aria-hidden="true">{initial}</span>
        <span class="side-name" dir="auto">{group.name.clone()}</span>
    };
    if others.is_empty() {
        let href = format!("/g/{}", group.slug);
        return view! { <a class="side-group" href=href>{head}</a> }.into_any();
    }
    view! {
        <details class="menu">
            <summary class="side-group">{head}<Icon name=IconName::Switch/></summary>
            <ul class="menu-list">
                {others.into_iter().map(|other| {
                    // Another group is another world: loading the page leaves nothing of this one behind.
                    let href = format!("/g/{}", other.slug);
                    view! { <li><a class="menu-item" href=href rel="external" dir="auto">{other.name}</a></li> }
                }).collect_view()}
            </ul>
        </details>
    }
    .into_any()
}

#[component]
fn SearchButton(palette: RwSignal<bool>) -> impl IntoView {
    let keys = RwSignal::new("Ctrl K");
    Effect::new(move |_| {
        if browser::shortcuts::has_command_key() {
            keys.set("⌘ K");
        }
    });
    view! {
        <button class="row needs-script" type="button" aria-haspopup="dialog" on:click=move |_| palette.set(true)>
            <Icon name=IconName::Search/><span class="row-text">"Search"</span><kbd class="kbd">{move || keys.get()}</kbd>
        </button>
    }
}

/// Threads under the days of their newest activity.
#[component]
fn ThreadLinks(threads: RwSignal<ThreadList>, slug: Slug) -> impl IntoView {
    let clock = use_clock();
    let days = move || threads.with(|list| by_day(&list.items[..list.items.len().min(SHOWN)], clock.now()));
    let href = move |thread: &Thread| format!("/g/{slug}/threads/{}", thread.id);
    let empty = move || threads.with(|list| list.items.is_empty());
    view! {
        <div class="side-threads" on:keydown=move |press| browser::focus::move_in_list(&press)>
            {move || days().into_iter().map(|(day, threads)| view! {
                <h2 class="side-heading">{day}</h2>
                <ul class="side-list">
                    {threads.into_iter().map(|thread| view! { <li><ThreadLink href=href(&thread) thread/></li> }).collect_view()}
                </ul>
            }).collect_view()}
            {move || empty().then(|| view! { <p class="side-empty">"Your threads will stand here."</p> })}
        </div>
    }
}

#[component]
fn ThreadLink(thread: Thread, href: String) -> impl IntoView {
    let dot = thread.answering.then(|| view! { <span class="live" role="img" aria-label="Answering" title="Answering"></span> });
    view! {
        <A href=href exact=true attr:class="row" attr:data-row="">
            <span class="row-text" dir="auto">{thread.title}</span>{dot}
        </A>
    }
}

#[component]
fn NavLink(href: String, icon: IconName, label: &'static str, exact: bool) -> impl IntoView {
    let path = use_location().pathname;
    let target = href.clone();
    let current = move || {
        let path = path.get();
        let inside = !exact && path.strip_prefix(&target).is_some_and(|rest| rest.starts_with('/'));
        (path == target || inside).then_some("page")
    };
    view! {
        <a class="row" href=href aria-current=current>
            <Icon name=icon/><span class="row-text">{label}</span>
        </a>
    }
}

/// A plain form: leaving loads the next page anew, and nothing of this session stays in memory.
#[component]
pub fn SignOutButton() -> impl IntoView {
    view! {
        <form class="side-form" method="post" action=SignOut::url()>
            <button class="row" type="submit"><Icon name=IconName::SignOut/><span class="row-text">"Sign out"</span></button>
        </form>
    }
}
