//! How a page says which HTTP status it has.

use leptos::prelude::*;
use std::sync::Arc;

/// The server provides this with each request; in the browser there is none, and nobody to tell.
#[derive(Clone)]
pub struct PageStatus(Arc<dyn Fn(u16) + Send + Sync>);

impl PageStatus {
    pub fn new(set: impl Fn(u16) + Send + Sync + 'static) -> Self {
        Self(Arc::new(set))
    }
}

pub fn set_page_status(status: u16) {
    if let Some(PageStatus(set)) = use_context() {
        set(status);
    }
}
