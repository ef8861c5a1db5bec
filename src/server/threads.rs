//! Rules about threads: starting, naming, archiving, deleting, and what their page shows.

use crate::{
    error::{AppError, Result},
    ids::{AgentId, ThreadId},
    model::{
        agent::{Agent, AgentStatus},
        live::ListChange,
        run::RunStatus,
        thread::{Thread, ThreadAgent, ThreadPage, ThreadStatus, UNTITLED, thread_title},
        thread_event::{ThreadChange, ThreadEvent},
    },
    server::{
        member::Member,
        runs::{self, bus::Announced, context, journal::Notes, viewer},
        state::App,
        store::{
            Actor,
            audit::{self, Event},
        },
    },
};

/// Messages that the estimate of a thread's context looks at.
const GAUGE_MESSAGES: usize = 100;

/// Starts a thread, and sends its first message where there is one.
pub async fn start(app: &App, member: &Member, agent: AgentId, text: Option<&str>) -> Result<ThreadId> {
    let thread = create(app, member, agent, None).await?;
    if let Some(text) = text.filter(|text| !text.trim().is_empty())
        && let Err(refused) = runs::send(app, member, thread, text, None).await
    {
        // A budget, a limit, a mistake in the text: no empty thread is left of it.
        delete(app, member, thread).await?;
        return Err(refused);
    }
    Ok(thread)
}

pub async fn create(app: &App, member: &Member, agent: AgentId, title: Option<&str>) -> Result<ThreadId> {
    let title = title.map(thread_title).transpose()?;
    let agent = app.store.agents(member).get(agent).await?;
    if agent.status == AgentStatus::Retired {
        return Err(AppError::conflict(format!("{} is retired. Choose another agent.", agent.draft.name)));
    }
    let id = ThreadId::from_uuid(app.clock.uuid());
    let mut tx = app.store.begin().await?;
    let name = title.as_deref().unwrap_or(UNTITLED);
    app.store.threads(member).insert(&mut tx, id, agent.id, name, title.is_some(), app.clock.now()).await?;
    audit::record(&mut tx, &app.clock, Actor::member(member), Event::new("thread.created", "thread", id.uuid())).await?;
    tx.commit().await?;
    list_changed(app, member, id).await?;
    Ok(id)
}

pub async fn rename(app: &App, member: &Member, id: ThreadId, title: &str) -> Result<Thread> {
    let title = thread_title(title)?;
    change(app, member, id, "thread.renamed", Change::Title(title)).await
}

/// Archives or restores. A thread in which a run goes on is archived all the same: the run ends by itself.
pub async fn set_status(app: &App, member: &Member, id: ThreadId, status: ThreadStatus) -> Result<Thread> {
    let kind = if status == ThreadStatus::Archived { "thread.archived" } else { "thread.restored" };
    change(app, member, id, kind, Change::Status(status)).await
}

enum Change {
    Title(String),
    Status(ThreadStatus),
}

async fn change(app: &App, member: &Member, id: ThreadId, kind: &'static str, change: Change) -> Result<Thread> {
    let threads = app.store.threads(member);
    let mut tx = app.store.begin().await?;
    let changed = match &change {
        Change::Title(title) => threads.rename(&mut tx, id, title).await?,
        Change::Status(status) => threads.set_status(&mut tx, id, *status).await?,
    };
    let thread = threads.in_tx(&mut tx, id).await?;
    let mut notes = Notes::new(member.group_id(), id, app.clock.now());
    if changed {
        notes.event(&mut tx, ThreadEvent::Thread(ThreadChange { title: thread.title.clone(), status: thread.status })).await?;
        audit::record(&mut tx, &app.clock, Actor::member(member), Event::new(kind, "thread", id.uuid())).await?;
    }
    tx.commit().await?;
    notes.announce(&app.runs.bus().thread(id));
    list_changed(app, member, id).await?;
    Ok(thread)
}

