//! The commands of the command line.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Command {
    /// Serve the app (the default).
    Serve,
    /// Set up groups.
    #[command(subcommand)]
    Group(GroupCommand),
    /// Set up people.
    #[command(subcommand)]
    Person(PersonCommand),
    /// Set up who belongs to which group.
    #[command(subcommand)]
    Member(MemberCommand),
    /// Make API keys.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Get the local models, or show what each provider offers.
    #[command(subcommand)]
    Models(ModelsCommand),
    /// Fill the database with a group that looks lived in: people, agents, documents, threads, 90 days of usage.
    Demo,
    /// Bring the database up to date (`serve` does it too).
    Migrate,
    /// The process in which local models run. The server starts it.
    #[command(hide = true)]
    Worker { models: PathBuf },
    /// The process that reads one document. The server starts it.
    #[command(hide = true)]
    Extract { kind: String },
}

#[derive(Subcommand)]
pub enum GroupCommand {
    /// Make a group with its first agent.
    Create {
        slug: String,
        #[arg(long)]
        name: String,
    },
    /// Give a group a plan: starter, pro, enterprise, unlimited, or one of the file of plans.
    Plan { slug: String, plan: String },
}

#[derive(Subcommand)]
pub enum PersonCommand {
    /// Make a person who can sign in.
    Create {
        email: String,
        #[arg(long)]
        name: String,
        /// Read the password from standard input (its first line).
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
pub enum MemberCommand {
    /// Make a person a member of a group, or change the role of one.
    Add {
        slug: String,
        email: String,
        /// owner, admin, member or operator
        #[arg(long, default_value = "member")]
        role: String,
    },
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make an API key for a member and print it, once.
    Create {
        #[arg(long)]
        group: String,
        #[arg(long)]
        person: String,
    },
}

#[derive(Subcommand)]
pub enum ModelsCommand {
    /// Get the local models and check them.
    Fetch {
        /// Take the files from this folder instead of the network.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Show what each provider offers.
    List,
}
