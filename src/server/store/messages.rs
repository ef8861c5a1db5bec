//! Messages with their parts: pages of them for viewers, and the statements that add them.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::{AppError, Result},
    ids::{GroupId, MessageId, PersonId, ThreadId},
    model::{
        message::{EarlierMessages, Growing, Message, MessageStatus, Part, Role},
        run::RunError,
    },
};
use std::collections::HashMap;

pub struct Messages<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

// Only the messages of the member's own thread.
const BEFORE: &str = "SELECT m.id, m.run_id, m.role, m.status, m.agent_id, m.author, m.opened_seq, m.error, m.created_at, m.finished_at \
    FROM messages m JOIN threads t ON t.group_id = m.group_id AND t.id = m.thread_id \
    WHERE m.group_id = $1 AND m.thread_id = $2 AND t.person_id = $3 AND m.opened_seq < $4 ORDER BY m.opened_seq DESC LIMIT $5";

const OWNED: &str = "SELECT id FROM threads WHERE group_id = $1 AND person_id = $2 AND id = $3";

impl Messages<'_> {
    /// Up to `limit` messages before the place `seq`, oldest first.
    pub async fn before(&self, thread: ThreadId, seq: i64, limit: usize) -> Result<EarlierMessages> {
        let mut tx = self.db.begin_read().await?;
        if tx.rows(OWNED, (self.group, self.person, thread)).await?.is_empty() {
            return Err(AppError::NotFound);
        }
        let args = (self.group, thread, self.person, seq, limit as i64 + 1);
        let rows = tx.all(BEFORE, args).await?;
        assemble(&mut tx, self.group, thread, rows, limit).await
    }
}

impl Messages<'_> {
    /// The newest messages that a model may be given, oldest first.
    pub async fn context(&self, thread: ThreadId, limit: usize) -> Result<Vec<Message>> {
        if self.db.rows(OWNED, (self.group, self.person, thread)).await?.is_empty() {
            return Err(AppError::NotFound);
        }
        super::turns::context(self.db, self.group, thread, i64::MAX, limit).await
    }
}

const NEWEST: &str = "SELECT m.id, m.run_id, m.role, m.status, m.agent_id, m.author, m.opened_seq, m.error, m.created_at, m.finished_at \
    FROM messages m WHERE m.group_id = $1 AND m.thread_id = $2 ORDER BY m.opened_seq DESC LIMIT CAST($3 AS BIGINT)";

/// The newest messages, oldest first. The caller holds a proof for the thread.
pub(super) async fn newest(tx: &mut Tx, group: GroupId, thread: ThreadId, limit: usize) -> Result<EarlierMessages> {
    let rows = tx.all(NEWEST, (group, thread, limit as i64 + 1)).await?;
    assemble(tx, group, thread, rows, limit).await
}

const PARTS: &str = "SELECT p.message_id, p.kind, p.text, p.json FROM messages m JOIN parts p ON p.message_id = m.id \
    WHERE m.group_id = $1 AND m.thread_id = $2 AND m.opened_seq BETWEEN $3 AND $4 ORDER BY p.message_id, p.idx";

/// Rows that are newest first, with one surplus where there are more, become messages with parts, oldest first.
pub(super) async fn assemble(
    tx: &mut Tx,
    group: GroupId,
    thread: ThreadId,
    mut rows: Vec<Message>,
    limit: usize,
) -> Result<EarlierMessages> {
    let earlier = rows.len() > limit;
    rows.truncate(limit);
    rows.reverse();
    let (Some(first), Some(last)) = (rows.first(), rows.last()) else {
        return Ok(EarlierMessages { messages: rows, earlier });
    };
    let parts: Vec<MessagePart> = tx.all(PARTS, (group, thread, first.seq, last.seq)).await?;
    let mut by_message: HashMap<MessageId, Vec<Part>> = HashMap::new();
    for MessagePart { message, part } in parts {
        by_message.entry(message).or_default().push(part);
    }
    for message in &mut rows {
        message.parts = by_message.remove(&message.id).unwrap_or_default();
    }
    Ok(EarlierMessages { messages: rows, earlier })
}

