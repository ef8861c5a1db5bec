//! What a request says, parsed at the edge: a handler never sees what does not fit.

pub(super) mod mistake;

use super::problem::Problem;
use crate::error::{AppError, Result};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Query, RawPathParams, Request},
    http::{HeaderMap, request::Parts},
};
use serde::de::DeserializeOwned;
use std::str::FromStr;

/// The `{id}` of the path. What is no id names nothing: 404.
pub struct Id<T>(pub T);

impl<S: Send + Sync, T: FromStr + Send> FromRequestParts<S> for Id<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let id = path_part(parts, "id").await?;
        Ok(Self(id.parse().map_err(|_| AppError::NotFound)?))
    }
}

/// One variable part of the path.
pub(super) async fn path_part(parts: &mut Parts, name: &str) -> Result<String> {
    let params = RawPathParams::from_request_parts(parts, &()).await.map_err(|_| AppError::NotFound)?;
    let part = params.iter().find(|(key, _)| *key == name);
    part.map(|(_, value)| value.to_owned()).ok_or(AppError::NotFound)
}

/// What stands behind the question mark.
pub struct Filter<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Filter<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(query)) => Ok(Self(query)),
            Err(mistake) => {
                let said = mistake.body_text();
                let message =
                    format!("The query does not fit: {}.", said.trim_start_matches("Failed to deserialize query string: "));
                Err(AppError::Invalid { field: mistake::in_query::<T>(&parts.uri, &said), message }.into())
            }
        }
    }
}

/// A JSON body, whatever content type it claims: no browser sends a key by itself, so a form cannot forge one.
pub struct Input<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Input<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let bytes = Bytes::from_request(request, state).await.map_err(|refused| match refused.status().as_u16() {
            413 => AppError::TooLarge { message: "The body is too large. One megabyte is the most.".to_owned() },
            _ => invalid("The body did not arrive whole."),
        })?;
        Ok(Self(body(&bytes)?))
    }
}

/// A JSON body that has arrived.
pub(super) fn body<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes).map_err(|mistake| AppError::Invalid {
        field: serde_json::from_slice(bytes).ok().and_then(|value| mistake::in_body::<T>(&value)),
        message: format!("The body does not fit: {mistake}."),
    })
}

/// A header's text, where the request has it.
pub fn header<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>> {
    let value = headers.get(name).map(|value| value.to_str());
    value.transpose().map_err(|_| invalid(format!("The header {name} may hold ASCII text only.")))
}

fn invalid(message: impl Into<String>) -> AppError {
    AppError::Invalid { field: None, message: message.into() }
}
