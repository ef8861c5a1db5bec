//! The thread's part of the event stream: events in, signals out, at most once a frame.

use leptos::{prelude::*, task::spawn_local};

use super::room::{Room, set_if_new};
use crate::{
    api::threads::thread,
    browser::live,
    model::{
        conversation::Followed,
        cursor::Cursor,
        live::LiveEvent,
        message::{Message, MessageStatus, Role},
        segment::{input_summary, tool_title},
        thread_event::{ApprovalChange, MessageChange, ThreadEvent},
        tool_call::ToolState,
    },
};

/// A screen reader is told so much of an answer; the rest it reads in the log.
const SAID_MAX: usize = 600;

impl Room {
    /// Follows the thread for as long as the page lives. Call it from an effect.
    pub fn follow(self) {
        let cursor = self.conversation.with_value(|conversation| conversation.at.map(|at| at.to_string())).unwrap_or_default();
        live::follow(self.id, &cursor, move |event| self.heard(event));
    }

    fn heard(self, event: LiveEvent) {
        match event {
            LiveEvent::Thread { cursor, event, .. } => self.take(&cursor, event),
            LiveEvent::Gone { .. } => _ = self.gone.try_set(true),
            LiveEvent::List(_) => {}
        }
    }

    fn take(self, cursor: &str, event: ThreadEvent) {
        let whole = matches!(event, ThreadEvent::Snapshot(_));
        let finished = finished_answer(&event);
        let asked = asked_for(&event);
        let followed = self.conversation.try_update_value(|conversation| conversation.follow(Cursor::parse(cursor), event));
        match followed {
            Some(Followed::New(about)) => {
                self.mark(about.filter(|_| !whole));
                self.show_soon();
                if finished {
                    self.after_answer(about);
                }
                if let Some(asked) = asked {
                    self.announcement.try_set(asked);
                }
            }
            Some(Followed::Gap) => live::resync(self.id),
            Some(Followed::Had) | None => {}
        }
        self.settle_outbox();
    }

    /// Notes which message to show anew; after a snapshot, all of them.
    fn mark(self, about: Option<crate::ids::MessageId>) {
        let all = self.conversation.try_with_value(|conversation| match about {
            Some(id) => vec![id],
            None => conversation.messages.iter().map(|message| message.id).collect(),
        });
        self.changed.try_update_value(|changed| changed.extend(all.unwrap_or_default()));
    }

    /// Words may arrive faster than a screen shows them: they are shown once a frame. In a tab that nobody sees there
    /// are no frames, and no hurry.
    fn show_soon(self) {
        if document().hidden() {
            self.show();
        } else if self.planned.try_update_value(|planned| std::mem::replace(planned, true)) == Some(false) {
            request_animation_frame(move || {
                self.planned.try_set_value(false);
                self.show();
            });
        }
    }

    fn after_answer(self, about: Option<crate::ids::MessageId>) {
        let said =
            self.conversation.try_with_value(|conversation| about.and_then(|id| conversation.message(id)).map(announcement));
        if let Some(Some(said)) = said {
            self.announcement.try_set(said);
        }
        self.refresh_agent();
    }

    /// How full the context is and whether the agent can answer is known best by the server.
    fn refresh_agent(self) {
        let Some(slug) = self.slug.try_get_value() else { return };
        spawn_local(async move {
            if let Ok(page) = thread(slug, self.id).await {
                set_if_new(self.agent, page.agent);
                set_if_new(self.problem, page.problem);
                set_if_new(self.budget, page.budget);
            }
        });
    }
}

/// What a screen reader is told of a call that begins to wait.
fn asked_for(event: &ThreadEvent) -> Option<String> {
    match event {
        ThreadEvent::Approval(ApprovalChange { call, .. }) if call.state == ToolState::Waiting => {
            Some(format!("Your approval is asked for: {}. {}", tool_title(&call.name), input_summary(&call.input)))
        }
        _ => None,
    }
}

fn finished_answer(event: &ThreadEvent) -> bool {
    matches!(event, ThreadEvent::Message(MessageChange { role: Role::Assistant, status, .. }) if *status != MessageStatus::Streaming)
}

fn announcement(message: &Message) -> String {
    let text = message.text();
    let end = text.char_indices().nth(SAID_MAX).map_or(text.len(), |(at, _)| at);
    let cut = if end < text.len() { "…" } else { "" };
    let how = match message.status {
        MessageStatus::Completed | MessageStatus::Streaming => "answered",
        MessageStatus::Stopped => "was stopped",
        MessageStatus::Failed => "could not answer",
        MessageStatus::Interrupted => "was interrupted",
    };
    format!("{} {how}: {}{cut}", message.author, &text[..end])
}
