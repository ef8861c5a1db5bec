//! SQL, and nothing but SQL: one noun per file. Every tenant query takes a proof: a [`Member`], or the [`Lease`] of a
//! run. What concerns the whole server goes through [`Store::system`], and each use says why.

pub mod agents;
pub mod audit;
pub mod bind;
pub mod buckets;
pub mod budgets;
pub mod calls;
pub mod chunks;
mod connections;
pub mod db;
pub mod documents;
pub mod embeddings;
pub mod escalations;
pub mod groups;
pub mod history;
pub mod journal;
pub mod keys;
mod later;
pub mod messages;
pub mod passages;
pub mod people;
pub mod plans;
mod postings;
pub mod prices;
pub mod retrieval_checks;
pub mod row;
pub mod runs;
pub mod sessions;
pub mod statements;
pub mod streams;
pub mod tasks;
mod texts;
pub mod threads;
mod titles;
pub mod tool_calls;
pub mod tool_sources;
pub mod turns;
pub mod usage;
pub mod versions;
pub mod webhooks;

use crate::{
    error::{AppError, Result},
    ids::{GroupId, PersonId},
    model::text::folded,
    server::{clock::Clock, member::Member, runs::lease::Lease},
};
use db::{Db, Tx};
use std::path::Path;
use uuid::Uuid;

/// The database. Its nouns are reached through proofs: `store.threads(&member)`, `store.turn(&lease)`.
#[derive(Clone)]
pub struct Store {
    db: Db,
    clock: Clock,
    tariffs: prices::Tariffs,
}

impl Store {
    pub async fn open(file: &Path, clock: Clock) -> Result<Self> {
        let db = Db::open(file).await?;
        titles::fold(&db).await?;
        texts::take_over(&db).await?;
        Ok(Self { db, clock, tariffs: prices::Tariffs::default() })
    }

    pub async fn begin(&self) -> Result<Tx> {
        self.db.begin().await
    }

    /// For what is read outside of a transaction.
    pub fn look(&self) -> db::Look<'_> {
        db::Look::Now(&self.db)
    }

    pub async fn close(&self) {
        self.db.close().await;
    }

    pub fn agents(&self, member: &Member) -> agents::Agents<'_> {
        agents::Agents { db: &self.db, group: member.group_id() }
    }

    pub fn groups(&self, member: &Member) -> groups::Groups<'_> {
        groups::Groups { db: &self.db, group: member.group_id() }
    }

    pub fn documents(&self, member: &Member) -> documents::Documents<'_> {
        documents::Documents { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    /// What full text knows of the group's passages.
    pub fn postings(&self, member: &Member) -> postings::Postings<'_> {
        postings::Postings { db: &self.db, group: member.group_id() }
    }

    /// The vectors of the group's passages.
    pub fn embeddings(&self, member: &Member) -> embeddings::Embeddings<'_> {
        embeddings::Embeddings { db: &self.db, group: member.group_id() }
    }

    /// The passages of the versions that serve.
    pub fn passages(&self, member: &Member) -> passages::Passages<'_> {
        passages::Passages { db: &self.db, group: member.group_id() }
    }

    /// Only admins try queries; whoever changes checks shows that they are one.
    pub fn retrieval_checks(&self, member: &Member) -> retrieval_checks::RetrievalChecks<'_> {
        retrieval_checks::RetrievalChecks { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    pub fn tasks(&self, member: &Member) -> tasks::Tasks<'_> {
        tasks::Tasks { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    pub fn escalations(&self, member: &Member) -> escalations::Escalations<'_> {
        escalations::Escalations { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    /// Calls of tools in the member's own threads, to be approved or denied.
    pub fn tool_calls(&self, member: &Member) -> tool_calls::ToolCalls<'_> {
        tool_calls::ToolCalls { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    /// Every member's agents use what the sources bring; only admins are shown and change them.
    pub fn tool_sources(&self, member: &Member) -> tool_sources::ToolSources<'_> {
        tool_sources::ToolSources { db: &self.db, group: member.group_id() }
    }

    /// Only admins are shown and change them; everybody's use counts in them.
    pub fn budgets(&self, member: &Member) -> budgets::Budgets<'_> {
        budgets::Budgets { db: &self.db, group: member.group_id() }
    }

    /// What a member and their group may still send in this minute.
    pub fn buckets(&self, member: &Member) -> buckets::Buckets<'_> {
        buckets::Buckets { db: &self.db, group: member.group_id() }
    }

    /// Only admins are shown and change where their group's alerts are told to.
    pub fn webhooks(&self, member: &Member) -> webhooks::Webhooks<'_> {
        webhooks::Webhooks { db: &self.db, group: member.group_id() }
    }

    pub fn threads(&self, member: &Member) -> threads::Threads<'_> {
        threads::Threads { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    pub fn messages(&self, member: &Member) -> messages::Messages<'_> {
        messages::Messages { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    pub fn runs(&self, member: &Member) -> runs::Runs<'_> {
        runs::Runs { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    /// Every member may know what models cost; owners decide it.
    pub fn prices(&self, member: &Member) -> prices::Prices<'_> {
        prices::Prices { db: &self.db, tariffs: &self.tariffs, group: member.group_id(), person: member.person_id() }
    }

    pub fn streams(&self, member: &Member) -> streams::Streams<'_> {
        streams::Streams { db: &self.db, group: member.group_id() }
    }

    /// What a demo makes up.
    pub fn history(&self, member: &Member) -> history::History {
        history::History { group: member.group_id() }
    }

    /// What was spent: for those who manage the group by everybody, for each other member by themselves.
    pub fn usage(&self, member: &Member) -> usage::Usage<'_> {
        let only = (!member.role().manages()).then(|| member.person_id());
        usage::Usage { db: &self.db, group: member.group_id(), only }
    }

    /// The group's closed months and its providers' totals. Callers ask for those who manage the group.
    pub fn statements(&self, member: &Member) -> statements::Statements<'_> {
        statements::Statements { db: &self.db, group: member.group_id(), person: member.person_id() }
    }

    /// What the task that drives a run may read and write: its own thread, while it holds the lease.
    pub fn turn<'a>(&'a self, lease: &'a Lease) -> turns::Turn<'a> {
        turns::Turn { db: &self.db, lease }
    }

    /// What belongs to no group, or to all: people, sessions, keys, recovery. Each caller says why it needs it.
    pub fn system(&self) -> System<'_> {
        System { db: &self.db, tariffs: &self.tariffs }
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }
}

/// Statements without a tenant.
#[derive(Clone, Copy)]
pub struct System<'a> {
    db: &'a Db,
    tariffs: &'a prices::Tariffs,
}

/// Who did it, for the audit log.
#[derive(Debug, Clone, Copy, Default)]
pub struct Actor {
    pub group: Option<GroupId>,
    pub person: Option<PersonId>,
}

impl Actor {
    pub fn member(member: &Member) -> Self {
        Self { group: Some(member.group_id()), person: Some(member.person_id()) }
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(crate::server::failure::internal)
}

/// The LIKE pattern for a text in the middle of a folded one.
fn like(words: &str) -> String {
    let mut pattern = String::from("%");
    for c in folded(words).chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// The id behind which a page begins: the `next` of the page before, or `start`.
fn id_cursor(after: Option<&str>, start: Uuid) -> Result<Uuid> {
    let id = after.map_or(Ok(start), Uuid::try_parse);
    id.map_err(|_| AppError::invalid("after", "This is no cursor of this list. Start again without one."))
}
