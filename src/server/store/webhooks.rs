//! Webhooks of groups, and the messages to them: written in the transaction of what they tell, sent afterwards.

use super::{
    System,
    budgets::Budgets,
    db::{Db, FromRow, Row, Run as _, Tx},
};
use crate::{
    error::Result,
    ids::{DeliveryId, GroupId, PersonId},
    model::Millis,
    server::clock::Clock,
};
use serde_json::{Value, json};

pub struct Webhooks<'a> {
    pub(super) db: &'a Db,
    pub(super) group: GroupId,
}

pub struct StoredWebhook {
    pub url: String,
    pub secret: Vec<u8>,
    pub set_at: Millis,
}

/// How messages go, as the page shows it.
pub struct State {
    pub waiting: i64,
    /// When the newest attempt's message was made, and why it failed.
    pub last: Option<(Millis, Option<String>)>,
}

/// A message that is due, and where to.
pub struct Due {
    pub id: DeliveryId,
    pub group: GroupId,
    pub kind: String,
    pub body: String,
    pub attempts: i64,
    pub to: Target,
}

pub enum Target {
    Webhook { url: String, secret: Vec<u8> },
    Email { address: String },
}

const GET: &str = "SELECT url, secret, set_at FROM webhooks WHERE group_id = $1";

const SET: &str = "INSERT INTO webhooks (group_id, url, secret, set_at, set_by) VALUES ($1, $2, $3, $4, $5) \
    ON CONFLICT (group_id) DO UPDATE SET url = excluded.url, secret = excluded.secret, set_at = excluded.set_at, set_by = excluded.set_by";

const SET_URL: &str = "UPDATE webhooks SET url = $2, set_at = $3, set_by = $4 WHERE group_id = $1";

const REMOVE: &str = "DELETE FROM webhooks WHERE group_id = $1";

// What was not told yet is told to nobody any more.
const GIVE_UP_ALL: &str = "UPDATE deliveries SET due_at = NULL, error = 'The webhook was removed.' WHERE group_id = $1 AND channel = 'webhook' AND due_at IS NOT NULL";

// One for the group's webhook, where it has one.
const ANNOUNCE: &str = "INSERT INTO deliveries (id, group_id, channel, kind, body, attempts, due_at, made_at) \
    SELECT $1, w.group_id, 'webhook', $3, $4, 0, $5, $5 FROM webhooks w WHERE w.group_id = $2 RETURNING id";

const MAIL: &str = "INSERT INTO deliveries (id, group_id, channel, recipient, kind, body, attempts, due_at, made_at) \
    VALUES ($1, $2, 'email', $3, $4, $5, 0, $6, $6)";

const ADMINS: &str = "SELECT p.email FROM connections c JOIN people p ON p.id = c.from_id \
    WHERE c.group_id = $1 AND c.kind = 'member_of' AND c.role IN ('owner', 'admin') ORDER BY c.created_at, p.id LIMIT 50";

const WAITING: &str = "SELECT COUNT(*) AS n FROM deliveries WHERE group_id = $1 AND channel = 'webhook' AND due_at IS NOT NULL";

const LAST: &str = "SELECT made_at, error, sent_at FROM deliveries WHERE group_id = $1 AND channel = 'webhook' AND attempts > 0 ORDER BY id DESC LIMIT 1";

const DUE: &str = "SELECT d.id, d.group_id, d.kind, d.body, d.attempts, d.recipient, w.url, w.secret FROM deliveries d \
    LEFT JOIN webhooks w ON w.group_id = d.group_id AND d.channel = 'webhook' \
    WHERE d.due_at <= $1 AND (d.channel = 'email' OR w.group_id IS NOT NULL) ORDER BY d.due_at, d.id LIMIT 20";

// The attempt is written down before it is made: one that dies counts.
const TRY: &str =
    "UPDATE deliveries SET attempts = attempts + 1, due_at = $3 WHERE id = $1 AND attempts = $2 AND due_at IS NOT NULL";

const SENT: &str = "UPDATE deliveries SET due_at = NULL, error = NULL, sent_at = $2 WHERE id = $1";

const FAILED: &str = "UPDATE deliveries SET due_at = $2, error = $3 WHERE id = $1 AND due_at IS NOT NULL";

const NEXT_DUE: &str = "SELECT MIN(due_at) AS due_at FROM deliveries WHERE due_at IS NOT NULL";

const SWEEP: &str = "DELETE FROM deliveries WHERE due_at IS NULL AND made_at < $1";

