//! What a member typed and did not send, and what was sent and has not arrived: both survive a reload, per thread.

use leptos::{prelude::window, web_sys::Storage};

use crate::{
    ids::ThreadId,
    model::{json, outbox::Outgoing},
};

pub fn draft(thread: ThreadId) -> Option<String> {
    storage()?.get_item(&draft_key(thread)).ok()?
}

pub fn keep_draft(thread: ThreadId, text: &str) {
    keep(&draft_key(thread), (!text.is_empty()).then_some(text));
}

pub fn outbox(thread: ThreadId) -> Vec<Outgoing> {
    let kept = storage().and_then(|storage| storage.get_item(&outbox_key(thread)).ok().flatten());
    kept.and_then(|text| json::read(&text).ok()).unwrap_or_default()
}

pub fn keep_outbox(thread: ThreadId, outbox: &[Outgoing]) {
    let json = if outbox.is_empty() { None } else { serde_json::to_string(outbox).ok() };
    keep(&outbox_key(thread), json.as_deref());
}

fn keep(key: &str, value: Option<&str>) {
    // A full or forbidden storage costs the draft after a reload, nothing else.
    let Some(storage) = storage() else { return };
    _ = match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    };
}

fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

fn draft_key(thread: ThreadId) -> String {
    format!("guildhall:draft:{thread}")
}

fn outbox_key(thread: ThreadId) -> String {
    format!("guildhall:outbox:{thread}")
}
