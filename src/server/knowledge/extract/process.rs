//! The server's side of extraction: a child for each content, watched until it answers or its time is over.

use super::{Extracted, TEXT_MAX, Unreadable, child::MARK};
use crate::{error::Result, model::document::DocumentKind, server::failure::internal};
use std::{path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    process::{Child, Command},
    time::timeout,
};

/// How the child is started.
#[derive(Debug, Clone)]
pub struct Extractor {
    pub program: PathBuf,
    pub args: Vec<String>,
    /// Wall time of one content; its own limit on processor time is shorter.
    pub patience: Duration,
}

/// What is read of a child's answer besides the text.
const HEAD_MAX: usize = 64 * 1024;

impl Extractor {
    /// The child is this program itself.
    pub fn own() -> Result<Self> {
        let program = std::env::current_exe().map_err(internal)?;
        Ok(Self { program, args: vec!["extract".to_owned()], patience: Duration::from_secs(120) })
    }

    /// Reads a content. An error of ours (no child could be started) is told from one of the content's.
    pub async fn read(&self, kind: DocumentKind, bytes: Vec<u8>) -> Result<Result<Extracted, Unreadable>> {
        let child = self.start(kind)?;
        // Dropping the child ends it.
        match timeout(self.patience, talk(child, bytes)).await {
            Ok(answer) => answer,
            Err(_) => Ok(Err(too_slow())),
        }
    }

    /// The environment is empty: what the server was told stays with the server.
    fn start(&self, kind: DocumentKind) -> Result<Child> {
        let mut command = Command::new(&self.program);
        #[cfg(unix)]
        command.process_group(0);
        command
            .args(&self.args)
            .arg(kind.media_type())
            .env_clear()
            .current_dir(std::env::temp_dir())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| internal(format!("documents cannot be read: no child process: {error}")))
    }
}

async fn talk(mut child: Child, bytes: Vec<u8>) -> Result<Result<Extracted, Unreadable>> {
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let (Some(mut stdin), Some(stdout)) = (stdin, stdout) else { return Err(internal("a child without pipes")) };
    let give = async move {
        // A child that died reads no more: how it died tells why.
        let _ = stdin.write_all(&bytes).await;
        drop(stdin);
    };
    let ((), answer) = tokio::join!(give, all(stdout));
    let answer = answer.map_err(internal)?;
    let status = child.wait().await.map_err(internal)?;
    match parse(&answer) {
        Some(answer) if status.success() => Ok(answer),
        _ => Ok(Err(death(&status))),
    }
}

async fn all(stdout: impl AsyncRead + Unpin) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    stdout.take((TEXT_MAX + HEAD_MAX) as u64).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// The head is one line of JSON, the text is the rest.
fn parse(answer: &[u8]) -> Option<Result<Extracted, Unreadable>> {
    let begin = answer.windows(MARK.len()).take(HEAD_MAX).position(|window| window == MARK)? + MARK.len();
    let answer = &answer[begin..];
    let end = answer.iter().position(|byte| *byte == b'\n')?;
    let head: Result<Option<String>, Unreadable> = serde_json::from_slice(&answer[..end]).ok()?;
    let title = match head {
        Ok(title) => title,
        Err(unreadable) => return Some(Err(unreadable)),
    };
    let text = String::from_utf8(answer[end + 1..].to_vec()).ok()?;
    Some(Ok(Extracted { title, text }))
}

fn too_slow() -> Unreadable {
    Unreadable::because("Reading it takes longer than the server allows. It may be broken, or made to do harm.")
}

/// What a child died of, in words for the member.
#[cfg(unix)]
fn death(status: &std::process::ExitStatus) -> Unreadable {
    use std::os::unix::process::ExitStatusExt as _;
    // The numbers of POSIX: 6 is an abort, which is how running out of memory ends; 24 and 9 follow the limit on time.
    match status.signal() {
        Some(24 | 9) => too_slow(),
        Some(6) => {
            Unreadable::because("Reading it takes more memory than the server allows. It may be broken, or made to do harm.")
        }
        _ => Unreadable::because("It is broken, or of a kind that cannot be read."),
    }
}

#[cfg(not(unix))]
fn death(_: &std::process::ExitStatus) -> Unreadable {
    Unreadable::because("It is broken, or of a kind that cannot be read.")
}
