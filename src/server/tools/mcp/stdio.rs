//! A session over the standard input and output of a command: one JSON message a line, each way.
//!
//! Only the operator says which commands there are (`GUILDHALL_TOOL_COMMANDS`); an admin chooses among their names. A
//! process belongs to one source and one thread, as a session does; it ends when it is idle, or when nobody holds it.

mod exchange;
mod watch;

use super::client::{self, Fault};
use crate::server::{state::App, tools::remote::Link};
use exchange::Exchange;
use secrecy::ExposeSecret as _;
use serde_json::Value;
use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};
use tokio::process::Command;
use watch::Watch;

/// Bytes of a welcome.
const WELCOME_MAX: usize = 256 * 1024;

/// The most processes at once.
pub const PROCESSES_MAX: usize = 32;

pub struct Process {
    exchange: Arc<Exchange>,
    /// Ids are not used twice in a session.
    next: AtomicI64,
}

impl Process {
    /// Starts the command and begins a session with it.
    pub async fn start(app: &App, link: &Link) -> Result<Arc<Self>, Fault> {
        let room = app.mcp.room().ok_or_else(|| {
            Fault::Said(format!("{PROCESSES_MAX} local commands run already, and that is the most. Try again in some minutes."))
        })?;
        let child =
            command(app, link)?.spawn().map_err(|error| Fault::Said(format!("{} cannot be started: {error}.", link.url)))?;
        let (exchange, lines) = Exchange::new();
        let watch = Watch { exchange: Arc::downgrade(&exchange), ended: exchange.ended.clone(), room };
        app.tasks.spawn(watch.run(child, lines, app.shutdown.clone()));
        let process = Arc::new(Self { exchange, next: AtomicI64::new(1) });
        let id = process.id();
        let welcome = process.ask(id, &client::hello(id), WELCOME_MAX).await?;
        client::agreed(&welcome)?;
        process.exchange.send(&client::notification("notifications/initialized", serde_json::json!({})));
        Ok(process)
    }

    pub async fn request(&self, method: &str, params: Value, limit: usize) -> Result<Value, Fault> {
        let id = self.id();
        self.ask(id, &client::request(id, method, params), limit).await
    }

    async fn ask(&self, id: i64, request: &Value, limit: usize) -> Result<Value, Fault> {
        let answer = self.exchange.expect(id).ok_or(Fault::SessionLost)?;
        let mut given_up = GivenUp { exchange: &self.exchange, id: Some(id) };
        self.exchange.send(request);
        let answer = answer.await;
        given_up.id = None;
        match answer {
            Ok(Ok(line)) if line.bytes > limit => Err(Fault::too_large(limit)),
            Ok(Ok(line)) => Ok(line.result),
            Ok(Err(words)) => Err(Fault::Said(words)),
            Err(_) => Err(Fault::Said(format!("The command ended before it had answered.{}", self.exchange.last_words()))),
        }
    }

    pub fn has_ended(&self) -> bool {
        self.exchange.ended.is_cancelled()
    }

    fn id(&self) -> i64 {
        self.next.fetch_add(1, Ordering::Relaxed)
    }
}

/// A request that is not answered yet; the server is told when nobody waits for it any more.
struct GivenUp<'a> {
    exchange: &'a Exchange,
    id: Option<i64>,
}

impl Drop for GivenUp<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.exchange.forget(id);
            self.exchange.send(&client::cancelled(id));
        }
    }
}

/// The command as the operator wrote it. Its environment is what programs need to run at all, and the source's secret; the
/// server's own keys stay with the server.
fn command(app: &App, link: &Link) -> Result<Command, Fault> {
    let words = app.settings.tool_commands.get(&link.url);
    let (program, args) = words.and_then(|words| words.split_first()).ok_or_else(|| gone(&link.url))?;
    let mut command = Command::new(program);
    command.args(args).env_clear().envs(app.settings.command_environment.iter().cloned());
    if let Some((name, secret)) = link.variable(app)? {
        command.env(name, secret.expose_secret());
    }
    // A group of its own, so that what it starts ends with it, and Ctrl+C on the terminal is for the server alone.
    #[cfg(unix)]
    command.process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    Ok(command)
}

fn gone(name: &str) -> Fault {
    Fault::Said(format!("This server has no command named {name:?} any more (GUILDHALL_TOOL_COMMANDS)."))
}
