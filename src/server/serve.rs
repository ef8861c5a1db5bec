//! Starting the server, and ending it so that nothing is lost.

use crate::{
    error::Result,
    server::{
        clock::Clock,
        config::Settings,
        embedders::{Embedders, openai::OpenAiEmbedder},
        failure::internal,
        http,
        knowledge::{
            extract::process::Extractor,
            indexer,
            ingest::{self, Ingest},
            queries::QueryCache,
            vectors::{self, Vectors},
        },
        local_models,
        models::{
            anthropic::Anthropic,
            openai::OpenAi,
            registry::Models,
            scripted::{self, Scripted},
        },
        outbound::Outbound,
        password::{Effort, Passwords},
        runs::{Engine, recovery},
        secret::SecretKey,
        state::{App, Inner},
        store::Store,
        throttle::Throttle,
        tools::{Tools, mcp::Sessions},
        usage::statement,
    },
};
use std::{net::SocketAddr, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const OPENAI: &str = "https://api.openai.com/v1";
const ANTHROPIC: &str = "https://api.anthropic.com/v1";

/// How long requests may take to end once the server is told to stop. Streams end at once.
const GRACE: Duration = Duration::from_secs(10);

/// Makes the server from its settings: opens the database, names the providers. Nothing runs yet.
pub async fn build(settings: Settings, clock: Clock) -> Result<App> {
    std::fs::create_dir_all(&settings.data).map_err(|error| unusable(&settings, &error))?;
    let store = Store::open(&settings.database(), clock.clone()).await?;
    let tasks = TaskTracker::new();
    let shutdown = CancellationToken::new();
    let secret_key = SecretKey::open(&settings, &clock)?;
    let outbound = Outbound::new(settings.allow_private_addresses).map_err(internal)?;
    let (models, embedders) = offers(&settings, &clock, &outbound, (&tasks, &shutdown))?;
    let tries = NonZeroU32::new(10).ok_or_else(|| internal("no burst"))?;
    let sign_ins = Throttle::new(tries, Duration::from_secs(6)).ok_or_else(|| internal("no quota"))?;
    Ok(App::new(Inner {
        clock,
        store,
        models,
        embedders,
        vectors: Vectors::new(vectors::BYTES_MAX),
        queries: QueryCache::default(),
        indexing: Notify::new(),
        passwords: Passwords::new(Effort::Full)?,
        sign_ins,
        runs: Engine::default(),
        tools: Tools::built_in(),
        outbound,
        secret_key,
        mcp: Sessions::default(),
        ingest: Ingest::new(Extractor::own()?),
        tasks,
        shutdown,
        settings,
    }))
}

/// Refuses a data folder that has none of `files`: what only reads and changes is there to find data, never to make some.
pub fn needs_data(settings: &Settings, files: &[PathBuf]) -> Result<()> {
    if files.iter().any(|file| file.exists()) {
        return Ok(());
    }
    Err(crate::error::AppError::conflict(format!(
        "There is no data in {}. Set GUILDHALL_DATA (or --data) to the folder that the server uses, or begin with `guildhall serve`.",
        settings.data.display()
    )))
}

/// Every model and every embedder that the settings give a way to.
pub fn offers(
    settings: &Settings,
    clock: &Clock,
    outbound: &Outbound,
    (tasks, shutdown): (&TaskTracker, &CancellationToken),
) -> Result<(Models, Embedders)> {
    let (models, embedders) = (providers(settings, clock, outbound), embedders(settings, outbound));
    local_models::offer((&models, &embedders), settings, tasks, shutdown)?;
    Ok((models, embedders))
}

fn unusable(settings: &Settings, error: &std::io::Error) -> crate::error::AppError {
    let message =
        format!("The data folder {} cannot be used ({error}). Set GUILDHALL_DATA to one that can.", settings.data.display());
    crate::error::AppError::Unavailable { message }
}

/// Every provider that the settings give a way to. A key makes a service available; a base URL does so without one.
fn providers(settings: &Settings, clock: &Clock, outbound: &Outbound) -> Models {
    let models = Models::new(clock.clone());
    if settings.openai_api_key.is_some() || settings.openai_base_url.is_some() {
        let base = settings.openai_base_url.as_deref().unwrap_or(OPENAI);
        models.insert("openai", Arc::new(OpenAi::new("openai", base, settings.openai_api_key.clone(), outbound.clone())));
    }
    if let Some(key) = settings.anthropic_api_key.clone() {
        let base = settings.anthropic_base_url.as_deref().unwrap_or(ANTHROPIC);
        models.insert("anthropic", Arc::new(Anthropic::new(base, key, outbound.clone())));
    }
    if settings.scripted {
        models.insert(scripted::PROVIDER, Arc::new(Scripted::new()));
    }
    models
}

/// Every embedder that the settings give a way to, but for the local one.
fn embedders(settings: &Settings, outbound: &Outbound) -> Embedders {
    let embedders = Embedders::default();
    if settings.openai_api_key.is_some() || settings.openai_base_url.is_some() {
        let base = settings.openai_base_url.as_deref().unwrap_or(OPENAI);
        embedders.insert("openai", Arc::new(OpenAiEmbedder::new(base, settings.openai_api_key.clone(), outbound.clone())));
    }
    embedders
}

/// Serves until the process is told to stop, then drains.
pub async fn serve(app: App) -> Result<()> {
    let _lock = lock(&app.settings)?;
    recovery::start(&app).await?;
    app.tasks.spawn(statement::keep_closing(app.clone()));
    ingest::start(&app).await?;
    indexer::start(&app).await?;
    let listener = TcpListener::bind(app.settings.addr).await.map_err(|error| busy(&app.settings, &error))?;
    let address = listener.local_addr().map_err(internal)?;
    tracing::info!("open http://{address}");
    let service = http::router(app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    let stop = told_to_stop(app.clone());
    let serving = axum::serve(listener, service).with_graceful_shutdown(stop).into_future();
    let shutdown = app.shutdown.clone();
    tokio::select! {
        served = serving => served.map_err(internal)?,
        () = async { shutdown.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    app.drain().await
}

/// Two servers on one SQLite file would each take the other's runs for left behind.
fn lock(settings: &Settings) -> Result<std::fs::File> {
    let path = settings.data.join("guildhall.lock");
    let file = std::fs::File::create(&path).map_err(|error| unusable(settings, &error))?;
    file.try_lock().map_err(|_| crate::error::AppError::Unavailable {
        message: format!(
            "Another guildhall serves from {} already. Stop it, or set GUILDHALL_DATA to another folder.",
            settings.data.display()
        ),
    })?;
    Ok(file)
}

fn busy(settings: &Settings, error: &std::io::Error) -> crate::error::AppError {
    let message = format!("{} cannot be listened on ({error}). Set GUILDHALL_ADDR to another address.", settings.addr);
    crate::error::AppError::Unavailable { message }
}

async fn told_to_stop(app: App) {
    let interrupted = tokio::signal::ctrl_c();
    #[expect(clippy::expect_used, reason = "without signals the server could not be stopped in order")]
    let mut terminated =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals can be listened for");
    tokio::select! {
        _ = interrupted => {}
        _ = terminated.recv() => {}
    }
    tracing::info!("stopping: runs that go on are kept as interrupted");
    app.shutdown.cancel();
}
