//! The composer's field: what a key means in it, and how high it is.

use leptos::{
    ev::KeyboardEvent,
    prelude::window,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlTextAreaElement},
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    Send,
    /// To the message before, where nothing is typed.
    Back,
    Other,
}

/// The key code that browsers give to presses that an input method takes, where they do not say that it composes.
const COMPOSING: u32 = 229;

pub fn pressed(press: &KeyboardEvent) -> Pressed {
    if press.is_composing() || press.key_code() == COMPOSING {
        return Pressed::Other;
    }
    let modified = press.shift_key() || press.alt_key() || press.ctrl_key() || press.meta_key();
    match press.key().as_str() {
        "Enter" if !press.shift_key() && !press.alt_key() => Pressed::Send,
        "ArrowUp" if !modified => Pressed::Back,
        _ => Pressed::Other,
    }
}

/// Whether the press belongs to an open dialog or menu, which has its own use for it.
pub fn in_dialog(press: &KeyboardEvent) -> bool {
    let target = press.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.closest("dialog, details.menu[open], [popover]").is_ok_and(|found| found.is_some()))
}

/// Makes the field as high as its text. Most browsers do so by style alone (`field-sizing`); the style's own limit of
/// twelve lines holds for all.
pub fn grow(field: &HtmlTextAreaElement) {
    if supports_sizing() {
        return;
    }
    let style = leptos::web_sys::HtmlElement::style(field);
    _ = style.set_property("height", "auto");
    _ = style.set_property("height", &format!("{}px", field.scroll_height()));
}

fn supports_sizing() -> bool {
    let css = js_sys::Reflect::get(&window(), &"CSS".into()).unwrap_or(JsValue::UNDEFINED);
    let supports = js_sys::Reflect::get(&css, &"supports".into()).ok().and_then(|f| f.dyn_into::<js_sys::Function>().ok());
    supports
        .and_then(|supports| supports.call2(&css, &"field-sizing".into(), &"content".into()).ok())
        .is_some_and(|answer| answer.is_truthy())
}
