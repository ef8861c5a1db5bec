//! Rules about agents: who may save what, and the agent that a new group begins with.

use crate::{
    error::{AppError, Result},
    ids::AgentId,
    model::agent::{Agent, AgentDraft, AgentStatus, Limits},
    server::{
        member::Admin,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
        },
        tools,
    },
};
use serde_json::json;

/// What the Guide is told. Short, because small local models lose themselves in long instructions.
const GUIDE: &str =
    "You are Guide, a friendly and helpful assistant. Answer clearly and briefly. If you do not know something, say so.";

/// The agent of a new group, on the best model that there is. Where there is none yet, on the local one, which
/// `models fetch` brings.
pub async fn guide(app: &App) -> Agent {
    let best = app.models.best().await;
    let (provider, model) =
        best.map_or_else(|| ("local".to_owned(), "smollm2-135m-instruct".to_owned()), |info| (info.provider, info.model));
    let draft = AgentDraft {
        name: "Guide".to_owned(),
        provider,
        model,
        instructions: GUIDE.to_owned(),
        tools: Vec::new(),
        ask_first: Vec::new(),
        look_first: false,
        limits: Limits::default(),
    };
    new(app, draft)
}

fn new(app: &App, draft: AgentDraft) -> Agent {
    let now = app.clock.now();
    Agent {
        id: AgentId::from_uuid(app.clock.uuid()),
        status: AgentStatus::Active,
        version: 1,
        draft,
        created_at: now,
        updated_at: now,
    }
}

pub async fn create(app: &App, admin: &Admin, draft: AgentDraft) -> Result<Agent> {
    let agent = new(app, draft.check(&tools::names(app, admin).await?)?);
    let mut tx = app.store.begin().await?;
    app.store.agents(admin).insert(&mut tx, &agent, Some(admin.person_id())).await?;
    let event = Event::new("agent.created", "agent", agent.id.uuid()).with(json!({ "name": agent.draft.name }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(agent)
}

/// Saves a new version. `edited` is the version that was on the screen: a save in between is a conflict.
pub async fn save(app: &App, admin: &Admin, id: AgentId, edited: Option<i64>, draft: AgentDraft) -> Result<Agent> {
    let agents = app.store.agents(admin);
    // A tool whose source is gone may stay: an agent is not held up by what others took away.
    let mut known = tools::names(app, admin).await?;
    known.extend(agents.get(id).await?.draft.tools);
    let draft = draft.check(&known)?;
    let mut tx = app.store.begin().await?;
    let current = agents.in_tx(&mut tx, id).await?;
    let from = edited.unwrap_or(current.version);
    if !agents.save(&mut tx, id, from, &draft, admin.person_id(), app.clock.now()).await? {
        return Err(AppError::conflict(
            "Somebody saved this agent since you opened it. Reload to see their version; what you typed is still here.",
        ));
    }
    let event = Event::new("agent.saved", "agent", id.uuid()).with(json!({ "version": from + 1 }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    agents.get(id).await
}

pub async fn set_status(app: &App, admin: &Admin, id: AgentId, status: AgentStatus) -> Result<Agent> {
    let agents = app.store.agents(admin);
    let mut tx = app.store.begin().await?;
    if !agents.set_status(&mut tx, id, status, app.clock.now()).await? {
        return Err(AppError::NotFound);
    }
    let kind = if status == AgentStatus::Active { "agent.restored" } else { "agent.retired" };
    audit::record(&mut tx, &app.clock, Actor::member(admin), Event::new(kind, "agent", id.uuid())).await?;
    tx.commit().await?;
    agents.get(id).await
}
