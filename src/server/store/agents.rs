//! Agents: things of a group, with every version that was saved.

use super::{
    bind::Chain,
    db::{Db, FromRow, Row, Run, Tx},
};
use crate::{
    error::{AppError, Result},
    ids::{AgentId, GroupId, PersonId},
    model::{
        Millis,
        agent::{Agent, AgentDraft, AgentStatus, AgentVersion},
        page::Page,
    },
};
use uuid::Uuid;

pub struct Agents<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

const GET: &str = "SELECT t.id, t.status, t.version, t.created_at, t.updated_at, v.name, v.provider, v.model, v.instructions, v.tools, v.ask_first, v.look_first, v.limits \
    FROM things t JOIN agent_versions v ON v.group_id = t.group_id AND v.agent_id = t.id AND v.version = t.version \
    WHERE t.group_id = $1 AND t.id = $2 AND t.kind = 'agent'";

const LIST: &str = "SELECT t.id, t.status, t.version, t.created_at, t.updated_at, v.name, v.provider, v.model, v.instructions, v.tools, v.ask_first, v.look_first, v.limits \
    FROM things t JOIN agent_versions v ON v.group_id = t.group_id AND v.agent_id = t.id AND v.version = t.version \
    WHERE t.group_id = $1 AND t.kind = 'agent' AND t.status = $2 AND (LOWER(t.name), t.id) > ($3, $4) \
    ORDER BY LOWER(t.name), t.id LIMIT $5";

/// The most agents that a page shows at once.
const LIST_MAX: usize = 500;

const VERSIONS: &str = "SELECT v.version, v.provider, v.model, p.name AS saved_by, v.saved_at \
    FROM agent_versions v LEFT JOIN people p ON p.id = v.saved_by \
    WHERE v.group_id = $1 AND v.agent_id = $2 ORDER BY v.version DESC LIMIT 100";

impl Agents<'_> {
    pub async fn find(&self, id: AgentId) -> Result<Option<Agent>> {
        self.db.opt(GET, (self.group, id)).await
    }

    pub async fn get(&self, id: AgentId) -> Result<Agent> {
        self.find(id).await?.ok_or(AppError::NotFound)
    }

    pub async fn list(&self, status: AgentStatus) -> Result<Vec<Agent>> {
        Ok(self.page(status, None, LIST_MAX).await?.items)
    }

    /// By name. `after` is the `next` of the page before; one that cannot be read is a mistake of the caller.
    pub async fn page(&self, status: AgentStatus, after: Option<&str>, limit: usize) -> Result<Page<Agent>> {
        let (id, name) = after.map_or(Ok((Uuid::nil(), "")), read_cursor)?;
        let args = (self.group, status.as_str(), name, id, limit as i64 + 1);
        let agents = self.db.all(LIST, args).await?;
        Ok(Page::from_surplus(agents, limit, |agent: &Agent| format!("{}.{}", agent.id, agent.draft.name.to_ascii_lowercase())))
    }

    /// Newest first; `NotFound` for an agent of another group.
    pub async fn versions(&self, id: AgentId) -> Result<Vec<AgentVersion>> {
        let versions: Vec<AgentVersion> = self.db.all(VERSIONS, (self.group, id)).await?;
        if versions.is_empty() { Err(AppError::NotFound) } else { Ok(versions) }
    }

    /// The agent as the transaction sees it.
    pub async fn in_tx(&self, tx: &mut Tx, id: AgentId) -> Result<Agent> {
        tx.opt(GET, (self.group, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn insert(&self, tx: &mut Tx, agent: &Agent, by: Option<PersonId>) -> Result<()> {
        insert(tx, self.group, agent, by).await
    }

    /// Saves `draft` as the version after `from`; answers false where somebody saved since.
    pub async fn save(&self, tx: &mut Tx, id: AgentId, from: i64, draft: &AgentDraft, by: PersonId, now: Millis) -> Result<bool> {
        if tx.exec(ADVANCE, (self.group, id, from, &draft.name, now)).await? == 0 {
            return Ok(false);
        }
        add_version(tx, self.group, id, from + 1, draft, Some(by), now).await?;
        Ok(true)
    }

    pub async fn set_status(&self, tx: &mut Tx, id: AgentId, status: AgentStatus, now: Millis) -> Result<bool> {
        Ok(tx.exec(SET_STATUS, (self.group, id, status.as_str(), now)).await? == 1)
    }
}

const ADVANCE: &str = "UPDATE things SET version = version + 1, name = $4, updated_at = $5 \
    WHERE group_id = $1 AND id = $2 AND version = $3 AND kind = 'agent'";

const SET_STATUS: &str = "UPDATE things SET status = $3, updated_at = $4 WHERE group_id = $1 AND id = $2 AND kind = 'agent'";

const INSERT: &str = "INSERT INTO things (id, group_id, kind, name, status, version, created_at, updated_at) \
    VALUES ($1, $2, 'agent', $3, $4, $5, $6, $6)";

const INSERT_VERSION: &str = "INSERT INTO agent_versions (group_id, agent_id, version, name, provider, model, instructions, tools, ask_first, look_first, limits, saved_by, saved_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";

/// For a group that was just made, nobody is a member yet: that is why this one takes the group itself.
pub(in crate::server) async fn insert(tx: &mut Tx, group: GroupId, agent: &Agent, by: Option<PersonId>) -> Result<()> {
    let args = (agent.id, group, &agent.draft.name, agent.status.as_str(), agent.version, agent.created_at);
    tx.exec(INSERT, args).await?;
    add_version(tx, group, agent.id, agent.version, &agent.draft, by, agent.created_at).await
}

async fn add_version(
    tx: &mut Tx,
    group: GroupId,
    id: AgentId,
    version: i64,
    draft: &AgentDraft,
    by: Option<PersonId>,
    now: Millis,
) -> Result<()> {
    let (tools, ask_first, limits) = (super::json(&draft.tools)?, super::json(&draft.ask_first)?, super::json(&draft.limits)?);
    let what = (&draft.name, &draft.provider, &draft.model, &draft.instructions, tools, ask_first, draft.look_first, limits);
    let args = Chain((group, id, version), Chain(what, (by, now)));
    tx.exec(INSERT_VERSION, args).await?;
    Ok(())
}

/// The place behind an agent: its id, and its name as the database lowers it (ASCII letters only).
fn read_cursor(cursor: &str) -> Result<(Uuid, &str)> {
    let parts = cursor.split_once('.').and_then(|(id, name)| Some((Uuid::try_parse(id).ok()?, name)));
    parts.ok_or_else(|| AppError::invalid("after", "This is no cursor of this list. Start again without one."))
}

impl FromRow for Agent {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            status: row.parse("status", AgentStatus::parse)?,
            version: row.get("version")?,
            draft: AgentDraft::from_row(row)?,
            created_at: row.get("created_at")?,
            updated_at: row.get("updated_at")?,
        })
    }
}

impl FromRow for AgentDraft {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            name: row.get("name")?,
            provider: row.get("provider")?,
            model: row.get("model")?,
            instructions: row.get("instructions")?,
            tools: row.json("tools")?,
            ask_first: row.json("ask_first")?,
            look_first: row.get("look_first")?,
            limits: row.json("limits")?,
        })
    }
}

impl FromRow for AgentVersion {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            version: row.get("version")?,
            provider: row.get("provider")?,
            model: row.get("model")?,
            saved_by: row.get("saved_by")?,
            saved_at: row.get("saved_at")?,
        })
    }
}
