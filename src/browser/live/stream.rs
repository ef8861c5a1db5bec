//! One connection to the server. It never reconnects by itself: a new one is opened from newer cursors.

use leptos::{
    wasm_bindgen::{JsCast, closure::Closure},
    web_sys::{EventSource, MessageEvent},
};

use crate::model::{
    json,
    live::LiveEvent,
    live_plan::{Plan, path},
};

pub struct Stream {
    /// Tells apart what the callbacks of several streams say.
    pub number: u64,
    /// How far it has come in each thread.
    pub at: Plan,
    /// Whether the server has answered.
    pub open: bool,
    source: EventSource,
    _on_open: Closure<dyn Fn()>,
    _on_message: Closure<dyn Fn(MessageEvent)>,
    _on_error: Closure<dyn Fn()>,
}

impl Stream {
    pub fn open(
        number: u64,
        plan: Plan,
        on_open: impl Fn(u64) + 'static,
        on_event: impl Fn(u64, LiveEvent) + 'static,
        on_error: impl Fn(u64) + 'static,
    ) -> Option<Self> {
        let source = EventSource::new(&path(&plan)).ok()?;
        let on_open = Closure::<dyn Fn()>::new(move || on_open(number));
        let on_error = Closure::<dyn Fn()>::new(move || on_error(number));
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |message: MessageEvent| {
            match json::read(&message.data().as_string().unwrap_or_default()) {
                Ok(event) => on_event(number, event),
                Err(cause) => leptos::logging::warn!("An event of the stream could not be read: {cause}"),
            }
        });
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Some(Self { number, at: plan, open: false, source, _on_open: on_open, _on_message: on_message, _on_error: on_error })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.set_onopen(None);
        self.source.set_onmessage(None);
        self.source.set_onerror(None);
        self.source.close();
    }
}
