//! The models that Anthropic lists, page by page.

use super::PROVIDER;
use crate::{
    model::provider::ModelInfo,
    server::models::{ModelError, http::Link, prices},
};
use serde_json::Value;

/// A server that always says "more" does not keep us for ever.
const PAGES: usize = 10;

pub(super) async fn offers(link: &Link) -> Result<Vec<ModelInfo>, ModelError> {
    let mut offers = Vec::new();
    let mut path = "/models?limit=100".to_owned();
    for _ in 0..PAGES {
        let page = link.get(&path).await?;
        offers.extend(page["data"].as_array().into_iter().flatten().filter_map(offer));
        match (page["has_more"].as_bool(), page["last_id"].as_str()) {
            // Ids are of letters, digits and dashes; anything else would change the query.
            (Some(true), Some(last)) if last.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)) => {
                path = format!("/models?limit=100&after_id={last}");
            }
            _ => break,
        }
    }
    Ok(offers)
}

fn offer(listed: &Value) -> Option<ModelInfo> {
    let known = prices::info(PROVIDER, listed["id"].as_str()?);
    let told = listed["max_input_tokens"].as_u64().and_then(|tokens| u32::try_from(tokens).ok()).filter(|tokens| *tokens > 0);
    Some(ModelInfo { context_tokens: known.context_tokens.or(told), ..known })
}
