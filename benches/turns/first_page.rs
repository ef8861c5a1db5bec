//! What a browser loads to show the sign-in page, in the bytes that cross the network (brotli).
//!
//! The page's own text says what: the files that it links, and those that their scripts import.

use crate::{
    Result, floor,
    guildhall::{Guildhall, World},
    table::{Goal, Row, Table},
};
use reqwest::{Client, Url, header};
use std::collections::BTreeSet;

const PAGE: &str = "/sign-in";

pub async fn measure(world: &World, table: &mut Table) -> Result<()> {
    let (guildhall, _) = world.serve().await?;
    let (mut all, mut wasm, mut files) = (0, 0, 0);
    for url in loaded(&guildhall, &floor::client()?).await? {
        let bytes = fetch(&floor::client()?, &url, "br").await?.len();
        (all, files) = (all + bytes, files + 1);
        if url.path().ends_with(".wasm") {
            wasm += bytes;
        }
    }
    let kb = |bytes: usize| (bytes > 0).then_some(bytes as f64 / 1e3);
    table.add(Row::alone("wasm of the first page, brotli", "kB", kb(wasm), Goal::Value(200.0)));
    table.add(Row::alone(format!("first page in all, brotli, {files} files"), "kB", kb(all), Goal::None));
    Ok(())
}

/// The page and all that it needs.
async fn loaded(guildhall: &Guildhall, client: &Client) -> Result<BTreeSet<Url>> {
    let page = Url::parse(&guildhall.url)?.join(PAGE)?;
    let (mut seen, mut unread) = (BTreeSet::from([page.clone()]), vec![page]);
    while let Some(url) = unread.pop() {
        let text = String::from_utf8_lossy(&fetch(client, &url, "identity").await?).into_owned();
        for reference in references(&text, url.path().ends_with(".js")) {
            let found = url.join(reference)?;
            if seen.insert(found.clone()) && found.path().ends_with(".js") {
                unread.push(found);
            }
        }
    }
    Ok(seen)
}

/// Files that a page links (absolute paths), or that a script imports when it is loaded (relative ones).
fn references(text: &str, script: bool) -> Vec<&str> {
    let starts: &[&str] = if script { &["from \"./", "from './", "from\"./", "from'./"] } else { &["href=\"/", "src=\"/"] };
    let file = |start: &str, at: usize| {
        let begin = at + start.rfind(['.', '/'])? - usize::from(script);
        let rest = &text[begin..];
        let name = &rest[..rest.find(['"', '\''])?];
        name.rsplit('/').next()?.contains('.').then_some(name)
    };
    starts.iter().flat_map(|start| text.match_indices(start).filter_map(|(at, _)| file(start, at))).collect()
}

async fn fetch(client: &Client, url: &Url, encoding: &'static str) -> Result<Vec<u8>> {
    let answer = client.get(url.clone()).header(header::ACCEPT_ENCODING, encoding).send().await?.error_for_status()?;
    Ok(answer.bytes().await?.to_vec())
}
