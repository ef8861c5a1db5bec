//! How an error travels: one flat object, `{"code": "invalid", "field": "name", "message": "…"}`.
//!
//! The same as serde's tag inside of an enum, which would be read through a copy of the whole value: every page of the
//! browser would load the code for that.

use super::AppError;
use crate::model::budget::Refusal;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

#[derive(Default, Serialize, Deserialize)]
pub struct Wire {
    code: Cow<'static, str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<Box<Refusal>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_s: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
}

impl From<AppError> for Wire {
    fn from(error: AppError) -> Self {
        let wire = Self { code: Cow::Borrowed(error.code()), ..Self::default() };
        match error {
            AppError::Unauthorised | AppError::NotFound | AppError::Offline => wire,
            AppError::Forbidden { message }
            | AppError::Conflict { message }
            | AppError::TooLarge { message }
            | AppError::Unavailable { message } => Self { message: Some(message), ..wire },
            AppError::Invalid { field, message } => Self { field, message: Some(message), ..wire },
            AppError::OverBudget { refusal } => Self { refusal: Some(refusal), ..wire },
            AppError::RateLimited { retry_after_s, message } => {
                Self { retry_after_s: Some(retry_after_s), message: Some(message), ..wire }
            }
            AppError::Internal { reference } => Self { reference: Some(reference), ..wire },
        }
    }
}

impl TryFrom<Wire> for AppError {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        let message = wire.message.ok_or("an error without its message");
        Ok(match &*wire.code {
            "unauthorised" => Self::Unauthorised,
            "forbidden" => Self::Forbidden { message: message? },
            "not_found" => Self::NotFound,
            "invalid" => Self::Invalid { field: wire.field, message: message? },
            "conflict" => Self::Conflict { message: message? },
            "too_large" => Self::TooLarge { message: message? },
            "budget" => Self::OverBudget { refusal: wire.refusal.ok_or("a budget’s error without the budget")? },
            "rate_limited" => {
                let retry_after_s = wire.retry_after_s.ok_or("a limit without its end")?;
                Self::RateLimited { retry_after_s, message: message? }
            }
            "unavailable" => Self::Unavailable { message: message? },
            "internal" => Self::Internal { reference: wire.reference.ok_or("an error of ours without its reference")? },
            "offline" => Self::Offline,
            _ => return Err("an error of an unknown code"),
        })
    }
}
