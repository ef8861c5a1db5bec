//! The child process that reads one content: bytes on stdin, text on stdout, and nothing else of the machine.

use super::{Extracted, Unreadable, extract};
use crate::model::document::DocumentKind;
use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    process::ExitCode,
    thread,
};

/// Stands before the answer, so that what a library prints on its own is told from it.
pub const MARK: &[u8] = b"\x01guildhall text\n";

/// Formats that nest call themselves; what they were built for nests a hundred times less deep.
const STACK: usize = 64 * 1024 * 1024;

/// What the child may use.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Address space, in bytes.
    pub memory: u64,
    /// Time on a processor, in seconds.
    pub seconds: u64,
}

impl Limits {
    pub const USUAL: Self = Self { memory: 1024 * 1024 * 1024, seconds: 60 };
}

/// Reads stdin as a content of `kind` and answers on stdout.
pub fn main(kind: &str, limits: Limits) -> ExitCode {
    let Some(kind) = DocumentKind::of_media_type(kind) else { return ExitCode::FAILURE };
    let Ok(mut out) = alone(limits) else { return ExitCode::FAILURE };
    let mut bytes = Vec::new();
    if io::stdin().lock().take(crate::model::document::Document::SIZE_MAX as u64 + 1).read_to_end(&mut bytes).is_err() {
        return ExitCode::FAILURE;
    }
    let answer = guarded(kind, bytes);
    let head = serde_json::to_vec(&answer.as_ref().map(|found| &found.title)).unwrap_or_default();
    let text = answer.as_ref().map_or("", |found| found.text.as_str());
    let written = [MARK, &head, b"\n", text.as_bytes()].into_iter().try_for_each(|piece| out.write_all(piece));
    if written.and_then(|()| out.flush()).is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A panic is the fault of the content.
fn guarded(kind: DocumentKind, bytes: Vec<u8>) -> Result<Extracted, Unreadable> {
    let reading = thread::Builder::new().stack_size(STACK).spawn(move || extract(kind, &bytes));
    let broken = || Unreadable::because("It is broken, or of a kind that cannot be read.");
    reading.map_err(|_| broken())?.join().unwrap_or_else(|_| Err(broken()))
}

/// Sets the limits, and takes stdout for the answer alone.
#[cfg(unix)]
fn alone(limits: Limits) -> io::Result<File> {
    use rustix::process::{Resource, Rlimit, nice, setrlimit};
    use std::os::fd::AsFd as _;
    // It gives way to the server; where the system does not allow that, it still works.
    let _ = nice(10);
    let limit = |resource, most: u64| setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let nowhere = File::options().write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdout(&nowhere)?;
    // Not every system has each of these: the others and the server's watch still hold.
    let _ = limit(Resource::As, limits.memory);
    let _ = limit(Resource::Cpu, limits.seconds);
    let _ = limit(Resource::Fsize, 0);
    let _ = limit(Resource::Core, 0);
    Ok(out)
}

#[cfg(not(unix))]
fn alone(_: Limits) -> io::Result<Box<dyn io::Write>> {
    Ok(Box::new(io::stdout()))
}
