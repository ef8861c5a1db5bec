//! The document itself: its root's marks, and where the keyboard stands in it.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement};

/// `<html data-hydrated="true">`: the page answers to clicks.
pub fn mark_hydrated() {
    if let Some(root) = document().document_element() {
        _ = root.set_attribute("data-hydrated", "true");
    }
}

pub fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id).and_then(|element| element.dyn_into().ok())
}

pub fn focus(id: &str) {
    if let Some(element) = element(id) {
        _ = element.focus();
    }
}

pub fn focused() -> Option<Element> {
    document().active_element()
}

/// Whether a mouse or a touchpad points here. Where a finger does, moving the focus would open the keyboard over the page.
pub fn has_fine_pointer() -> bool {
    window().match_media("(pointer: fine)").ok().flatten().is_some_and(|query| query.matches())
}

/// Whether the keyboard stands nowhere, as after a navigation that removed what had the focus.
pub fn focus_is_lost() -> bool {
    focused().is_none_or(|element| element.tag_name() == "BODY")
}
