//! Searching 100,000 passages through the API.

use crate::{
    PASSAGES, Result, embedder, row,
    server::{Group, Server, whole},
    texts::Texts,
};
use serde_json::json;
use std::{
    io::Write,
    time::{Duration, Instant},
};

/// Passages of one document; each is long enough that it is not joined with the next.
const OF_A_DOCUMENT: usize = 500;
const WORDS: usize = 60;
const QUERIES: usize = 101;

/// Loading is not what is measured, and takes long.
const PATIENCE: Duration = Duration::from_secs(1800);

pub async fn measure(out: &mut impl Write) -> Result<()> {
    let embedder = embedder::start().await?;
    let base = format!("http://{embedder}/v1");
    let server =
        Server::start_with(&[("GUILDHALL_OPENAI_BASE_URL", &base), ("GUILDHALL_ALLOW_PRIVATE_ADDRESSES", "true")]).await?;
    let group = server.group("bench").await?;
    choose(&group, "openai/bench").await?;
    let passages = load(&group, out).await?;
    let mut texts = Texts::new(7);
    let mut parts: Vec<[f64; 6]> = Vec::new();
    // The first one loads the vectors.
    for number in 0..=QUERIES {
        let query = texts.sentence(8);
        let begun = Instant::now();
        let found = group.post("/knowledge/search", &json!({ "query": query, "limit": 10 })).await?;
        let all = begun.elapsed().as_secs_f64() * 1000.0;
        if found["results"].as_array().is_none_or(Vec::is_empty) || !found["note"].is_null() {
            return Err(format!("a search went wrong: {found}").into());
        }
        if number > 0 {
            let part = |name: &str| found["timing"][name].as_f64().unwrap_or_default() / 1000.0;
            parts.push([all, part("total"), part("embed"), part("vectors"), part("lists"), part("words")]);
        }
    }
    let median = |at: usize| {
        let mut values: Vec<f64> = parts.iter().map(|part| part[at]).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let name = format!("hybrid search of {passages} passages, median");
    row(out, &name, format!("{:.1} ms", median(1)), "≤ 25.0 ms", Some(median(1) <= 25.0))?;
    for (at, part) in [
        "over HTTP, all in all",
        "",
        "query to vector (answered at once)",
        "comparing vectors",
        "reading lists of words",
        "ranking by words",
    ]
    .iter()
    .enumerate()
    {
        if !part.is_empty() {
            row(out, &format!("  {part}"), format!("{:.1} ms", median(at)), "", None)?;
        }
    }
    Ok(())
}

/// Answers how many passages there are.
async fn load(group: &Group, out: &mut impl Write) -> Result<i64> {
    let (begun, mut texts) = (Instant::now(), Texts::new(1));
    let documents = PASSAGES / OF_A_DOCUMENT;
    for number in 0..documents {
        let text: Vec<String> =
            (0..OF_A_DOCUMENT).map(|_| format!("# {}\n\n{}.", texts.sentence(2), texts.sentence(WORDS))).collect();
        upload(group, &format!("part-{number}.md"), &text.join("\n\n")).await?;
    }
    group.indexed(documents, PATIENCE).await?;
    let passages = group.get("/knowledge/index").await?["passages"].as_i64().unwrap_or_default();
    row(
        out,
        "loading and indexing, passages a second",
        format!("{:.0}", passages as f64 / begun.elapsed().as_secs_f64()),
        "",
        None,
    )?;
    Ok(passages)
}

/// Posts a file.
async fn upload(group: &Group, name: &str, content: &str) -> Result<()> {
    const BOUNDARY: &str = "a-boundary-that-no-text-has";
    let head = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let body = format!("{head}{content}\r\n--{BOUNDARY}--\r\n");
    let request = group.client.post(format!("{}/knowledge", group.url)).bearer_auth(&group.key);
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    whole(request.header("content-type", kind).body(body).send().await?).await?;
    Ok(())
}

async fn choose(group: &Group, embedder: &str) -> Result<()> {
    let request = group.client.put(format!("{}/knowledge/index", group.url)).bearer_auth(&group.key);
    let body = json!({ "embedder": embedder }).to_string();
    whole(request.header("content-type", "application/json").body(body).send().await?).await?;
    Ok(())
}
