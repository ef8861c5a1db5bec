//! What a URL says, parsed. What cannot be parsed is treated as if nothing with that name existed.

use crate::model::group::Slug;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use std::str::FromStr;

/// The `:slug` of the route.
pub fn slug_param() -> Memo<Option<Slug>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("slug").and_then(|raw| Slug::parse(raw).ok())))
}

/// The `:id` of the route.
pub fn id_param<T: FromStr + PartialEq + Send + Sync + 'static>() -> Memo<Option<T>> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|raw| raw.parse().ok())))
}
