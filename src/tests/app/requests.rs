//! Requests, and their whole answers.

use super::TestApp;
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode, header, request::Builder},
    response::Response,
};
use serde_json::Value;
use tower::ServiceExt as _;

/// Server functions whose input is a form, so that they work before a page is interactive. All others take JSON.
const FORMS: [&str; 22] = [
    "sign_up",
    "sign_in",
    "sign_out",
    "sign_out_elsewhere",
    "change_password",
    "decide_approval",
    "send_message",
    "start_thread",
    "stop_run",
    "continue_run",
    "retry_run",
    "add_budget",
    "change_budget",
    "remove_budget",
    "save_price",
    "save_provider_totals",
    "add_document",
    "delete_document",
    "save_check",
    "remove_check",
    "run_checks",
    "choose_embedder",
];

/// An answer that has arrived whole.
#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {} {}", self.status, self.text()))
    }

    /// The body of an answer that must be good.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, self.text());
        if self.body.is_empty() { Value::Null } else { self.json() }
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The cookie that the answer sets, as a `Cookie` header has it.
    pub fn cookie(&self) -> Option<String> {
        self.header("set-cookie")?.split(';').next().map(str::to_owned)
    }
}

impl TestApp {
    /// Calls a server function as a page does. An empty `cookie` is nobody.
    pub async fn call_fn(&self, name: &str, input: Value, cookie: &str) -> Reply {
        let request = Request::post(format!("/fn/{name}")).header(header::ACCEPT, "application/json");
        let request = request.header("sec-fetch-site", "same-origin");
        let request = if cookie.is_empty() { request } else { request.header(header::COOKIE, cookie) };
        let (kind, body) = if FORMS.contains(&name) {
            ("application/x-www-form-urlencoded", form(&input))
        } else {
            ("application/json", input.to_string())
        };
        self.request(request.header(header::CONTENT_TYPE, kind).body(body.into()).expect("a request")).await
    }

    pub async fn get(&self, path: &str, key: &str) -> Reply {
        self.rest(Method::GET, path, key, None).await
    }

    pub async fn post(&self, path: &str, key: &str, body: Value) -> Reply {
        self.rest(Method::POST, path, key, Some(body)).await
    }

    pub async fn patch(&self, path: &str, key: &str, body: Value) -> Reply {
        self.rest(Method::PATCH, path, key, Some(body)).await
    }

    pub async fn put(&self, path: &str, key: &str, body: Value) -> Reply {
        self.rest(Method::PUT, path, key, Some(body)).await
    }

    pub async fn delete(&self, path: &str, key: &str) -> Reply {
        self.rest(Method::DELETE, path, key, None).await
    }

    /// A request of the JSON API. An empty `key` is nobody.
    pub async fn rest(&self, method: Method, path: &str, key: &str, body: Option<Value>) -> Reply {
        let request = with_key(Request::builder().method(method).uri(path), key);
        let request = match body {
            Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into()),
            None => request.body(Body::empty()),
        };
        self.request(request.expect("a request")).await
    }

    /// Any request, and its whole answer.
    pub async fn request(&self, request: Request<Body>) -> Reply {
        let (parts, body) = self.begin(request).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body that ends");
        Reply { status: parts.status, headers: parts.headers, body }
    }

    /// Any request, and the head of its answer; the body comes as it is made.
    pub async fn begin(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.expect("the router answers")
    }
}

pub(super) fn with_key(request: Builder, key: &str) -> Builder {
    if key.is_empty() { request } else { request.header(header::AUTHORIZATION, format!("Bearer {key}")) }
}

/// A flat object as the fields of a form; null fields are left out, as by a browser.
fn form(input: &Value) -> String {
    let mut url = reqwest::Url::parse("http://form").expect("a URL");
    for (name, value) in input.as_object().into_iter().flatten().filter(|(_, value)| !value.is_null()) {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        url.query_pairs_mut().append_pair(name, &text);
    }
    url.query().unwrap_or_default().to_owned()
}
