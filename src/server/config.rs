//! The command line and the settings, each as a flag and an environment variable.

use clap::{Args, Parser, Subcommand, builder::BoolishValueParser};
use secrecy::SecretString;
use std::{net::SocketAddr, path::PathBuf};

/// A self-hosted home for a group's AI agents.
#[derive(Parser)]
#[command(name = "guildhall", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten)]
    pub settings: SettingsArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

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

#[derive(Args)]
pub struct SettingsArgs {
    /// Where to listen.
    #[arg(long, env = "GUILDHALL_ADDR", default_value = "127.0.0.1:3000", global = true)]
    pub addr: SocketAddr,
    /// The folder of the database and the models.
    #[arg(long, env = "GUILDHALL_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// The address that people type, such as https://agents.example.org. Over https cookies are marked secure.
    #[arg(long, env = "GUILDHALL_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    #[arg(long, env = "GUILDHALL_OPENAI_API_KEY", hide_env_values = true, global = true)]
    pub openai_api_key: Option<SecretString>,
    /// A file that holds the key.
    #[arg(long, env = "GUILDHALL_OPENAI_API_KEY_FILE", global = true)]
    pub openai_api_key_file: Option<PathBuf>,
    /// Any server that speaks the OpenAI protocol; ends before /chat/completions.
    #[arg(long, env = "GUILDHALL_OPENAI_BASE_URL", global = true)]
    pub openai_base_url: Option<String>,
    #[arg(long, env = "GUILDHALL_ANTHROPIC_API_KEY", hide_env_values = true, global = true)]
    pub anthropic_api_key: Option<SecretString>,
    /// A file that holds the key.
    #[arg(long, env = "GUILDHALL_ANTHROPIC_API_KEY_FILE", global = true)]
    pub anthropic_api_key_file: Option<PathBuf>,
    /// Ends before /messages.
    #[arg(long, env = "GUILDHALL_ANTHROPIC_BASE_URL", global = true)]
    pub anthropic_base_url: Option<String>,
    /// 64 hex digits that encrypt what the database keeps secret. Without it, secret.key in the data folder is made and used.
    #[arg(long, env = "GUILDHALL_SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<SecretString>,
    /// A file that holds the key.
    #[arg(long, env = "GUILDHALL_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,
    /// Let providers and tools be on this machine or on the local network.
    #[arg(long, env = "GUILDHALL_ALLOW_PRIVATE_ADDRESSES", value_parser = BoolishValueParser::new(), global = true)]
    pub allow_private_addresses: bool,
    /// Offer the scripted provider, for demonstrations and tests.
    #[arg(long, env = "GUILDHALL_SCRIPTED", value_parser = BoolishValueParser::new(), global = true)]
    pub scripted: bool,
    /// What to log, such as info or guildhall=debug.
    #[arg(long, env = "GUILDHALL_LOG", default_value = "info", global = true)]
    pub log: String,
    /// Write logs as JSON lines.
    #[arg(long, env = "GUILDHALL_LOG_JSON", value_parser = BoolishValueParser::new(), global = true)]
    pub log_json: bool,
}

/// Settings that were read and checked.
#[derive(Debug, Clone)]
pub struct Settings {
    pub addr: SocketAddr,
    pub data: PathBuf,
    /// Without a slash at its end.
    pub public_url: Option<String>,
    pub openai_api_key: Option<SecretString>,
    pub openai_base_url: Option<String>,
    pub anthropic_api_key: Option<SecretString>,
    pub anthropic_base_url: Option<String>,
    /// None: the key is a file of the data folder.
    pub secret_key: Option<SecretString>,
    pub allow_private_addresses: bool,
    pub scripted: bool,
}

/// A setting that cannot be used; the message says which and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct BadSetting(String);

impl SettingsArgs {
    pub fn read(&self) -> Result<Settings, BadSetting> {
        Ok(Settings {
            addr: self.addr,
            data: self.data.clone(),
            public_url: self.public_url.as_deref().map(checked_url).transpose()?,
            openai_api_key: secret("GUILDHALL_OPENAI_API_KEY", &self.openai_api_key, self.openai_api_key_file.as_ref())?,
            openai_base_url: self.openai_base_url.as_deref().map(checked_url).transpose()?,
            anthropic_api_key: secret(
                "GUILDHALL_ANTHROPIC_API_KEY",
                &self.anthropic_api_key,
                self.anthropic_api_key_file.as_ref(),
            )?,
            anthropic_base_url: self.anthropic_base_url.as_deref().map(checked_url).transpose()?,
            secret_key: secret("GUILDHALL_SECRET_KEY", &self.secret_key, self.secret_key_file.as_ref())?,
            allow_private_addresses: self.allow_private_addresses,
            scripted: self.scripted,
        })
    }
}

impl Settings {
    /// The defaults, with everything in `data`.
    pub fn in_folder(data: PathBuf) -> Self {
        Self {
            addr: SocketAddr::from(([127, 0, 0, 1], 0)),
            data,
            public_url: None,
            openai_api_key: None,
            openai_base_url: None,
            anthropic_api_key: None,
            anthropic_base_url: None,
            secret_key: None,
            allow_private_addresses: false,
            scripted: false,
        }
    }

    /// Whether people reach the server over https.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    pub fn models_dir(&self) -> PathBuf {
        self.data.join("models")
    }
}

fn checked_url(raw: &str) -> Result<String, BadSetting> {
    match reqwest::Url::parse(raw) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(raw.trim_end_matches('/').to_owned()),
        _ => Err(BadSetting(format!("{raw:?} is no http or https URL. Write one such as https://example.org/v1."))),
    }
}

/// A secret from the variable itself or from a file; an empty one counts as absent.
fn secret(name: &str, direct: &Option<SecretString>, file: Option<&PathBuf>) -> Result<Option<SecretString>, BadSetting> {
    use secrecy::ExposeSecret as _;
    if let Some(secret) = direct.as_ref().filter(|secret| !secret.expose_secret().trim().is_empty()) {
        return Ok(Some(secret.expose_secret().trim().into()));
    }
    let Some(file) = file else { return Ok(None) };
    let text = std::fs::read_to_string(file)
        .map_err(|error| BadSetting(format!("{name}_FILE: {} cannot be read ({error}).", file.display())))?;
    Ok(Some(text.trim().into()))
}
