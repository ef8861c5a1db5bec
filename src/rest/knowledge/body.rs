//! How a document comes in: as JSON, or as a file in a form.

use super::super::{input, problem::Problem};
use crate::{
    error::{AppError, Result},
    model::document::{self, Document},
    server::{
        http::files,
        knowledge::documents::{Brought, Content},
        state::App,
    },
};
use axum::{
    body::Bytes,
    extract::{FromRequest, Multipart, Request},
    http::header,
};
use serde::Deserialize;
use utoipa::ToSchema;

/// A document, its name, and what a form needs around them, in bytes.
pub const BODY_MAX: usize = Document::SIZE_MAX + 1024 * 1024;

/// A document as text, or where to fetch it: one of `text` and `url`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// 1 to 200 characters. Without one a text is called by its first words, and what is fetched as it calls itself.
    title: Option<String>,
    /// At most 25 MB.
    text: Option<String>,
    /// An http or https address.
    url: Option<String>,
}

/// A file in a form.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "it describes the form, which is read field by field")]
pub struct DocumentFile {
    /// txt, md, html, pdf, docx, csv or json, at most 25 MB.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Without one the document is called as its file is.
    title: Option<String>,
}

pub enum Incoming {
    Told(NewDocument),
    File(Content),
}

impl Incoming {
    pub fn brought(self) -> Result<Brought> {
        match self {
            Self::File(content) => Ok(content.into()),
            Self::Told(NewDocument { title, text: Some(text), url: None }) => {
                if text.trim().is_empty() {
                    return Err(AppError::invalid("text", "This cannot be empty."));
                }
                let title = title.filter(|title| !title.trim().is_empty());
                let title = title.as_deref().map(document::title).transpose()?;
                let media_type = Some("text/plain".to_owned());
                Ok(Content { title, media_type, bytes: text.into_bytes(), ..Content::default() }.into())
            }
            Self::Told(NewDocument { title, text: None, url: Some(url) }) => {
                let title = title.as_deref().map(document::title).transpose()?;
                Ok(Brought::Address { title, url })
            }
            Self::Told(_) => Err(AppError::invalid("text", "Give the document's text, or a url to fetch it from.")),
        }
    }
}

impl FromRequest<App> for Incoming {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        if kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data") {
            return Ok(Self::File(form(request, app).await?));
        }
        let bytes = Bytes::from_request(request, app).await.map_err(|refused| match refused.status().as_u16() {
            413 => document::too_large(),
            _ => AppError::Invalid { field: None, message: "The body did not arrive whole.".to_owned() },
        })?;
        Ok(Self::Told(input::body(&bytes)?))
    }
}

async fn form(request: Request, app: &App) -> Result<Content> {
    let mut form = Multipart::from_request(request, app).await.map_err(|_| files::broken())?;
    let (mut title, mut content) = (None, None);
    while let Some(field) = form.next_field().await.map_err(|error| files::refusal_of(&error))? {
        match field.name() {
            Some("title") => title = Some(field.text().await.map_err(|error| files::refusal_of(&error))?),
            Some("file") if content.is_none() => content = Some(files::content(field).await?),
            Some("file") => return Err(AppError::invalid("file", "Send one file at a time.")),
            _ => {}
        }
    }
    let content = content.ok_or_else(|| AppError::invalid("file", "The form has no file."))?;
    Ok(Content { title: title.filter(|title| !title.trim().is_empty()), ..content })
}
