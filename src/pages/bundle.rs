//! Pages are loaded when they are first visited, in bundles of pages that are visited together: `doors` before one is
//! signed in, `room` with the frame of a group, `thread`, and `agents`.
//!
//! One bundle per page would be simpler to write (`#[lazy_route]`), but code that pages share is cut into one file per
//! set of pages that share it: with eleven pages that made 208 files, a hundred of them for one page.

/// A page: the type that the map of URLs names, whose view is the function `$view` of this module, split off into `$bundle`
/// with `fetch_bundle` as its preloader.
///
/// What a page loads it asks for inside of its view. A route's own `data` would stand in the part that every page loads, and
/// with it the code of every answer's type; a bundle is there before its view is asked for, so nothing is asked for later.
macro_rules! page {
    ($page:ident, $bundle:ident, $view:ident) => {
        pub struct $page;

        impl ::leptos_router::LazyRoute for $page {
            fn data() -> Self {
                Self
            }

            async fn view(_: Self) -> ::leptos::prelude::AnyView {
                // The server tells the browser at once which files the page will need.
                ::leptos::prefetch_lazy_fn_on_server(stringify!($bundle));
                $view().await
            }

            async fn preload() {
                fetch_bundle().await;
            }
        }
    };
}

pub(super) use page;
