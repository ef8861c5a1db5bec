//! Webhooks: where a group is told of its alerts. Messages stand in the database until they arrived: see [`deliver`].
//!
//! Each is signed as <https://www.standardwebhooks.com> describes it: `webhook-id`, `webhook-timestamp`, and
//! `webhook-signature`, which is `v1,` and the HMAC-SHA256 of `id.timestamp.body` in Base64.

pub mod deliver;
pub mod signature;

use crate::{
    error::{AppError, Result},
    model::{budget::Webhook, text},
    server::{
        member::Admin,
        secret::WebhookOf,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
        },
        tools::remote,
    },
};
use serde_json::json;

pub async fn view(app: &App, admin: &Admin) -> Result<Option<Webhook>> {
    let store = app.store.webhooks(admin);
    let Some(webhook) = store.get().await? else { return Ok(None) };
    let state = store.state().await?;
    Ok(Some(Webhook { url: webhook.url, set_at: webhook.set_at, last: state.last, waiting: state.waiting }))
}

/// Says where messages go, and answers the secret that they are signed with: it is told this once.
pub async fn set(app: &App, admin: &Admin, url: &str) -> Result<String> {
    let url = remote::checked_url(&text::line("url", url, 2_000)?)?;
    let (secret, now) = (signature::new_secret(&app.clock), app.clock.now());
    let sealed = app.secret_key.seal(WebhookOf(admin.group_id()), &secret)?;
    let mut tx = app.store.begin().await?;
    app.store.webhooks(admin).set(&mut tx, &url, sealed, admin.person_id(), now);
    let event = Event::new("webhook.set", "group", admin.group_id().uuid()).with(json!({ "url": url }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(secret)
}

/// Sends a message that only says that it is one.
pub async fn test(app: &App, admin: &Admin) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let data = json!({ "text": format!("{} tries the webhook of {}.", admin.name(), admin.group_name()) });
    if !app.store.webhooks(admin).announce(&mut tx, &app.clock, "webhook.test", data).await? {
        return Err(AppError::conflict("There is no webhook to try. Save its address first."));
    }
    let event = Event::new("webhook.tested", "group", admin.group_id().uuid());
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    deliver::soon(app);
    Ok(())
}

pub async fn remove(app: &App, admin: &Admin) -> Result<()> {
    let store = app.store.webhooks(admin);
    let mut tx = app.store.begin().await?;
    if store.in_tx(&mut tx).await?.is_some() {
        store.remove(&mut tx);
        let event = Event::new("webhook.removed", "group", admin.group_id().uuid());
        audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    }
    tx.commit().await
}
