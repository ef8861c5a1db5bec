//! Tool sources. Their secrets are encrypted before they come here.

use super::{
    bind::Chain,
    db::{Db, FromRow, Row, Run, Tx},
};
use crate::{
    error::{AppError, Result},
    ids::{GroupId, PersonId, ToolSourceId},
    model::{
        Millis,
        tool_source::{SecretCarrier, SecretPlace, SourceKind},
    },
    server::tool_sources::known::KnownTool,
};

pub struct ToolSources<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// A source with all that its tools need, but for the document that they were made from.
#[derive(Debug, Clone)]
pub struct Stored {
    pub id: ToolSourceId,
    pub group: GroupId,
    pub kind: SourceKind,
    pub name: String,
    pub url: String,
    pub secret: Option<SealedSecret>,
    pub tools: Vec<KnownTool>,
    pub error: Option<String>,
    pub version: i64,
    pub checked_at: Millis,
}

/// A secret that only the server's key opens.
#[derive(Debug, Clone)]
pub struct SealedSecret {
    pub carrier: SecretCarrier,
    pub sealed: Vec<u8>,
}

const LIST: &str = "SELECT id, group_id, kind, name, url, header, secret, secret_place, tools, error, version, checked_at FROM tool_sources \
    WHERE group_id = $1 ORDER BY name LIMIT 100";

const GET: &str = "SELECT id, group_id, kind, name, url, header, secret, secret_place, tools, error, version, checked_at FROM tool_sources \
    WHERE group_id = $1 AND id = $2";

const DOCUMENT: &str = "SELECT document FROM tool_sources WHERE group_id = $1 AND id = $2";

const INSERT: &str = "INSERT INTO tool_sources \
    (id, group_id, kind, name, url, document, header, secret, secret_place, tools, version, checked_at, created_at, created_by) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12, $13) ON CONFLICT (group_id, name) DO NOTHING";

const SET_TOOLS: &str = "UPDATE tool_sources SET tools = $3, error = $4, version = version + 1, checked_at = $5 \
    WHERE group_id = $1 AND id = $2";

const SET_ERROR: &str = "UPDATE tool_sources SET error = $3, checked_at = $4 WHERE group_id = $1 AND id = $2";

const SET_SECRET: &str = "UPDATE tool_sources SET header = $3, secret = $4, secret_place = $5, version = version + 1 \
    WHERE group_id = $1 AND id = $2";

const SET_DOCUMENT: &str = "UPDATE tool_sources SET document = $3 WHERE group_id = $1 AND id = $2";

const DELETE: &str = "DELETE FROM tool_sources WHERE group_id = $1 AND id = $2";

impl ToolSources<'_> {
    /// By name.
    pub async fn list(&self) -> Result<Vec<Stored>> {
        self.db.all(LIST, (self.group,)).await
    }

    pub async fn get(&self, id: ToolSourceId) -> Result<Stored> {
        self.db.opt(GET, (self.group, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn in_tx(&self, tx: &mut Tx, id: ToolSourceId) -> Result<Stored> {
        tx.opt(GET, (self.group, id)).await?.ok_or(AppError::NotFound)
    }

    pub async fn document(&self, id: ToolSourceId) -> Result<String> {
        let rows = self.db.rows(DOCUMENT, (self.group, id)).await?;
        let row = rows.first().ok_or(AppError::NotFound)?;
        Ok(row.get::<Option<String>>("document")?.unwrap_or_default())
    }

    /// Answers whether the name was free.
    pub async fn insert(&self, tx: &mut Tx, source: &Stored, document: Option<&str>, by: PersonId) -> Result<bool> {
        let (name, sealed, place) = split(source.secret.as_ref());
        let what = (source.id, self.group, source.kind.as_str(), &source.name, &source.url, document);
        let rest = (name, sealed, place, super::json(&source.tools)?, source.version, source.checked_at, by);
        Ok(tx.exec(INSERT, Chain(what, rest)).await? == 1)
    }

    /// Writes the tools of `source`, when they were looked at, and whether that failed.
    pub async fn set_tools(&self, tx: &mut Tx, source: &Stored) -> Result<()> {
        let args = (self.group, source.id, super::json(&source.tools)?, source.error.as_ref(), source.checked_at);
        tx.exec(SET_TOOLS, args).await?;
        Ok(())
    }

    pub async fn set_error(&self, tx: &mut Tx, id: ToolSourceId, error: &str, now: Millis) -> Result<()> {
        tx.exec(SET_ERROR, (self.group, id, error, now)).await?;
        Ok(())
    }

    pub async fn set_secret(&self, tx: &mut Tx, id: ToolSourceId, secret: Option<&SealedSecret>) -> Result<()> {
        let (name, sealed, place) = split(secret);
        tx.exec(SET_SECRET, (self.group, id, name, sealed, place)).await?;
        Ok(())
    }

    pub async fn set_document(&self, tx: &mut Tx, id: ToolSourceId, document: &str) -> Result<()> {
        tx.exec(SET_DOCUMENT, (self.group, id, document)).await?;
        Ok(())
    }

    pub async fn delete(&self, tx: &mut Tx, id: ToolSourceId) -> Result<()> {
        tx.exec(DELETE, (self.group, id)).await?;
        Ok(())
    }
}

fn split(secret: Option<&SealedSecret>) -> (Option<String>, Option<Vec<u8>>, &'static str) {
    let place = secret.map(|secret| secret.carrier.place).unwrap_or_default();
    let (name, sealed) = secret.map(|secret| (secret.carrier.name.clone(), secret.sealed.clone())).unzip();
    (name, sealed, place.as_str())
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let name: Option<String> = row.get("header")?;
        let place = row.parse("secret_place", SecretPlace::parse)?;
        let sealed: Option<Vec<u8>> = row.get("secret")?;
        Ok(Self {
            id: row.get("id")?,
            group: row.get("group_id")?,
            kind: row.parse("kind", SourceKind::parse)?,
            name: row.get("name")?,
            url: row.get("url")?,
            secret: name.zip(sealed).map(|(name, sealed)| SealedSecret { carrier: SecretCarrier { place, name }, sealed }),
            tools: row.json("tools")?,
            error: row.get("error")?,
            version: row.get("version")?,
            checked_at: row.get("checked_at")?,
        })
    }
}
