//! Where a group's own tools come from: an MCP server, an HTTP API by its OpenAPI document, or a command. Secrets go in and never
//! come out again.

use crate::{
    error::{AppError, Result},
    ids::ToolSourceId,
    model::{Millis, text},
};
use serde::{Deserialize, Serialize};
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    Mcp,
    OpenApi,
    /// An MCP server that is a command on the server's machine; its `url` is the command's name.
    Command,
}

impl SourceKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mcp => "mcp",
            Self::OpenApi => "openapi",
            Self::Command => "command",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        match raw {
            "mcp" => Ok(Self::Mcp),
            "openapi" => Ok(Self::OpenApi),
            "command" => Ok(Self::Command),
            _ => Err(AppError::invalid("kind", "A tool source is mcp, openapi or command.")),
        }
    }
}

/// A source as admins see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolSource {
    pub id: ToolSourceId,
    pub kind: SourceKind,
    pub name: String,
    /// Of the MCP server; the base of the API.
    pub url: String,
    /// What carries the secret, where there is one.
    pub secret: Option<SecretCarrier>,
    pub tools: Vec<SourceTool>,
    /// Why the last look at its tools failed.
    pub error: Option<String>,
    /// Counts changes. A pick names the one that it was made on.
    pub version: i64,
    pub checked_at: Millis,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SourceTool {
    /// As the source names it.
    pub name: String,
    /// As agents know it: `source__tool`.
    pub qualified: String,
    pub description: String,
    /// Whether a call may change something.
    pub effects: bool,
    /// Whether agents may be given it.
    pub picked: bool,
    pub mark: Option<Mark>,
    /// Why it cannot be picked.
    pub problem: Option<String>,
}

/// What changed since the group's admins last saved which tools they pick. Until they save again, agents go on with what
/// was picked: words that nobody has read reach no model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    New,
    Changed,
    Gone,
}

/// What an admin adds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SourceDraft {
    pub kind: SourceKind,
    pub name: String,
    /// Of the MCP server; or the command's name. For an API the base URL; empty where the document's own holds.
    #[serde(default)]
    pub url: String,
    /// The OpenAPI document, in JSON or YAML.
    #[serde(default)]
    pub document: String,
    #[serde(default)]
    pub secret: Option<SecretDraft>,
}

/// What carries a secret: a header of every request, a parameter of its query, or a variable of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretCarrier {
    #[serde(default)]
    pub place: SecretPlace,
    pub name: String,
}

impl SecretCarrier {
    /// Whether it is what is called so there. APIs differ in whether the case of a parameter counts; here it never does.
    pub fn is(&self, place: SecretPlace, name: &str) -> bool {
        self.place == place && self.name.eq_ignore_ascii_case(name)
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretPlace {
    /// For a command: its environment.
    #[default]
    Header,
    /// Some HTTP APIs want their key there.
    Query,
}

/// A secret as it is set.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretDraft {
    #[serde(flatten)]
    pub carrier: SecretCarrier,
    pub value: String,
}

/// The value is a secret, and would end in a log.
impl fmt::Debug for SecretDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SecretDraft").field("carrier", &self.carrier).finish_non_exhaustive()
    }
}

/// Headers that the exchange itself needs.
const RESERVED: [&str; 13] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "last-event-id",
    "mcp-protocol-version",
    "mcp-session-id",
    "te",
    "transfer-encoding",
    "upgrade",
];

impl SourceDraft {
    /// Bytes of an OpenAPI document.
    pub const DOCUMENT_MAX: usize = 5_000_000;
    pub const NAME_MAX: usize = 24;

    /// Trims and bounds every field; the error names the first that is wrong.
    pub fn check(self) -> Result<Self> {
        let name = source_name(&self.name)?;
        let url = self.url.trim().to_owned();
        if url.len() > 2_000 || (self.kind == SourceKind::Mcp && url.is_empty()) {
            return Err(AppError::invalid("url", "Write the address of the server, such as https://example.org/mcp."));
        }
        if self.kind == SourceKind::OpenApi {
            check_document(&self.document)?;
        }
        let kind = self.kind;
        Ok(Self { name, url, secret: self.secret.map(|secret| secret.check(kind)).transpose()?, ..self })
    }
}

/// Whether an OpenAPI document is there, and not too long.
pub fn check_document(document: &str) -> Result<()> {
    if document.trim().is_empty() {
        return Err(AppError::invalid("document", "Paste the OpenAPI document, or choose its file."));
    }
    if document.len() > SourceDraft::DOCUMENT_MAX {
        return Err(AppError::invalid("document", "The document is larger than 5 MB. Leave out what agents do not need."));
    }
    Ok(())
}

/// A source's name: 1 to 24 of a-z, 0-9 and inner hyphens, because it becomes part of its tools' names.
fn source_name(raw: &str) -> Result<String> {
    let name = text::line("name", raw, SourceDraft::NAME_MAX)?;
    let fits = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits && !name.starts_with('-') && !name.ends_with('-') {
        Ok(name)
    } else {
        Err(AppError::invalid("name", "Use a-z, 0-9 and hyphens: it becomes part of the tools' names."))
    }
}

/// A variable that can hold nothing but a secret: others, such as `LD_PRELOAD`, would let an admin run what the operator did
/// not allow.
fn is_secret_variable(name: &str) -> bool {
    let plain = name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    plain && ["TOKEN", "KEY", "SECRET", "PASSWORD"].iter().any(|end| name.ends_with(end))
}

impl SecretPlace {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
        }
    }

    pub fn parse(raw: &str) -> Result<Self> {
        match raw {
            "header" => Ok(Self::Header),
            "query" => Ok(Self::Query),
            _ => Err(AppError::invalid("place", "A secret stands in a header or in the query.")),
        }
    }
}

impl SecretCarrier {
    fn check(self, kind: SourceKind) -> Result<Self> {
        let name = self.name.trim().to_owned();
        let invalid = |message: &str| Err(AppError::invalid("header", message));
        let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
        if name.is_empty() || name.len() > 100 || !name.bytes().all(token) {
            return invalid("Write a name, such as Authorization for a header or api_key for a parameter.");
        }
        match (kind, self.place) {
            (SourceKind::OpenApi, SecretPlace::Query) => {}
            (_, SecretPlace::Query) => return invalid("Only an HTTP API takes a secret in its query."),
            (SourceKind::Command, SecretPlace::Header) if !is_secret_variable(&name) => {
                return invalid("Write a variable that ends in TOKEN, KEY, SECRET or PASSWORD, such as GITHUB_TOKEN.");
            }
            (_, SecretPlace::Header) if RESERVED.contains(&name.to_ascii_lowercase().as_str()) => {
                return invalid("The request itself needs this header. Use another, such as Authorization.");
            }
            (_, SecretPlace::Header) => {}
        }
        Ok(Self { name, ..self })
    }
}

impl SecretDraft {
    /// A command is given it as a variable of its environment.
    pub fn check(self, kind: SourceKind) -> Result<Self> {
        let (carrier, value) = (self.carrier.check(kind)?, self.value.trim().to_owned());
        if value.is_empty() || value.len() > 4_000 || !value.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            return Err(AppError::invalid("secret", "Write the whole value, such as Bearer abc123."));
        }
        Ok(Self { carrier, value })
    }
}
