//! guildhall itself: the release binary with a folder of its own, set up by its command line.

use crate::{Result, browser::Browser, floor, process::Process, provider};
use guildhall::{ids::AgentId, model::agent::Agent};
use serde_json::json;
use std::{
    env,
    fs::File,
    net::{IpAddr, Ipv4Addr, TcpListener},
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::AsyncWriteExt as _,
    process::{Child, Command},
};

pub const SLUG: &str = "bench";

/// Members, each with a browser: as many as there are concurrent threads.
pub const PEOPLE: usize = 32;

const PASSWORD: &str = "a long enough password";

/// Sign-ins are counted per network address, so members come from several.
const PEOPLE_PER_ADDRESS: usize = 8;

/// How long a server may take to start before we give up.
const PATIENCE: Duration = Duration::from_secs(30);

/// The provider, and a folder in which guildhall was set up; it does not serve yet.
pub struct World {
    binary: PathBuf,
    folder: TempDir,
    pub upstream: String,
    _provider: Process,
}

impl World {
    pub async fn build() -> Result<Self> {
        let (provider, upstream) = Process::of_ourselves(&[provider::ROLE]).await?;
        let world = Self { binary: binary()?, folder: TempDir::new()?, upstream, _provider: provider };
        world.tell(&["group", "create", SLUG, "--name", "Bench"], "").await?;
        for number in 0..PEOPLE {
            let (email, name) = (email(number), format!("Member {number}"));
            world.tell(&["person", "create", &email, "--name", &name, "--password-stdin"], PASSWORD).await?;
            world.tell(&["member", "add", SLUG, &email, "--role", "owner"], "").await?;
        }
        Ok(world)
    }

    pub async fn floor(&self) -> Result<(Process, String)> {
        floor::start(&self.upstream, self.folder.path()).await
    }

    /// Starts the server and answers how long it took until it was ready.
    pub async fn serve(&self) -> Result<(Guildhall, Duration)> {
        let address = free_address()?;
        let log = File::create(self.folder.path().join("guildhall.log"))?;
        let begun = Instant::now();
        let mut process = Process::start(self.command().args(["serve", "--addr", &address]).stderr(log))?;
        let url = format!("http://{address}");
        ready(&mut process, &url).await.map_err(|error| format!("{error}; its log is lost with {:?}", self.folder.path()))?;
        let took = begun.elapsed();
        Ok((Guildhall { process, url }, took))
    }

    /// Its settings are these and no others.
    fn command(&self) -> Command {
        let mut command = Command::new(&self.binary);
        for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("GUILDHALL_")) {
            command.env_remove(name);
        }
        command
            .env("GUILDHALL_DATA", self.folder.path())
            .env("GUILDHALL_OPENAI_BASE_URL", format!("{}/v1", self.upstream))
            .env("GUILDHALL_ALLOW_PRIVATE_ADDRESSES", "true")
            .stdin(Stdio::null());
        command
    }

    /// Runs one command to its end.
    async fn tell(&self, arguments: &[&str], input: &str) -> Result<()> {
        let mut command = self.command();
        command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child: Child = command.spawn()?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(input.as_bytes()).await?;
        }
        let output = child.wait_with_output().await?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!("guildhall {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// A server that serves.
pub struct Guildhall {
    pub process: Process,
    pub url: String,
}

impl Guildhall {
    /// The browser of member `number`, signed in.
    pub async fn browser(&self, number: usize) -> Result<Browser> {
        let host = u8::try_from(2 + number / PEOPLE_PER_ADDRESS)?;
        let address = IpAddr::V4(Ipv4Addr::new(127, 0, 0, host));
        Browser::sign_in(&self.url, address, &email(number), PASSWORD).await
    }

    /// Every member's browser.
    pub async fn browsers(&self) -> Result<Vec<Browser>> {
        let mut browsers = Vec::new();
        for number in 0..PEOPLE {
            browsers.push(self.browser(number).await?);
        }
        Ok(browsers)
    }

    /// A new agent on one of the provider's models.
    pub async fn agent(&self, browser: &Browser, model: &str) -> Result<AgentId> {
        self.agent_with(browser, model, &[]).await
    }

    /// The same, with tools and as many steps as there may be.
    pub async fn agent_with(&self, browser: &Browser, model: &str, tools: &[&str]) -> Result<AgentId> {
        let draft = json!({
            "name": format!("Bench {model}"), "provider": "openai", "model": model, "tools": tools,
            "instructions": "You are a helpful member of the team. Answer in a few sentences.",
            "limits": { "steps": 50 },
        });
        let agent: Agent = browser.call("create_agent", &json!({ "slug": SLUG, "draft": draft })).await?;
        Ok(agent.id)
    }
}

#[expect(clippy::disallowed_methods, reason = "the benchmark is told by a variable which binary to measure")]
fn binary() -> Result<PathBuf> {
    let named = env::var("GUILDHALL_BIN").map_err(|_| "set GUILDHALL_BIN to guildhall's release binary, or run `make bench`")?;
    Ok(std::fs::canonicalize(&named).map_err(|error| format!("GUILDHALL_BIN: {named}: {error}"))?)
}

fn email(number: usize) -> String {
    format!("member{number}@example.org")
}

fn free_address() -> Result<String> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}

async fn ready(process: &mut Process, url: &str) -> Result<()> {
    let (client, url) = (floor::client()?, format!("{url}/readyz"));
    let begun = Instant::now();
    loop {
        if matches!(client.get(&url).send().await, Ok(answer) if answer.status().is_success()) {
            return Ok(());
        }
        if let Some(status) = process.ended()? {
            return Err(format!("guildhall did not start ({status})").into());
        }
        if begun.elapsed() > PATIENCE {
            return Err("guildhall did not become ready".into());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}
