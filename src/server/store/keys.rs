//! API keys: a person's way into one group without a browser. The table knows only the key's hash.

use super::{
    System,
    db::{FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::{GroupId, KeyId, PersonId},
    model::{
        Millis,
        person::{Membership, Person},
    },
};

/// Whose key it is, and how that person belongs to the key's group.
pub struct KeyHolder {
    pub key: KeyId,
    pub person: Person,
    pub membership: Membership,
    pub used_at: Option<Millis>,
}

pub struct NewKey<'a> {
    pub id: KeyId,
    pub group: GroupId,
    pub person: PersonId,
    pub hash: [u8; 32],
    pub hint: &'a str,
}

const INSERT: &str = "INSERT INTO api_keys (id, group_id, person_id, hash, hint, created_at) VALUES ($1, $2, $3, $4, $5, $6)";

pub async fn insert(tx: &mut Tx, key: NewKey<'_>, now: Millis) -> Result<()> {
    tx.exec(INSERT, (key.id, key.group, key.person, key.hash, key.hint, now)).await?;
    Ok(())
}

// A key lives only as long as its holder is a member.
const FIND: &str = "SELECT k.id AS key_id, k.used_at, p.id AS person_id, p.email, p.name AS person_name, p.created_at, \
    g.id, g.slug, g.name, c.role \
    FROM api_keys k JOIN people p ON p.id = k.person_id JOIN groups g ON g.id = k.group_id \
    JOIN connections c ON c.group_id = k.group_id AND c.kind = 'member_of' AND c.from_id = k.person_id \
    WHERE k.hash = $1 AND k.revoked_at IS NULL";

const USED: &str = "UPDATE api_keys SET used_at = $2 WHERE id = $1";

impl System<'_> {
    pub async fn key(&self, hash: [u8; 32]) -> Result<Option<KeyHolder>> {
        self.db.opt(FIND, (hash,)).await
    }

    pub async fn key_used(&self, key: KeyId, now: Millis) -> Result<()> {
        self.db.exec(USED, (key, now)).await?;
        Ok(())
    }
}

impl FromRow for KeyHolder {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            key: row.get("key_id")?,
            person: Person {
                id: row.get("person_id")?,
                email: row.parse("email", crate::model::person::Email::parse)?,
                name: row.get("person_name")?,
                created_at: row.get("created_at")?,
            },
            membership: Membership::from_row(row)?,
            used_at: row.get("used_at")?,
        })
    }
}
