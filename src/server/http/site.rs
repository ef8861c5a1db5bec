//! The site's files, carried inside the binary: the browser half under one version, and the few at the root.

use crate::server::state::App;
use axum::{
    Router,
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use leptos::{WasmSplitManifest, config::LeptosOptions, reactive::owner::ArcStoredValue};
use rust_embed::{EmbeddedFile, RustEmbed};
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// What `script/front` built. A debug build reads the folder at every request instead, so that `make dev` shows changes.
#[derive(RustEmbed)]
#[folder = "target/site"]
#[allow_missing = true]
struct Files;

/// The name that cargo-leptos gives the loader of a split browser half when file names carry no hash.
const SPLIT_LOADER: &str = "__wasm_split.______________________.js";
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");

/// Stands in the path of every file of the browser half, which may therefore be cached for ever. One version for all
/// of them, because the parts of a split build only fit each other.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    if cfg!(debug_assertions) {
        return "dev".to_owned();
    }
    let mut digest = Sha256::new();
    for name in Files::iter() {
        digest.update(name.as_bytes());
        digest.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    hex::encode(&digest.finalize()[..8])
});

/// What leptos writes the page's links with.
pub fn options() -> LeptosOptions {
    LeptosOptions::builder().output_name("guildhall").site_root("").site_pkg_dir(format!("pkg/{}", *VERSION)).build()
}

/// Which split files a page needs, so that leptos preloads them: to be provided as context of every rendering.
pub fn split_manifest() -> Option<WasmSplitManifest> {
    let file = Files::get("pkg/__wasm_split_manifest.json")?;
    let preloads = serde_json::from_slice(&file.data).ok()?;
    Some(WasmSplitManifest(ArcStoredValue::new((format!("/pkg/{}", *VERSION), preloads, SPLIT_LOADER.to_owned()))))
}

pub fn router() -> Router<App> {
    Router::new()
        .route("/pkg/{version}/{*name}", get(versioned))
        .route("/favicon.svg", get(|headers: HeaderMap| async move { send("favicon.svg", &headers, REVALIDATE) }))
        .route("/robots.txt", get(|headers: HeaderMap| async move { send("robots.txt", &headers, REVALIDATE) }))
}

/// Another version's page must not be given this version's part of it.
async fn versioned(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    if version != *VERSION {
        return StatusCode::NOT_FOUND.into_response();
    }
    let cache = if cfg!(debug_assertions) { REVALIDATE } else { FOREVER };
    send(&format!("pkg/{name}"), &headers, cache)
}

fn send(path: &str, request: &HeaderMap, cache: HeaderValue) -> Response {
    let Some((encoding, file)) = find(path, request) else { return StatusCode::NOT_FOUND.into_response() };
    let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, cache);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    headers.extend(HeaderValue::from_str(&etag).ok().map(|etag| (header::ETAG, etag)));
    if request.get(header::IF_NONE_MATCH).is_some_and(|seen| seen.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let kind = mime_guess::from_path(path).first_or_octet_stream();
    headers.extend(HeaderValue::from_str(kind.as_ref()).ok().map(|kind| (header::CONTENT_TYPE, kind)));
    headers.extend(encoding.map(|encoding| (header::CONTENT_ENCODING, HeaderValue::from_static(encoding))));
    (headers, Body::from(file.data)).into_response()
}

/// The smallest form of the file that the browser accepts; the build made them all.
fn find(path: &str, request: &HeaderMap) -> Option<(Option<&'static str>, EmbeddedFile)> {
    let accepted = request.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let compressed = [("br", "br"), ("gzip", "gz")].into_iter().filter(|(name, _)| accepts(accepted, name));
    compressed
        .filter_map(|(name, extension)| Some((Some(name), Files::get(&format!("{path}.{extension}"))?)))
        .next()
        .or_else(|| Some((None, Files::get(path)?)))
}

/// Whether an Accept-Encoding header names `encoding` without refusing it by `q=0`.
pub(crate) fn accepts(header: &str, encoding: &str) -> bool {
    header.split(',').any(|item| {
        let mut parts = item.split(';').map(str::trim);
        parts.next() == Some(encoding) && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}
