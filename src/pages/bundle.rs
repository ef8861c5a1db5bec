//! Pages are loaded when they are first visited, in bundles of pages that are visited together: `doors` for signing in, which
//! is what most load first; `room` with the frame of a group, and the pages that lead there; `thread`; `agents` with all that
//! is set up; and `usage`.
//!
//! One bundle per page would be simpler to write (`#[lazy_route]`), but code that pages share is cut into one file per
//! set of pages that share it: with eleven pages that made 208 files, a hundred of them for one page.

use leptos::prelude::AnyView;
use leptos_router::ChooseView;
use std::pin::Pin;

type Later<T> = Pin<Box<dyn Future<Output = T>>>;

/// What a route shows. One type for every page, so that the router's code for it is compiled, and loaded, once.
#[derive(Clone, Copy)]
pub struct Page {
    pub(super) view: fn() -> Later<AnyView>,
    pub(super) fetch: fn() -> Later<()>,
}

impl ChooseView for Page {
    async fn choose(self) -> AnyView {
        (self.view)().await
    }

    async fn preload(&self) {
        (self.fetch)().await;
    }
}

/// The page of this module: its view is the function `$view`, split off into `$bundle` with `fetch_bundle` as its preloader.
///
/// What a page loads it asks for inside of its view. A route's own `data` would stand in the part that every page loads, and
/// with it the code of every answer's type; a bundle is there before its view is asked for, so nothing is asked for later.
macro_rules! page {
    ($bundle:ident, $view:ident) => {
        pub const PAGE: $crate::pages::bundle::Page = $crate::pages::bundle::Page {
            view: || {
                // The server tells the browser at once which files the page will need.
                ::leptos::prefetch_lazy_fn_on_server(stringify!($bundle));
                Box::pin($view())
            },
            fetch: || Box::pin(fetch_bundle()),
        };
    };
}

pub(super) use page;
