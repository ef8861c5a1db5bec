//! `POST /g/{slug}/knowledge/files`: files that a page sends, as a plain form or one at a time with their progress.
//!
//! A form is answered with the page again, a script (which accepts JSON) with the documents.

use crate::{
    error::{AppError, Result},
    ids::DocumentId,
    model::{
        document::{self, Document},
        group::Slug,
    },
    server::{
        http::server_fns::refusal,
        knowledge::documents::{self, Added, Content},
        member::{self, Member},
        state::App,
    },
};
use axum::{
    Json, Router,
    extract::{
        DefaultBodyLimit, FromRequest as _, Multipart, Path, Request, State,
        multipart::{Field, MultipartError},
    },
    http::{HeaderMap, header},
    response::{IntoResponse as _, Redirect, Response},
    routing::post,
};

/// All files of one form, in bytes. A script sends each by itself.
const FORM_MAX: usize = 4 * Document::SIZE_MAX + 1024 * 1024;

pub fn router() -> Router<App> {
    Router::new().route("/g/{slug}/knowledge/files", post(receive)).layer(DefaultBodyLimit::max(FORM_MAX))
}

async fn receive(State(app): State<App>, Path(slug): Path<String>, request: Request) -> Response {
    let json = accepts_json(request.headers());
    let taken = take(&app, &slug, request).await;
    match taken {
        Ok(documents) if json => Json(documents).into_response(),
        Err(error) if json || matches!(error, AppError::Unauthorised | AppError::NotFound) => refusal(&error),
        // The page knows what each of these words stands for: no text of a link is shown as if it were ours.
        Ok(_) => Redirect::to(&format!("/g/{slug}/knowledge")).into_response(),
        Err(error) => Redirect::to(&format!("/g/{slug}/knowledge?problem={}", error.code())).into_response(),
    }
}

fn accepts_json(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("application/json"))
}

async fn take(app: &App, slug: &str, request: Request) -> Result<Vec<Document>> {
    // No group has a name that is none.
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    let member = member::by_cookie(app, request.headers(), &slug).await?;
    let mut form = Multipart::from_request(request, app).await.map_err(|_| broken())?;
    let (mut target, mut documents) = (None, Vec::new());
    while let Some(field) = form.next_field().await.map_err(|error| refusal_of(&error))? {
        match field.name() {
            // It stands before the file in the form.
            Some("document") => {
                let id = field.text().await.map_err(|error| refusal_of(&error))?;
                target = Some(id.parse::<DocumentId>().map_err(|_| AppError::NotFound)?);
            }
            // A form without a choice sends one file without a name.
            Some("file") if field.file_name().is_some_and(|name| !name.is_empty()) => {
                documents.push(keep(app, &member, target, content(field).await?).await?);
            }
            _ => {}
        }
    }
    if documents.is_empty() {
        return Err(AppError::invalid("file", "Choose a file first."));
    }
    Ok(documents)
}

async fn keep(app: &App, member: &Member, target: Option<DocumentId>, content: Content) -> Result<Document> {
    match target {
        Some(id) => documents::replace(app, member, id, content).await,
        None => documents::add(app, member, content).await.map(Added::document),
    }
}

/// A file's content, read no further than it may be long.
pub async fn content(mut field: Field<'_>) -> Result<Content> {
    let file_name = field.file_name().map(clean).filter(|name| !name.is_empty());
    let media_type = field.content_type().map(str::to_owned);
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(|error| refusal_of(&error))? {
        if bytes.len() + chunk.len() > Document::SIZE_MAX {
            return Err(document::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Content { title: None, file_name, media_type, bytes })
}

/// A file's name without the folders that it came from.
fn clean(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    name.chars().filter(|c| !c.is_control()).take(255).collect()
}

pub fn broken() -> AppError {
    AppError::invalid("file", "The form did not arrive whole.")
}

pub fn refusal_of(error: &MultipartError) -> AppError {
    if error.status().as_u16() == 413 { document::too_large() } else { broken() }
}
