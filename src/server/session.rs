//! Sessions: a random token in a cookie, its hash in the database.

use crate::{
    error::{AppError, Result},
    ids::PersonId,
    model::{
        Millis,
        group::Slug,
        person::{Membership, Person},
    },
    server::{
        state::App,
        store::{db::Tx, sessions},
    },
};
use axum::http::{HeaderMap, HeaderValue, header, request::Parts};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use sha2::{Digest, Sha256};

/// A session ends when it was not used for this long.
const LENGTH_MS: Millis = 30 * 24 * 3_600_000;

/// How often its use is written down.
const NOTED_MS: Millis = 10 * 60_000;

/// Who is signed in, and the hash of the token by which we know.
pub struct Session {
    pub person: Person,
    pub hash: [u8; 32],
}

/// The server, as server functions and pages find it.
pub fn app() -> Result<App> {
    use_context::<App>().ok_or_else(|| crate::server::failure::internal("no App in this context"))
}

/// The session of the request that is being answered.
pub async fn current(app: &App) -> Result<Option<Session>> {
    match use_context::<Parts>() {
        Some(parts) => of_request(app, &parts.headers).await,
        None => Ok(None),
    }
}

/// The session that a request's cookie names.
pub async fn of_request(app: &App, headers: &HeaderMap) -> Result<Option<Session>> {
    let Some(hash) = token(app, headers).map(|token| hash(&token)) else { return Ok(None) };
    // Before this look-up nobody is known who could be a proof.
    let Some(found) = app.store.system().session(hash, app.clock.now()).await? else { return Ok(None) };
    note_use(app, hash, found.seen_at).await?;
    Ok(Some(Session { person: found.person, hash }))
}

/// Who is signed in by the request that is being answered, with the membership of the group `slug`, where there is one.
pub async fn current_in(app: &App, slug: &Slug) -> Result<Option<(Person, Option<Membership>)>> {
    let token = use_context::<Parts>().and_then(|parts| token(app, &parts.headers));
    let Some(hash) = token.map(|token| hash(&token)) else { return Ok(None) };
    // Before this look-up nobody is known who could be a proof.
    let Some((found, membership)) = app.store.system().session_in(hash, app.clock.now(), slug).await? else { return Ok(None) };
    note_use(app, hash, found.seen_at).await?;
    Ok(Some((found.person, membership)))
}

async fn note_use(app: &App, hash: [u8; 32], seen_at: Millis) -> Result<()> {
    let now = app.clock.now();
    if now - seen_at > NOTED_MS {
        // The session's own line.
        app.store.system().touch_session(hash, now, now + LENGTH_MS).await?;
    }
    Ok(())
}

/// Starts a session and sets its cookie on the answer. Call it in the transaction that proves who it is.
pub async fn start(app: &App, tx: &mut Tx, person: PersonId) -> Result<HeaderValue> {
    let token = hex::encode(app.clock.secret());
    let now = app.clock.now();
    sessions::insert(tx, hash(&token), person, &device(), now, now + LENGTH_MS).await?;
    cookie(app, token, true)
}

/// The cookie that makes a browser forget its session.
pub fn ended(app: &App) -> Result<HeaderValue> {
    cookie(app, String::new(), false)
}

/// Puts a cookie on the answer to the current request.
pub fn set(cookie: HeaderValue) {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.append_header(header::SET_COOKIE, cookie);
    }
}

fn token(app: &App, headers: &HeaderMap) -> Option<String> {
    CookieJar::from_headers(headers)
        .get(cookie_name(app))
        .map(|cookie| cookie.value().to_owned())
        .filter(|token| !token.is_empty())
}

/// Over https the prefix makes browsers refuse a cookie that another host or a plain connection set.
fn cookie_name(app: &App) -> &'static str {
    if app.settings.secure() { "__Host-guildhall" } else { "guildhall" }
}

fn cookie(app: &App, token: String, lasting: bool) -> Result<HeaderValue> {
    let mut cookie = Cookie::new(cookie_name(app), token);
    cookie.set_http_only(true);
    cookie.set_same_site(SameSite::Lax);
    cookie.set_path("/");
    cookie.set_secure(app.settings.secure());
    let mut text = cookie.to_string();
    text.push_str(&format!("; Max-Age={}", if lasting { LENGTH_MS / 1_000 } else { 0 }));
    HeaderValue::from_str(&text).map_err(|error| AppError::Internal { reference: error.to_string() })
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What the browser says it is, cut to what a list can show.
fn device() -> String {
    let agent = use_context::<Parts>().and_then(|parts| Some(parts.headers.get(header::USER_AGENT)?.to_str().ok()?.to_owned()));
    agent.map_or_else(|| "unknown".to_owned(), |agent| agent.chars().take(200).collect())
}
