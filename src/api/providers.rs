//! What the model picker offers.

use crate::{
    error::Result,
    model::{group::Slug, provider::ProviderInfo},
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Every provider of this server with its models, or with what to do where it has none.
#[server(prefix = "/fn", endpoint = "providers", input = Json)]
pub async fn providers(slug: Slug) -> Result<Vec<ProviderInfo>> {
    let (app, _member) = crate::server::member::current(&slug).await?;
    Ok(app.models.offers().await)
}
