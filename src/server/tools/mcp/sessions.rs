//! Sessions between calls. A session belongs to one source and one thread: what a server remembers of one member's
//! conversation never reaches another's.

use super::client::{Client, Fault};
use crate::{
    ids::{ThreadId, ToolSourceId},
    model::Millis,
    server::{
        state::App,
        tools::{mcp::stdio::PROCESSES_MAX, remote::Link},
    },
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// A session that nobody used for this long is forgotten; servers forget them too.
const IDLE_MS: Millis = 30 * 60_000;

/// The most that are kept.
const SESSIONS_MAX: usize = 500;

type Key = (ToolSourceId, ThreadId);

pub struct Sessions {
    kept: Mutex<HashMap<Key, (Millis, Place)>>,
    /// Places for processes.
    rooms: Arc<Semaphore>,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { kept: Mutex::default(), rooms: Arc::new(Semaphore::new(PROCESSES_MAX)) }
    }
}

/// Where the session of one source and thread is kept. Clones are the same place.
#[derive(Clone, Default)]
pub struct Place(Arc<tokio::sync::Mutex<Option<Client>>>);

impl Sessions {
    pub fn place(&self, source: ToolSourceId, thread: ThreadId, now: Millis) -> Place {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, (used, _)| now - *used < IDLE_MS);
        let key = (source, thread);
        if kept.len() >= SESSIONS_MAX
            && !kept.contains_key(&key)
            && let Some(oldest) = kept.iter().min_by_key(|(_, (used, _))| *used).map(|(key, _)| *key)
        {
            kept.remove(&oldest);
        }
        let (used, place) = kept.entry(key).or_default();
        *used = now;
        place.clone()
    }

    /// A place for one more process, if there is one.
    pub fn room(&self) -> Option<OwnedSemaphorePermit> {
        self.rooms.clone().try_acquire_owned().ok()
    }

    /// The source is gone, or its secret is another.
    pub fn forget(&self, source: ToolSourceId) {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).retain(|(of, _), _| *of != source);
    }
}

impl Place {
    /// The session, begun now if there is none. Calls at the same time wait for the one that begins it.
    pub async fn client(&self, app: &App, link: &Link) -> Result<Client, Fault> {
        let mut kept = self.0.lock().await;
        if let Some(client) = kept.as_ref().filter(|client| !client.has_ended()) {
            return Ok(client.clone());
        }
        let client = Client::connect(app, link).await?;
        *kept = Some(client.clone());
        Ok(client)
    }

    /// The server does not know this session any more. One that was begun since stays.
    pub async fn lost(&self, client: &Client) {
        let mut kept = self.0.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.is(client)) {
            *kept = None;
        }
    }
}
