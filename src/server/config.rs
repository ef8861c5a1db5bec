//! The command line and the settings, each as a flag and an environment variable.

mod command;

pub use command::*;

use crate::server::{
    mail::Mail,
    plans::{self, Plans},
};
use clap::{Args, Parser, builder::BoolishValueParser};
use secrecy::SecretString;
use std::{collections::BTreeMap, ffi::OsString, net::SocketAddr, path::PathBuf};

/// A self-hosted home for a group's AI agents.
#[derive(Parser)]
#[command(name = "guildhall", version, about, disable_help_subcommand = true)]
pub struct Cli {
    #[command(flatten, next_help_heading = "Settings")]
    pub settings: SettingsArgs,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Args)]
pub struct SettingsArgs {
    /// Where to listen: address and port.
    #[arg(long, env = "GUILDHALL_ADDR", default_value = "127.0.0.1:3000", global = true)]
    pub addr: SocketAddr,
    /// The folder of the database and the models.
    #[arg(long, env = "GUILDHALL_DATA", default_value = "./data", global = true)]
    pub data: PathBuf,
    /// The address that people type, such as https://agents.example.org. Over https cookies are marked secure.
    #[arg(long, env = "GUILDHALL_PUBLIC_URL", global = true)]
    pub public_url: Option<String>,
    /// The key of OpenAI, or of the server at the base URL. Better in a file: a list of processes shows it.
    #[arg(long, env = "GUILDHALL_OPENAI_API_KEY", hide_env_values = true, global = true)]
    pub openai_api_key: Option<SecretString>,
    /// A file that holds the key of OpenAI.
    #[arg(long, env = "GUILDHALL_OPENAI_API_KEY_FILE", global = true)]
    pub openai_api_key_file: Option<PathBuf>,
    /// Any server that speaks the OpenAI protocol, such as Ollama; ends before /chat/completions. Without it OpenAI's own.
    #[arg(long, env = "GUILDHALL_OPENAI_BASE_URL", global = true)]
    pub openai_base_url: Option<String>,
    /// The key of Anthropic. Better in a file: a list of processes shows it.
    #[arg(long, env = "GUILDHALL_ANTHROPIC_API_KEY", hide_env_values = true, global = true)]
    pub anthropic_api_key: Option<SecretString>,
    /// A file that holds the key of Anthropic.
    #[arg(long, env = "GUILDHALL_ANTHROPIC_API_KEY_FILE", global = true)]
    pub anthropic_api_key_file: Option<PathBuf>,
    /// Any server that speaks Anthropic's protocol; ends before /messages. Without it Anthropic's own.
    #[arg(long, env = "GUILDHALL_ANTHROPIC_BASE_URL", global = true)]
    pub anthropic_base_url: Option<String>,
    /// 64 hex digits that encrypt what the database keeps secret. Without it, secret.key in the data folder is made and used.
    #[arg(long, env = "GUILDHALL_SECRET_KEY", hide_env_values = true, global = true)]
    pub secret_key: Option<SecretString>,
    /// A file that holds those digits.
    #[arg(long, env = "GUILDHALL_SECRET_KEY_FILE", global = true)]
    pub secret_key_file: Option<PathBuf>,
    /// Let providers and tools be on this machine or on the local network.
    #[arg(long, env = "GUILDHALL_ALLOW_PRIVATE_ADDRESSES", value_parser = BoolishValueParser::new(), global = true)]
    pub allow_private_addresses: bool,
    /// Commands that speak MCP and that admins may add as tools: name=command, several with ";" between them.
    #[arg(long = "tool-command", env = "GUILDHALL_TOOL_COMMANDS", value_delimiter = ';', global = true)]
    pub tool_commands: Vec<String>,
    /// Where e-mail is sent through, such as smtps://user:password@mail.example.org. Without it none is sent.
    #[arg(long, env = "GUILDHALL_SMTP_URL", hide_env_values = true, global = true)]
    pub smtp_url: Option<SecretString>,
    /// A file that holds that address.
    #[arg(long, env = "GUILDHALL_SMTP_URL_FILE", global = true)]
    pub smtp_url_file: Option<PathBuf>,
    /// Whom e-mail is from, such as "guildhall <guildhall@example.org>".
    #[arg(long, env = "GUILDHALL_MAIL_FROM", global = true)]
    pub mail_from: Option<String>,
    /// A file of plans: allowances, rate limits, models and mark-ups of groups. Without it no group is limited.
    #[arg(long, env = "GUILDHALL_PLANS_FILE", global = true)]
    pub plans_file: Option<PathBuf>,
    /// Offer the scripted provider, for demonstrations and tests.
    #[arg(long, env = "GUILDHALL_SCRIPTED", value_parser = BoolishValueParser::new(), global = true)]
    pub scripted: bool,
    /// What to log, such as info (which is usual) or guildhall=debug.
    #[arg(long, env = "GUILDHALL_LOG", global = true)]
    pub log: Option<String>,
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
    /// What runs where an admin adds a command as a source of tools.
    pub tool_commands: BTreeMap<String, Vec<String>>,
    /// What of the environment such a command is given.
    pub command_environment: Vec<(&'static str, OsString)>,
    pub scripted: bool,
    pub plans: Plans,
    /// None: no e-mail is sent.
    pub mail: Option<Mail>,
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
            tool_commands: self
                .tool_commands
                .iter()
                .filter(|one| !one.trim().is_empty())
                .map(|one| tool_command(one))
                .collect::<Result<_, _>>()?,
            command_environment: command_environment(),
            scripted: self.scripted,
            plans: self.plans_file.as_ref().map_or_else(|| Ok(Plans::default()), read_plans)?,
            mail: self.mail()?,
        })
    }
}

