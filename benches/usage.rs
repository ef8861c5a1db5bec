//! What the usage pages take over a ledger of a million calls. `make bench` prints the table.
//!
//! The demo's ninety days are multiplied in the database itself until there are a million rows over a year, their sums
//! are made as a move to another time zone makes them, and then every view is asked for as a browser asks: through the
//! router, to the last byte of the page, without the network. Beside it stands what its figures alone take.
//!
//! Nothing here fails for being slow.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use guildhall::{
    model::{group::Slug, usage::ask::UsageAsk},
    server::{
        clock::Clock,
        config::Settings,
        demo::{self, Demo},
        http,
        member::{self, Member},
        outbound, serve,
        state::App,
        store::usage::rebuild,
        usage::{dashboard::dashboard, zone::Zone},
    },
};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    error::Error,
    io::Write as _,
    process::ExitCode,
    time::{Duration, Instant},
};
use tower::ServiceExt as _;

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const ROWS: i64 = 1_000_000;
const TRIES: usize = 15;

/// What is asked for: a name, and the query of the URL.
const VIEWS: [(&str, &str); 9] = [
    ("today, by model", "period=today"),
    ("this month, by model", ""),
    ("90 days, by model", "period=quarter"),
    ("90 days, by person", "period=quarter&by=person"),
    ("12 months, by model", "period=year"),
    ("12 months, by person", "period=year&by=person"),
    ("12 months, chat only, by agent", "period=year&by=agent&purpose=chat"),
    ("12 months, one model, by person", "period=year&by=person&provider=openai&model=gpt-4.1-mini"),
    ("12 months, one model, chat only, by person", "period=year&by=person&provider=openai&model=gpt-4.1-mini&purpose=chat"),
];

fn main() -> ExitCode {
    // Words choose measures of the other benchmark.
    if std::env::args().skip(1).any(|argument| argument != "--bench" && argument != "usage") {
        return ExitCode::SUCCESS;
    }
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Nothing is left to do if even this cannot be written.
            let _ = writeln!(std::io::stderr(), "bench: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    outbound::install_crypto();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().thread_stack_size(16 << 20).build()?;
    runtime.block_on(measure())
}

async fn measure() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let app = serve::build(Settings::in_folder(folder.path().to_owned()), Clock::system()).await.map_err(text)?;
    say("▸ usage: making the demo")?;
    let started = Instant::now();
    let Demo { people, password, calls } = demo::fill(&app, demo::DAYS).await.map_err(text)?;
    let demo_took = started.elapsed();
    let owner = people.into_iter().next().ok_or("nobody")?.0;
    let email = owner.email.as_str().to_owned();
    let member = member::of_group(&app, owner, &Slug::parse("demo").map_err(text)?).await.map_err(text)?;
    say("▸ usage: a million rows")?;
    multiply(folder.path(), calls as i64).await?;
    let started = Instant::now();
    // The rule that a large group's zone is fixed stands before this.
    let zone = Zone::parse("Europe/Lisbon").map_err(text)?;
    let mut tx = app.store.begin().await.map_err(text)?;
    rebuild::move_to(&mut tx, member.group_id(), &zone).await.map_err(text)?;
    tx.commit().await.map_err(text)?;
    let sums_took = started.elapsed();
    let router = http::router(app.clone());
    let cookie = sign_in(&router, &email, &password).await?;
    let out = &mut std::io::stdout();
    writeln!(out, "\n| usage page over {ROWS} calls | figures | whole page | bytes |\n|---|---|---|---|")?;
    for (name, query) in VIEWS {
        let figures = figures(&app, &member, query).await?;
        let (page, bytes) = page(&router, &cookie, query).await?;
        writeln!(out, "| {name} | {:.1} ms | {:.1} ms | {bytes} |", ms(figures), ms(page))?;
    }
    let per_call = ms(demo_took) * 1_000.0 / calls as f64;
    writeln!(
        out,
        "\nThe demo: {calls} calls booked in {:.1} s ({per_call:.0} µs each with all that is around them).",
        ms(demo_took) / 1_000.0
    )?;
    writeln!(out, "All sums anew from {ROWS} calls: {:.1} s.\n", ms(sums_took) / 1_000.0)?;
    app.drain().await.map_err(text)?;
    Ok(())
}