impl Webhooks<'_> {
    pub async fn get(&self) -> Result<Option<StoredWebhook>> {
        self.db.opt(GET, (self.group,)).await
    }

    pub async fn in_tx(&self, tx: &mut Tx) -> Result<Option<StoredWebhook>> {
        tx.opt(GET, (self.group,)).await
    }

    pub fn set(&self, tx: &mut Tx, url: &str, secret: Vec<u8>, by: PersonId, now: Millis) {
        tx.later(SET, (self.group, url, secret, now, by));
    }

    pub fn set_url(&self, tx: &mut Tx, url: &str, by: PersonId, now: Millis) {
        tx.later(SET_URL, (self.group, url, now, by));
    }

    pub fn remove(&self, tx: &mut Tx) {
        tx.later(REMOVE, (self.group,));
        tx.later(GIVE_UP_ALL, (self.group,));
    }

    pub async fn state(&self) -> Result<State> {
        let rows = self.db.rows(WAITING, (self.group,)).await?;
        let waiting = rows.first().map(|row| row.get("n")).transpose()?.unwrap_or(0);
        let rows = self.db.rows(LAST, (self.group,)).await?;
        let last = rows.first().map(|row| {
            Ok::<_, sqlx::Error>((row.get::<Option<i64>>("sent_at")?.map_or(row.get("made_at"), Ok)?, row.get("error")?))
        });
        Ok(State { waiting, last: last.transpose()? })
    }

    /// Puts a message in line; answers whether there is a webhook that it is for.
    pub async fn announce(&self, tx: &mut Tx, clock: &Clock, kind: &str, data: Value) -> Result<bool> {
        let (id, now) = (DeliveryId::from_uuid(clock.uuid()), clock.now());
        let body = json!({ "id": id, "kind": kind, "group_id": self.group, "at": now, "data": data }).to_string();
        Ok(!tx.rows(ANNOUNCE, (id, self.group, kind, body, now)).await?.is_empty())
    }
}

impl Budgets<'_> {
    pub fn group(&self) -> GroupId {
        self.group
    }

    /// Puts a message to the group's webhook in line, where it has one.
    pub async fn announce(&self, tx: &mut Tx, clock: &Clock, kind: &str, data: Value) -> Result<bool> {
        Webhooks { db: self.db, group: self.group }.announce(tx, clock, kind, data).await
    }
}

impl Budgets<'_> {
    /// Puts an e-mail to each of the group's admins and owners in line.
    pub async fn mail_admins(&self, tx: &mut Tx, clock: &Clock, kind: &str, body: &str) -> Result<()> {
        for row in tx.rows(ADMINS, (self.group,)).await? {
            let id = DeliveryId::from_uuid(clock.uuid());
            tx.later(MAIL, (id, self.group, row.get::<String>("email")?, kind, body, clock.now()));
        }
        Ok(())
    }
}

impl System<'_> {
    /// Messages that are due, of all groups: they leave one after the other.
    pub async fn due_deliveries(&self, now: Millis) -> Result<Vec<Due>> {
        self.db.all(DUE, (now,)).await
    }

    /// When the next one is due.
    pub async fn next_delivery(&self) -> Result<Option<Millis>> {
        let rows = self.db.rows(NEXT_DUE, ()).await?;
        Ok(rows.first().map(|row| row.get::<Option<Millis>>("due_at")).transpose()?.flatten())
    }

    /// Begins an attempt, and says when the next one is due if this one is never heard of again. False where somebody else
    /// began one.
    pub async fn try_delivery(&self, due: &Due, again_at: Millis) -> Result<bool> {
        Ok(self.db.exec(TRY, (due.id, due.attempts, again_at)).await? == 1)
    }

    pub async fn delivered(&self, id: DeliveryId, now: Millis) -> Result<()> {
        self.db.exec(SENT, (id, now)).await?;
        Ok(())
    }

    /// `again_at` is when it is tried again; `None` gives it up.
    pub async fn not_delivered(&self, id: DeliveryId, again_at: Option<Millis>, error: &str) -> Result<()> {
        self.db.exec(FAILED, (id, again_at, error)).await?;
        Ok(())
    }

    /// Forgets messages that were made before `before` and are done with.
    pub async fn sweep_deliveries(&self, before: Millis) -> Result<u64> {
        self.db.exec(SWEEP, (before,)).await
    }
}

impl FromRow for StoredWebhook {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self { url: row.get("url")?, secret: row.get("secret")?, set_at: row.get("set_at")? })
    }
}

impl FromRow for Due {
    fn from_row(row: &Row) -> sqlx::Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            group: row.get("group_id")?,
            kind: row.get("kind")?,
            body: row.get("body")?,
            attempts: row.get("attempts")?,
            to: match row.get("recipient")? {
                Some(address) => Target::Email { address },
                None => Target::Webhook { url: row.get("url")?, secret: row.get("secret")? },
            },
        })
    }
}
