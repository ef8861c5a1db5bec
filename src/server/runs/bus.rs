//! The bus: what happens in a thread, announced to whoever looks at it on this server, as it happens.
//!
//! A topic lives as long as somebody drives or watches its thread. It also holds the live state of the part that
//! streams, because text is announced before it is written.

use crate::{
    ids::{GroupId, MessageId, PersonId, ThreadId},
    model::{
        live::ListChange,
        message::Growing,
        thread_event::{ThreadEvent, ToolDraft, ToolInput},
    },
};
use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};
use tokio::sync::broadcast;

/// How many announcements a slow viewer may be behind before it reads from the database again.
const BUFFER: usize = 128;

/// One announcement.
#[derive(Debug, Clone)]
pub enum Announced {
    /// A journal row, committed. `opens` and `closes` tell what it does to the part that streams.
    Row { seq: i64, event: Option<ThreadEvent>, opens: Option<PartKey>, closes: Option<usize> },
    /// Text that was added to the open part, from byte `start` on.
    Text { part: PartKey, start: usize, text: String },
    /// Something that is not kept.
    Passing(ThreadEvent),
    /// The thread was deleted.
    Gone,
}

/// A part that streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartKey {
    pub opened_seq: i64,
    pub message: MessageId,
    pub index: usize,
    pub kind: Growing,
}

/// What a topic knows beyond the database.
#[derive(Debug, Default)]
pub struct Live {
    pub part: Option<(PartKey, String)>,
    pub ahead: Option<u32>,
    /// Calls whose input the model is writing.
    pub drafts: Vec<ToolDraft>,
}

pub struct Topic {
    sender: broadcast::Sender<Arc<Announced>>,
    live: Mutex<Live>,
}

impl Topic {
    fn new() -> Self {
        Self { sender: broadcast::channel(BUFFER).0, live: Mutex::default() }
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Announced>> {
        self.sender.subscribe()
    }

    pub fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what streamed of a message: it is in the database. The next one's may be here already, and stays.
    pub fn quiet(&self, message: MessageId) {
        let mut live = self.live();
        if live.part.as_ref().is_some_and(|(part, _)| part.message == message) {
            (live.part, live.ahead) = (None, None);
        }
        live.drafts.retain(|draft| draft.message_id != message);
    }

    /// Nobody listening is no error.
    pub fn announce(&self, what: Announced) {
        let _ = self.sender.send(Arc::new(what));
    }

    /// Adds text to the live part and announces it.
    pub fn text(&self, part: PartKey, text: &str) {
        let start = {
            let mut live = self.live();
            live.ahead = None;
            match &mut live.part {
                Some((open, all)) if *open == part => {
                    all.push_str(text);
                    all.len() - text.len()
                }
                _ => {
                    live.part = Some((part, text.to_owned()));
                    0
                }
            }
        };
        if self.sender.receiver_count() > 0 {
            self.announce(Announced::Text { part, start, text: text.to_owned() });
        }
    }
}

impl Topic {
    /// Adds a piece to a call's input and announces it.
    pub fn draft(&self, message: MessageId, index: u32, name: &str, delta: &str) {
        let start = {
            let mut live = self.live();
            match live.drafts.iter_mut().find(|draft| draft.index == index) {
                Some(draft) => {
                    draft.input.push_str(delta);
                    draft.input.len() - delta.len()
                }
                None => {
                    live.drafts.push(ToolDraft { message_id: message, index, name: name.to_owned(), input: delta.to_owned() });
                    0
                }
            }
        };
        let piece = ToolInput { message_id: message, index, name: name.to_owned(), start, delta: delta.to_owned() };
        self.announce(Announced::Passing(ThreadEvent::ToolInput(piece)));
    }
}

/// Topics by key, made when first asked for and forgotten with their last user.
struct Topics<K, T> {
    map: Mutex<HashMap<K, Weak<T>>>,
}

impl<K: Eq + Hash, T> Topics<K, T> {
    fn get(&self, key: K, make: impl FnOnce() -> T) -> Arc<T> {
        let mut map = self.map.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(topic) = map.get(&key).and_then(Weak::upgrade) {
            return topic;
        }
        if map.len() == map.capacity() {
            map.retain(|_, topic| topic.strong_count() > 0);
        }
        let topic = Arc::new(make());
        map.insert(key, Arc::downgrade(&topic));
        topic
    }

    fn find(&self, key: &K) -> Option<Arc<T>> {
        self.map.lock().unwrap_or_else(PoisonError::into_inner).get(key).and_then(Weak::upgrade)
    }
}

impl<K, T> Default for Topics<K, T> {
    fn default() -> Self {
        Self { map: Mutex::default() }
    }
}

type Lists = broadcast::Sender<ListChange>;

/// Cheap to clone; clones are the same bus.
#[derive(Clone, Default)]
pub struct Bus {
    threads: Arc<Topics<ThreadId, Topic>>,
    people: Arc<Topics<(GroupId, PersonId), Lists>>,
}

impl Bus {
    pub fn thread(&self, id: ThreadId) -> Arc<Topic> {
        self.threads.get(id, Topic::new)
    }

    /// Changes of one person's lists in one group. The sender keeps the topic alive.
    pub fn lists(&self, group: GroupId, person: PersonId) -> (Arc<Lists>, broadcast::Receiver<ListChange>) {
        let sender = self.people.get((group, person), || broadcast::channel(32).0);
        let receiver = sender.subscribe();
        (sender, receiver)
    }

    /// Tells a person's browsers of a change, where any is open.
    pub fn list_changed(&self, group: GroupId, person: PersonId, change: ListChange) {
        if let Some(sender) = self.people.find(&(group, person)) {
            let _ = sender.send(change);
        }
    }

    /// Whether anybody would hear of a change in this person's lists.
    pub fn has_watchers(&self, group: GroupId, person: PersonId) -> bool {
        self.people.find(&(group, person)).is_some()
    }
}
