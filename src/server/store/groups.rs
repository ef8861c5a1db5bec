//! Groups and who belongs to them.

use super::{
    System,
    db::{Db, FromRow, Row, Run, Tx},
    usage::rebuild,
};
use crate::{
    error::{AppError, Result},
    ids::{ConnectionId, GroupId, PersonId},
    model::{
        Millis,
        group::{Group, Role, Slug},
        person::{Email, Membership, Person},
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

const ROLE: &str = "SELECT role FROM connections WHERE group_id = $1 AND kind = 'member_of' AND from_id = $2";

/// A person's role; `None` where they are no member.
pub async fn role(tx: &mut Tx, group: GroupId, person: PersonId) -> Result<Option<Role>> {
    let rows = tx.rows(ROLE, (group, person)).await?;
    Ok(rows.first().map(|row| row.parse("role", Role::parse)).transpose()?)
}

const OWNERS: &str = "SELECT COUNT(*) AS owners FROM connections WHERE group_id = $1 AND kind = 'member_of' AND role = 'owner'";

pub async fn owners(tx: &mut Tx, group: GroupId) -> Result<i64> {
    let rows = tx.rows(OWNERS, (group,)).await?;
    Ok(rows.first().map(|row| row.get("owners")).transpose()?.unwrap_or_default())
}

/// What a member may know of their group.
pub struct Groups<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

/// A member, as the others see them.
pub struct Fellow {
    pub id: PersonId,
    pub name: String,
    pub role: Role,
}

const PEOPLE: &str = "SELECT p.id, p.name, c.role FROM connections c JOIN people p ON p.id = c.from_id \
    WHERE c.group_id = $1 AND c.kind = 'member_of' ORDER BY LOWER(p.name), p.id LIMIT $2";

const PERSON: &str = "SELECT p.id, p.name, c.role FROM connections c JOIN people p ON p.id = c.from_id \
    WHERE c.group_id = $1 AND c.kind = 'member_of' AND c.from_id = $2";

const APPROVAL_TIME: &str = "SELECT approval_ms FROM groups WHERE id = $1";

const SET_APPROVAL_TIME: &str = "UPDATE groups SET approval_ms = $2 WHERE id = $1";

impl Groups<'_> {
    /// By name.
    pub async fn people(&self, limit: usize) -> Result<Vec<Fellow>> {
        self.db.all(PEOPLE, (self.group, limit as i64)).await
    }

    pub async fn person(&self, tx: &mut Tx, id: PersonId) -> Result<Option<Fellow>> {
        tx.opt(PERSON, (self.group, id)).await
    }

    /// How long an approval may be given, in milliseconds.
    pub async fn approval_time(&self) -> Result<Millis> {
        approval_time(self.db, self.group).await
    }

    /// Why the group's time zone cannot be changed any more; `None` while it can.
    pub async fn zone_fixed(&self) -> Result<Option<&'static str>> {
        rebuild::fixed(self.db, self.group).await
    }

    pub async fn set_approval_time(&self, tx: &mut Tx, time: Millis) -> Result<()> {
        tx.exec(SET_APPROVAL_TIME, (self.group, time)).await?;
        Ok(())
    }
}

pub(super) async fn approval_time(db: impl Run, group: GroupId) -> Result<Millis> {
    let rows = db.rows(APPROVAL_TIME, (group,)).await?;
    Ok(rows.first().ok_or(AppError::NotFound)?.get("approval_ms")?)
}

impl FromRow for Fellow {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { id: row.get("id")?, name: row.get("name")?, role: row.parse("role", Role::parse)? })
    }
}

const MEMBERSHIP: &str = "SELECT g.id, g.slug, g.name, c.role FROM connections c JOIN groups g ON g.id = c.group_id \
    WHERE g.slug = $1 AND c.kind = 'member_of' AND c.from_id = $2";

const MEMBERSHIP_OF: &str = "SELECT p.id AS person_id, p.email, p.name AS person_name, p.created_at, g.id, g.slug, g.name, c.role \
    FROM connections c JOIN groups g ON g.id = c.group_id JOIN people p ON p.id = c.from_id \
    WHERE c.group_id = $1 AND c.kind = 'member_of' AND c.from_id = $2";

const MEMBERSHIPS: &str = "SELECT g.id, g.slug, g.name, c.role FROM connections c JOIN groups g ON g.id = c.group_id \
    WHERE c.kind = 'member_of' AND c.from_id = $1 ORDER BY g.name, g.id LIMIT 200";

const BY_SLUG: &str = "SELECT id, slug, name FROM groups WHERE slug = $1";

const TAKEN: &str = "SELECT slug FROM groups WHERE slug = $1 OR slug LIKE $2 LIMIT 1000";

const ANYTHING: &str = "SELECT id FROM groups UNION ALL SELECT id FROM people LIMIT 1";

impl System<'_> {
    /// The group with this slug, as this person belongs to it.
    pub async fn membership(&self, slug: &Slug, person: PersonId) -> Result<Option<Membership>> {
        self.db.opt(MEMBERSHIP, (slug.as_str(), person)).await
    }

    /// A person of a group with the membership, by ids: for what is done in a member's name while nobody is signed in.
    pub async fn membership_of(&self, group: GroupId, person: PersonId) -> Result<Option<(Person, Membership)>> {
        let rows = self.db.rows(MEMBERSHIP_OF, (group, person)).await?;
        Ok(rows.first().map(belonging).transpose()?)
    }

    pub async fn memberships(&self, person: PersonId) -> Result<Vec<Membership>> {
        self.db.all(MEMBERSHIPS, (person,)).await
    }

    /// Whether there is any group or person.
    pub async fn holds_anything(&self) -> Result<bool> {
        Ok(!self.db.rows(ANYTHING, ()).await?.is_empty())
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

fn belonging(row: &Row) -> sqlx::Result<(Person, Membership)> {
    let person = Person {
        id: row.get("person_id")?,
        email: row.parse("email", Email::parse)?,
        name: row.get("person_name")?,
        created_at: row.get("created_at")?,
    };
    Ok((person, Membership::from_row(row)?))
}

impl FromRow for Membership {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { group: Group::from_row(row)?, role: row.parse("role", Role::parse)? })
    }
}
