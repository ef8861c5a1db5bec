//! Forms that send themselves.

use leptos::{ev::Event, wasm_bindgen::JsCast, web_sys::HtmlFormElement};

/// Sends the form as soon as one of its fields has another value.
pub fn submit_on_change(change: Event) {
    if let Some(form) = change.current_target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) {
        _ = form.request_submit();
    }
}
