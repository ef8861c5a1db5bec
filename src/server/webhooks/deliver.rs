//! Sending what is due: one attempt after the other, later each time, until it arrived or a day and a half has passed.

use super::signature;
use crate::{
    error::Result,
    model::Millis,
    server::{
        mail, outbound,
        secret::WebhookOf,
        state::App,
        store::webhooks::{Due, Target},
    },
};
use reqwest::{Method, header::CONTENT_TYPE};
use secrecy::ExposeSecret as _;
use std::time::Duration;

/// How long a receiver may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Seconds between one attempt and the next. After the last one the message is given up.
const PAUSES: [i64; 9] = [10, 30, 120, 600, 1_800, 3_600, 10_800, 28_800, 86_400];

/// How long what is done with is kept, for the page to show.
const KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);

/// Sends what is due in the background. Call it after the commit that put something in line.
pub fn soon(app: &App) {
    if !app.shutdown.is_cancelled() {
        let app = app.clone();
        // Errors are logged where they arise; the sweep tries again.
        app.tasks.clone().spawn(async move { deliver(&app).await.unwrap_or_default() });
    }
}

/// Sends everything that is due now, of all groups; answers how many arrived.
pub async fn deliver(app: &App) -> Result<usize> {
    let mut arrived = 0;
    loop {
        let due = app.store.system().due_deliveries(app.clock.now()).await?;
        if due.is_empty() {
            return Ok(arrived);
        }
        for message in due {
            if app.shutdown.is_cancelled() {
                return Ok(arrived);
            }
            arrived += usize::from(attempt(app, message).await?);
        }
    }
}

/// Forgets what was told long ago.
pub async fn sweep(app: &App) -> Result<()> {
    app.store.system().sweep_deliveries(app.clock.now() - KEPT.as_millis() as i64).await.map(|_| ())
}

async fn attempt(app: &App, message: Due) -> Result<bool> {
    let now = app.clock.now();
    let again = PAUSES.get(message.attempts as usize).map(|seconds| now + seconds * 1_000);
    // Begun before it is made: a process that dies here tries again, and the receiver knows it by its id.
    let begun = app.store.system().try_delivery(&message, again.unwrap_or(now + PATIENCE.as_millis() as i64 * 2)).await?;
    if !begun {
        return Ok(false);
    }
    let sent = send(app, &message, now).await;
    // How it went is the message's own row: it has no member.
    let system = app.store.system();
    match sent {
        Ok(()) => system.delivered(message.id, app.clock.now()).await.map(|()| true),
        Err(error) => {
            tracing::warn!(group = %message.group, attempt = message.attempts + 1, %error, "a message was not taken");
            system.not_delivered(message.id, again, &error).await.map(|()| false)
        }
    }
}

/// One attempt; the error is what an admin is told of it.
async fn send(app: &App, message: &Due, now: Millis) -> Result<(), String> {
    match &message.to {
        Target::Webhook { url, secret } => post(app, message, (url, secret), now).await,
        Target::Email { address } => {
            let settings = app.settings.mail.as_ref().ok_or("The server has no way to send e-mail any more.")?;
            let (subject, text) = message.body.split_once('\n').unwrap_or((&message.body, ""));
            mail::send(settings, address, subject, text.trim_start(), PATIENCE).await
        }
    }
}

async fn post(app: &App, message: &Due, (url, secret): (&str, &[u8]), now: Millis) -> Result<(), String> {
    let secret = app.secret_key.unseal(WebhookOf(message.group), secret);
    let secret = secret.ok_or("The secret cannot be read: this server's key is another. Save the webhook again.")?;
    let (id, seconds) = (message.id.to_string(), signature::seconds(now));
    let signed = signature::sign(secret.expose_secret(), &id, seconds, &message.body).ok_or("The secret cannot be used.")?;
    let request = app.outbound.request(Method::POST, url).map_err(|refused| format!("{refused}."))?;
    let request = request.timeout(PATIENCE).header(CONTENT_TYPE, "application/json");
    let request = request.header("webhook-id", id).header("webhook-timestamp", seconds).header("webhook-signature", signed);
    let answer = request.body(message.body.clone()).send().await.map_err(|error| match outbound::refusal(&error) {
        Some(refused) => format!("{refused}."),
        None if error.is_timeout() => "It did not answer in time.".to_owned(),
        None => "It could not be reached.".to_owned(),
    })?;
    let status = answer.status();
    if status.is_success() { Ok(()) } else { Err(format!("It answered with status {}.", status.as_u16())) }
}

#[cfg(test)]
mod tests {
    use super::PAUSES;

    #[test]
    fn each_pause_is_longer_than_the_one_before() {
        assert!(PAUSES.is_sorted_by(|one, next| one < next));
        assert!(PAUSES.iter().sum::<i64>() > 24 * 3_600);
    }
}
