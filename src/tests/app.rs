//! `TestApp`: the whole server over a database file of its own, without a network port.
//!
//! | file | what it adds |
//! |---|---|
//! | `people` | groups, members, agents, threads, keys and sessions to start from |
//! | `requests` | requests as a browser (`call_fn`) and as a script (`get`, `post`, …) send them |
//! | `events` | server-sent events, one after the other |

mod events;
mod people;
mod requests;
mod smoke;

use crate::{
    ids::RunId,
    model::{Millis, run::Run},
    server::{
        clock::Clock,
        config::Settings,
        embedders::Embedders,
        http,
        knowledge::{
            ingest::{self, Ingest},
            queries::QueryCache,
            vectors::{self, Vectors},
        },
        mail::Mail,
        member::Member,
        models::{
            FinishReason, ModelEvent,
            registry::Models,
            scripted::{PROVIDER, Scripted, Step},
        },
        outbound::Outbound,
        password::{Effort, Passwords},
        plans::Plans,
        runs::{Engine, recovery, viewer::Viewer},
        secret::SecretKey,
        state::{App, Inner},
        store::Store,
        throttle::Throttle,
        tools::{Tools, mcp::Sessions},
    },
};
use axum::Router;
pub use events::Sse;
pub use people::{PASSWORD, Someone, TestGroup};
pub use requests::Reply;
use std::{collections::BTreeMap, num::NonZeroU32, path::Path, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The scripted model of every test agent: answers [`ANSWER`] at once.
pub const MODEL: &str = "prompt";
pub const ANSWER: &str = "Hello there.";

/// What a test may want otherwise.
pub struct Setup {
    pub clock: Clock,
    pub public_url: Option<String>,
    /// Sign-ins that are let through at once.
    pub sign_ins: u32,
    /// Whether tools may be on this machine.
    pub private_addresses: bool,
    /// What admins may add as tools.
    pub tool_commands: BTreeMap<String, Vec<String>>,
    pub plans: Plans,
    pub mail: Option<Mail>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            clock: Clock::system(),
            public_url: None,
            sign_ins: 100_000,
            private_addresses: false,
            tool_commands: BTreeMap::new(),
            plans: Plans::default(),
            mail: None,
        }
    }
}

pub struct TestApp {
    pub app: App,
    /// Scripts of models, and the requests that models were sent.
    pub scripted: Scripted,
    router: Router,
    data: Arc<TempDir>,
}

impl TestApp {
    /// A new server with an empty database, by the system's clock.
    pub async fn start() -> Self {
        Self::with(Setup::default()).await
    }

    /// A new server whose clock stands at `now`: move it with `app.clock.advance`.
    pub async fn start_at(now: Millis) -> Self {
        Self::with(Setup { clock: Clock::fixed(now), ..Setup::default() }).await
    }

    pub async fn with(setup: Setup) -> Self {
        Self::open(setup, Arc::new(tempfile::tempdir().expect("a folder for the database"))).await
    }

    /// Stops this server in order and starts another on the same data.
    pub async fn restart(self) -> Self {
        self.app.drain().await.expect("the server drains");
        self.open_again().await
    }

    /// Starts another server on the same data, as after a crash: this one is left as it is, and settles nothing.
    pub async fn open_again(&self) -> Self {
        let settings = &self.app.settings;
        let (public_url, private_addresses) = (settings.public_url.clone(), settings.allow_private_addresses);
        let (clock, tool_commands) = (self.app.clock.clone(), settings.tool_commands.clone());
        let (plans, mail) = (settings.plans.clone(), settings.mail.clone());
        let setup = Setup { clock, public_url, private_addresses, tool_commands, plans, mail, ..Setup::default() };
        Self::open(setup, self.data.clone()).await
    }

    async fn open(setup: Setup, data: Arc<TempDir>) -> Self {
        let scripted = Scripted::new();
        scripted.script(MODEL, prompt_answer());
        let app = App::new(inner(setup, data.path(), &scripted).await);
        recovery::start(&app).await.expect("recovery starts");
        ingest::start(&app).await.expect("documents are read");
        let router = http::router(app.clone());
        Self { app, scripted, router, data }
    }

    pub fn data(&self) -> &Path {
        self.data.path()
    }

    /// Waits for a run to end.
    pub async fn ended(&self, member: &Member, run: RunId) -> Run {
        let runs = self.app.store.runs(member);
        let found = runs.get(run).await.expect("the run exists");
        // The viewer joins before the run is asked, so that its end cannot be missed.
        let viewer = Viewer::join(self.app.clone(), member.clone(), found.thread_id, None).await;
        let mut viewer = viewer.expect("the thread can be watched");
        loop {
            let found = runs.get(run).await.expect("the run exists");
            if found.status.ended() {
                return found;
            }
            viewer.next().await.expect("the thread goes on");
        }
    }
}

async fn inner(setup: Setup, data: &Path, scripted: &Scripted) -> Inner {
    let Setup { clock, public_url, sign_ins, private_addresses, tool_commands, plans, mail } = setup;
    let mut settings = Settings::in_folder(data.to_owned());
    (settings.public_url, settings.allow_private_addresses) = (public_url, private_addresses);
    (settings.tool_commands, settings.scripted) = (tool_commands, true);
    (settings.plans, settings.mail) = (plans, mail);
    let models = Models::new(clock.clone());
    models.insert(PROVIDER, Arc::new(scripted.clone()));
    let tries = NonZeroU32::new(sign_ins).expect("some sign-ins");
    Inner {
        store: Store::open(&data.join("guildhall.db"), clock.clone()).await.expect("the database opens"),
        outbound: Outbound::new(private_addresses).expect("a way out"),
        secret_key: SecretKey::open(&settings, &clock).expect("a key"),
        mcp: Sessions::default(),
        ingest: Ingest::new(super::knowledge::extractor()),
        settings,
        clock,
        models,
        embedders: Embedders::default(),
        vectors: Vectors::new(vectors::BYTES_MAX),
        queries: QueryCache::default(),
        indexing: tokio::sync::Notify::new(),
        passwords: Passwords::new(Effort::Cheap).expect("cheap passwords"),
        sign_ins: Throttle::new(tries, Duration::from_secs(6)).expect("a throttle"),
        runs: Engine::default(),
        tools: Tools::built_in(),
        tasks: TaskTracker::new(),
        shutdown: CancellationToken::new(),
    }
}

fn prompt_answer() -> Vec<Step> {
    let usage = crate::model::provider::Usage { input_tokens: 7, output_tokens: 3, ..Default::default() };
    let words = ANSWER.split_inclusive(' ').map(Step::text);
    words.chain([Step::Emit(ModelEvent::Usage(usage)), Step::finish(FinishReason::Stop)]).collect()
}
