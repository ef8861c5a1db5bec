//! What a composer holds and does, apart from how it looks.

use super::field::{self, Pressed, grow, pressed};
use crate::{
    browser::{document::focus_is_lost, drafts, scroll::has_fine_pointer},
    components::run_button::RunAct,
    ids::{RunId, ThreadId},
    model::{message::MESSAGE_MAX, text},
};
use leptos::{ev, html, prelude::*, web_sys::HtmlTextAreaElement};

/// So near to the limit, the characters are counted.
const COUNT_FROM: usize = MESSAGE_MAX - 2_000;

#[derive(Clone, Copy)]
pub struct Writing {
    pub thread: ThreadId,
    pub field: NodeRef<html::Textarea>,
    /// Characters in the field.
    pub typed: RwSignal<usize>,
    /// Why the last attempt was refused here already.
    pub error: RwSignal<Option<String>>,
    /// Without a script nobody can tell whether something is typed, so Send is always there then.
    pub scripted: RwSignal<bool>,
    pub problem: Signal<Option<String>>,
    /// What one should know before sending.
    pub warning: Signal<Option<String>>,
    pub run: Signal<Option<RunId>>,
    /// Whether the run waits for the member's word.
    pub asks: Signal<bool>,
    pub on_act: Callback<(RunAct, RunId)>,
    pub on_send: Callback<String>,
    pub last_said: Callback<(), Option<String>>,
}

impl Writing {
    /// What was typed before the script came stays; else the draft comes back. The keyboard comes here, unless it is
    /// somewhere else already or would cover half of a phone.
    pub fn arrive(self) {
        Effect::new(move |_| {
            let Some(field) = self.field.get().filter(|_| !self.scripted.get_untracked()) else { return };
            self.scripted.set(true);
            if let Some(draft) = drafts::draft(self.thread).filter(|_| field.value().is_empty()) {
                field.set_value(&draft);
            }
            self.changed(&field);
            if has_fine_pointer() && focus_is_lost() {
                _ = field.focus();
            }
        });
    }

    /// Takes back a text that could not be sent.
    pub fn take_back(self, returned: RwSignal<Option<String>>) {
        Effect::new(move |_| {
            if let (Some(text), Some(field)) = (returned.get(), self.field.get_untracked()) {
                returned.set(None);
                self.put(&text);
                _ = field.focus();
            }
        });
    }

    /// Escape stops what goes on, wherever the keyboard is on the page.
    pub fn stop_on_escape(self) {
        let escape = window_event_listener(ev::keydown, move |press| {
            let free = !press.default_prevented() && !press.is_composing() && !field::in_dialog(&press);
            if press.key() == "Escape" && free && self.run.get_untracked().is_some() {
                press.prevent_default();
                self.stop();
            }
        });
        on_cleanup(move || escape.remove());
    }

    pub fn stop(self) {
        if let Some(run) = self.run.get_untracked() {
            self.on_act.run((RunAct::Stop, run));
        }
    }

    pub fn send(self) {
        let Some(field) = self.field.get_untracked() else { return };
        if self.problem.with_untracked(Option::is_some) || field.value().trim().is_empty() {
            return;
        }
        match text::block("text", &field.value(), MESSAGE_MAX) {
            Ok(text) => {
                self.put("");
                self.on_send.run(text);
            }
            Err(refused) => self.error.set(Some(refused.to_string())),
        }
    }

    pub fn key(self, press: &ev::KeyboardEvent) {
        match pressed(press) {
            Pressed::Send => {
                press.prevent_default();
                self.send();
            }
            Pressed::Back => {
                let empty = self.field.get_untracked().is_some_and(|field| field.value().is_empty());
                if let Some(said) = empty.then(|| self.last_said.run(())).flatten() {
                    press.prevent_default();
                    self.put(&said);
                }
            }
            Pressed::Other => {}
        }
    }

    pub fn input(self) {
        if let Some(field) = self.field.get_untracked() {
            self.changed(&field);
        }
    }

    /// `31,204 of 32,000 characters`, near the limit only.
    pub fn count(self) -> Option<String> {
        let typed = self.typed.get();
        (typed >= COUNT_FROM).then(|| format!("{},{:03} of 32,000 characters", typed / 1_000, typed % 1_000))
    }

    fn put(self, text: &str) {
        if let Some(field) = self.field.get_untracked() {
            field.set_value(text);
            self.changed(&field);
        }
    }

    fn changed(self, field: &HtmlTextAreaElement) {
        let text = field.value();
        self.error.set(None);
        self.typed.set(text.chars().count());
        drafts::keep_draft(self.thread, &text);
        grow(field);
    }
}
