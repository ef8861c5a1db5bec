//! Vectors in memory: those of the groups that search. A group's are loaded when it first searches, brought up to date by
//! every search, and dropped when memory is wanted for others. No scan ever sees two groups: each has a matrix of its own.

pub mod matrix;

use crate::{
    error::Result,
    ids::{EmbeddingGenerationId, GroupId},
    server::{failure::internal, member::Member, store::Store},
};
use matrix::{Matrix, Nearest};
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
};

/// What the vectors of all groups may take together: some 700,000 passages at 384 numbers each.
pub const BYTES_MAX: usize = 1 << 30;

/// Rows that are read from the database at once.
const PAGE: i64 = 1024;

/// The serving vectors of a group: which generation, and how long a vector is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Serving {
    pub generation: EmbeddingGenerationId,
    pub dimension: usize,
}

/// All that is loaded. Shared by every search of this process.
pub struct Vectors {
    slots: Mutex<HashMap<GroupId, Arc<Slot>>>,
    /// The most bytes that all groups take together. One group may take more: it is then the only one.
    limit: usize,
    tick: AtomicU64,
}

/// One group's vectors.
struct Slot {
    serving: Serving,
    matrix: Arc<RwLock<Matrix>>,
    /// How far the database has been read. Held while it is read, so that two searches do not load the same twice.
    seen: tokio::sync::Mutex<Seen>,
    bytes: AtomicUsize,
    used: AtomicU64,
}

#[derive(Clone, Copy)]
struct Seen {
    embedding: i64,
    /// None: nothing was loaded yet.
    removal: Option<i64>,
}

/// A group's vectors, as new as the database was when they were asked for.
#[derive(Clone)]
pub struct Loaded(Arc<RwLock<Matrix>>);

impl Vectors {
    pub fn new(limit: usize) -> Self {
        Self { slots: Mutex::default(), limit, tick: AtomicU64::new(0) }
    }

    /// The group's vectors, with all that was committed before this call.
    pub async fn of(&self, store: &Store, member: &Member, serving: Serving) -> Result<Loaded> {
        let group = member.group_id();
        let slot = self.slot(group, serving);
        let mut seen = slot.seen.lock().await;
        catch_up(&slot, &mut seen, store, member).await?;
        drop(seen);
        self.make_room(group);
        Ok(Loaded(slot.matrix.clone()))
    }

    /// How many bytes the loaded vectors take.
    pub fn bytes(&self) -> usize {
        self.held().values().map(|slot| slot.bytes.load(Ordering::Relaxed)).sum()
    }

    /// How many groups are loaded.
    pub fn groups(&self) -> usize {
        self.held().len()
    }

    fn slot(&self, group: GroupId, serving: Serving) -> Arc<Slot> {
        let mut slots = self.held();
        let known = slots.get(&group).filter(|slot| slot.serving == serving).cloned();
        // Another generation serves now: what the old one left is dropped as a whole.
        let slot = known.unwrap_or_else(|| Arc::new(Slot::new(serving)));
        slot.used.store(self.tick.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        slots.insert(group, slot.clone());
        slot
    }

    /// Drops what was not used for longest, until the rest fits. A search that still scans it keeps it until it is done.
    fn make_room(&self, asking: GroupId) {
        let mut slots = self.held();
        loop {
            let bytes: usize = slots.values().map(|slot| slot.bytes.load(Ordering::Relaxed)).sum();
            let oldest = slots
                .iter()
                .filter(|(group, _)| **group != asking)
                .min_by_key(|(_, slot)| slot.used.load(Ordering::Relaxed))
                .map(|(group, _)| *group);
            match oldest {
                Some(oldest) if bytes > self.limit => _ = slots.remove(&oldest),
                _ => return,
            }
        }
    }

    /// Nothing panics while the map is held, so a poisoned one is whole.
    fn held(&self) -> std::sync::MutexGuard<'_, HashMap<GroupId, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    fn new(serving: Serving) -> Self {
        Self {
            serving,
            matrix: Arc::new(RwLock::new(Matrix::new(serving.dimension))),
            seen: tokio::sync::Mutex::new(Seen { embedding: 0, removal: None }),
            bytes: AtomicUsize::new(0),
            used: AtomicU64::new(0),
        }
    }
}

