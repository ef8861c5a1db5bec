//! E-mail, where the operator has a server for it. It is sent from rows of the database: see `webhooks/deliver`.

use lettre::{
    AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::time::Duration;

/// Where e-mail is sent through, and whom it is from. Checked: see [`Mail::new`].
#[derive(Debug, Clone)]
pub struct Mail {
    url: SecretString,
    from: Mailbox,
}

impl Mail {
    pub fn new(url: SecretString, from: &str) -> Result<Self, String> {
        let from = from.parse().map_err(|_| format!("GUILDHALL_MAIL_FROM: {from:?} is no e-mail address."))?;
        // The error would show the password.
        transport(&url).map_err(|_| {
            "GUILDHALL_SMTP_URL is no address of a mail server. Write one such as smtps://user:password@mail.example.org."
                .to_owned()
        })?;
        Ok(Self { url, from })
    }
}

type Builder = lettre::transport::smtp::AsyncSmtpTransportBuilder;

fn transport(url: &SecretString) -> Result<Builder, lettre::transport::smtp::Error> {
    AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
}

/// Hands one e-mail over to the server; the error is what an admin is told of it.
pub async fn send(mail: &Mail, to: &str, subject: &str, text: &str, within: Duration) -> Result<(), String> {
    let to: Mailbox = to.parse().map_err(|_| format!("{to} is no address that e-mail can be sent to."))?;
    let message = Message::builder().from(mail.from.clone()).to(to).subject(subject).header(ContentType::TEXT_PLAIN);
    let message = message.body(text.to_owned()).map_err(|error| format!("The message cannot be written: {error}."))?;
    let transport = transport(&mail.url).map_err(|_| "The mail server's address cannot be used.".to_owned())?;
    let sent = transport.timeout(Some(within)).build().send(message).await;
    sent.map(|_| ()).map_err(|error| format!("The mail server did not take it: {error}."))
}
