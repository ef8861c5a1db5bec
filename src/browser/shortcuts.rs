//! Keys that work wherever one is on a page.

use leptos::{
    ev::{self, KeyboardEvent},
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::HtmlElement,
};

/// What a key press asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shortcut {
    /// Ctrl K or ⌘ K, even while one types.
    Palette,
    /// `?`
    Help,
    /// `n`
    NewThread,
}

/// Calls `on` for every shortcut until the owner goes.
pub fn listen(on: impl Fn(Shortcut) + 'static) {
    let handle = window_event_listener(ev::keydown, move |press| {
        if let Some(shortcut) = shortcut(&press) {
            press.prevent_default();
            on(shortcut);
        }
    });
    on_cleanup(move || handle.remove());
}

fn shortcut(press: &KeyboardEvent) -> Option<Shortcut> {
    let with_modifier = press.ctrl_key() || press.meta_key();
    if with_modifier && !press.alt_key() && press.key().eq_ignore_ascii_case("k") {
        return Some(Shortcut::Palette);
    }
    if with_modifier || press.alt_key() || press.is_composing() || is_typing(press) {
        return None;
    }
    match press.key().as_str() {
        "?" => Some(Shortcut::Help),
        "n" => Some(Shortcut::NewThread),
        _ => None,
    }
}

/// Whether the press goes into a field, or to a dialog that has keys of its own.
fn is_typing(press: &KeyboardEvent) -> bool {
    let Some(target) = press.target().and_then(|target| target.dyn_into::<HtmlElement>().ok()) else { return false };
    matches!(target.tag_name().as_str(), "INPUT" | "TEXTAREA" | "SELECT")
        || target.is_content_editable()
        || target.closest("dialog").is_ok_and(|dialog| dialog.is_some())
}

/// Whether this keyboard has a ⌘ key.
pub fn has_command_key() -> bool {
    window().navigator().user_agent().is_ok_and(|agent| agent.contains("Mac") || agent.contains("iPhone"))
}
