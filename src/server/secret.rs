//! Encryption at rest: for secrets that the server must tell to others again, so that a hash would not do.
//!
//! XChaCha20-Poly1305 (RFC 8439 with the extended nonce of draft-irtf-cfrg-xchacha-03), a random nonce in front of each
//! text. The place that a secret belongs to is authenticated with it: copied to another row, it does not decrypt.

use crate::{
    error::{AppError, Result},
    ids::{GroupId, ToolSourceId},
    server::{
        clock::{Clock, fill},
        config::Settings,
        failure::internal,
    },
};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use secrecy::{ExposeSecret as _, SecretString};
use std::{fs, io, io::Write as _, os::unix::fs::OpenOptionsExt as _, path::Path};

const NONCE: usize = 24;

/// The server's key. It never leaves this file.
pub struct SecretKey(XChaCha20Poly1305);

/// Where a secret belongs: what is authenticated with it.
pub trait Belongs {
    fn bytes(&self) -> Vec<u8>;
}

/// The secret of a tool source.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    pub group: GroupId,
    pub source: ToolSourceId,
}

impl Belongs for Place {
    fn bytes(&self) -> Vec<u8> {
        [b"guildhall tool source".as_slice(), self.group.uuid().as_bytes(), self.source.uuid().as_bytes()].concat()
    }
}

/// The secret of a group's webhook.
#[derive(Debug, Clone, Copy)]
pub struct WebhookOf(pub GroupId);

impl Belongs for WebhookOf {
    fn bytes(&self) -> Vec<u8> {
        [b"guildhall webhook".as_slice(), self.0.uuid().as_bytes()].concat()
    }
}

impl SecretKey {
    /// The key of the settings, or else that of the data folder, which is made where there is none yet.
    pub fn open(settings: &Settings, clock: &Clock) -> Result<Self> {
        let text = match &settings.secret_key {
            Some(key) => key.clone(),
            None => of_folder(&settings.data.join("secret.key"), clock)?,
        };
        let key: [u8; 32] = hex::decode(text.expose_secret().trim()).ok().and_then(|key| key.try_into().ok()).ok_or_else(bad)?;
        Ok(Self(XChaCha20Poly1305::new(&key.into())))
    }

    pub fn seal(&self, place: impl Belongs, text: &str) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE];
        fill(&mut nonce);
        let payload = Payload { msg: text.as_bytes(), aad: &place.bytes() };
        let sealed = self.0.encrypt(&XNonce::from(nonce), payload).map_err(internal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// None where the text was sealed by another key or for another place.
    pub fn unseal(&self, place: impl Belongs, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: &place.bytes() };
        let text = self.0.decrypt(&XNonce::from(*nonce), payload).ok()?;
        Some(String::from_utf8(text).ok()?.into())
    }
}

/// Only the one that makes the file writes it: two servers that start at once use the same key.
fn of_folder(path: &Path, clock: &Clock) -> Result<SecretString> {
    let made = hex::encode(clock.secret());
    match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(mut file) => {
            file.write_all(made.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| unusable(path, &error))?;
            Ok(made.into())
        }
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Ok(fs::read_to_string(path).map_err(|error| unusable(path, &error))?.into())
        }
        Err(error) => Err(unusable(path, &error)),
    }
}

fn unusable(path: &Path, error: &io::Error) -> AppError {
    let message =
        format!("The secret key {} cannot be used ({error}). Make it readable, or set GUILDHALL_SECRET_KEY.", path.display());
    AppError::Unavailable { message }
}

fn bad() -> AppError {
    let message = "The secret key is not 64 hex digits. Correct GUILDHALL_SECRET_KEY, or secret.key in the data folder; \
        what another key encrypted stays unreadable without it.";
    AppError::Unavailable { message: message.to_owned() }
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretKey")
    }
}