/// Copies the demo's calls, each copy a quarter of a year earlier than the one before, four times around.
async fn multiply(folder: &std::path::Path, calls: i64) -> Result<()> {
    let file = SqliteConnectOptions::new().filename(folder.join("guildhall.db")).busy_timeout(Duration::from_secs(60));
    let mut database = SqliteConnection::connect_with(&file).await?;
    let triggers: Vec<String> =
        sqlx::query_scalar("SELECT sql FROM sqlite_master WHERE name IN ('calls_add_to_sums', 'calls_find_their_day')")
            .fetch_all(&mut database)
            .await?;
    for drop in ["DROP TRIGGER calls_add_to_sums", "DROP TRIGGER calls_find_their_day"] {
        sqlx::query(drop).execute(&mut database).await?;
    }
    let copies = ROWS / calls.max(1) + 1;
    let copy = "WITH RECURSIVE copies (k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM copies WHERE k < $1) \
        INSERT INTO calls (id, group_id, run_id, step, attempt, thread_id, agent_id, agent_version, person_id, purpose, provider, model, \
        status, estimated, input_tokens, cache_read_tokens, cache_write_tokens, output_tokens, reasoning_tokens, cost_microusd, \
        started_at, first_token_at, finished_at) \
        SELECT randomblob(16), group_id, NULL, step, attempt, unhex(substr(hex(thread_id), 1, 28) || printf('%04X', k)), agent_id, \
        agent_version, person_id, purpose, provider, model, status, estimated, input_tokens, cache_read_tokens, cache_write_tokens, \
        output_tokens, reasoning_tokens, cost_microusd, started_at - t.shift, first_token_at - t.shift, finished_at - t.shift \
        FROM calls CROSS JOIN (SELECT k, (k % 4) * 7776000000 + k * 60000 AS shift FROM copies) t LIMIT $2";
    sqlx::query(copy).bind(copies).bind(ROWS - calls).execute(&mut database).await?;
    for trigger in triggers {
        sqlx::query(AssertSqlSafe(trigger)).execute(&mut database).await?;
    }
    Ok(())
}

async fn sign_in(router: &Router, email: &str, password: &str) -> Result<String> {
    let request = Request::post("/fn/sign_in")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .body(Body::from(format!("email={email}&password={password}")))?;
    let reply = router.clone().oneshot(request).await?;
    let cookie = reply.headers().get(header::SET_COOKIE).ok_or("no cookie")?.to_str()?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

async fn figures(app: &App, member: &Member, query: &str) -> Result<Duration> {
    let fields: Vec<(String, String)> = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let ask = UsageAsk::of(|name| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()));
    let mut times = Vec::new();
    for _ in 0..TRIES {
        let started = Instant::now();
        let page = dashboard(app, member, &ask).await.map_err(text)?;
        times.push(started.elapsed());
        if page.now.sums.calls == 0 {
            return Err("the view is empty".into());
        }
    }
    Ok(median(times))
}

async fn page(router: &Router, cookie: &str, query: &str) -> Result<(Duration, usize)> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for _ in 0..TRIES {
        let request = Request::get(format!("/g/demo/usage?{query}")).header(header::COOKIE, cookie).body(Body::empty())?;
        let started = Instant::now();
        let reply = router.clone().oneshot(request).await?;
        if !reply.status().is_success() {
            return Err(format!("{query}: {}", reply.status()).into());
        }
        bytes = to_bytes(reply.into_body(), usize::MAX).await?.len();
        times.push(started.elapsed());
    }
    Ok((median(times), bytes))
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn say(line: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr(), "{line}")?)
}

fn text(error: impl ToString) -> Box<dyn Error + Send + Sync> {
    error.to_string().into()
}
