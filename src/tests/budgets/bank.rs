//! A group whose scripted models have prices, and ways to look at its counters.

use crate::{
    ids::{AgentId, BudgetId, RunId, ThreadId},
    model::{
        budget::{Budget, BudgetDraft, Period, Scope, Unit},
        provider::{Price, Usage},
        run::Run,
    },
    server::{
        budgets,
        member::Admin,
        models::{
            FinishReason, ModelEvent,
            scripted::{PROVIDER, Step},
        },
        store::prices::OwnPrice,
    },
    tests::app::{Setup, TestApp, TestGroup},
};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};

/// The model of [`Bank`]: each token costs a micro-dollar, in and out.
pub const PRICED: &str = "priced";

pub struct Bank {
    pub app: TestApp,
    pub group: TestGroup,
    pub agent: AgentId,
}

/// Dollars a million tokens: a micro-dollar each.
const PRICE: Price =
    Price { input: 1_000_000, cache_read: 1_000_000, cache_write: 1_000_000, output: 1_000_000, reasoning: 1_000_000 };

impl Bank {
    pub async fn open() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let app = TestApp::with(setup).await;
        let group = app.group("bank").await;
        let bank = Self { agent: app.agent(&group.owner, "Teller", PRICED).await.id, app, group };
        bank.price(PRICED, Some(PRICE)).await;
        bank.limit(64).await;
        bank
    }

    /// Sets what a scripted model costs the group.
    pub async fn price(&self, model: &str, price: Option<Price>) {
        self.price_of(PROVIDER, model, price).await;
    }

    pub async fn price_of(&self, provider: &str, model: &str, price: Option<Price>) {
        let prices = self.app.app.store.prices(&self.group.owner.member);
        let (provider, model) = (provider.to_owned(), model.to_owned());
        let own = OwnPrice { provider, model, valid_from: 0, price, saved_at: self.app.app.clock.now(), saved_by: None };
        let mut tx = self.app.app.store.begin().await.unwrap();
        prices.insert(&mut tx, self.app.app.clock.uuid(), &own).await.unwrap();
        tx.commit().await.unwrap();
        prices.changed();
    }

    /// Sets the most that an answer of the agent may say, in tokens.
    pub async fn limit(&self, output_tokens: u32) {
        let agent = self.app.app.store.agents(&self.group.owner.member).get(self.agent).await.unwrap();
        let mut draft = agent.draft;
        draft.limits.output_tokens = output_tokens;
        crate::server::agents::save(&self.app.app, &self.admin(), self.agent, None, draft).await.unwrap();
    }

    pub fn admin(&self) -> Admin {
        self.group.owner.member.admin().unwrap()
    }

    pub async fn thread(&self) -> ThreadId {
        self.app.thread(&self.group.owner, self.agent).await
    }

    /// A hard budget of the whole group.
    pub async fn budget(&self, unit: Unit, period: Period, cap: i64) -> BudgetId {
        self.draft(BudgetDraft { scope: Scope::Group, scope_id: None, unit, period, cap, hard: true }).await
    }

    pub async fn draft(&self, draft: BudgetDraft) -> BudgetId {
        budgets::add(&self.app.app, &self.admin(), draft).await.unwrap().id
    }

    pub async fn stands(&self, id: BudgetId) -> Budget {
        let all = budgets::list(&self.app.app, &self.admin()).await.unwrap();
        all.into_iter().find(|budget| budget.id == id).unwrap()
    }

    /// Sends a message in a thread of its own and waits for the run to end.
    pub async fn ask(&self) -> Run {
        let run = self.begin().await;
        self.app.ended(&self.group.owner.member, run).await
    }

    /// Sends a message in a thread of its own.
    pub async fn begin(&self) -> RunId {
        let thread = self.thread().await;
        self.app.send(&self.group.owner, thread, "How much?").await.run_id
    }

    /// Numbers of the database as it is.
    pub async fn number(&self, sql: &'static str) -> i64 {
        number(&self.app, sql).await
    }

    /// The data of every event of this kind, oldest first.
    pub async fn events(&self, kind: &str) -> Vec<Value> {
        let mut database = database(&self.app).await;
        let rows: Vec<String> = sqlx::query_scalar("SELECT data FROM events WHERE kind = $1 ORDER BY id")
            .bind(kind)
            .fetch_all(&mut database)
            .await
            .unwrap();
        rows.iter().map(|data| serde_json::from_str(data).unwrap()).collect()
    }

    /// The id that a statement finds.
    pub async fn id(&self, sql: &'static str) -> uuid::Uuid {
        sqlx::query_scalar(sql).fetch_one(&mut database(&self.app).await).await.unwrap()
    }

    pub async fn exec(&self, sql: &'static str) {
        sqlx::query(sql).execute(&mut database(&self.app).await).await.unwrap();
    }
}

