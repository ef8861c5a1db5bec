//! The one client through which this server opens connections to the world, and the guard of addresses in it.
//!
//! A base URL or a tool's URL is text that an admin or a model chose. Without a guard it could point at a service of
//! this machine or of its network, so private addresses are refused unless the operator allowed them: literal addresses
//! before a request is made, names after they were resolved and in the very answer that is connected to, so that a name
//! cannot change its address between the check and the connection.

mod address;
mod resolver;

pub use address::is_private;

use reqwest::{Certificate, Client, ClientBuilder, Method, RequestBuilder, Url, redirect, retry};
use resolver::Guard;
use std::{error::Error, net::IpAddr, time::Duration};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const KEEPALIVE: Duration = Duration::from_secs(30);

/// Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Outbound {
    client: Client,
    allow_private: bool,
}

/// Why a request was not even tried.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("{url} is not an http or https URL")]
    NoUrl { url: String },
    #[error("{host} is a private address, and this server's operator has not allowed these (GUILDHALL_ALLOW_PRIVATE_ADDRESSES)")]
    Private { host: String },
}

/// Makes ring the process's provider of cryptography. `main` calls it once before anything else; calling it again does
/// no harm.
pub fn install_crypto() {
    // The error only says that a provider is there already, which is what was wanted.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

impl Outbound {
    /// Fails only where the TLS set-up of the machine is unusable.
    pub fn new(allow_private: bool) -> Result<Self, reqwest::Error> {
        install_crypto();
        let client = match builder(allow_private).build() {
            Ok(client) => client,
            // A bare container has no certificates of its own; the built-in ones are the fallback and never an addition,
            // so that what an operator distrusts stays distrusted.
            Err(_) => builder(allow_private).tls_certs_only(builtin_roots()).build()?,
        };
        Ok(Self { client, allow_private })
    }

    /// Begins a request, or refuses it. The URL of what is returned cannot be changed any more.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, Refused> {
        let url = parse(url)?;
        match ip_of(&url) {
            Some(ip) if !self.allow_private && is_private(ip) => Err(Refused::Private { host: ip.to_string() }),
            _ => Ok(self.client.request(method, url)),
        }
    }
}

/// The refusal behind a failed request, where its name resolved to private addresses only.
pub fn refusal(error: &reqwest::Error) -> Option<&Refused> {
    let mut cause: Option<&(dyn Error + 'static)> = error.source();
    while let Some(error) = cause {
        if let Some(refused) = error.downcast_ref() {
            return Some(refused);
        }
        cause = error.source();
    }
    None
}

/// No redirects, because their target would have to be judged again and they would take the key along; no proxy from the
/// environment, because it would resolve names for us; no repetition, because a repeated call is paid twice; and no
/// overall timeout, because streams are long.
#[expect(clippy::disallowed_methods, reason = "the one place that makes the client")]
fn builder(allow_private: bool) -> ClientBuilder {
    Client::builder()
        .user_agent(concat!("guildhall/", env!("CARGO_PKG_VERSION")))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .referer(false)
        .no_proxy()
        .connect_timeout(CONNECT_TIMEOUT)
        .tcp_keepalive(KEEPALIVE)
        .dns_resolver(Guard::new(allow_private))
}

fn builtin_roots() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().filter_map(|root| Certificate::from_der(root).ok())
}

fn parse(text: &str) -> Result<Url, Refused> {
    match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.host_str().is_some() => Ok(url),
        _ => Err(Refused::NoUrl { url: text.to_owned() }),
    }
}

/// The literal address in a URL. The parser has already turned every spelling of IPv4 (hexadecimal, one number, a
/// trailing dot) into four numbers; IPv6 stands in brackets.
fn ip_of(url: &Url) -> Option<IpAddr> {
    url.host_str()?.trim_start_matches('[').trim_end_matches(']').parse().ok()
}
