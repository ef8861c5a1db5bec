//! Native dialogs and popovers.

use super::document;
use leptos::{ev, wasm_bindgen::JsCast, web_sys::HtmlDialogElement};

/// Shows or closes the dialog, whatever it was before.
pub fn set_open(dialog: &HtmlDialogElement, open: bool) {
    match (open, dialog.open()) {
        (true, false) => _ = dialog.show_modal(),
        (false, true) => dialog.close(),
        _ => {}
    }
}

/// Whether the dialog with this id is open now.
pub fn is_open(id: &str) -> bool {
    document::element(id).and_then(|element| element.dyn_into::<HtmlDialogElement>().ok()).is_some_and(|dialog| dialog.open())
}

/// Whether a click met the dialog's backdrop rather than what stands in it.
pub fn hits_backdrop(click: &ev::MouseEvent) -> bool {
    click.target().is_some_and(|target| target.dyn_ref::<HtmlDialogElement>().is_some())
}

/// Hides a popover; hiding one that is hidden changes nothing.
pub fn hide_popover(id: &str) {
    if let Some(popover) = document::element(id) {
        _ = popover.hide_popover();
    }
}

/// Closes every `<details>` menu, as a click on one of its items does.
pub fn close_menus() {
    let Ok(menus) = leptos::prelude::document().query_selector_all("details.menu[open]") else { return };
    for menu in (0..menus.length()).filter_map(|at| menus.item(at)?.dyn_into::<leptos::web_sys::Element>().ok()) {
        _ = menu.remove_attribute("open");
    }
}
