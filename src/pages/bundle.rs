//! Pages are loaded when they are first visited, in bundles of pages that are visited together: `doors` before one is
//! signed in, `room` with the frame of a group, `thread`, and `agents`.
//!
//! One bundle per page would be simpler to write (`#[lazy_route]`), but code that pages share is cut into one file per
//! set of pages that share it: with eleven pages that made 208 files, a hundred of them for one page.

/// The two methods of a lazy route whose view is the function `$view` of this module, split off into `$bundle`, with
/// `fetch_bundle` as its preloader.
macro_rules! in_bundle {
    ($bundle:ident, $view:ident) => {
        async fn view(this: Self) -> ::leptos::prelude::AnyView {
            // The server tells the browser at once which files the page will need.
            ::leptos::prefetch_lazy_fn_on_server(stringify!($bundle));
            $view(this).await
        }

        async fn preload() {
            fetch_bundle().await;
        }
    };
}

pub(super) use in_bundle;
