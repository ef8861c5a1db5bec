//! A server with one member, one agent on the scripted model and one thread, and ways to watch it.

use crate::{
    ids::{GroupId, PersonId, RunId, ThreadId},
    model::{
        agent::{AgentDraft, AgentStatus},
        conversation::Conversation,
        cursor::Cursor,
        group::{Group, Slug},
        message::{Message, Part},
        person::{Email, Person},
        run::{Run, RunStatus},
        thread_event::ThreadEvent,
        tool::AskFirst,
        tool_call::ToolState,
    },
    server::{
        account, agents,
        clock::Clock,
        config::Settings,
        member::{self, Member},
        models::{
            FinishReason, ModelEvent,
            scripted::{Scripted, Step},
        },
        outbound,
        runs::{self, viewer::Viewer},
        serve,
        state::App,
        store::people,
        threads,
    },
};
use serde_json::Value;
use sqlx::{Connection as _, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{path::Path, time::Duration};
use tempfile::TempDir;

/// Long enough for any machine; nothing that works comes near it.
pub const PATIENCE: Duration = Duration::from_secs(30);

pub const MODEL: &str = "told";

pub struct Stage {
    pub app: App,
    pub member: Member,
    pub thread: ThreadId,
    pub model: Scripted,
    folder: TempDir,
}

impl Stage {
    pub async fn set() -> Self {
        outbound::install_crypto();
        let folder = tempfile::tempdir().unwrap();
        let (app, model) = server(folder.path()).await;
        let member = first_member(&app).await;
        let thread = thread(&app, &member).await;
        Self { app, member, thread, model, folder }
    }

    /// The same data folder under a new server, as after the death of the old one: nothing of that was settled.
    pub async fn after_death(self) -> Self {
        self.after_death_with(Vec::new()).await
    }

    /// The same, with a script for what recovery starts.
    pub async fn after_death_with(self, steps: Vec<Step>) -> Self {
        self.after_death_equipped(steps, |_| {}).await
    }

    /// The same, with tools that are there before recovery goes on with runs.
    pub async fn after_death_equipped(self, steps: Vec<Step>, equip: impl FnOnce(&App)) -> Self {
        let Self { member, thread, folder, .. } = self;
        let (app, model) = server(folder.path()).await;
        model.script(MODEL, steps);
        equip(&app);
        runs::recovery::start(&app).await.unwrap();
        Self { app, member, thread, model, folder }
    }

    /// Gives the agent tools, some of which ask first. Its other settings stay.
    pub async fn equip(&self, tools: &[&str], ask_first: Vec<AskFirst>) {
        self.change(|draft| {
            draft.tools = tools.iter().map(|name| (*name).to_owned()).collect();
            draft.ask_first = ask_first;
        })
        .await;
    }

    pub async fn change(&self, change: impl FnOnce(&mut AgentDraft)) {
        let mut agent = self.app.store.agents(&self.member).list(AgentStatus::Active).await.unwrap().remove(0);
        change(&mut agent.draft);
        let admin = self.member.admin().unwrap();
        agents::save(&self.app, &admin, agent.id, Some(agent.version), agent.draft).await.unwrap();
    }

    /// The calls of the thread's last answer, by name, with their states.
    pub async fn calls(&self) -> Vec<(String, ToolState)> {
        let stored = self.stored().await;
        let parts = stored.last_answer().map(|answer| answer.parts.clone()).unwrap_or_default();
        let call = |part| if let Part::ToolCall(call) = part { Some((call.name, call.state)) } else { None };
        parts.into_iter().filter_map(call).collect()
    }

    /// The results of the thread's last answer.
    pub async fn results(&self) -> Vec<(String, bool)> {
        let stored = self.stored().await;
        let parts = stored.last_answer().map(|answer| answer.parts.clone()).unwrap_or_default();
        let result = |part| if let Part::ToolResult { output, is_error, .. } = part { Some((output, is_error)) } else { None };
        parts.into_iter().filter_map(result).collect()
    }

    /// How many lines of this kind the audit log has.
    pub async fn events(&self, kind: &str) -> i64 {
        let options = SqliteConnectOptions::new().filename(self.folder.path().join("guildhall.db"));
        let mut database = SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::query_scalar("SELECT COUNT(*) FROM events WHERE kind = $1").bind(kind).fetch_one(&mut database).await.unwrap()
    }

    pub fn script_turns(&self, turns: Vec<Vec<Step>>) {
        self.model.script_turns(MODEL, turns);
    }

    pub fn script(&self, steps: Vec<Step>) {
        self.model.script(MODEL, steps);
    }

    pub async fn send(&self, text: &str) -> RunId {
        runs::send(&self.app, &self.member, self.thread, text, None).await.unwrap().run_id
    }

    pub async fn watch(&self, cursor: Option<Cursor>) -> Watcher {
        let viewer = Viewer::join(self.app.clone(), self.member.clone(), self.thread, cursor).await.unwrap();
        Watcher { viewer, conversation: Conversation::default(), heard: Vec::new() }
    }

    /// What the database holds, as a newcomer sees it.
    pub async fn stored(&self) -> Conversation {
        let seen = self.app.store.streams(&self.member).snapshot(self.thread, 100).await.unwrap();
        Conversation::from_snapshot(seen.snapshot)
    }

    pub async fn run(&self, id: RunId) -> Run {
        self.app.store.runs(&self.member).get(id).await.unwrap()
    }

    /// Waits until the run has ended, and answers it.
    pub async fn ended(&self, id: RunId) -> Run {
        let mut watcher = self.watch(None).await;
        watcher
            .until(|conversation, _| conversation.run.as_ref().is_none_or(|run| run.run_id != id) && !conversation.is_queued(id))
            .await;
        self.run(id).await
    }
}

async fn server(folder: &Path) -> (App, Scripted) {
    let settings = Settings::in_folder(folder.to_owned());
    let app = serve::build(settings, Clock::system()).await.unwrap();
    let model = Scripted::new();
    app.models.insert("scripted", std::sync::Arc::new(model.clone()));
    (app, model)
}

async fn first_member(app: &App) -> Member {
    let now = app.clock.now();
    let group =
        Group { id: GroupId::from_uuid(app.clock.uuid()), slug: Slug::parse("harbor").unwrap(), name: "Harbor".to_owned() };
    let person = Person {
        id: PersonId::from_uuid(app.clock.uuid()),
        email: Email::parse("ada@example.org").unwrap(),
        name: "Ada".to_owned(),
        created_at: now,
    };
    let mut guide = agents::guide(app).await;
    (guide.draft.provider, guide.draft.model) = ("scripted".to_owned(), MODEL.to_owned());
    let mut tx = app.store.begin().await.unwrap();
    people::insert(&mut tx, &person, "no password").await.unwrap();
    account::found_group(app, &mut tx, &group, &guide, Some(&person)).await.unwrap();
    tx.commit().await.unwrap();
    member::of_group(app, person, &group.slug).await.unwrap()
}

async fn thread(app: &App, member: &Member) -> ThreadId {
    let agents = app.store.agents(member).list(crate::model::agent::AgentStatus::Active).await.unwrap();
    threads::create(app, member, agents[0].id, None).await.unwrap()
}

/// Follows a thread as a browser does.
pub struct Watcher {
    viewer: Viewer,
    pub conversation: Conversation,
    pub heard: Vec<(Cursor, ThreadEvent)>,
}

impl Watcher {
    /// Follows until `done` says so of the state and the event that led to it.
    pub async fn until(&mut self, done: impl Fn(&Conversation, &ThreadEvent) -> bool) {
        let follow = async {
            loop {
                let mut reached = false;
                for (cursor, event) in self.viewer.next().await.unwrap() {
                    self.heard.push((cursor, event.clone()));
                    self.conversation.follow(Some(cursor), event.clone());
                    reached = done(&self.conversation, &event);
                }
                if reached {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, follow).await.expect("what was waited for happens");
    }

    /// Follows until a run of the thread has ended and none is left.
    pub async fn until_idle(&mut self) {
        self.until(|conversation, event| matches!(event, ThreadEvent::Run(run) if run.status.ended()) && !conversation.busy())
            .await;
    }

    pub async fn until_text(&mut self, text: &str) {
        self.until(|conversation, _| conversation.last_answer().is_some_and(|answer| answer.text().contains(text))).await;
    }

    /// Follows until it has been given everything up to `to`.
    pub async fn until_cursor(&mut self, to: Cursor) {
        let follow = async {
            while self.heard.last().is_none_or(|(cursor, _)| *cursor < to) {
                self.heard.extend(self.viewer.next().await.unwrap());
            }
        };
        tokio::time::timeout(PATIENCE, follow).await.expect("what was waited for happens");
    }

    pub fn cursor(&self) -> Cursor {
        self.heard.last().map(|(cursor, _)| *cursor).unwrap()
    }

    pub fn answer(&self) -> &Message {
        self.conversation.last_answer().unwrap()
    }
}

/// A whole answer in pieces.
pub fn says(pieces: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = pieces.iter().map(|piece| Step::text(*piece)).collect();
    steps.push(Step::finish(FinishReason::Stop));
    steps
}

pub fn thinks(text: &str) -> Step {
    Step::Emit(ModelEvent::Reasoning(text.to_owned()))
}

/// How a run ended, without the rest.
pub fn status(run: &Run) -> (RunStatus, Option<&str>) {
    (run.status, run.error.as_ref().map(|error| error.code.as_str()))
}

/// A step that calls tools, each with its input.
pub fn calls(calls: &[(&str, Value)]) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, (name, input)) in (0..).zip(calls) {
        let call_id = format!("call-{index}");
        steps.push(Step::Emit(ModelEvent::ToolCallStarted { index, call_id, name: (*name).to_owned() }));
        steps.push(Step::Emit(ModelEvent::ToolCallInput { index, fragment: input.to_string() }));
        steps.push(Step::Emit(ModelEvent::ToolCallFinished { index, input: Ok(input.clone()) }));
    }
    steps.push(Step::finish(FinishReason::ToolCalls));
    steps
}