/// Rows of messages joined with their parts, a message's rows in a row.
pub(super) fn with_parts(rows: &[Row]) -> sqlx::Result<Vec<Message>> {
    let mut messages: Vec<Message> = Vec::new();
    for row in rows {
        let id = row.get("id")?;
        if messages.last().is_none_or(|last| last.id != id) {
            messages.push(Message::from_row(row)?);
        }
        if let (Some(message), Some(_)) = (messages.last_mut(), row.get::<Option<MessageId>>("message_id")?) {
            message.parts.push(MessagePart::from_row(row)?.part);
        }
    }
    Ok(messages)
}

const INSERT: &str = "INSERT INTO messages (id, group_id, thread_id, run_id, role, status, agent_id, author, opened_seq, superseded, created_at, finished_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, FALSE, $10, $11)";

const INSERT_PART: &str =
    "INSERT INTO parts (message_id, idx, group_id, thread_id, kind, text, json) VALUES ($1, $2, $3, $4, $5, $6, $7)";

/// Adds a message with the parts that it has already.
pub(super) async fn insert(tx: &mut Tx, group: GroupId, thread: ThreadId, message: &Message) -> Result<()> {
    let (role, status) = (message.role.as_str(), message.status.as_str());
    let args = (
        message.id,
        group,
        thread,
        message.run_id,
        role,
        status,
        message.agent_id,
        &message.author,
        message.seq,
        message.created_at,
        message.finished_at,
    );
    tx.later(INSERT, args);
    for (index, part) in message.parts.iter().enumerate() {
        insert_part(tx, group, thread, message.id, index, part).await?;
    }
    Ok(())
}

pub(super) async fn insert_part(
    tx: &mut Tx,
    group: GroupId,
    thread: ThreadId,
    message: MessageId,
    index: usize,
    part: &Part,
) -> Result<()> {
    let (kind, text, json) = columns(part)?;
    tx.later(INSERT_PART, (message, index as i64, group, thread, kind, text, json));
    Ok(())
}

/// How a part stands in its row: growing kinds in `text`, everything else as JSON.
fn columns(part: &Part) -> Result<(&'static str, &str, Option<String>)> {
    let kind = match part {
        Part::Text { text } => return Ok((Growing::Text.as_str(), text, None)),
        Part::Reasoning { text } => return Ok((Growing::Reasoning.as_str(), text, None)),
        Part::ToolCall(_) => "tool_call",
        Part::ToolResult { .. } => "tool_result",
        Part::Source { .. } => "source",
        Part::File { .. } => "file",
        Part::Error { .. } => "error",
    };
    Ok((kind, "", Some(super::json(part)?)))
}

pub(super) struct MessagePart {
    pub message: MessageId,
    pub part: Part,
}

impl FromRow for MessagePart {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let text = || row.get::<String>("text");
        let part = match row.get::<String>("kind")?.as_str() {
            "text" => Part::Text { text: text()? },
            "reasoning" => Part::Reasoning { text: text()? },
            _ => row.json("json")?,
        };
        Ok(Self { message: row.get("message_id")?, part })
    }
}

impl FromRow for Message {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            run_id: row.get("run_id")?,
            role: row.parse("role", |raw| Role::parse(raw).ok_or(()))?,
            status: row.parse("status", |raw| MessageStatus::parse(raw).ok_or(()))?,
            parts: Vec::new(),
            agent_id: row.get("agent_id")?,
            author: row.get("author")?,
            seq: row.get("opened_seq")?,
            error: row.json_opt::<RunError>("error")?,
            created_at: row.get("created_at")?,
            finished_at: row.get("finished_at")?,
        })
    }
}
