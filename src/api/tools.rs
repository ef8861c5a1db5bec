//! Tools that agents of the group can be given.

use crate::{
    error::Result,
    model::{group::Slug, tool::ToolInfo},
};
use leptos::{prelude::*, server_fn::codec::Json};

#[server(prefix = "/fn", endpoint = "tools", input = Json)]
pub async fn tools(slug: Slug) -> Result<Vec<ToolInfo>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tools::list(&app, &member).await
}
