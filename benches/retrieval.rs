//! How quick retrieval is, and what it costs in memory. `make bench` prints the table.
//!
//! - **scan**: the exact comparison of a query with 100,000 vectors, beside the machine's own memory bandwidth: the best of
//!   several sums over a buffer that no cache holds, with as many accumulators as it takes. One core each.
//! - **memory**: what 100,000 vectors take in memory, beside the vectors themselves.
//! - **search**: the release binary with 100,000 passages in one group, searched through its public API. Its embedder is a
//!   server of this process that speaks OpenAI's protocol and answers at once, so that what is measured is guildhall.
//!   Passages are made of words that are as unequally frequent as those of a language (Zipf); queries have eight of them.
//!
//! `cargo bench --features ssr --bench retrieval -- scan` runs only the measures whose name contains `scan`.
//! Nothing here fails for being slow.

#[path = "retrieval/embedder.rs"]
mod embedder;
#[path = "retrieval/scan.rs"]
mod scan;
#[path = "retrieval/search.rs"]
mod search;
#[path = "eval/server.rs"]
mod server;
#[path = "retrieval/texts.rs"]
mod texts;

use std::{env, error::Error, io::Write as _, process::ExitCode};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// Passages in the group that is searched.
const PASSAGES: usize = 100_000;

fn main() -> ExitCode {
    // Cargo itself passes `--bench`.
    let wanted: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match run(&wanted) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wanted: &[String]) -> Result<()> {
    guildhall::server::outbound::install_crypto();
    let asked = |name: &str| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()));
    let mut out = std::io::stdout();
    writeln!(out, "\n{:<44} {:>12} {:>12} {:>8}", "measure", "value", "goal", "met")?;
    if asked("scan") || asked("memory") {
        scan::measure(&mut out)?;
    }
    if asked("search") {
        tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(search::measure(&mut out))?;
    }
    Ok(())
}

/// One row; `met` where there is a goal.
fn row(out: &mut impl std::io::Write, name: &str, value: String, goal: &str, met: Option<bool>) -> Result<()> {
    let met = met.map_or("", |met| if met { "yes" } else { "no" });
    Ok(writeln!(out, "{name:<44} {value:>12} {goal:>12} {met:>8}")?)
}
