//! A thread.

use leptos::prelude::*;
use leptos_router::{LazyRoute, lazy_route};

pub struct ThreadRoute;

#[lazy_route]
impl LazyRoute for ThreadRoute {
    fn data() -> Self {
        Self
    }

    fn view(_this: Self) -> AnyView {
        ().into_any()
    }
}
