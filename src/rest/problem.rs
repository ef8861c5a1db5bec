//! How errors look: `{"error": {"code", "message", "details"?}}` with the status that fits.

use super::budgets::RefusalView;
use crate::error::AppError;
use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::{IntoResponses, ToSchema};

/// Every error of the API.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    error: Detail,
    #[serde(skip)]
    #[schema(ignore)]
    status: u16,
    #[serde(skip)]
    #[schema(ignore)]
    retry_after_s: Option<u64>,
}

#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ProblemDetail)]
struct Detail {
    /// Stable: `unauthorised`, `forbidden`, `not_found`, `method_not_allowed`, `conflict`, `too_large`, `invalid`,
    /// `budget`, `rate_limited`, `unavailable` or `internal`.
    code: &'static str,
    /// What happened and what to do, for people.
    message: String,
    /// `{field}` of an invalid input, `{retry_after_s}` of a limit, the budget that does not allow it and how it stands,
    /// `{reference}` of an error of ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    details: Option<Value>,
}

impl Problem {
    pub fn method_not_allowed() -> Self {
        let message = "This address knows no such method. The Allow header names those that it does.".to_owned();
        let error = Detail { code: "method_not_allowed", message, details: None };
        Self { error, status: StatusCode::METHOD_NOT_ALLOWED.as_u16(), retry_after_s: None }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        let message = match &error {
            AppError::Unauthorised => "Send a key of the group as “Authorization: Bearer …”.".to_owned(),
            told => told.to_string(),
        };
        let (details, retry_after_s) = match &error {
            AppError::Invalid { field: Some(field), .. } => (Some(json!({ "field": field })), None),
            AppError::RateLimited { retry_after_s, .. } => {
                (Some(json!({ "retry_after_s": retry_after_s })), Some(*retry_after_s))
            }
            AppError::OverBudget { refusal } => (serde_json::to_value(RefusalView::from((**refusal).clone())).ok(), None),
            AppError::Internal { reference } => (Some(json!({ "reference": reference })), None),
            _ => (None, None),
        };
        Self { error: Detail { code: error.code(), message, details }, status: error.status(), retry_after_s }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let retry_after = self.retry_after_s.map(HeaderValue::from);
        let mut response = (status, Json(self)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds);
        }
        response
    }
}

/// What every route may answer instead.
#[derive(IntoResponses)]
pub enum Refused {
    /// No key, or one that is unknown.
    #[response(status = 401)]
    Unauthorised(Problem),
    /// It does not exist, or is not this key's to see.
    #[response(status = 404)]
    NotFound(Problem),
    /// The input has a mistake; `details.field` names where.
    #[response(status = 422)]
    Invalid(Problem),
    /// Too many requests: wait as long as the `Retry-After` header says.
    #[response(status = 429)]
    RateLimited(Problem),
    /// Our fault; `details.reference` stands in the server's log too.
    #[response(status = 500)]
    Internal(Problem),
    /// Not now; try again later.
    #[response(status = 503)]
    Unavailable(Problem),
}

/// What routes that change something may answer besides.
#[derive(IntoResponses)]
pub enum NotChanged {
    /// The state does not allow it (any more).
    #[response(status = 409)]
    Conflict(Problem),
    /// The body is larger than the server reads.
    #[response(status = 413)]
    TooLarge(Problem),
}

/// What routes that let a model answer may answer besides.
#[derive(IntoResponses)]
pub enum OverBudget {
    /// A budget does not allow it; `details` says which, how it stands, when it begins anew and who can raise it.
    #[response(status = 402)]
    OverBudget(Problem),
}

/// What routes for admins and owners answer to other members.
#[derive(IntoResponses)]
pub enum ForAdmins {
    /// The key's holder is neither admin nor owner of the group.
    #[response(status = 403)]
    Forbidden(Problem),
}
