//! What a group pays: its own prices, and the time zone by which its days count.
//!
//! Both are asked for with every call that is booked and change a few times a year, so they stay in memory from the first
//! use until they change.

use super::{
    System,
    db::{Db, FromRow, Look, Row, Run as _, Tx},
};
use crate::{
    error::{AppError, Result},
    ids::{GroupId, PersonId},
    model::{Millis, provider::Price},
    server::usage::zone::Zone,
};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use uuid::Uuid;

/// A price that a group wrote down. Without figures it says that the group has none of its own any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnPrice {
    pub provider: String,
    pub model: String,
    pub valid_from: Millis,
    pub price: Option<Price>,
    pub saved_at: Millis,
    /// Who saved it, by name; `None` once they are gone.
    pub saved_by: Option<String>,
}

/// All of a group.
#[derive(Debug, Clone)]
pub struct Tariff {
    pub zone: Zone,
    prices: Vec<OwnPrice>,
}

impl Tariff {
    /// The group's own price at a moment: of those that hold, the one that began last, and of those that began together the
    /// one that was saved last.
    pub fn price(&self, provider: &str, model: &str, time: Millis) -> Option<Price> {
        let holds = |own: &&OwnPrice| own.provider == provider && own.model == model && own.valid_from <= time;
        self.prices.iter().filter(holds).max_by_key(|own| (own.valid_from, own.saved_at))?.price
    }
}

/// The tariffs that were asked for since they last changed.
#[derive(Clone, Default)]
pub struct Tariffs(Arc<RwLock<Shelf>>);

#[derive(Default)]
struct Shelf {
    /// Counts changes: one that was read before one must not be put here after it.
    changes: u64,
    tariffs: HashMap<GroupId, Arc<Tariff>>,
}

impl Tariffs {
    fn find(&self, group: GroupId) -> Result<Arc<Tariff>, u64> {
        let shelf = self.0.read().unwrap_or_else(PoisonError::into_inner);
        shelf.tariffs.get(&group).cloned().ok_or(shelf.changes)
    }

    fn put(&self, group: GroupId, tariff: Arc<Tariff>, seen: u64) {
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if shelf.changes == seen {
            shelf.tariffs.insert(group, tariff);
        }
    }

    /// After a change was committed.
    pub fn forget(&self, group: GroupId) {
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        shelf.changes += 1;
        shelf.tariffs.remove(&group);
    }
}

const ZONE: &str = "SELECT time_zone FROM groups WHERE id = $1";

const OF_GROUP: &str = "SELECT c.provider, c.model, c.valid_from, c.input, c.cache_read, c.cache_write, c.output, c.reasoning, c.saved_at, \
    p.name AS saved_by FROM prices c LEFT JOIN people p ON p.id = c.saved_by WHERE c.group_id = $1 ORDER BY c.valid_from, c.saved_at, c.id";

const INSERT: &str = "INSERT INTO prices (id, group_id, provider, model, valid_from, input, cache_read, cache_write, output, reasoning, saved_by, saved_at) \
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

impl System<'_> {
    /// Price and time zone of a group whose call is booked. It concerns nobody in particular.
    pub async fn tariff(&self, look: &mut Look<'_>, group: GroupId) -> Result<Arc<Tariff>> {
        let seen = match self.tariffs.find(group) {
            Ok(tariff) => return Ok(tariff),
            Err(seen) => seen,
        };
        let tariff = Arc::new(read(look, group).await?);
        self.tariffs.put(group, tariff.clone(), seen);
        Ok(tariff)
    }
}

async fn read(look: &mut Look<'_>, group: GroupId) -> Result<Tariff> {
    let rows = look.rows(ZONE, (group,)).await?;
    let name: Option<String> = rows.first().map(|row| row.get("time_zone")).transpose()?;
    // A zone that this program does not know (any more) must not keep calls from being booked.
    let zone = name.and_then(|name| Zone::parse(&name).ok()).unwrap_or_else(Zone::utc);
    Ok(Tariff { zone, prices: look.all(OF_GROUP, (group,)).await? })
}

/// The prices of a member's group.
pub struct Prices<'a> {
    pub(super) db: &'a Db,
    pub(super) tariffs: &'a Tariffs,
    pub(super) group: GroupId,
    pub(super) person: PersonId,
}

impl Prices<'_> {
    /// All that were ever saved, oldest first.
    pub async fn all(&self) -> Result<Vec<OwnPrice>> {
        self.db.all(OF_GROUP, (self.group,)).await
    }

    /// Adds a price. Call [`Prices::changed`] once it is committed.
    pub async fn insert(&self, tx: &mut Tx, id: Uuid, own: &OwnPrice) -> Result<()> {
        let figures = [
            own.price.map(|price| price.input),
            own.price.map(|price| price.cache_read),
            own.price.map(|price| price.cache_write),
            own.price.map(|price| price.output),
            own.price.map(|price| price.reasoning),
        ];
        let [input, cache_read, cache_write, output, reasoning] = figures;
        let (provider, model) = (own.provider.as_str(), own.model.as_str());
        let args = (
            id,
            self.group,
            provider,
            model,
            own.valid_from,
            input,
            cache_read,
            cache_write,
            output,
            reasoning,
            self.person,
            own.saved_at,
        );
        tx.exec(INSERT, args).await?;
        Ok(())
    }

    pub fn changed(&self) {
        self.tariffs.forget(self.group);
    }

    pub async fn zone(&self) -> Result<Zone> {
        let rows = self.db.rows(ZONE, (self.group,)).await?;
        let name: String = rows.first().ok_or(AppError::NotFound)?.get("time_zone")?;
        Ok(Zone::parse(&name).unwrap_or_else(|_| Zone::utc()))
    }
}

impl FromRow for OwnPrice {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        let price = match row.get::<Option<i64>>("input")? {
            None => None,
            Some(input) => Some(Price {
                input,
                cache_read: row.get("cache_read")?,
                cache_write: row.get("cache_write")?,
                output: row.get("output")?,
                reasoning: row.get("reasoning")?,
            }),
        };
        Ok(Self {
            provider: row.get("provider")?,
            model: row.get("model")?,
            valid_from: row.get("valid_from")?,
            price,
            saved_at: row.get("saved_at")?,
            saved_by: row.get("saved_by")?,
        })
    }
}
