//! A guildhall process with a data folder and a port of its own.

use std::{
    net::TcpListener,
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

/// Far longer than anything here takes.
pub const PATIENCE: Duration = Duration::from_secs(60);

pub struct Server {
    data: TempDir,
    address: String,
    process: Option<Child>,
}

impl Server {
    pub async fn start() -> Self {
        let data = tempfile::tempdir().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { data, address: format!("127.0.0.1:{port}"), process: None };
        server.up().await;
        server
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guildhall"));
        command.env("GUILDHALL_DATA", self.data.path()).env("GUILDHALL_ADDR", &self.address).env("GUILDHALL_SCRIPTED", "true");
        command.env("GUILDHALL_LOG", "warn").kill_on_drop(true);
        command
    }

    /// Starts the process and waits until it is ready.
    pub async fn up(&mut self) {
        self.process = Some(self.command().arg("serve").spawn().unwrap());
        let ready = async {
            while !reqwest_get(&self.url("/readyz")).await {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(PATIENCE, ready).await.expect("the server becomes ready");
    }

    /// SIGKILL: the process gets no chance to do anything.
    pub fn kill(&mut self) {
        let mut process = self.process.take().unwrap();
        process.start_kill().unwrap();
    }

    /// SIGTERM, and how the process ended by itself.
    pub async fn terminate(&mut self) -> ExitStatus {
        let mut process = self.process.take().unwrap();
        let id = process.id().unwrap().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().await.unwrap().success());
        tokio::time::timeout(PATIENCE, process.wait()).await.expect("the server ends").unwrap()
    }

    /// Another server on the same data.
    pub async fn another(&self) -> Output {
        let mut command = self.command();
        command.env("GUILDHALL_ADDR", "127.0.0.1:0").arg("serve").stdout(Stdio::null());
        tokio::time::timeout(PATIENCE, command.output()).await.expect("it does not stay").unwrap()
    }

    /// What the database holds of the newest answer, read past the server.
    pub async fn stored_answer(&self) -> String {
        let file = self.data.path().join("guildhall.db");
        let database = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await.unwrap();
        let query = "SELECT p.text FROM parts p JOIN messages m ON m.id = p.message_id WHERE m.role = 'assistant' ORDER BY m.opened_seq DESC, p.idx LIMIT 1";
        let text: (String,) = sqlx::query_as(query).fetch_one(&database).await.unwrap();
        database.close().await;
        text.0
    }
}

async fn reqwest_get(url: &str) -> bool {
    super::browser::client().get(url).send().await.is_ok_and(|answer| answer.status().is_success())
}
