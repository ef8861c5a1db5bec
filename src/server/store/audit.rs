//! The append-only audit log: who did what to what, when.

use super::{Actor, db::Tx};
use crate::{error::Result, model::Millis, server::clock::Clock};
use serde_json::Value;
use uuid::Uuid;

/// One line of the log. `kind` is `noun.verb`, such as `thread.archived`; `data` never holds a secret.
pub struct Event<'a> {
    pub kind: &'a str,
    pub subject: (&'a str, Option<Uuid>),
    pub data: Value,
}

impl<'a> Event<'a> {
    pub fn new(kind: &'a str, subject_kind: &'a str, subject: Uuid) -> Self {
        Self { kind, subject: (subject_kind, Some(subject)), data: Value::Object(serde_json::Map::new()) }
    }

    pub fn with(mut self, data: Value) -> Self {
        self.data = data;
        self
    }
}

const RECORD: &str = "INSERT INTO events (id, group_id, actor_id, kind, subject_kind, subject_id, data, at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

/// Writes a line in the transaction of the change that it tells of.
pub async fn record(tx: &mut Tx, clock: &Clock, actor: Actor, event: Event<'_>) -> Result<()> {
    let now: Millis = clock.now();
    let (subject_kind, subject) = event.subject;
    let id = clock.uuid();
    tx.later(RECORD, (id, actor.group, actor.person, event.kind, subject_kind, subject, event.data.to_string(), now));
    Ok(())
}
