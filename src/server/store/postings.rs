//! The lists of full text. A group's are found by its id, which stands first in their key.
//!
//! Lists of words go in and come out as one statement, through a JSON argument: SQLite's `json_each` and `unhex` are what
//! another engine would say otherwise.

use super::db::{Db, Run, Tx};
use crate::{
    error::Result,
    ids::GroupId,
    server::knowledge::{
        bm25::{Piece, Totals},
        postings::{self, Indexed},
    },
};
use std::collections::{BTreeMap, HashMap};

pub struct Postings<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

const OF_WORDS: &str = "SELECT word, block, entries FROM postings \
    WHERE group_id = $1 AND word IN (SELECT value FROM json_each($2))";

const TOTALS: &str = "SELECT chunks, words FROM text_totals WHERE group_id = $1";

const APPEND: &str = "INSERT INTO postings (group_id, word, block, entries) SELECT $1, key, $2, unhex(value) FROM json_each($3) \
    WHERE TRUE ON CONFLICT (group_id, word, block) DO UPDATE SET entries = CAST(postings.entries || excluded.entries AS BLOB)";

const IN_BLOCK: &str = "SELECT word, entries FROM postings \
    WHERE group_id = $1 AND block = $2 AND word IN (SELECT value FROM json_each($3))";

const REPLACE: &str = "INSERT INTO postings (group_id, word, block, entries) SELECT $1, key, $2, unhex(value) FROM json_each($3) \
    WHERE TRUE ON CONFLICT (group_id, word, block) DO UPDATE SET entries = excluded.entries";

const DROP_EMPTY: &str = "DELETE FROM postings WHERE group_id = $1 AND block = $2 AND LENGTH(entries) = 0 \
    AND word IN (SELECT key FROM json_each($3))";

const COUNT: &str = "INSERT INTO text_totals (group_id, chunks, words) VALUES ($1, $2, $3) \
    ON CONFLICT (group_id) DO UPDATE SET chunks = text_totals.chunks + excluded.chunks, words = text_totals.words + excluded.words";

impl Postings<'_> {
    /// What the group's lists say of these words; a piece names its word by the place here.
    pub async fn of(&self, words: &[String]) -> Result<Vec<Piece>> {
        let places: HashMap<&str, usize> = words.iter().enumerate().map(|(place, word)| (word.as_str(), place)).collect();
        let rows = self.db.rows(OF_WORDS, (self.group, super::json(&words)?)).await?;
        let mut pieces = Vec::with_capacity(rows.len());
        for row in rows {
            let word: String = row.get("word")?;
            if let Some(word) = places.get(word.as_str()) {
                pieces.push(Piece { word: *word, block: row.get("block")?, entries: row.get("entries")? });
            }
        }
        Ok(pieces)
    }

    pub async fn totals(&self) -> Result<Totals> {
        let rows = self.db.rows(TOTALS, (self.group,)).await?;
        let Some(row) = rows.first() else { return Ok(Totals::default()) };
        Ok(Totals { chunks: row.get("chunks")?, words: row.get("words")? })
    }
}

/// Adds passages to the lists of their words.
pub(super) async fn add(tx: &mut Tx, group: GroupId, passages: &[Indexed]) -> Result<()> {
    for (block, lists) in postings::lists(passages) {
        tx.later(APPEND, (group, block, hexed(&lists)?));
    }
    count(tx, group, passages, 1);
    Ok(())
}

/// Takes passages out of the lists of their words: these must be the words with which they were added.
pub(super) async fn remove(tx: &mut Tx, group: GroupId, passages: &[Indexed]) -> Result<()> {
    for (block, lists) in postings::lists(passages) {
        let gone: Vec<u16> =
            passages.iter().filter(|one| postings::block(one.id) == block).map(|one| postings::offset(one.id)).collect();
        let words: Vec<&str> = lists.into_keys().collect();
        let rows = tx.rows(IN_BLOCK, (group, block, super::json(&words)?)).await?;
        let mut left = BTreeMap::new();
        for row in &rows {
            left.insert(row.get::<String>("word")?, postings::without(&row.get::<Vec<u8>>("entries")?, &gone));
        }
        let left = hexed(&left)?;
        tx.later(REPLACE, (group, block, &left));
        tx.later(DROP_EMPTY, (group, block, &left));
    }
    count(tx, group, passages, -1);
    Ok(())
}

fn count(tx: &mut Tx, group: GroupId, passages: &[Indexed], sign: i64) {
    let words: i64 = passages.iter().map(|passage| i64::from(postings::length(passage))).sum();
    tx.later(COUNT, (group, sign * passages.len() as i64, sign * words));
}

fn hexed<K: serde::Serialize + Ord>(lists: &BTreeMap<K, Vec<u8>>) -> Result<String> {
    let hexed: BTreeMap<&K, String> = lists.iter().map(|(word, list)| (word, hex::encode(list))).collect();
    super::json(&hexed)
}