impl SettingsArgs {
    fn mail(&self) -> Result<Option<Mail>, BadSetting> {
        let url = secret("GUILDHALL_SMTP_URL", &self.smtp_url, self.smtp_url_file.as_ref())?;
        match (url, &self.mail_from) {
            (None, _) => Ok(None),
            (Some(_), None) => Err(BadSetting("GUILDHALL_MAIL_FROM says whom e-mail is from; set it, too.".to_owned())),
            (Some(url), Some(from)) => Mail::new(url, from).map(Some).map_err(BadSetting),
        }
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
            tool_commands: BTreeMap::new(),
            command_environment: command_environment(),
            scripted: false,
            plans: Plans::default(),
            mail: None,
        }
    }

    /// Whether people reach the server over https.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    pub fn database(&self) -> PathBuf {
        self.data.join("guildhall.db")
    }

    pub fn models_dir(&self) -> PathBuf {
        self.data.join("models")
    }
}

/// `name=command with arguments`, in the shell's quoting.
fn tool_command(raw: &str) -> Result<(String, Vec<String>), BadSetting> {
    let bad = || {
        BadSetting(format!(
            "GUILDHALL_TOOL_COMMANDS: {raw:?} is no name=command. Write one such as files=/usr/bin/mcp-files /srv/shared."
        ))
    };
    let (name, command) = raw.split_once('=').ok_or_else(bad)?;
    let words = shlex::split(command).filter(|words| !words.is_empty()).ok_or_else(bad)?;
    let name = name.trim();
    let fits = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fits { Ok((name.to_owned(), words)) } else { Err(bad()) }
}

/// What programs need to run at all. None of it is a secret of this server's.
fn command_environment() -> Vec<(&'static str, OsString)> {
    let names = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "USER"];
    names.into_iter().filter_map(|name| Some((name, std::env::var_os(name)?))).collect()
}

fn read_plans(path: &PathBuf) -> Result<Plans, BadSetting> {
    let bad = |what: String| BadSetting(format!("GUILDHALL_PLANS_FILE: {} {what}.", path.display()));
    let text = std::fs::read_to_string(path).map_err(|error| bad(format!("cannot be read ({error})")))?;
    plans::file::parse(&text).map_err(|mistake| bad(format!("is no file of plans ({mistake})")))
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
