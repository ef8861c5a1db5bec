//! Titles from before they were kept as searches compare them.

use super::db::{Db, FromRow, Row, Run as _};
use crate::{error::Result, ids::GroupId, model::text::folded};
use uuid::Uuid;

const THREADS: &str = "SELECT group_id, id, title FROM threads WHERE title_folded IS NULL LIMIT 1000";

const FOLD_THREAD: &str = "UPDATE threads SET title_folded = $3 WHERE group_id = $1 AND id = $2";

const DOCUMENTS: &str = "SELECT group_id, id, title FROM documents WHERE title_folded IS NULL LIMIT 1000";

const FOLD_DOCUMENT: &str = "UPDATE documents SET title_folded = $3 WHERE group_id = $1 AND id = $2";

struct Titled {
    group: GroupId,
    id: Uuid,
    title: String,
}

/// Folds what no statement of the engine could. It finds nothing from the second start on.
pub async fn fold(db: &Db) -> Result<()> {
    for (unfolded, fold) in [(THREADS, FOLD_THREAD), (DOCUMENTS, FOLD_DOCUMENT)] {
        loop {
            let mut tx = db.begin().await?;
            let some: Vec<Titled> = tx.all(unfolded, ()).await?;
            for Titled { group, id, title } in &some {
                tx.later(fold, (*group, *id, folded(title)));
            }
            tx.commit().await?;
            if some.is_empty() {
                break;
            }
        }
    }
    Ok(())
}

impl FromRow for Titled {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { group: row.get("group_id")?, id: row.get("id")?, title: row.get("title")? })
    }
}
