//! `AppError`: everything a user can be told. Closed and serialisable; causes are logged where they happen and never shown.

mod wire;

use crate::model::budget::Refusal;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};
use std::fmt;
use wire::Wire;

pub type Result<T, E = AppError> = std::result::Result<T, E>;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "Wire", try_from = "Wire")]
pub enum AppError {
    /// Nobody is signed in, or the key is unknown.
    Unauthorised,
    /// Signed in and a member, but the role does not allow it.
    Forbidden {
        message: String,
    },
    /// It does not exist, or belongs to somebody else: strangers cannot tell which.
    NotFound,
    /// The input has a mistake; `field` names the form field where there is one.
    Invalid {
        field: Option<String>,
        message: String,
    },
    /// Somebody was quicker, or the state does not allow it any more.
    Conflict {
        message: String,
    },
    TooLarge {
        message: String,
    },
    /// A budget does not allow it.
    OverBudget {
        refusal: Box<Refusal>,
    },
    RateLimited {
        retry_after_s: u64,
        message: String,
    },
    /// No model can answer; the message says what to do.
    Unavailable {
        message: String,
    },
    /// Our fault. The reference is in the log beside the cause.
    Internal {
        reference: String,
    },
    /// The browser could not reach the server.
    Offline,
}

impl AppError {
    pub fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::Invalid { field: Some(field.to_owned()), message: message.into() }
    }

    pub fn conflict(message: impl Into<String>) -> Self {
        Self::Conflict { message: message.into() }
    }

    pub fn status(&self) -> u16 {
        match self {
            Self::Unauthorised => 401,
            Self::OverBudget { .. } => 402,
            Self::Forbidden { .. } => 403,
            Self::NotFound => 404,
            Self::Conflict { .. } => 409,
            Self::TooLarge { .. } => 413,
            Self::Invalid { .. } => 422,
            Self::RateLimited { .. } => 429,
            Self::Internal { .. } => 500,
            Self::Unavailable { .. } | Self::Offline => 503,
        }
    }

    /// The stable name of the error in the JSON API.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unauthorised => "unauthorised",
            Self::Forbidden { .. } => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict { .. } => "conflict",
            Self::TooLarge { .. } => "too_large",
            Self::OverBudget { .. } => "budget",
            Self::Invalid { .. } => "invalid",
            Self::RateLimited { .. } => "rate_limited",
            Self::Internal { .. } => "internal",
            Self::Unavailable { .. } => "unavailable",
            Self::Offline => "offline",
        }
    }

    /// The field of the form that the error is about.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::Invalid { field, .. } => field.as_deref(),
            _ => None,
        }
    }

    /// Whether the same request may succeed later, unchanged.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::RateLimited { .. } | Self::Unavailable { .. } | Self::Internal { .. } | Self::Offline)
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorised => f.write_str("Sign in to go on."),
            Self::NotFound => f.write_str("There is nothing here, or it is not yours to see."),
            Self::Forbidden { message }
            | Self::Invalid { message, .. }
            | Self::Conflict { message }
            | Self::TooLarge { message }
            | Self::Unavailable { message }
            | Self::RateLimited { message, .. } => f.write_str(message),
            Self::OverBudget { refusal } => refusal.fmt(f),
            Self::Internal { reference } => {
                write!(
                    f,
                    "Something went wrong on our side. Nothing you wrote is lost. Reference for your administrator: {reference}"
                )
            }
            Self::Offline => f.write_str("The server cannot be reached. Check the connection and try again."),
        }
    }
}

impl std::error::Error for AppError {}

impl FromServerFnError for AppError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Offline,
            ServerFnErrorErr::Args(message) | ServerFnErrorErr::MissingArg(message) => Self::Invalid { field: None, message },
            _ => Self::Internal { reference: "transport".to_owned() },
        }
    }
}
