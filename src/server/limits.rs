//! Rate limits: how many messages and tokens a person, a key and a group may take each minute, by the group's plan.
//!
//! A token bucket without fractions: what is taken raises its level by 60,000 for each message or token, and the level sinks
//! by the limit each millisecond. So a minute lets through exactly the limit, and the longest burst is one minute's worth.
//! A message is refused where it does not fit. Tokens are counted once they are used, so the last turn may overdraw; the
//! next message then waits until that has sunk.

use crate::{
    error::{AppError, Result},
    ids::{GroupId, KeyId, PersonId},
    model::Millis,
    server::{
        plans::{Plan, Rates},
        store::{
            buckets::{Buckets, Kind, Stored},
            db::Tx,
        },
    },
};
use uuid::Uuid;

/// What one message or token raises a level by.
const UNIT: i64 = 60_000;

/// Whose buckets something is taken from.
#[derive(Debug, Clone, Copy)]
pub struct Taker {
    pub group: GroupId,
    pub person: PersonId,
    pub key: Option<KeyId>,
}

/// A bucket with its limit, as it stands at some moment.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    kind: Kind,
    scope: Scope,
    scope_id: Uuid,
    limit: i64,
    level: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Person,
    Key,
    Group,
}

/// Takes one message, or says how long to wait. Where it is refused, nothing is taken if the transaction is given up.
pub async fn message(store: &Buckets<'_>, tx: &mut Tx, taker: Taker, plan: &Plan, now: Millis) -> Result<()> {
    if plan.messages_per_minute.none() && plan.tokens_per_minute.none() {
        return Ok(());
    }
    let stored = store.lock(tx, Some(taker.person.uuid()), taker.key.map(KeyId::uuid)).await?;
    let buckets = buckets(&stored, taker, plan, now);
    if let Some(refusal) = refusal(&buckets) {
        return Err(refusal);
    }
    for bucket in buckets.into_iter().filter(|bucket| bucket.kind == Kind::Messages) {
        bucket.take(1).put(store, tx, now);
    }
    Ok(())
}

/// Counts tokens that were used.
pub async fn tokens(store: &Buckets<'_>, tx: &mut Tx, taker: Taker, plan: &Plan, used: i64, now: Millis) -> Result<()> {
    if plan.tokens_per_minute.none() || used <= 0 {
        return Ok(());
    }
    let stored = store.lock(tx, Some(taker.person.uuid()), taker.key.map(KeyId::uuid)).await?;
    for bucket in buckets(&stored, taker, plan, now).into_iter().filter(|bucket| bucket.kind == Kind::Tokens) {
        bucket.take(used).put(store, tx, now);
    }
    Ok(())
}

fn buckets(stored: &[Stored], taker: Taker, plan: &Plan, now: Millis) -> Vec<Bucket> {
    let Taker { group, person, key } = taker;
    let scopes = |rates: Rates| {
        let limited = [
            (Scope::Person, Some(person.uuid()), rates.person),
            (Scope::Key, key.map(KeyId::uuid), rates.key),
            (Scope::Group, Some(group.uuid()), rates.group),
        ];
        limited.into_iter().filter_map(|(scope, id, limit)| Some((scope, id?, i64::from(limit?))))
    };
    let kinds = [(Kind::Messages, plan.messages_per_minute), (Kind::Tokens, plan.tokens_per_minute)];
    let level = |kind, id, limit| {
        let found = stored.iter().find(|stored| stored.kind == kind && stored.scope_id == id);
        found.map_or(0, |stored| sunk(stored.level, stored.at, limit, now))
    };
    let all = kinds.into_iter().flat_map(|(kind, rates)| scopes(rates).map(move |scope| (kind, scope)));
    all.map(|(kind, (scope, scope_id, limit))| Bucket { kind, scope, scope_id, limit, level: level(kind, scope_id, limit) })
        .collect()
}

/// What is left of a level that has sunk since `at`. A clock that was put back lets nothing sink, and nothing rise.
fn sunk(level: i64, at: Millis, limit: i64, now: Millis) -> i64 {
    level.saturating_sub((now - at).max(0).saturating_mul(limit)).max(0)
}

/// The longest wait that any of the buckets asks for.
fn refusal(buckets: &[Bucket]) -> Option<AppError> {
    let waits = buckets.iter().filter_map(|bucket| Some((bucket.wait()?, bucket)));
    let (wait, bucket) = waits.max_by_key(|(wait, _)| *wait)?;
    let retry_after_s = wait.unsigned_abs().div_ceil(1_000).max(1);
    Some(AppError::RateLimited { retry_after_s, message: bucket.words(retry_after_s) })
}

impl Bucket {
    fn take(self, count: i64) -> Self {
        Self { level: self.level.saturating_add(count.saturating_mul(UNIT)), ..self }
    }

    fn put(self, store: &Buckets<'_>, tx: &mut Tx, now: Millis) {
        store.put(tx, Stored { kind: self.kind, scope_id: self.scope_id, level: self.level, at: now });
    }

    /// Milliseconds until one more fits; `None` where it does now.
    fn wait(&self) -> Option<Millis> {
        // One more has to fit.
        let over = self.level + UNIT - self.limit * UNIT;
        (over > 0).then(|| over.unsigned_abs().div_ceil(self.limit.unsigned_abs()) as Millis)
    }

    fn words(&self, seconds: u64) -> String {
        let (whose, have) = match self.scope {
            Scope::Person => ("You may", "you have"),
            Scope::Key => ("This key may", "it has"),
            Scope::Group => ("The group may", "it has"),
        };
        let count = crate::model::money::grouped(self.limit.unsigned_abs());
        let what = match self.kind {
            Kind::Messages => format!("send {count} messages"),
            Kind::Tokens => format!("use {count} tokens"),
        };
        format!("{whose} {what} a minute, and {have} for now. Try again in {seconds} s.")
    }
}

#[cfg(test)]
mod tests;
