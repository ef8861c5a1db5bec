//! What tools behind a network share: the way there, the secret that goes along, and how much of an answer is read.

mod spelled;

use super::ToolError;
use crate::{
    error::{AppError, Result},
    ids::ToolSourceId,
    model::tool_source::{SecretCarrier, SecretPlace, SourceKind},
    server::{
        outbound::{self, Outbound},
        secret::Place,
        state::App,
        store::tool_sources::{SealedSecret, Stored},
    },
};
use reqwest::{
    Method, RequestBuilder, Response, Url,
    header::{ACCEPT_ENCODING, HeaderName, HeaderValue},
};
use secrecy::{ExposeSecret as _, SecretString};
use spelled::Spelled;
use std::{error::Error, time::Duration};

/// Bytes of a result that are read; no more is taken from the network.
pub const RESULT_MAX: usize = 256 * 1024;

/// Characters of an error's body that a model is told.
pub const ERROR_MAX: usize = 2_000;

/// Bytes from which on a word behind a scheme is a secret, and not a word like any other.
const BARE_MIN: usize = 6;

/// How long a remote tool may take.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How to reach a source.
#[derive(Debug)]
pub struct Link {
    pub kind: SourceKind,
    pub source: ToolSourceId,
    pub name: String,
    pub url: String,
    place: Place,
    secret: Option<SealedSecret>,
}

/// The opened secret. It lives as long as a call, or a session.
pub struct Secret(Option<(Carrier, SecretString)>);

enum Carrier {
    Header(HeaderName),
    /// A parameter of the query.
    Query(String),
}

impl Link {
    pub fn of(source: &Stored) -> Self {
        Self {
            kind: source.kind,
            source: source.id,
            name: source.name.clone(),
            url: source.url.clone(),
            place: Place { group: source.group, source: source.id },
            secret: source.secret.clone(),
        }
    }

    /// What the secret is carried in, where there is one.
    pub fn carrier(&self) -> Option<&SecretCarrier> {
        self.secret.as_ref().map(|secret| &secret.carrier)
    }

    pub fn secret(&self, app: &App) -> Result<Secret, ToolError> {
        let Some((SecretCarrier { place, name }, value)) = self.open(app)? else { return Ok(Secret(None)) };
        let carrier = match place {
            SecretPlace::Header => Carrier::Header(HeaderName::from_bytes(name.as_bytes()).map_err(|_| self.locked())?),
            SecretPlace::Query => Carrier::Query(name.clone()),
        };
        Ok(Secret(Some((carrier, value))))
    }

    /// The secret as a variable of a command's environment.
    pub fn variable(&self, app: &App) -> Result<Option<(&str, SecretString)>, ToolError> {
        Ok(self.open(app)?.map(|(carrier, value)| (carrier.name.as_str(), value)))
    }

    fn open(&self, app: &App) -> Result<Option<(&SecretCarrier, SecretString)>, ToolError> {
        let Some(SealedSecret { carrier, sealed }) = &self.secret else { return Ok(None) };
        let value = app.secret_key.unseal(self.place, sealed).ok_or_else(|| self.locked())?;
        Ok(Some((carrier, value)))
    }

    fn locked(&self) -> ToolError {
        ToolError(format!(
            "The secret of {} cannot be read: this server's key is another. An admin must set it again.",
            self.name
        ))
    }
}

