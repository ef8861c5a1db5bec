//! The binary: arguments, configuration, start, drain.

use clap::Parser as _;
use guildhall::server::{
    clock::Clock,
    commands,
    config::{Cli, Command, ModelsCommand, Settings},
    knowledge::extract::child,
    local_models, outbound, serve,
};
use std::{
    io::{IsTerminal as _, Write as _},
    process::ExitCode,
};
use tracing_subscriber::EnvFilter;

/// Pages are rendered by deeply nested calls, deepest without optimisation. Only what is used of it takes memory.
const STACK: usize = 16 * 1024 * 1024;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Worker { models }) = &cli.command {
        return local_models::work(models);
    }
    if let Some(Command::Extract { kind }) = &cli.command {
        return child::main(kind, child::Limits::USUAL);
    }
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "guildhall: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), String> {
    let settings = cli.settings.read().map_err(|problem| problem.to_string())?;
    // The demo books ninety days at once: what a server would log of them is no news.
    let usual = if matches!(cli.command, Some(Command::Demo)) { "warn" } else { "info" };
    start_log(cli.settings.log.as_deref().unwrap_or(usual), cli.settings.log_json)?;
    outbound::install_crypto();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(STACK).build();
    let runtime = runtime.map_err(|problem| problem.to_string())?;
    runtime.block_on(async {
        if let Some(Command::Models(command)) = &cli.command {
            return models(&settings, command).await;
        }
        if cli.command.as_ref().is_some_and(Command::needs_data) {
            serve::needs_data(&settings, &[settings.database()]).map_err(|problem| problem.to_string())?;
        }
        let app = serve::build(settings, Clock::system()).await.map_err(|problem| problem.to_string())?;
        commands::run(app, cli.command).await.map_err(|problem| problem.to_string())
    })
}

/// What is about models needs no database.
async fn models(settings: &Settings, command: &ModelsCommand) -> Result<(), String> {
    match command {
        ModelsCommand::Fetch { from } => local_models::fetch(settings, from.as_deref()).await,
        ModelsCommand::List => commands::models_list(settings, Clock::system()).await.map_err(|problem| problem.to_string()),
    }
}

fn start_log(filter: &str, json: bool) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|problem| format!("GUILDHALL_LOG: {problem}"))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colours());
    if json {
        log.json().init();
    } else {
        log.init();
    }
    Ok(())
}

/// Colours are for people at a terminal who do not refuse them (https://no-color.org).
fn colours() -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    std::io::stderr().is_terminal() && !refused
}