/// Deletes a thread with its messages. A run that goes on loses its lease with its row; the ledger keeps what was used.
pub async fn delete(app: &App, member: &Member, id: ThreadId) -> Result<()> {
    stop_all(app, member, id).await?;
    let mut tx = app.store.begin().await?;
    if !app.store.threads(member).delete(&mut tx, id).await? {
        return Err(AppError::NotFound);
    }
    audit::record(&mut tx, &app.clock, Actor::member(member), Event::new("thread.deleted", "thread", id.uuid())).await?;
    tx.commit().await?;
    app.runs.bus().thread(id).announce(Announced::Gone);
    let change = ListChange::Removed { group_id: member.group_id(), thread_id: id };
    app.runs.bus().list_changed(member.group_id(), member.person_id(), change);
    Ok(())
}

/// Stops what goes on in the thread and waits until it is settled, so that its usage is booked.
async fn stop_all(app: &App, member: &Member, id: ThreadId) -> Result<()> {
    let mut viewer = viewer::Viewer::join(app.clone(), member.clone(), id, None).await?;
    let (snapshot, _) = viewer::snapshot(app, member, id).await?;
    for run in snapshot.queued.iter().chain(&snapshot.run) {
        runs::stop(app, member, run.run_id).await?;
    }
    let Some(mut running) = snapshot.run.map(|run| run.run_id) else { return Ok(()) };
    let settled = async {
        loop {
            for (_, event) in viewer.next().await? {
                match event {
                    ThreadEvent::Run(run) if run.status == RunStatus::Running => running = run.run_id,
                    ThreadEvent::Run(run) if run.run_id == running && run.status.ended() => return Ok::<_, AppError>(()),
                    _ => {}
                }
            }
        }
    };
    // A driver that does not answer in time has died: its lease goes with the row.
    match tokio::time::timeout(std::time::Duration::from_secs(2), settled).await {
        Ok(settled) => settled,
        Err(_) => Ok(()),
    }
}

async fn list_changed(app: &App, member: &Member, id: ThreadId) -> Result<()> {
    let (group, person) = (member.group_id(), member.person_id());
    if app.runs.bus().has_watchers(group, person) {
        let thread = app.store.threads(member).get(id).await?;
        app.runs.bus().list_changed(group, person, ListChange::Thread { group_id: group, thread });
    }
    Ok(())
}

/// Everything that a thread's page needs at first.
pub async fn page(app: &App, member: &Member, id: ThreadId) -> Result<ThreadPage> {
    let thread = app.store.threads(member).get(id).await?;
    let agent = app.store.agents(member).get(thread.agent_id).await?;
    let (snapshot, cursor) = viewer::snapshot(app, member, id).await?;
    let problem = app.models.problem(&agent.draft.provider, &agent.draft.model).await;
    let terms = app.store.budgets(member).now().await?;
    let budget = match runs::admission::foreseen(app, member, &mut app.store.look(), &terms, (agent.id, &agent.draft), "").await?
    {
        Some(error) if problem.is_none() => Some(error.to_string()),
        _ => None,
    };
    let agent = shown(app, member, id, agent).await?;
    let spent = app.store.usage(member).of_thread(id).await?;
    Ok(ThreadPage { thread, agent, snapshot, cursor: cursor.to_string(), problem, budget, spent })
}

async fn shown(app: &App, member: &Member, thread: ThreadId, agent: Agent) -> Result<ThreadAgent> {
    let messages = app.store.messages(member).context(thread, GAUGE_MESSAGES).await?;
    let Agent { id, status, draft, .. } = agent;
    Ok(ThreadAgent {
        id,
        used_tokens: context::estimate(&draft.instructions, &messages),
        context_tokens: app.models.known(&draft.provider, &draft.model).and_then(|info| info.context_tokens),
        name: draft.name,
        provider: draft.provider,
        model: draft.model,
        status,
    })
}
