//! Strangers see nothing. Every server function, every route of the JSON API and the event stream is tried by nobody, by
//! the owner of another group, and by another member of the same group; and then by the owner, so that a refusal is
//! never an accident of a bad request. A route that is missing from the tables here fails a test.
//!
//! | file | what is tried |
//! |---|---|
//! | `functions` | server functions |
//! | `routes` | the JSON API, as its own description lists it |
//! | `live` | the event stream of a browser |
//! | `files` | the files that a page sends |

mod files;
mod functions;
mod live;
mod routes;

use super::app::{Someone, TestApp, TestGroup};
use crate::{
    ids::{AgentId, BudgetId, DocumentId, RetrievalCheckId, RunId, TaskId, ThreadId, ToolCallId, ToolSourceId},
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        group::Role,
        task::NewTask,
        tool_source::SourceDraft,
    },
    server::{budgets, knowledge::checks, tasks, tool_sources},
};

/// Two groups. All that is asked for belongs to the owner of `ours`.
struct World {
    app: TestApp,
    ours: TestGroup,
    /// Manages `ours` too, but owns none of its owner's threads.
    colleague: Someone,
    /// Owns the group `theirs` and belongs to no other.
    stranger: Someone,
}

/// What a request names, made anew for every request that may use it up.
#[derive(Clone, Copy)]
struct Ids {
    agent: AgentId,
    thread: ThreadId,
    /// The thread's last run. It has ended.
    run: RunId,
    task: TaskId,
    /// A call in another thread of the owner's. It waits for approval.
    call: ToolCallId,
    source: ToolSourceId,
    budget: BudgetId,
    document: DocumentId,
    /// A query that should find the document.
    check: RetrievalCheckId,
}

const OURS: &str = "ours";
const THEIRS: &str = "theirs";

/// Whose a thing is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Of {
    /// The group's as a whole: the request names no id.
    Group,
    /// An agent, a task, a document or a tool source: its group's, whoever made it.
    Shared,
    /// A thread or a run in it: only its own member sees it.
    Thread,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let ours = app.group(OURS).await;
        let colleague = app.member(&ours.group, "colleague", Role::Admin).await;
        let stranger = app.group(THEIRS).await.owner;
        Self { app, ours, colleague, stranger }
    }

    async fn ids(&self) -> Ids {
        let agent = self.app.agent(&self.ours.owner, "Another", super::app::MODEL).await.id;
        let thread = self.app.thread(&self.ours.owner, agent).await;
        let run = self.app.answered(&self.ours.owner, thread, "Good morning").await.run_id;
        let (task, call) = (self.task().await, self.app.waiting_call(&self.ours.owner).await);
        let (source, budget, document) = (self.source().await, self.budget(agent).await, self.document().await);
        Ids { agent, thread, run, task, call, source, budget, document, check: self.check(document).await }
    }

    async fn task(&self) -> TaskId {
        let new = NewTask { title: "Sweep the yard".to_owned(), ..NewTask::default() };
        tasks::create(&self.app.app, &self.ours.owner.member, new.into()).await.expect("a task").id
    }

    async fn budget(&self, agent: AgentId) -> BudgetId {
        let (scope, scope_id) = (Scope::Agent, Some(agent.uuid()));
        let draft = BudgetDraft { scope, scope_id, unit: Unit::Microusd, period: Period::Month, cap: 25_000_000, hard: false };
        let admin = self.ours.owner.member.admin().expect("an owner");
        budgets::add(&self.app.app, &admin, draft).await.expect("a budget").id
    }

    async fn document(&self) -> DocumentId {
        let content = super::knowledge::text("Notes", &self.app.app.clock.uuid().to_string());
        super::knowledge::learn(&self.app.app, &self.ours.owner.member, content).await.id
    }

    async fn check(&self, document: DocumentId) -> RetrievalCheckId {
        let app = &self.app.app;
        let admin = self.ours.owner.member.admin().expect("an owner");
        checks::save(app, &admin, "adjusting brakes", vec![document]).await.expect("a check");
        checks::list(app, &admin).await.expect("checks").pop().expect("the newest").id
    }

    async fn source(&self) -> ToolSourceId {
        let name = format!("api-{}", self.app.app.clock.uuid().simple().to_string().split_off(20));
        let draft = SourceDraft { name, ..functions::source() };
        let admin = self.ours.owner.member.admin().expect("an owner");
        tool_sources::add(&self.app.app, &admin, draft).await.expect("a source").id
    }
}