impl Secret {
    /// Begins a request through the guard, with the secret in its place.
    pub fn request(&self, outbound: &Outbound, method: Method, url: &str) -> Result<RequestBuilder, ToolError> {
        let url = self.address(url);
        let request = outbound.request(method, &url).map_err(|refused| ToolError(format!("{refused}.")))?;
        let request = request.header(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let Some((Carrier::Header(name), value)) = &self.0 else { return Ok(request) };
        let mut value =
            HeaderValue::from_str(value.expose_secret()).map_err(|_| ToolError("The secret is no header.".to_owned()))?;
        value.set_sensitive(true);
        Ok(request.header(name.clone(), value))
    }

    fn address(&self, url: &str) -> String {
        let Some((Carrier::Query(name), value)) = &self.0 else { return url.to_owned() };
        let mark = if url.contains('?') { '&' } else { '?' };
        format!("{url}{mark}{}={}", encode(name), encode(value.expose_secret()))
    }

    /// Takes the secret out of what a server said.
    pub fn clean(&self, text: &str) -> String {
        self.clean_start(text, text.len())
    }

    /// As `clean`, of the first `length` bytes. To be whole where it stands across the end, a secret needs [`Self::margin`]
    /// bytes of text behind that.
    pub fn clean_start(&self, text: &str, length: usize) -> String {
        spelled::without(&self.spelled(), text, length)
    }

    /// How many bytes a server may need to write the secret.
    pub fn margin(&self) -> usize {
        self.spelled().iter().map(Spelled::longest).max().unwrap_or_default()
    }

    /// What is looked for. What stands behind the scheme is the secret too: servers like to quote that alone.
    fn spelled(&self) -> Vec<Spelled> {
        let Some((_, value)) = &self.0 else { return Vec::new() };
        let value = value.expose_secret();
        let bare = value.split_once(' ').map(|(_, bare)| bare.trim()).filter(|bare| bare.len() >= BARE_MIN);
        [Some(value), bare].into_iter().flatten().map(Spelled::of).collect()
    }

    /// What a server said went wrong, as far as a model is told.
    pub fn told(&self, words: &str) -> ToolError {
        let length = words.char_indices().nth(ERROR_MAX).map_or(words.len(), |(at, _)| at);
        ToolError(self.clean_start(words, length))
    }
}

/// Percent-encodes all but the unreserved characters of RFC 3986.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(byte)),
            other => encoded.push_str(&format!("%{other:02X}")),
        }
    }
    encoded
}

/// Whether a URL can be one of a source: http or https, without a password, which would be kept and shown in the clear.
pub fn checked_url(raw: &str) -> Result<String> {
    let invalid = |message: &str| AppError::invalid("url", message);
    let url = Url::parse(raw).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| invalid("Write an http or https address, such as https://example.org/mcp."))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("An address holds no password. Set it as the secret."));
    }
    if url.fragment().is_some() {
        return Err(invalid("An address of a server has no “#”."));
    }
    Ok(raw.to_owned())
}

/// Reads at most `limit` bytes. The flag says that there was more.
pub async fn read(response: &mut Response, limit: usize) -> Result<(Vec<u8>, bool), ToolError> {
    let mut body = Vec::new();
    while let Some(bytes) = response.chunk().await.map_err(|error| failed(&error))? {
        body.extend_from_slice(&bytes);
        if body.len() > limit {
            body.truncate(limit);
            return Ok((body, true));
        }
    }
    Ok((body, false))
}

/// What a refused request says: its status, and where its body begins.
pub async fn refused(mut response: Response, secret: &Secret) -> ToolError {
    let status = response.status();
    if status.is_redirection() {
        return ToolError(format!("{status}: the server leads to another address, and none is followed."));
    }
    // A character has four bytes at most.
    let limit = ERROR_MAX * 4 + secret.margin();
    let body = tokio::time::timeout(Duration::from_secs(10), read(&mut response, limit)).await;
    let body = body.ok().and_then(Result::ok).unwrap_or_default().0;
    let text = secret.told(String::from_utf8_lossy(&body).trim()).0;
    ToolError(if text.is_empty() { status.to_string() } else { format!("{status}: {text}") })
}

/// A request that got no answer. The guard's refusal is told as such.
pub fn failed(error: &reqwest::Error) -> ToolError {
    if let Some(refused) = outbound::refusal(error) {
        return ToolError(format!("{refused}."));
    }
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    ToolError(format!("The server cannot be reached: {text}"))
}
