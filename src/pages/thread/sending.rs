//! Sending: a message is shown at once, reaches the server once, and is never lost on the way.

use std::time::Duration;

use leptos::{ev, prelude::*, task::spawn_local};

use super::room::Room;
use crate::{
    api::messages::send_message,
    browser::{drafts, keys},
    model::outbox::{Outgoing, SendState, pause},
};

impl Room {
    /// Shows a message and sends it.
    pub fn send(self, text: String) {
        let key = keys::random();
        let mut message = Outgoing::new(key.clone(), text);
        let wait = self.wait.get_untracked();
        if wait > 0 {
            // It stands behind those that wait already.
            message.state = SendState::Limited { seconds: wait };
        }
        self.outbox.update(|outbox| outbox.push(message));
        self.keep_outbox();
        if wait > 0 { self.plan_attempt(key) } else { self.attempt(key) }
    }

    /// Sends what an earlier visit left behind, and tries again as soon as the network is back. Call it from an effect.
    pub fn open_outbox(self) {
        let kept = drafts::outbox(self.id);
        let keys: Vec<_> = kept.iter().map(|message| message.key.clone()).collect();
        self.outbox.set(kept);
        for key in keys {
            self.attempt(key);
        }
        let online = window_event_listener(ev::online, move |_| self.retry_waiting());
        on_cleanup(move || online.remove());
    }

    /// Tries a failed message again, under the same key: if it had arrived after all, nothing is doubled.
    pub fn resend(self, key: String) {
        self.change(&key, |message| message.state = SendState::Sending);
        self.attempt(key);
    }

    /// Takes a message back that the server refused, and gives its text.
    pub fn take_back(self, key: &str) -> Option<String> {
        let mut text = None;
        self.outbox.update(|outbox| {
            outbox.retain(|message| {
                let keep = message.key != key;
                if !keep {
                    text = Some(message.text.clone());
                }
                keep
            });
        });
        self.keep_outbox();
        text
    }

    fn attempt(self, key: String) {
        let found = self.outbox.try_with_untracked(|outbox| outbox.iter().find(|message| message.key == key).cloned());
        let (Some(Some(message)), Some(slug)) = (found, self.slug.try_get_value()) else { return };
        if matches!(message.state, SendState::Sent(_)) {
            return;
        }
        spawn_local(async move {
            match send_message(slug, self.id, message.text, Some(key.clone())).await {
                Ok(sent) => self.change(&key, |message| message.state = SendState::Sent(sent.message_id)),
                Err(error) => {
                    self.change(&key, |message| message.failed(error));
                    self.plan_attempt(key);
                }
            }
            self.settle_outbox();
        });
    }

    fn plan_attempt(self, key: String) {
        let state =
            self.outbox.try_with_untracked(|outbox| outbox.iter().find(|message| message.key == key).map(|m| m.state.clone()));
        match state.flatten() {
            Some(SendState::Waiting { attempts }) => {
                set_timeout(move || self.attempt(key), Duration::from_millis(pause(attempts).into()));
            }
            Some(SendState::Limited { seconds }) => {
                self.count_down(seconds);
                set_timeout(move || self.attempt(key), Duration::from_secs(seconds.into()));
            }
            _ => {}
        }
    }

    /// Shows the seconds until a rate limit lets something through, one after the other.
    fn count_down(self, seconds: u32) {
        let before = self.wait.try_get_untracked().unwrap_or(u32::MAX);
        if before < seconds {
            self.wait.try_set(seconds);
        }
        if before == 0 {
            self.tick();
        }
    }

    fn tick(self) {
        set_timeout(
            move || {
                let Some(left) = self.wait.try_get_untracked().map(|wait| wait.saturating_sub(1)) else { return };
                self.wait.try_set(left);
                if left > 0 {
                    self.tick();
                }
            },
            Duration::from_secs(1),
        );
    }

    fn retry_waiting(self) {
        let waiting = self.outbox.try_with_untracked(|outbox| {
            let waiting = outbox.iter().filter(|message| matches!(message.state, SendState::Waiting { .. }));
            waiting.map(|message| message.key.clone()).collect::<Vec<_>>()
        });
        for key in waiting.unwrap_or_default() {
            self.attempt(key);
        }
    }

    fn change(self, key: &str, change: impl FnOnce(&mut Outgoing)) {
        self.outbox.try_update(|outbox| outbox.iter_mut().find(|message| message.key == key).map(change));
    }

    /// Takes out what the conversation shows itself.
    pub fn settle_outbox(self) {
        let arrived = self.conversation.try_with_value(|conversation| {
            self.outbox.try_with_untracked(|outbox| outbox.iter().any(|message| message.arrived(conversation)))
        });
        if arrived.flatten() != Some(true) {
            return;
        }
        // The message takes the place of its forerunner in the same moment.
        self.show();
        _ = self.conversation.try_with_value(|conversation| {
            self.outbox.try_update(|outbox| outbox.retain(|message| !message.arrived(conversation)));
        });
        self.keep_outbox();
    }

    fn keep_outbox(self) {
        _ = self.outbox.try_with_untracked(|outbox| drafts::keep_outbox(self.id, outbox));
    }
}
