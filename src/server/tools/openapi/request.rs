//! An operation filled with an input. Every value is encoded for the place where it stands, so that none can leave it.

use super::{carrier, operations::BODY};
use crate::{
    model::tool_source::SecretCarrier,
    server::{
        tool_sources::known::{Body, Operation, Parameter, Place, Style},
        tools::{ToolError, remote::encode},
    },
};
use reqwest::{
    Method, RequestBuilder, Response,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};
use serde_json::Value;

pub struct Filled {
    pub method: Method,
    pub url: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Option<(&'static str, String)>,
}

/// `carrier` is what the secret is added in afterwards.
pub fn fill(base: &str, operation: &Operation, carrier: Option<&SecretCarrier>, input: &Value) -> Result<Filled, ToolError> {
    let (mut path, mut query, mut headers) = (operation.path.clone(), Vec::new(), Vec::new());
    for parameter in &operation.parameters {
        let Some(value) = input.get(&parameter.field).filter(|value| !value.is_null()) else { continue };
        match parameter.place {
            Place::Path => path = path.replace(&format!("{{{}}}", parameter.name), &segment(value)?),
            Place::Query => pairs(parameter, value, &mut query),
            Place::Header => headers.push(header(parameter, value)?),
        }
    }
    if let Some(carrier) = carrier {
        carrier::drop_pairs(carrier, &mut query);
    }
    let method = Method::from_bytes(operation.method.as_bytes()).map_err(|_| ToolError("The method is unknown.".to_owned()))?;
    let body = operation.body.zip(input.get(BODY)).map(|(kind, value)| body(kind, value));
    Ok(Filled { method, url: url(base, &checked(path)?, &query), headers, body })
}

impl Filled {
    /// Sends it on a request that was begun with its method and URL.
    pub async fn send(self, mut request: RequestBuilder) -> Result<Response, reqwest::Error> {
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        if let Some((kind, body)) = self.body {
            request = request.header(CONTENT_TYPE, HeaderValue::from_static(kind)).body(body);
        }
        request.send().await
    }
}

/// A value of the path. Without one the URL would be another's: that of the whole list, say.
fn segment(value: &Value) -> Result<String, ToolError> {
    let text = joined(value, ",");
    if text.is_empty() { Err(ToolError(PATH_VALUE.to_owned())) } else { Ok(encode(&text)) }
}

const PATH_VALUE: &str = "A value of the path cannot be empty, “.” or “..”.";

/// A path that lacks a value, or that would climb out of where it stands, is not asked for. URLs resolve `..` even where
/// it is encoded.
fn checked(path: String) -> Result<String, ToolError> {
    if path.contains('{') || path.contains('}') {
        return Err(ToolError(format!("The path {path} lacks a value.")));
    }
    let climbs = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    let empty = path.trim_start_matches('/').trim_end_matches('/').split('/').any(str::is_empty) && path != "/";
    if path.split('/').any(climbs) || empty {
        return Err(ToolError(PATH_VALUE.to_owned()));
    }
    Ok(path)
}

fn url(base: &str, path: &str, query: &[(String, String)]) -> String {
    // A base may bring a query of its own, such as a version.
    let (base, given) = base.split_once('?').unwrap_or((base, ""));
    let pairs = query.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    let query: Vec<String> = (!given.is_empty()).then(|| given.to_owned()).into_iter().chain(pairs).collect();
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut url = format!("{}{slash}{path}", base.trim_end_matches('/'));
    if !query.is_empty() {
        url = format!("{url}?{}", query.join("&"));
    }
    url
}

/// A value's part in a query.
fn pairs(parameter: &Parameter, value: &Value, query: &mut Vec<(String, String)>) {
    let name = &parameter.name;
    match (value, parameter.style) {
        (Value::Array(list), Style::Repeated) => query.extend(list.iter().map(|one| (name.clone(), plain(one)))),
        (Value::Object(fields), Style::Deep) => {
            query.extend(fields.iter().map(|(field, one)| (format!("{name}[{field}]"), plain(one))));
        }
        (Value::Object(fields), Style::Repeated) => query.extend(fields.iter().map(|(field, one)| (field.clone(), plain(one)))),
        (value, Style::Spaces) => query.push((name.clone(), joined(value, " "))),
        (value, Style::Pipes) => query.push((name.clone(), joined(value, "|"))),
        (value, _) => query.push((name.clone(), joined(value, ","))),
    }
}

fn header(parameter: &Parameter, value: &Value) -> Result<(HeaderName, HeaderValue), ToolError> {
    let name = HeaderName::from_bytes(parameter.name.as_bytes());
    let value = HeaderValue::from_str(&joined(value, ","));
    name.ok().zip(value.ok()).ok_or_else(|| ToolError(format!("The value of {} cannot stand in a header.", parameter.name)))
}

fn body(kind: Body, value: &Value) -> (&'static str, String) {
    match kind {
        Body::Json => ("application/json", value.to_string()),
        Body::Form => {
            let fields = value.as_object().into_iter().flatten();
            let pairs = fields.flat_map(|(name, value)| match value {
                Value::Array(list) => list.iter().map(|one| (name, plain(one))).collect(),
                one => vec![(name, plain(one))],
            });
            let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(&value)));
            ("application/x-www-form-urlencoded", pairs.collect::<Vec<_>>().join("&"))
        }
    }
}

/// Lists and objects in one text.
fn joined(value: &Value, between: &str) -> String {
    match value {
        Value::Array(list) => list.iter().map(plain).collect::<Vec<_>>().join(between),
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, one)| [name.clone(), plain(one)]).collect::<Vec<_>>().join(between)
        }
        one => plain(one),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
