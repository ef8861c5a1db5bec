//! Escalations: things of a group, each of one thread.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{AgentId, GroupId, PersonId, ThreadId, ToolCallId},
    model::{
        escalation::{Escalation, EscalationStatus, Handoff},
        page::Page,
    },
};
use uuid::Uuid;

pub struct Escalations<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT t.id, e.thread_id, e.reason, t.status, p.name AS person, a.name AS agent, t.created_at, t.updated_at ",
            "FROM things t JOIN escalations e ON e.group_id = t.group_id AND e.escalation_id = t.id ",
            "JOIN people p ON p.id = e.person_id JOIN things a ON a.group_id = e.group_id AND a.id = e.agent_id ",
            "WHERE t.group_id = $1 AND t.kind = 'escalation' ",
            $rest
        )
    };
}

// Those who answer see all of the group; a member sees those of their own threads.
const LIST: &str =
    select!("AND ($2 IS NULL OR e.person_id = $2) AND ($3 IS NULL OR t.status = $3) AND t.id < $4 ORDER BY t.id DESC LIMIT $5");

const BY_ORIGIN: &str = select!("AND e.origin = $2");

const OPEN_OF: &str = select!("AND e.thread_id = $2 AND t.status <> 'resolved' ORDER BY t.id LIMIT 1");

const INSERT_THING: &str = "INSERT INTO things (id, group_id, kind, name, status, version, created_at, updated_at) \
    VALUES ($1, $2, 'escalation', $3, 'open', 1, $4, $4)";

const INSERT: &str = "INSERT INTO escalations (group_id, escalation_id, thread_id, person_id, agent_id, reason, origin) \
    VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// The longest name of the thing itself; the whole reason stands beside it.
const NAME_MAX: usize = 80;

impl Escalations<'_> {
    /// Newest first. `all` is for those whose role lets them answer in the agent's place.
    pub async fn list(
        &self,
        all: bool,
        status: Option<EscalationStatus>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<Escalation>> {
        let before = super::id_cursor(after, Uuid::max())?;
        let whose = (!all).then_some(self.person);
        let args = (self.group, whose, status.map(EscalationStatus::as_str), before, limit as i64 + 1);
        let found = self.db.all(LIST, args).await?;
        Ok(Page::from_surplus(found, limit, |escalation: &Escalation| escalation.id.to_string()))
    }

    pub async fn of_origin(&self, tx: &mut Tx, origin: ToolCallId) -> Result<Option<Escalation>> {
        tx.opt(BY_ORIGIN, (self.group, origin)).await
    }

    /// What the thread waits for already.
    pub async fn open_of(&self, tx: &mut Tx, thread: ThreadId) -> Result<Option<Escalation>> {
        tx.opt(OPEN_OF, (self.group, thread)).await
    }

    pub async fn insert(&self, tx: &mut Tx, escalation: &Escalation, agent: AgentId, origin: ToolCallId) -> Result<()> {
        let name: String = escalation.reason.chars().take(NAME_MAX).collect();
        tx.exec(INSERT_THING, (escalation.id, self.group, name, escalation.created_at)).await?;
        let args = (self.group, escalation.id, escalation.thread_id, self.person, agent, &escalation.reason, origin);
        tx.exec(INSERT, args).await?;
        Ok(())
    }
}

const OF_THREAD: &str = "SELECT t.id, t.status, e.reason, t.created_at FROM escalations e JOIN things t ON t.group_id = e.group_id AND t.id = e.escalation_id \
    WHERE e.group_id = $1 AND e.thread_id = $2 AND t.status <> 'resolved' ORDER BY t.id DESC LIMIT 1";

/// What the thread waits for. The caller holds a proof for the thread.
pub(super) async fn of_thread(tx: &mut Tx, group: GroupId, thread: ThreadId) -> Result<Option<Handoff>> {
    tx.opt(OF_THREAD, (group, thread)).await
}

impl FromRow for Escalation {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            thread_id: row.get("thread_id")?,
            reason: row.get("reason")?,
            status: row.parse("status", |raw| EscalationStatus::parse(raw).ok_or(()))?,
            person: row.get("person")?,
            agent: row.get("agent")?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl FromRow for Handoff {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            escalation_id: row.get("id")?,
            status: row.parse("status", |raw| EscalationStatus::parse(raw).ok_or(()))?,
            reason: row.get("reason")?,
            created_at: row.get("created_at")?,
        })
    }
}
