//! Sessions: a browser in which somebody is signed in. The table knows only the token's hash.

use super::{
    System,
    db::{FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::PersonId,
    model::{
        Millis,
        group::{Group, Role, Slug},
        person::{Membership, Person, SessionInfo},
    },
};

/// A session as it is checked at each request.
pub struct Session {
    pub person: Person,
    pub seen_at: Millis,
}

const INSERT: &str = "INSERT INTO sessions (token_hash, person_id, device, created_at, seen_at, expires_at) \
    VALUES ($1, $2, $3, $4, $4, $5)";

pub async fn insert(tx: &mut Tx, hash: [u8; 32], person: PersonId, device: &str, now: Millis, expires: Millis) -> Result<()> {
    tx.exec(INSERT, (hash, person, device, now, expires)).await?;
    Ok(())
}

const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";

pub async fn delete(tx: &mut Tx, hash: [u8; 32]) -> Result<()> {
    tx.exec(DELETE, (hash,)).await?;
    Ok(())
}

const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE person_id = $1 AND token_hash <> $2";

/// Ends every session of the person but this one; answers how many.
pub async fn delete_others(tx: &mut Tx, person: PersonId, hash: [u8; 32]) -> Result<u64> {
    tx.exec(DELETE_OTHERS, (person, hash)).await
}

const FIND: &str = "SELECT p.id, p.email, p.name, p.created_at, s.seen_at \
    FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.token_hash = $1 AND s.expires_at > $2";

// One look for what most requests ask: who is signed in, and as what in one group.
const FIND_IN: &str = "SELECT p.id, p.email, p.name, p.created_at, s.seen_at, g.id AS group_id, g.slug, g.name AS group_name, c.role \
    FROM sessions s JOIN people p ON p.id = s.person_id LEFT JOIN groups g ON g.slug = $3 \
    LEFT JOIN connections c ON c.group_id = g.id AND c.kind = 'member_of' AND c.from_id = p.id \
    WHERE s.token_hash = $1 AND s.expires_at > $2";

const TOUCH: &str = "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1";

const LIST: &str = "SELECT token_hash, device, created_at, seen_at FROM sessions \
    WHERE person_id = $1 AND expires_at > $2 ORDER BY seen_at DESC LIMIT 100";

const SWEEP: &str = "DELETE FROM sessions WHERE expires_at <= $1";

impl System<'_> {
    pub async fn session(&self, hash: [u8; 32], now: Millis) -> Result<Option<Session>> {
        self.db.opt(FIND, (hash, now)).await
    }

    /// A session, and its person's membership of the group with this slug, where there is one.
    pub async fn session_in(&self, hash: [u8; 32], now: Millis, slug: &Slug) -> Result<Option<(Session, Option<Membership>)>> {
        let rows = self.db.rows(FIND_IN, (hash, now, slug.as_str())).await?;
        Ok(rows.first().map(|row| Ok::<_, sqlx::Error>((Session::from_row(row)?, membership(row)?))).transpose()?)
    }

    pub async fn touch_session(&self, hash: [u8; 32], now: Millis, expires: Millis) -> Result<()> {
        self.db.exec(TOUCH, (hash, now, expires)).await?;
        Ok(())
    }

    /// Newest use first; `current` marks the one that asks.
    pub async fn sessions(&self, person: PersonId, current: [u8; 32], now: Millis) -> Result<Vec<SessionInfo>> {
        let rows = self.db.rows(LIST, (person, now)).await?;
        Ok(rows.iter().map(|row| info(row, current)).collect::<sqlx::Result<_>>()?)
    }

    pub async fn sweep_sessions(&self, now: Millis) -> Result<u64> {
        self.db.exec(SWEEP, (now,)).await
    }
}

fn info(row: &Row, current: [u8; 32]) -> sqlx::Result<SessionInfo> {
    Ok(SessionInfo {
        device: row.get("device")?,
        created_at: row.get("created_at")?,
        seen_at: row.get("seen_at")?,
        current: row.get::<Vec<u8>>("token_hash")? == current,
    })
}

fn membership(row: &Row) -> sqlx::Result<Option<Membership>> {
    if row.get::<Option<String>>("role")?.is_none() {
        return Ok(None);
    }
    let group = Group { id: row.get("group_id")?, slug: row.parse("slug", Slug::parse)?, name: row.get("group_name")? };
    Ok(Some(Membership { group, role: row.parse("role", Role::parse)? }))
}

impl FromRow for Session {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { person: Person::from_row(row)?, seen_at: row.get("seen_at")? })
    }
}
