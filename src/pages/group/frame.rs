//! The frame itself: the sidebar, the page, and what floats over both.

use super::{palette::Palette, use_group};
use crate::{
    browser::{self, shortcuts::Shortcut},
    components::{
        icon::{Icon, IconName},
        notice::NoticeArea,
        shortcut_help::ShortcutHelp,
        sidebar::Sidebar,
    },
    pages::{follow::follow, start::focus_ask},
};
use leptos::prelude::*;
use leptos_router::{
    components::Outlet,
    hooks::{use_location, use_navigate},
};

#[component]
pub fn Frame() -> impl IntoView {
    let group = use_group();
    let (palette, help) = (RwSignal::new(false), RwSignal::new(false));
    follow(group.threads, group.slug.clone(), group.group.id);
    listen_to_keys(group.path(""), palette, help);
    tidy_after_navigation();
    view! {
        <a class="skip-link" href="#main">"Skip to content"</a>
        <div class="frame">
            <button class="icon-button menu-button" type="button" popovertarget="sidebar" aria-label="Menu">
                <Icon name=IconName::Menu size=20/>
            </button>
            <Sidebar group=group.group.clone() me=group.me.clone() threads=group.threads palette/>
            <main class="frame-main" id="main" tabindex="-1">
                <Outlet/>
            </main>
        </div>
        <NoticeArea/>
        <Palette open=palette help/>
        <ShortcutHelp open=help/>
    }
}

fn listen_to_keys(dashboard: String, palette: RwSignal<bool>, help: RwSignal<bool>) {
    let navigate = use_navigate();
    Effect::new(move |_| {
        let (navigate, dashboard) = (navigate.clone(), dashboard.clone());
        browser::shortcuts::listen(move |shortcut| match shortcut {
            Shortcut::Palette => palette.set(!browser::dialog::is_open("palette")),
            Shortcut::Help => help.set(true),
            Shortcut::NewThread => {
                navigate(&dashboard, Default::default());
                focus_ask();
            }
        });
    });
}

/// After a navigation the sheet and the menus close, and the keyboard goes on in the page if what it stood on is gone.
fn tidy_after_navigation() {
    let path = use_location().pathname;
    Effect::new(move |before: Option<String>| {
        let path = path.get();
        if before.is_some_and(|before| before != path) {
            browser::dialog::hide_popover("sidebar");
            browser::dialog::close_menus();
            if browser::document::focus_is_lost() {
                browser::document::focus("main");
            }
        }
        path
    });
}
