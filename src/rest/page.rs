//! How lists look: `{"items": […], "next": cursor or null}`, by `?limit=&after=`.

use crate::{
    error::{AppError, Result},
    model::page::Page,
};
use axum::Json;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// Give it as `after` to get the next page; null at the end.
    #[schema(required)]
    pub next: Option<String>,
}

/// Which page of a list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Items of the page: 1 to 100.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<usize>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

pub const LIMIT: usize = 30;

/// Items of a page: what was asked for, else `usual`.
pub fn limit(asked: Option<usize>, usual: usize) -> Result<usize> {
    match asked.unwrap_or(usual) {
        limit @ 1..=100 => Ok(limit),
        _ => Err(AppError::invalid("limit", "Use a number from 1 to 100.")),
    }
}

impl<T> Listed<T> {
    /// Views of a page of models.
    pub fn of<M: Into<T>>(page: Page<M>) -> Json<Self> {
        Json(Self { items: page.items.into_iter().map(Into::into).collect(), next: page.next })
    }
}
