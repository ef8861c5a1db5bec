//! People, who may belong to several groups.

use super::{
    System,
    db::{FromRow, Row, Run, Tx},
};
use crate::{
    error::Result,
    ids::PersonId,
    model::person::{Email, Person},
};

/// A person with the hash of the password.
pub struct Credentials {
    pub person: Person,
    pub password_hash: String,
}

const INSERT: &str = "INSERT INTO people (id, email, name, password_hash, created_at) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (email) DO NOTHING";

/// Answers whether the address was free.
pub async fn insert(tx: &mut Tx, person: &Person, password_hash: &str) -> Result<bool> {
    let args = (person.id, person.email.as_str(), &person.name, password_hash, person.created_at);
    Ok(tx.exec(INSERT, args).await? == 1)
}

const ANY: &str = "SELECT id, email, name, created_at FROM people LIMIT 1";

/// Whether somebody signed up already, asked inside the transaction that depends on it.
pub async fn any(tx: &mut Tx) -> Result<bool> {
    Ok(tx.opt::<Person>(ANY, ()).await?.is_some())
}

const SET_PASSWORD: &str = "UPDATE people SET password_hash = $2 WHERE id = $1";

pub async fn set_password(tx: &mut Tx, person: PersonId, hash: &str) -> Result<()> {
    tx.exec(SET_PASSWORD, (person, hash)).await?;
    Ok(())
}

const BY_EMAIL: &str = "SELECT id, email, name, created_at, password_hash FROM people WHERE email = $1";
const BY_ID: &str = "SELECT id, email, name, created_at, password_hash FROM people WHERE id = $1";

impl System<'_> {
    pub async fn any_person(&self) -> Result<bool> {
        Ok(self.db.opt::<Person>(ANY, ()).await?.is_some())
    }

    pub async fn credentials(&self, email: &Email) -> Result<Option<Credentials>> {
        self.db.opt(BY_EMAIL, (email.as_str(),)).await
    }

    pub async fn credentials_of(&self, person: PersonId) -> Result<Option<Credentials>> {
        self.db.opt(BY_ID, (person,)).await
    }
}

impl FromRow for Person {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            email: row.parse("email", Email::parse)?,
            name: row.get("name")?,
            created_at: row.get("created_at")?,
        })
    }
}

impl FromRow for Credentials {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { person: Person::from_row(row)?, password_hash: row.get("password_hash")? })
    }
}
