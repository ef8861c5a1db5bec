//! A process that is measured: started here, ended with us, and asked after in `/proc` where there is one.

use crate::Result;
use std::process::Stdio;
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

/// What `/proc/<pid>/stat` counts time in. It is 100 on every Linux that programs see (the kernel's USER_HZ).
const TICK_MS: f64 = 10.0;

pub struct Process {
    child: Child,
    pid: u32,
}

impl Process {
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.kill_on_drop(true).spawn()?;
        let pid = child.id().ok_or("the process ended at once")?;
        Ok(Self { child, pid })
    }

    /// Starts this very program in another role; it answers with the address at which it listens.
    pub async fn of_ourselves(arguments: &[&str]) -> Result<(Self, String)> {
        let mut command = Command::new(std::env::current_exe()?);
        // It ends when its standard input does, however we end.
        let mut process = Self::start(command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()))?;
        let said = process.child.stdout.take().ok_or("no standard output")?;
        let address = BufReader::new(said).lines().next_line().await?.ok_or("a server of the benchmark did not start")?;
        Ok((process, format!("http://{address}")))
    }

    pub async fn stop(mut self) -> Result<()> {
        self.child.kill().await?;
        Ok(())
    }

    /// Whether it has ended, and how.
    pub fn ended(&mut self) -> Result<Option<std::process::ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// User and system time of all its threads so far, in milliseconds; not that of its children.
    pub fn cpu_ms(&self) -> Option<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.pid)).ok()?;
        // The name in parentheses may hold anything; what follows it is numbers, from the third field on.
        let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
        let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
        Some((user + system) * TICK_MS)
    }

    /// Resident memory, in kilobytes of 1000 bytes.
    pub fn resident_kb(&self) -> Option<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.pid)).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kibibytes: f64 = line.trim().trim_end_matches("kB").trim().parse().ok()?;
        Some(kibibytes * 1.024)
    }
}
