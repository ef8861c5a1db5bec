//! Queries with the documents that they should find.

use super::db::{Db, FromRow, Row, Run, Tx};
use crate::{
    error::Result,
    ids::{DocumentId, GroupId, PersonId, RetrievalCheckId},
    model::{
        Millis,
        retrieval::{CheckResult, Expected, RetrievalCheck},
    },
};
use std::collections::HashMap;

pub struct RetrievalChecks<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

const LIST: &str = "SELECT id, query, expected, ndcg, recall, tried_at FROM retrieval_checks WHERE group_id = $1 ORDER BY id";

const TITLES: &str = "SELECT d.id, d.title FROM documents d WHERE d.group_id = $1 AND LOWER(HEX(d.id)) IN (SELECT REPLACE(value, '-', '') FROM json_each($2))";

const INSERT: &str =
    "INSERT INTO retrieval_checks (id, group_id, query, expected, created_by, created_at) VALUES ($1, $2, $3, $4, $5, $6)";

const KEEP: &str = "UPDATE retrieval_checks SET ndcg = $3, recall = $4, tried_at = $5 WHERE group_id = $1 AND id = $2";

const DELETE: &str = "DELETE FROM retrieval_checks WHERE group_id = $1 AND id = $2";

impl RetrievalChecks<'_> {
    /// Oldest first.
    pub async fn list(&self) -> Result<Vec<RetrievalCheck>> {
        let stored: Vec<Stored> = self.db.all(LIST, (self.group,)).await?;
        let ids: Vec<DocumentId> = stored.iter().flat_map(|one| one.expected.iter().copied()).collect();
        let titles = self.titles(&ids).await?;
        let named = |id: DocumentId| Expected { id, title: titles.get(&id).cloned() };
        let check = |one: Stored| RetrievalCheck {
            id: one.id,
            query: one.query,
            expected: one.expected.into_iter().map(named).collect(),
            result: one.result,
        };
        Ok(stored.into_iter().map(check).collect())
    }

    /// How many of these are documents of the group.
    pub async fn documents(&self, ids: &[DocumentId]) -> Result<usize> {
        Ok(self.titles(ids).await?.len())
    }

    async fn titles(&self, ids: &[DocumentId]) -> Result<HashMap<DocumentId, String>> {
        let rows = self.db.rows(TITLES, (self.group, super::json(&ids)?)).await?;
        Ok(rows.iter().map(|row| Ok((row.get("id")?, row.get("title")?))).collect::<sqlx::Result<_>>()?)
    }

    pub async fn insert(
        &self,
        tx: &mut Tx,
        id: RetrievalCheckId,
        query: &str,
        expected: &[DocumentId],
        now: Millis,
    ) -> Result<()> {
        tx.exec(INSERT, (id, self.group, query, super::json(&expected)?, self.person, now)).await?;
        Ok(())
    }

    pub async fn keep(&self, tx: &mut Tx, id: RetrievalCheckId, result: CheckResult) -> Result<()> {
        tx.later(KEEP, (self.group, id, result.ndcg, result.recall, result.tried_at));
        Ok(())
    }

    /// Whether it was there.
    pub async fn delete(&self, tx: &mut Tx, id: RetrievalCheckId) -> Result<bool> {
        Ok(tx.exec(DELETE, (self.group, id)).await? > 0)
    }
}

struct Stored {
    id: RetrievalCheckId,
    query: String,
    expected: Vec<DocumentId>,
    result: Option<CheckResult>,
}

impl FromRow for Stored {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let (ndcg, recall, tried_at) = (row.get::<Option<f64>>("ndcg")?, row.get::<Option<f64>>("recall")?, row.get("tried_at")?);
        let result = ndcg.zip(recall).zip(tried_at).map(|((ndcg, recall), tried_at)| CheckResult { ndcg, recall, tried_at });
        Ok(Self { id: row.get("id")?, query: row.get("query")?, expected: row.json("expected")?, result })
    }
}
