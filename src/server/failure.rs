//! Where causes end: logged once with a reference, and shown to users only as that reference.

use crate::{error::AppError, server::clock::fill};
use std::fmt;

/// Logs the cause of an error that is our fault and answers what the user is told.
pub fn internal(cause: impl fmt::Display) -> AppError {
    let mut random = [0; 5];
    fill(&mut random);
    let reference = hex::encode(random);
    tracing::error!(%reference, %cause, "internal error");
    AppError::Internal { reference }
}

impl From<sqlx::Error> for AppError {
    fn from(error: sqlx::Error) -> Self {
        internal(error)
    }
}