pub async fn number(app: &TestApp, sql: &'static str) -> i64 {
    sqlx::query_scalar(sql).fetch_one(&mut database(app).await).await.unwrap()
}

async fn database(app: &TestApp) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(app.data().join("guildhall.db"));
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// An answer that its provider says used so much.
pub fn uses(input_tokens: i64, output_tokens: i64) -> Vec<Step> {
    let usage = Usage { input_tokens, output_tokens, ..Usage::default() };
    vec![Step::text("So much."), Step::Emit(ModelEvent::Usage(usage)), Step::finish(FinishReason::Stop)]
}

pub const RESERVED_SUMS: &str = "SELECT COUNT(*) FROM budgets b WHERE b.reserved <> \
    (SELECT COALESCE(SUM(amount), 0) FROM reservations r WHERE r.budget_id = b.id)";

/// A provider whose models have no price that anybody knows.
pub fn unpriced() -> Unpriced {
    let scripted = crate::server::models::scripted::Scripted::new();
    scripted.script(PRICED, uses(10, 5));
    Unpriced(scripted)
}

pub struct Unpriced(crate::server::models::scripted::Scripted);

impl crate::server::models::ChatModel for Unpriced {
    fn stream(
        &self,
        request: crate::server::models::ChatRequest,
        cancel: tokio_util::sync::CancellationToken,
    ) -> futures::stream::BoxStream<'static, Result<ModelEvent, crate::server::models::ModelError>> {
        self.0.stream(request, cancel)
    }

    fn list(
        &self,
    ) -> futures::future::BoxFuture<'_, Result<Vec<crate::model::provider::ModelInfo>, crate::server::models::ModelError>> {
        Box::pin(async {
            let mut models = self.0.list().await?;
            models.iter_mut().for_each(|model| model.price = None);
            Ok(models)
        })
    }
}

impl Bank {
    /// Gives the agent another provider.
    pub async fn use_provider(&self, provider: &str) {
        let agent = self.app.app.store.agents(&self.group.owner.member).get(self.agent).await.unwrap();
        let draft = crate::model::agent::AgentDraft { provider: provider.to_owned(), ..agent.draft };
        crate::server::agents::save(&self.app.app, &self.admin(), self.agent, None, draft).await.unwrap();
    }

    pub async fn watch(&self, thread: ThreadId) -> Watched {
        let viewer =
            crate::server::runs::viewer::Viewer::join(self.app.app.clone(), self.group.owner.member.clone(), thread, None);
        Watched { viewer: viewer.await.unwrap(), conversation: crate::model::conversation::Conversation::default() }
    }
}

/// Follows a thread as a browser does.
pub struct Watched {
    viewer: crate::server::runs::viewer::Viewer,
    conversation: crate::model::conversation::Conversation,
}

impl Watched {
    pub async fn until_text(&mut self, text: &str) {
        loop {
            if self.conversation.last_answer().is_some_and(|answer| answer.text().contains(text)) {
                return;
            }
            for (cursor, event) in self.viewer.next().await.unwrap() {
                self.conversation.follow(Some(cursor), event);
            }
        }
    }
}