/// Reads what came and what went since the last look. Ids grow in the order of commits, so nothing is missed.
async fn catch_up(slot: &Slot, seen: &mut Seen, store: &Store, member: &Member) -> Result<()> {
    let embeddings = store.embeddings(member);
    let gone = match seen.removal {
        // What was removed before the first row is read cannot be read.
        None => {
            seen.removal = Some(embeddings.last_removal().await?);
            Vec::new()
        }
        Some(last) => embeddings.removals_behind(last).await?,
    };
    loop {
        let page = embeddings.behind(slot.serving.generation, seen.embedding, PAGE).await?;
        let last = page.len() < PAGE as usize;
        if let Some(newest) = page.last().map(|row| row.id) {
            add(slot, page).await?;
            seen.embedding = newest;
        }
        if last {
            break;
        }
    }
    if let Some((last, _)) = gone.last() {
        seen.removal = Some(*last);
        let matrix = slot.matrix.clone();
        let remove = move || {
            let mut matrix = matrix.write().unwrap_or_else(PoisonError::into_inner);
            gone.iter().for_each(|(_, embedding)| matrix.remove(*embedding));
            matrix.bytes()
        };
        slot.bytes.store(tokio::task::spawn_blocking(remove).await.map_err(internal)?, Ordering::Relaxed);
    }
    Ok(())
}

/// Waits for scans that go on, so not on a thread that others wait for.
async fn add(slot: &Slot, page: Vec<Stored>) -> Result<()> {
    let matrix = slot.matrix.clone();
    let add = move || {
        let mut matrix = matrix.write().unwrap_or_else(PoisonError::into_inner);
        for row in page {
            matrix.push(row.id, &floats(&row.vector));
        }
        matrix.bytes()
    };
    slot.bytes.store(tokio::task::spawn_blocking(add).await.map_err(internal)?, Ordering::Relaxed);
    Ok(())
}

/// A vector as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Stored {
    pub id: i64,
    pub vector: Vec<u8>,
}

impl Loaded {
    /// The most similar rows that are not hidden. It takes a core for some milliseconds: call it where it blocks nobody.
    pub fn nearest(&self, query: &[f32], limit: usize, hidden: &HashSet<i64>) -> Nearest {
        self.0.read().unwrap_or_else(PoisonError::into_inner).nearest(query, limit, hidden)
    }

    /// How similar certain rows are, where they are there.
    pub fn likeness(&self, ids: &[i64], query: &[f32]) -> HashMap<i64, f32> {
        let matrix = self.0.read().unwrap_or_else(PoisonError::into_inner);
        ids.iter().filter_map(|id| Some((*id, matrix.likeness(*id, query)?))).collect()
    }

    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// As a vector is kept: f32, little-endian.
pub fn bytes(vector: &[f32]) -> Vec<u8> {
    vector.iter().flat_map(|value| value.to_le_bytes()).collect()
}

pub fn floats(bytes: &[u8]) -> Vec<f32> {
    let (values, _) = bytes.as_chunks::<4>();
    values.iter().map(|value| f32::from_le_bytes(*value)).collect()
}

/// The same direction, of length 1. `None` where it has no direction, or is no numbers.
pub fn normalised(mut vector: Vec<f32>) -> Option<Vec<f32>> {
    let length = vector.iter().map(|value| f64::from(*value).powi(2)).sum::<f64>().sqrt();
    if !length.is_finite() || length == 0.0 {
        return None;
    }
    vector.iter_mut().for_each(|value| *value = (f64::from(*value) / length) as f32);
    Some(vector)
}
