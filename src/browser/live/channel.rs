//! What the tabs of a browser say to one another.

use leptos::{
    wasm_bindgen::{JsCast, JsValue, closure::Closure},
    web_sys::{BroadcastChannel, MessageEvent},
};

use crate::model::{json, live_plan::Note};

pub struct Channel {
    channel: BroadcastChannel,
    _on_message: Closure<dyn Fn(MessageEvent)>,
}

impl Channel {
    /// `None` where the browser has no such channels: each tab is on its own then.
    pub fn open(name: &str, on_note: impl Fn(Note) + 'static) -> Option<Self> {
        let channel = BroadcastChannel::new(name).ok()?;
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            // A tab that still runs another version of the page may say what this one does not know.
            let text = message.data().as_string().unwrap_or_default();
            if let Ok(note) = json::read(&text) {
                on_note(note);
            }
        });
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Some(Self { channel, _on_message: on_message })
    }

    pub fn say(&self, note: &Note) {
        if let Ok(text) = serde_json::to_string(note) {
            _ = self.channel.post_message(&JsValue::from_str(&text));
        }
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.channel.set_onmessage(None);
        self.channel.close();
    }
}
