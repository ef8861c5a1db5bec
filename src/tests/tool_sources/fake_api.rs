//! An HTTP API that says what it was asked.

use axum::{
    Router,
    body::Bytes,
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// Starts it and answers its base URL. What is under `/missing` is not there, `/huge` has no end, `/away` leads elsewhere.
#[expect(clippy::disallowed_methods, reason = "the fake ends with its test, and has nothing to drain")]
pub async fn start() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, Router::new().fallback(answer)).await });
    url
}

async fn answer(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, 1 << 20).await.expect("a body");
    let path = parts.uri.path();
    if path.starts_with("/v1/missing") {
        return (StatusCode::NOT_FOUND, "no such beam").into_response();
    }
    if path.starts_with("/v1/huge") {
        return "x".repeat(400 * 1024).into_response();
    }
    if path.starts_with("/v1/away") {
        return (StatusCode::FOUND, [(header::LOCATION, "http://169.254.169.254/")]).into_response();
    }
    if let Some(repeated) = repeated(path, &parts.headers) {
        return repeated;
    }
    let keys: Vec<&str> = parts.headers.get_all("x-api-key").iter().filter_map(|key| key.to_str().ok()).collect();
    let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let said: Value = json!({
        "method": parts.method.as_str(), "uri": parts.uri.to_string(), "body": String::from_utf8_lossy(&body),
        "kind": header("content-type"), "key": header("x-api-key"), "keys": keys, "trace": header("x-trace"),
    });
    axum::Json(said).into_response()
}

/// The key in many spellings (`/spelled`), or behind so many letters: `/edge/100`, and `/refusing/100` as an error.
fn repeated(path: &str, headers: &HeaderMap) -> Option<Response> {
    let key = headers.get("x-api-key")?.to_str().ok()?;
    let percent = |plain: &str| -> String {
        let one = |byte: u8| if plain.as_bytes().contains(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
        key.bytes().map(one).collect()
    };
    let letters = "Tokenswrdfih";
    let path = path.strip_prefix("/v1/")?;
    if path == "spelled" {
        let json = key.replace('\\', "\\\\").replace('"', "\\\"");
        let unicode: String = key.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
        let spellings = [
            ("plain", key.to_owned()),
            ("bare", key.split_once(' ')?.1.to_owned()),
            ("json", json.clone()),
            ("slashes", json.replace('/', "\\/")),
            ("unicode", unicode),
            ("percent", percent(letters)),
            ("lower", percent("").to_lowercase()),
            ("form", percent(&format!("{letters} ")).replace(' ', "+")),
            ("component", percent(&format!("{letters}/+47"))),
        ];
        return Some(spellings.map(|(name, spelled)| format!("{name}: {spelled}.\n")).concat().into_response());
    }
    let (kind, before) = path.split_once('/')?;
    let status = match kind {
        "edge" => StatusCode::OK,
        "refusing" => StatusCode::FORBIDDEN,
        _ => return None,
    };
    let body = format!("{}{}{}", "x".repeat(before.parse().ok()?), percent(letters), "x".repeat(400 * 1024));
    Some((status, body).into_response())
}
