//! Versions that wait: for their content, which is at an address, or to be built. Whoever works at one holds it under a
//! lease. Groups take turns, however much each of them has brought.

use super::{Claimed, Job, System};
use crate::{
    error::Result,
    ids::GroupId,
    model::{Millis, document::DocumentKind},
    server::store::{
        db::{FromRow, Row, Run as _},
        documents::Waiting,
    },
};
use uuid::Uuid;

/// What is to be done for a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Work {
    Fetch,
    Build,
}

// The group with the fewest versions in this kind of work is next; of several, the one behind that which was served last.
macro_rules! claim {
    ($status:literal, $waits:literal, $in_work:literal, $may:literal) => {
        concat!(
            "UPDATE document_versions SET status = ",
            $status,
            ", lease_token = $1, lease_until = $2, attempt = attempt + 1 ",
            "WHERE id = (SELECT v.id FROM document_versions v WHERE ",
            $waits,
            " AND v.group_id = (SELECT v.group_id FROM document_versions v WHERE ",
            $waits,
            " GROUP BY v.group_id ",
            $may,
            "ORDER BY (SELECT COUNT(*) FROM document_versions w ",
            "WHERE w.group_id = v.group_id AND w.lease_token IS NOT NULL AND w.status IN (",
            $in_work,
            ")), ",
            "v.group_id <= $3, v.group_id LIMIT 1) ",
            "ORDER BY v.attempt, v.id LIMIT 1)"
        )
    };
}

const CLAIM_TO_BUILD: &str = claim!(
    "CASE WHEN text_bytes IS NULL THEN 'extracting' ELSE 'indexing' END",
    "v.status IN ('queued', 'fetching', 'extracting', 'indexing') AND v.status = 'queued'",
    "'extracting', 'indexing'",
    ""
);

// How much an address brings is not known before: a group at its limit brings nothing more, and may be over it by what is
// just being fetched.
const CLAIM_TO_FETCH: &str = claim!(
    "'fetching'",
    "v.status IN ('queued', 'fetching', 'extracting', 'indexing') AND v.status = 'fetching' AND v.lease_token IS NULL",
    "'fetching'",
    "HAVING (SELECT COALESCE(SUM(w.size), 0) FROM document_versions w \
        WHERE w.status IN ('queued', 'fetching', 'extracting', 'indexing') AND w.group_id = v.group_id) < $4 "
);

const CLAIMED: &str = "SELECT v.id, v.group_id, v.document_id, v.lease_token, v.media_type, v.attempt, \
        v.text_bytes IS NOT NULL AS has_text, v.created_by, v.file_name, v.source_url, d.title \
    FROM document_versions v JOIN documents d ON d.group_id = v.group_id AND d.id = v.document_id \
    WHERE v.lease_token IS NOT NULL AND v.lease_token = $1";

const REQUEUE: &str = "UPDATE document_versions SET status = CASE status WHEN 'fetching' THEN 'fetching' ELSE 'queued' END, \
    lease_token = NULL, lease_until = NULL WHERE lease_token IS NOT NULL AND lease_until < $1";

impl System<'_> {
    /// Puts back what was in work under a lease that ended before `expired`; answers how many.
    pub async fn requeue_versions(&self, expired: Millis) -> Result<u64> {
        self.db.exec(REQUEUE, (expired,)).await
    }

    /// Claims the version that waits longest among those tried least, of the group whose turn it is behind `last`. No
    /// tenant's proof exists here: the row itself says whose it is.
    pub async fn claim_version(&self, work: Work, last: GroupId, token: Uuid, until: Millis) -> Result<Option<Claimed>> {
        let mut tx = self.db.begin().await?;
        match work {
            Work::Fetch => tx.later(CLAIM_TO_FETCH, (token, until, last, Waiting::BYTES_MAX)),
            Work::Build => tx.later(CLAIM_TO_BUILD, (token, until, last)),
        }
        let claimed = tx.opt(CLAIMED, (token,)).await?;
        tx.commit().await?;
        Ok(claimed)
    }
}

impl FromRow for Claimed {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let job = Job {
            group: row.get("group_id")?,
            document: row.get("document_id")?,
            version: row.get("id")?,
            token: row.get("lease_token")?,
        };
        Ok(Self {
            job,
            kind: row.parse("media_type", |raw| DocumentKind::of_media_type(raw).ok_or(()))?,
            title: row.get("title")?,
            file_name: row.get("file_name")?,
            source_url: row.get("source_url")?,
            person: row.get("created_by")?,
            attempt: row.get("attempt")?,
            has_text: row.get("has_text")?,
        })
    }
}
