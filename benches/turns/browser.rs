//! A member's browser, as far as the server can tell: a session, server functions, and the one event stream.

use crate::{Result, guildhall::SLUG};
use guildhall::{
    ids::{AgentId, ThreadId},
    model::{live::LiveEvent, run::Sent},
};
use reqwest::{Client, RequestBuilder, Response, Url, header};
use serde::{Serialize, de::DeserializeOwned};
use std::net::IpAddr;

#[derive(Clone)]
pub struct Browser {
    client: Client,
    url: String,
    cookie: String,
}

impl Browser {
    #[expect(clippy::disallowed_methods, reason = "the benchmark's own client, which talks to guildhall only")]
    pub async fn sign_in(url: &str, from: IpAddr, email: &str, password: &str) -> Result<Self> {
        let client = Client::builder().no_proxy().local_address(from).redirect(reqwest::redirect::Policy::none()).build()?;
        let mut browser = Self { client, url: url.to_owned(), cookie: String::new() };
        let answer = browser.post("sign_in", &[("email", email), ("password", password)]).send().await?;
        let status = answer.status();
        let cookie = answer.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
        let cookie =
            cookie.and_then(|cookie| cookie.split(';').next()).ok_or_else(|| format!("{email} cannot sign in: {status}"))?;
        browser.cookie = cookie.to_owned();
        Ok(browser)
    }

    /// A thread without messages.
    pub async fn start_thread(&self, agent: AgentId) -> Result<ThreadId> {
        read(self.post("start_thread", &[("slug", SLUG), ("agent_id", &agent.to_string())])).await
    }

    pub async fn send(&self, thread: ThreadId, text: &str) -> Result<Sent> {
        let thread = thread.to_string();
        read(self.post("send_message", &[("slug", SLUG), ("thread_id", &thread), ("text", text)])).await
    }

    /// Follows a thread from now on. The first event is a snapshot.
    pub async fn follow(&self, thread: ThreadId) -> Result<Events> {
        let request = self.ours(self.client.get(format!("{}/live?thread={thread}%40", self.url)));
        let response = request.send().await?.error_for_status()?;
        Ok(Events { response, bytes: Vec::new(), read: 0 })
    }

    /// A server function that takes JSON.
    pub async fn call<T: DeserializeOwned>(&self, name: &str, input: &impl Serialize) -> Result<T> {
        read(self.ours(self.client.post(format!("{}/fn/{name}", self.url))).json(input)).await
    }

    /// A server function that takes a form.
    fn post(&self, name: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let encoded = Url::parse_with_params("http://form", fields).ok().and_then(|url| url.query().map(str::to_owned));
        let request = self.client.post(format!("{}/fn/{name}", self.url)).body(encoded.unwrap_or_default());
        self.ours(request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"))
    }

    fn ours(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(header::ORIGIN, &self.url);
        if self.cookie.is_empty() { request } else { request.header(header::COOKIE, &self.cookie) }
    }
}

async fn read<T: DeserializeOwned>(request: RequestBuilder) -> Result<T> {
    let answer = request.send().await?;
    let (status, body) = (answer.status(), answer.text().await?);
    serde_json::from_str(&body).map_err(|_| format!("unexpected answer: {status} {body}").into())
}

/// An event stream that is open.
pub struct Events {
    response: Response,
    bytes: Vec<u8>,
    /// Bytes at the front that were read already.
    read: usize,
}

impl Events {
    pub async fn next(&mut self) -> Result<LiveEvent> {
        loop {
            while let Some(line) = self.line() {
                if let Some(data) = line.strip_prefix(b"data: ") {
                    return Ok(serde_json::from_slice(data)?);
                }
            }
            let bytes = self.response.chunk().await?.ok_or("the event stream ended")?;
            self.bytes.drain(..std::mem::take(&mut self.read));
            self.bytes.extend_from_slice(&bytes);
        }
    }

    fn line(&mut self) -> Option<Vec<u8>> {
        let rest = &self.bytes[self.read..];
        let end = rest.iter().position(|byte| *byte == b'\n')?;
        let line = rest[..end].to_vec();
        self.read += end + 1;
        Some(line)
    }
}
