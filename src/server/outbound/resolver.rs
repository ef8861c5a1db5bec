//! Name resolution that leaves private addresses out.

use super::{Refused, is_private};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::{net::SocketAddr, sync::Arc};

/// The client connects to what this resolver returns and asks no second time, so a name has no chance to point elsewhere
/// between the check and the connection.
pub(super) struct Guard {
    allow_private: bool,
}

impl Guard {
    pub(super) fn new(allow_private: bool) -> Arc<Self> {
        Arc::new(Self { allow_private })
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            // The port is set by the client.
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            Ok(Box::new(permitted(name.as_str(), found, allow_private)?.into_iter()) as Addrs)
        })
    }
}

fn permitted(host: &str, found: Vec<SocketAddr>, allow_private: bool) -> Result<Vec<SocketAddr>, Refused> {
    let open: Vec<_> = found.into_iter().filter(|address| allow_private || !is_private(address.ip())).collect();
    if open.is_empty() { Err(Refused::Private { host: host.to_owned() }) } else { Ok(open) }
}
