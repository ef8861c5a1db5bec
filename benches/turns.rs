//! What a turn costs, beside the least that it can cost. `make bench` prints the table.
//!
//! Three processes besides this one, which plays the members and their browsers:
//!
//! - a **provider** that speaks OpenAI's protocol and answers at once: 100 tokens, each sent by itself;
//! - the **floor**, the least that a server for this can do: a bare axum pass-through of the same provider that commits
//!   two rows per turn (what was asked, what was answered) and knows no people, threads, journal, resume or ledger;
//! - **guildhall**, the release binary, set up by its command line and used as browsers use it: server functions, and one
//!   event stream per member.
//!
//! Machines are noisy, so floor and guildhall take turns in the same run, and the ratio is the median of the pairs'
//! ratios. Every answer is compared with what the provider said, byte for byte: a fast wrong answer is no result.
//! Nothing here fails for being slow.
//!
//! `cargo bench --features ssr --bench turns -- memory` runs only the measures whose name contains `memory`; the binary
//! is named by `GUILDHALL_BIN`.
//!
//! | module | what it does |
//! |---|---|
//! | `provider`, `floor` | the two other servers |
//! | `process` | starting a process, and what the kernel says of it |
//! | `guildhall`, `browser` | guildhall set up and started; a member's browser |
//! | `talk` | one conversation with either server |
//! | `throughput`, `steps`, `first_token`, `memory`, `start_up`, `first_page` | the measures |
//! | `table`, `numbers` | what is printed |

#[path = "turns/browser.rs"]
mod browser;
#[path = "turns/first_page.rs"]
mod first_page;
#[path = "turns/first_token.rs"]
mod first_token;
#[path = "turns/floor.rs"]
mod floor;
#[path = "turns/guildhall.rs"]
mod guildhall;
#[path = "turns/memory.rs"]
mod memory;
#[path = "turns/numbers.rs"]
mod numbers;
#[path = "turns/process.rs"]
mod process;
#[path = "turns/provider.rs"]
mod provider;
#[path = "turns/start_up.rs"]
mod start_up;
#[path = "turns/steps.rs"]
mod steps;
#[path = "turns/table.rs"]
mod table;
#[path = "turns/talk.rs"]
mod talk;
#[path = "turns/throughput.rs"]
mod throughput;

use std::{env, error::Error, io::Write as _, process::ExitCode};
use table::Table;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// The measures, in the order in which they are made.
const MEASURES: [&str; 6] = ["start-up", "first page", "throughput", "tool steps", "first token", "memory"];

fn main() -> ExitCode {
    // Cargo itself passes `--bench`.
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    ::guildhall::server::outbound::install_crypto();
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        match arguments {
            [role] if role == provider::ROLE => provider::serve().await,
            [role, upstream, file] if role == floor::ROLE => floor::serve(upstream, file).await,
            wanted => measure(wanted).await,
        }
    })
}

async fn measure(wanted: &[String]) -> Result<()> {
    let world = guildhall::World::build().await?;
    let mut table = Table::default();
    for name in MEASURES.into_iter().filter(|name| wanted.is_empty() || wanted.iter().any(|word| name.contains(word.as_str()))) {
        writeln!(std::io::stderr(), "▸ {name}")?;
        match name {
            "start-up" => start_up::measure(&world, &mut table).await?,
            "first page" => first_page::measure(&world, &mut table).await?,
            "throughput" => throughput::measure(&world, &mut table).await?,
            "tool steps" => steps::measure(&world, &mut table).await?,
            "first token" => first_token::measure(&world, &mut table).await?,
            _ => memory::measure(&world, &mut table).await?,
        }
    }
    writeln!(std::io::stdout(), "\n{table}")?;
    Ok(())
}
