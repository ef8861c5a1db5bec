//! Files that were chosen in a form.

use leptos::{task::spawn_local, web_sys::HtmlInputElement};
use wasm_bindgen_futures::JsFuture;

/// Reads the text of the file that was chosen, unless it is larger than `max` bytes; then `done` gets None.
pub fn read_text(input: &HtmlInputElement, max: usize, done: impl FnOnce(Option<String>) + 'static) {
    let Some(file) = input.files().and_then(|files| files.get(0)) else { return };
    if file.size() > max as f64 {
        return done(None);
    }
    // Choosing the same file again, once it was changed, is a choice too.
    let text = JsFuture::from(file.text());
    input.set_value("");
    spawn_local(async move { done(text.await.ok().and_then(|text| text.as_string())) });
}
