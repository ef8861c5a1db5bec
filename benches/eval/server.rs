//! guildhall as a user runs it: the release binary, its command line, its API.

use crate::Result;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};
use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
};

const EMAIL: &str = "eval@example.org";
const PASSWORD: &str = "a long enough password";

/// How long a server may take to start.
const PATIENCE: Duration = Duration::from_secs(120);

pub struct Server {
    binary: PathBuf,
    folder: TempDir,
    url: String,
    client: Client,
    _process: Child,
}

impl Server {
    /// With these settings and no others.
    pub async fn start_with(settings: &[(&str, &str)]) -> Result<Self> {
        let named = variable("GUILDHALL_BIN").ok_or("set GUILDHALL_BIN to guildhall's release binary, or run `make eval`")?;
        let (binary, folder) = (std::fs::canonicalize(&named)?, TempDir::new()?);
        if let Some(models) = variable("GUILDHALL_MODELS") {
            tell(&mut command(&binary, &folder, &["models", "fetch", "--from", &models]), "").await?;
        }
        let mut person = command(&binary, &folder, &["person", "create", EMAIL, "--name", "Eval", "--password-stdin"]);
        tell(&mut person, PASSWORD).await?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let log = std::fs::File::create(folder.path().join("guildhall.log"))?;
        let mut serve = command(&binary, &folder, &["serve", "--addr", &address]);
        let process = serve.envs(settings.iter().copied()).stderr(log).kill_on_drop(true).spawn()?;
        let server = Self { binary, folder, url: format!("http://{address}"), client: client()?, _process: process };
        server.ready().await?;
        Ok(server)
    }

    async fn ready(&self) -> Result<()> {
        let begun = Instant::now();
        while self.client.get(format!("{}/readyz", self.url)).send().await.is_err() {
            if begun.elapsed() > PATIENCE {
                return Err("guildhall did not start".into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// A new group, and a key that opens it.
    pub async fn group(&self, slug: &str) -> Result<Group> {
        let tell_it = async |arguments: &[&str]| tell(&mut command(&self.binary, &self.folder, arguments), "").await;
        tell_it(&["group", "create", slug, "--name", slug]).await?;
        tell_it(&["member", "add", slug, EMAIL, "--role", "owner"]).await?;
        let key = tell_it(&["key", "create", "--group", slug, "--person", EMAIL]).await?;
        let url = format!("{}/api/v1/groups/{slug}", self.url);
        Ok(Group { client: self.client.clone(), url, key: key.trim().to_owned() })
    }
}

pub struct Group {
    pub client: Client,
    /// Of its part of the API.
    pub url: String,
    pub key: String,
}

impl Group {
    /// Waits until every document is ready and every passage has its vector.
    /// Gives up when nothing moved for so long.
    pub async fn indexed(&self, documents: usize, patience: Duration) -> Result<()> {
        let (mut moved, mut last) = (Instant::now(), Value::Null);
        loop {
            let (ready, failed) = self.documents().await?;
            let index = self.get("/knowledge/index").await?;
            if ready + failed >= documents
                && index["waiting"] == 0
                && (index["serving"].is_null() || index["embedded"] == index["passages"])
            {
                return if failed == 0 { Ok(()) } else { Err(format!("{failed} documents could not be read").into()) };
            }
            let state = json!([ready, index]);
            if state != last {
                (moved, last) = (Instant::now(), state);
            } else if moved.elapsed() > patience {
                return Err(format!("indexing does not go on: {last}").into());
            }
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    /// How many are ready, and how many failed.
    async fn documents(&self) -> Result<(usize, usize)> {
        let (mut ready, mut failed, mut after) = (0, 0, String::new());
        loop {
            let page = self.get(&format!("/knowledge?limit=100{after}")).await?;
            for document in page["items"].as_array().ok_or("a list without items")? {
                ready += usize::from(document["status"] == "ready");
                failed += usize::from(document["status"] == "failed");
            }
            match page["next"].as_str() {
                Some(next) => after = format!("&after={next}"),
                None => return Ok((ready, failed)),
            }
        }
    }

    pub async fn get(&self, path: &str) -> Result<Value> {
        whole(self.client.get(format!("{}{path}", self.url)).bearer_auth(&self.key).send().await?).await
    }

    /// Waits where the server asks to: it takes no more documents than it can read in a while.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        loop {
            let request = self.client.post(format!("{}{path}", self.url)).bearer_auth(&self.key);
            let answer = request.header("content-type", "application/json").body(body.to_string()).send().await?;
            let wait = answer.headers().get("retry-after").and_then(|seconds| seconds.to_str().ok()?.parse().ok());
            match wait.filter(|_| answer.status() == StatusCode::TOO_MANY_REQUESTS) {
                Some(seconds) => tokio::time::sleep(Duration::from_secs(seconds)).await,
                None => return whole(answer).await,
            }
        }
    }
}

/// The body of an answer that must be good.
pub async fn whole(response: Response) -> Result<Value> {
    let (status, body) = (response.status(), response.text().await?);
    if status.is_success() { Ok(serde_json::from_str(&body)?) } else { Err(format!("{status}: {body}").into()) }
}

/// Its settings are these and no others.
fn command(binary: &PathBuf, folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary);
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GUILDHALL_")) {
        command.env_remove(name);
    }
    command.env("GUILDHALL_DATA", folder.path()).args(arguments).stdin(Stdio::null());
    command
}

/// Runs a command to its end and answers what it printed.
async fn tell(command: &mut Command, input: &str) -> Result<String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).await?;
    }
    let output = child.wait_with_output().await?;
    if output.status.success() {
        return Ok(String::from_utf8(output.stdout)?);
    }
    Err(format!("guildhall: {}", String::from_utf8_lossy(&output.stderr)).into())
}

#[expect(clippy::disallowed_methods, reason = "the harness is told by variables what to measure")]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}

#[expect(clippy::disallowed_methods, reason = "the harness is a user of the API, not the server")]
fn client() -> Result<Client> {
    Ok(Client::builder().no_proxy().build()?)
}
