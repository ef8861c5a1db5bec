//! Copying text, also where the page is served without TLS and the clipboard's own interface is missing.

use js_sys::{Function, Reflect};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlTextAreaElement},
};
use wasm_bindgen_futures::JsFuture;

/// Copies `text`, and calls `done` with whether that worked.
pub fn copy(text: String, done: impl Fn(bool) + 'static) {
    let navigator = window().navigator();
    let modern = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_object());
    if !modern {
        return done(copy_by_selection(&text).is_some());
    }
    let promise = navigator.clipboard().write_text(&text);
    spawn_local(async move { done(JsFuture::from(promise).await.is_ok()) });
}

/// The old way: a field that is selected for a moment.
fn copy_by_selection(text: &str) -> Option<()> {
    let field: HtmlTextAreaElement = document().create_element("textarea").ok()?.dyn_into().ok()?;
    field.set_value(text);
    field.set_class_name("visually-hidden");
    let body = document().body()?;
    body.append_child(&field).ok()?;
    field.select();
    let command: Option<Function> = Reflect::get(&document(), &"execCommand".into()).ok()?.dyn_into().ok();
    let copied = command.and_then(|command| command.call1(&document(), &JsValue::from_str("copy")).ok());
    field.remove();
    copied.filter(JsValue::is_truthy).map(|_| ())
}

/// The code that a click on a copy button inside rendered Markdown is about, and the button.
pub fn code_of(click: &leptos::ev::MouseEvent) -> Option<(Element, String)> {
    let target: Element = click.target()?.dyn_into().ok()?;
    let button = target.closest("[data-copy]").ok()??;
    let code = button.closest(".code").ok()??.query_selector("code").ok()??;
    Some((button, code.text_content().unwrap_or_default()))
}

/// Says on the button itself that its code was copied, for two seconds.
pub fn mark_copied(button: Element) {
    button.set_text_content(Some("Copied"));
    gloo_timers::callback::Timeout::new(2_000, move || button.set_text_content(Some("Copy"))).forget();
}
