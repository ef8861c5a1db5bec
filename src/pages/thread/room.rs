//! The state of an open thread: the reducer, and the signals that show what it holds.

use std::collections::{BTreeSet, HashMap};

use leptos::prelude::*;

use crate::{
    components::{
        message::Row,
        notice::{Notices, use_notices},
    },
    ids::{MessageId, RunId, ThreadId, ToolCallId},
    model::{
        activity::Activity,
        conversation::Conversation,
        escalation::Handoff,
        group::Slug,
        message::Message,
        outbox::Outgoing,
        thread::{ThreadAgent, ThreadPage, ThreadSpent, ThreadStatus},
        thread_event::{RunUsage, ToolDraft},
    },
};

#[derive(Clone, Copy)]
pub struct Room {
    pub id: ThreadId,
    pub slug: StoredValue<Slug>,
    /// Everything that is known. Nobody renders it: [`Room::show`] brings the signals below in line with it.
    pub conversation: StoredValue<Conversation>,
    /// Messages that changed since they were shown.
    pub changed: StoredValue<BTreeSet<MessageId>>,
    /// Whether showing them is planned for the next frame.
    pub planned: StoredValue<bool>,
    /// One signal a message, so that a word that arrives touches one message only.
    pub rows: RwSignal<Vec<Row>>,
    pub activity: RwSignal<Activity>,
    pub usage: RwSignal<Vec<RunUsage>>,
    /// What the thread had cost when the page was opened, and by which runs.
    pub spent: StoredValue<(ThreadSpent, Vec<RunId>)>,
    /// Calls whose input is being written.
    pub drafts: RwSignal<Vec<ToolDraft>>,
    /// Where the thread waits for a person.
    pub handoff: RwSignal<Option<Handoff>>,
    pub title: RwSignal<String>,
    pub status: RwSignal<ThreadStatus>,
    pub agent: RwSignal<ThreadAgent>,
    pub problem: RwSignal<Option<String>>,
    /// The budget that the next message would exceed, as far as that is known.
    pub budget: RwSignal<Option<String>>,
    /// Seconds until a rate limit lets the next message through.
    pub wait: RwSignal<u32>,
    pub outbox: RwSignal<Vec<Outgoing>>,
    /// The thread was deleted while it was open.
    pub gone: RwSignal<bool>,
    /// What a screen reader is told once an answer is complete.
    pub announcement: RwSignal<String>,
    /// A request of a button is on its way.
    pub working: RwSignal<bool>,
    /// Calls whose decision is on its way.
    pub deciding: RwSignal<Vec<ToolCallId>>,
    /// The last decision that was not taken, and why.
    pub refused: RwSignal<Option<(ToolCallId, String)>>,
    pub loading_earlier: RwSignal<bool>,
    pub notices: Notices,
}

impl Room {
    pub fn new(slug: Slug, page: ThreadPage) -> Self {
        let conversation = Conversation::from_page(&page);
        Self {
            id: page.thread.id,
            slug: StoredValue::new(slug),
            changed: StoredValue::new(BTreeSet::new()),
            planned: StoredValue::new(false),
            rows: RwSignal::new(rows(&conversation, &HashMap::new())),
            activity: RwSignal::new(Activity::of(&conversation)),
            usage: RwSignal::new(conversation.usage.clone()),
            spent: StoredValue::new((page.spent, conversation.usage.iter().map(|used| used.run_id).collect())),
            drafts: RwSignal::new(conversation.drafts.clone()),
            handoff: RwSignal::new(conversation.handoff.clone()),
            conversation: StoredValue::new(conversation),
            title: RwSignal::new(page.thread.title),
            status: RwSignal::new(page.thread.status),
            agent: RwSignal::new(page.agent),
            problem: RwSignal::new(page.problem),
            budget: RwSignal::new(page.budget),
            wait: RwSignal::new(0),
            outbox: RwSignal::new(Vec::new()),
            gone: RwSignal::new(false),
            announcement: RwSignal::new(String::new()),
            working: RwSignal::new(false),
            deciding: RwSignal::new(Vec::new()),
            refused: RwSignal::new(None),
            loading_earlier: RwSignal::new(false),
            notices: use_notices(),
        }
    }

    /// What the thread cost so far, with the runs that ended since the page was opened.
    pub fn cost(self) -> ThreadSpent {
        let (mut spent, seen) = self.spent.get_value();
        for used in self.usage.read().iter().filter(|used| !seen.contains(&used.run_id)) {
            match used.cost_microusd {
                Some(cost) => spent.cost_microusd += cost,
                None => spent.unknown_price_calls += 1,
            }
        }
        spent
    }

    /// Changes what is known and shows it. `None` where the page is gone already.
    pub fn update<T>(self, change: impl FnOnce(&mut Conversation) -> T) -> Option<T> {
        let result = self.conversation.try_update_value(change)?;
        self.show();
        Some(result)
    }

    /// Brings the signals in line with the conversation; what has not changed is left alone.
    pub fn show(self) {
        let changed = self.changed.try_update_value(std::mem::take).unwrap_or_default();
        _ = self.conversation.try_with_value(|conversation| {
            self.show_rows(conversation, &changed);
            set_if_new(self.activity, Activity::of(conversation));
            set_if_new(self.usage, conversation.usage.clone());
            set_if_new(self.drafts, conversation.drafts.clone());
            set_if_new(self.handoff, conversation.handoff.clone());
            if let Some(thread) = &conversation.thread {
                set_if_new(self.title, thread.title.clone());
                set_if_new(self.status, thread.status);
            }
        });
    }

    fn show_rows(self, conversation: &Conversation, changed: &BTreeSet<MessageId>) {
        let Some(shown) = self.rows.try_get_untracked() else { return };
        for row in shown.iter().filter(|row| changed.contains(&row.id)) {
            if let Some(message) =
                conversation.message(row.id).filter(|message| row.message.with_untracked(|shown| shown != *message))
            {
                row.message.set(message.clone());
            }
        }
        if !shown.iter().map(|row| row.id).eq(conversation.messages.iter().map(|message| message.id)) {
            let known = shown.into_iter().map(|row| (row.id, row)).collect();
            self.rows.set(rows(conversation, &known));
        }
    }
}

fn rows(conversation: &Conversation, known: &HashMap<MessageId, Row>) -> Vec<Row> {
    let row = |message: &Message| match known.get(&message.id) {
        Some(row) => row.clone(),
        None => Row { id: message.id, message: ArcRwSignal::new(message.clone()) },
    };
    conversation.messages.iter().map(row).collect()
}

pub fn set_if_new<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.try_with_untracked(|old| *old != value) == Some(true) {
        signal.set(value);
    }
}
