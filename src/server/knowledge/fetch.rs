//! Fetching a content from an address, through the guard of outbound requests: bounded in time, in size and in the
//! number of times that one address leads to another.

use crate::{
    error::{AppError, Result},
    model::document::{self, Document},
    server::{outbound, state::App},
};
use reqwest::{Method, Response, Url, header};
use std::time::Duration;
use tokio::time::timeout;

/// How long the whole may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Addresses that are followed. Each is judged by the guard anew.
const REDIRECTS: usize = 5;

/// What stood at an address, and what its sender says that it is.
pub struct Answer {
    pub media_type: Option<String>,
    pub bytes: Vec<u8>,
}

/// Whether an address is one, and not one of those that are refused at sight. Names are judged when they are asked.
pub fn check(app: &App, url: &str) -> Result<()> {
    app.outbound.request(Method::GET, url).map(drop).map_err(|refused| failed(&format!("{refused}.")))
}

pub async fn fetch(app: &App, url: &str) -> Result<Answer> {
    timeout(PATIENCE, follow(app, url)).await.unwrap_or_else(|_| Err(failed("It did not answer within 30 seconds.")))
}

async fn follow(app: &App, first: &str) -> Result<Answer> {
    let mut url = first.to_owned();
    for _ in 0..=REDIRECTS {
        let response = ask(app, &url).await?;
        let Some(next) = target(&response) else { return content(response).await };
        url = next;
    }
    Err(failed("It leads from one address to the next without end."))
}

async fn ask(app: &App, url: &str) -> Result<Response> {
    let request = app.outbound.request(Method::GET, url).map_err(|refused| failed(&format!("{refused}.")))?;
    let accept =
        "text/html,application/xhtml+xml,text/plain,text/markdown,application/pdf,application/json,text/csv;q=0.9,*/*;q=0.5";
    request.header(header::ACCEPT, accept).send().await.map_err(|error| match outbound::refusal(&error) {
        Some(refused) => failed(&format!("{refused}.")),
        None => failed("It cannot be reached."),
    })
}

fn target(response: &Response) -> Option<String> {
    if !response.status().is_redirection() {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    response.url().join(location).ok().map(Url::into)
}

async fn content(mut response: Response) -> Result<Answer> {
    let status = response.status();
    if !status.is_success() {
        return Err(failed(&format!("It answered {}.", status.as_u16())));
    }
    if response.content_length().is_some_and(|length| length > Document::SIZE_MAX as u64) {
        return Err(document::too_large());
    }
    let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| failed("Its answer was cut off."))? {
        if bytes.len() + chunk.len() > Document::SIZE_MAX {
            return Err(document::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { media_type, bytes })
}

fn failed(why: &str) -> AppError {
    AppError::invalid("url", format!("This address cannot be read. {why}"))
}
