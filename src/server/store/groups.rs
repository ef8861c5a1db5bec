//! Groups and who belongs to them.

use super::{
    System,
    db::{FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::{ConnectionId, GroupId, PersonId},
    model::{
        Millis,
        group::{Group, Role, Slug},
        person::Membership,
    },
};

const INSERT: &str = "INSERT INTO groups (id, slug, name, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (slug) DO NOTHING";

/// Answers whether the slug was free.
pub async fn insert(tx: &mut Tx, group: &Group, now: Millis) -> Result<bool> {
    Ok(tx.exec(INSERT, (group.id, group.slug.as_str(), &group.name, now)).await? == 1)
}

const JOIN: &str = "INSERT INTO connections (id, group_id, kind, from_id, to_id, role, created_at) \
    VALUES ($1, $2, 'member_of', $3, $4, $5, $6) \
    ON CONFLICT (group_id, kind, from_id, to_id) DO UPDATE SET role = excluded.role";

/// Makes a person a member, or changes the role of one.
pub async fn join(tx: &mut Tx, id: ConnectionId, group: GroupId, person: PersonId, role: Role, now: Millis) -> Result<()> {
    tx.exec(JOIN, (id, group, person, group.uuid(), role.as_str(), now)).await?;
    Ok(())
}

const MEMBERSHIP: &str = "SELECT g.id, g.slug, g.name, c.role FROM connections c JOIN groups g ON g.id = c.group_id \
    WHERE g.slug = $1 AND c.kind = 'member_of' AND c.from_id = $2";

const MEMBERSHIPS: &str = "SELECT g.id, g.slug, g.name, c.role FROM connections c JOIN groups g ON g.id = c.group_id \
    WHERE c.kind = 'member_of' AND c.from_id = $1 ORDER BY g.name, g.id LIMIT 200";

const BY_SLUG: &str = "SELECT id, slug, name FROM groups WHERE slug = $1";

const TAKEN: &str = "SELECT slug FROM groups WHERE slug = $1 OR slug LIKE $2 LIMIT 1000";

impl System<'_> {
    /// The group with this slug, as this person belongs to it.
    pub async fn membership(&self, slug: &Slug, person: PersonId) -> Result<Option<Membership>> {
        self.db.opt(MEMBERSHIP, (slug.as_str(), person)).await
    }

    pub async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>> {
        self.db.all(MEMBERSHIPS, (person,)).await
    }

    pub async fn group(&self, slug: &Slug) -> Result<Option<Group>> {
        self.db.opt(BY_SLUG, (slug.as_str(),)).await
    }

    /// The slugs that equal `base` or begin with it and a hyphen.
    pub async fn slugs_like(&self, base: &Slug) -> Result<Vec<String>> {
        let rows = self.db.rows(TAKEN, (base.as_str(), format!("{base}-%"))).await?;
        Ok(rows.iter().map(|row| row.get("slug")).collect::<sqlx::Result<_>>()?)
    }
}

impl FromRow for Group {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.get("id")?, slug: row.parse("slug", Slug::parse)?, name: row.get("name")? })
    }
}

impl FromRow for Membership {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { group: Group::from_row(row)?, role: row.parse("role", Role::parse)? })
    }
}
