//! The commands of the command line.

use clap::Subcommand;
use std::path::PathBuf;

#[derive(Subcommand)]
pub enum Command {
    /// Serve the app (the default). Makes the data folder and its database where there are none.
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
    ///
    /// The group is called demo. The password of its people is printed; they sign in with it.
    Demo,
    /// Bring the database up to date (`serve` does it too).
    Migrate,
    /// The process in which local models run. The server starts it.
    #[command(hide = true)]
    Worker {
        /// The folder of the models.
        models: PathBuf,
    },
    /// The process that reads one document. The server starts it.
    #[command(hide = true)]
    Extract {
        /// The kind of the document.
        kind: String,
    },
}

#[derive(Subcommand)]
pub enum GroupCommand {
    /// Make a group with its first agent. `guildhall member add` gives it people.
    Create {
        /// The group's name in addresses, such as harbor in /g/harbor: a-z, 0-9 and hyphens.
        slug: String,
        /// The group's name as people read it, such as "Harbor Clinic".
        #[arg(long)]
        name: String,
    },
    /// Give a group a plan, which limits what it may use.
    Plan {
        /// The group's name in addresses, such as harbor.
        slug: String,
        /// starter, pro, enterprise, unlimited, or a plan of the file of plans.
        plan: String,
    },
}

#[derive(Subcommand)]
pub enum PersonCommand {
    /// Make a person who can sign in. `guildhall member add` makes them a member of a group.
    Create {
        /// The e-mail address that they sign in with.
        email: String,
        /// Their name, as others read it.
        #[arg(long)]
        name: String,
        /// Read the password from standard input (its first line), so that it stands in no list of processes.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Subcommand)]
pub enum MemberCommand {
    /// Make a person a member of a group, or change the role of one. The last owner of a group stays its owner.
    Add {
        /// The group's name in addresses, such as harbor.
        slug: String,
        /// The person's e-mail address.
        email: String,
        /// owner, admin, member or operator. Owners and admins manage the group, operators answer in an agent's place,
        /// everybody talks to agents.
        #[arg(long, default_value = "member")]
        role: String,
    },
}

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make an API key for a member and print it, once.
    Create {
        /// The group that the key opens, by its name in addresses, such as harbor.
        #[arg(long)]
        group: String,
        /// The member in whose name the key acts, by e-mail address.
        #[arg(long)]
        person: String,
    },
}

#[derive(Subcommand)]
pub enum ModelsCommand {
    /// Get the local models into the data folder and check them by SHA-256. What is there already is not fetched again.
    Fetch {
        /// Take the files from this folder instead of the network.
        #[arg(long)]
        from: Option<PathBuf>,
    },
    /// Show what each provider offers: provider, model and context, and the local embedder.
    List,
}

impl Command {
    /// Whether it works on data that must be there already. The others make the data folder, or need none.
    pub fn needs_data(&self) -> bool {
        matches!(self, Self::Group(GroupCommand::Plan { .. }) | Self::Member(_) | Self::Key(_))
    }
}
