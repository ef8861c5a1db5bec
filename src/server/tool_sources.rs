//! Rules about tool sources: what an admin adds, looks at again, picks from, gives a secret, and removes.

pub mod document;
pub mod known;

use crate::{
    error::{AppError, Result},
    ids::ToolSourceId,
    model::tool_source::{SecretDraft, SourceDraft, SourceKind, ToolSource},
    server::{
        member::{Admin, Member},
        secret::Place,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            tool_sources::{SealedSecret, Stored, ToolSources},
        },
        tools::{
            Tool,
            mcp::{self, McpTool},
            openapi::{self, ApiTool},
            remote::{self, Link},
        },
    },
};
use known::{Definition, State};
use serde_json::{Value, json};
use std::sync::Arc;

/// The most that one group has. Each is asked for at every step of every run.
const SOURCES_MAX: usize = 50;

pub async fn list(app: &App, admin: &Admin) -> Result<Vec<ToolSource>> {
    Ok(app.store.tool_sources(admin).list().await?.iter().map(view).collect())
}

/// The tools that the group's agents may be given.
pub async fn picked(app: &App, member: &Member) -> Result<Vec<Arc<dyn Tool>>> {
    let sources = app.store.tool_sources(member).list().await?;
    Ok(sources.into_iter().flat_map(tools_of).collect())
}

fn tools_of(source: Stored) -> Vec<Arc<dyn Tool>> {
    let link = Arc::new(Link::of(&source));
    let usable = source.tools.into_iter().filter(known::KnownTool::usable).map(|tool| tool.definition);
    usable.filter_map(|definition| tool(&link, definition)).collect()
}

fn tool(link: &Arc<Link>, mut definition: Definition) -> Option<Arc<dyn Tool>> {
    let link = link.clone();
    match (link.kind, definition.operation.take()) {
        (SourceKind::Mcp | SourceKind::Command, _) => Some(Arc::new(McpTool { link, definition })),
        (SourceKind::OpenApi, Some(operation)) => Some(Arc::new(ApiTool::new(link, definition, operation))),
        (SourceKind::OpenApi, None) => None,
    }
}

/// Adds a source once its tools were seen. None is picked yet.
pub async fn add(app: &App, admin: &Admin, draft: SourceDraft) -> Result<ToolSource> {
    let draft = draft.check()?;
    let store = app.store.tool_sources(admin);
    if store.list().await?.len() >= SOURCES_MAX {
        return Err(AppError::conflict(format!("A group has {SOURCES_MAX} sources of tools at most.")));
    }
    let (source, document) = new(app, admin, draft).await?;
    let mut tx = app.store.begin().await?;
    if !store.insert(&mut tx, &source, document.as_deref(), admin.person_id()).await? {
        return Err(AppError::invalid("name", "The group has a source with this name already."));
    }
    let event =
        event("tool_source.added", source.id).with(json!({ "name": source.name, "kind": source.kind, "url": source.url }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(view(&source))
}

async fn new(app: &App, admin: &Admin, draft: SourceDraft) -> Result<(Stored, Option<Arc<str>>)> {
    let id = ToolSourceId::from_uuid(app.clock.uuid());
    let place = Place { group: admin.group_id(), source: id };
    let mut source = Stored {
        id,
        group: admin.group_id(),
        kind: draft.kind,
        name: draft.name,
        url: draft.url,
        secret: draft.secret.map(|secret| seal(app, place, secret)).transpose()?,
        tools: Vec::new(),
        error: None,
        version: 1,
        checked_at: app.clock.now(),
    };
    let document: Option<Arc<str>> = (source.kind == SourceKind::OpenApi).then(|| draft.document.into());
    if let Some(document) = document.clone() {
        let given = std::mem::take(&mut source.url);
        source.url = document::read(document, move |document| openapi::base_url(document, &given)).await??;
    }
    source.url = checked_place(app, &source)?;
    let offered = offered(app, &source, document.clone()).await?;
    source.tools = known::first(offered.map_err(|message| AppError::invalid(blamed(source.kind), message))?);
    Ok((source, document))
}

/// Where a source is, if it can be there.
fn checked_place(app: &App, source: &Stored) -> Result<String> {
    if source.kind != SourceKind::Command {
        return remote::checked_url(&source.url);
    }
    if app.settings.tool_commands.contains_key(&source.url) {
        return Ok(source.url.clone());
    }
    Err(AppError::invalid("url", "This server has no such command. Its operator names them in GUILDHALL_TOOL_COMMANDS."))
}

/// The commands that the operator allows, by name.
pub fn commands(app: &App, _: &Admin) -> Vec<String> {
    app.settings.tool_commands.keys().cloned().collect()
}

/// The field of the form that a failed look is about.
fn blamed(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Mcp | SourceKind::Command => "url",
        SourceKind::OpenApi => "document",
    }
}

/// What the source offers now, or why that cannot be told.
async fn offered(app: &App, source: &Stored, document: Option<Arc<str>>) -> Result<Result<Vec<Definition>, String>> {
    match source.kind {
        SourceKind::Mcp | SourceKind::Command => Ok(mcp::list(app, &Link::of(source)).await),
        SourceKind::OpenApi => document::read(document.unwrap_or_default(), openapi::operations).await,
    }
}

/// Looks at the source's tools again. That it failed is kept and shown; the tools stay as they were.
pub async fn refresh(app: &App, admin: &Admin, id: ToolSourceId) -> Result<ToolSource> {
    let store = app.store.tool_sources(admin);
    let seen = store.get(id).await?;
    let document = match seen.kind {
        SourceKind::Mcp | SourceKind::Command => None,
        SourceKind::OpenApi => Some(store.document(id).await?.into()),
    };
    // The server is asked before the transaction begins: nothing waits for the network while it writes.
    let offered = offered(app, &seen, document).await?;
    let mut tx = app.store.begin().await?;
    let mut source = unchanged(&store, &mut tx, &seen).await?;
    match offered {
        Ok(offered) => {
            source.tools = known::again(source.tools, offered);
            (source.error, source.checked_at) = (None, app.clock.now());
            store.set_tools(&mut tx, &source).await?;
            let event = event("tool_source.refreshed", id).with(differences(&source));
            audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
        }
        Err(message) => store.set_error(&mut tx, id, &message, app.clock.now()).await?,
    }
    tx.commit().await?;
    Ok(view(&store.get(id).await?))
}

/// The source that was looked at, if nobody changed it meanwhile: what was seen of an older one is not laid over it.
async fn unchanged(store: &ToolSources<'_>, tx: &mut Tx, seen: &Stored) -> Result<Stored> {
    let source = store.in_tx(tx, seen.id).await?;
    if source.version == seen.version {
        return Ok(source);
    }
    Err(AppError::conflict("This source was changed by somebody else meanwhile. Reload, and look again."))
}

/// What the admins have not saved yet, for the audit log.
fn differences(source: &Stored) -> Value {
    let names = |wanted: fn(&State) -> bool| -> Vec<&str> {
        source.tools.iter().filter(|tool| wanted(&tool.state)).map(|tool| tool.definition.name.as_str()).collect()
    };
    json!({
        "name": source.name,
        "new": names(|state| *state == State::New),
        "changed": names(|state| matches!(state, State::Changed(_))),
        "gone": names(|state| *state == State::Gone),
    })
}

/// Says which tools agents may be given. `version` is the one that was on the screen: what changed since would be picked
/// unread.
pub async fn pick(app: &App, admin: &Admin, id: ToolSourceId, version: i64, picked: &[String]) -> Result<ToolSource> {
    let store = app.store.tool_sources(admin);
    let mut tx = app.store.begin().await?;
    let mut source = store.in_tx(&mut tx, id).await?;
    if source.version != version {
        return Err(AppError::conflict("These tools changed since you opened them. Reload, look at them, and pick again."));
    }
    source.tools = known::reviewed(source.tools, picked);
    if let Some(problem) = source.tools.iter().filter(|tool| tool.picked).find_map(|tool| known::problem(&tool.definition)) {
        return Err(AppError::invalid("tools", problem));
    }
    let names: Vec<&str> = source.tools.iter().filter(|tool| tool.picked).map(|tool| tool.definition.name.as_str()).collect();
    let event = event("tool_source.picked", id).with(json!({ "name": source.name, "tools": names }));
    store.set_tools(&mut tx, &source).await?;
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    Ok(view(&store.get(id).await?))
}

/// Replaces the secret, or takes it away.
pub async fn set_secret(app: &App, admin: &Admin, id: ToolSourceId, secret: Option<SecretDraft>) -> Result<ToolSource> {
    let place = Place { group: admin.group_id(), source: id };
    let store = app.store.tool_sources(admin);
    let mut tx = app.store.begin().await?;
    let before = store.in_tx(&mut tx, id).await?;
    let secret = secret.map(|secret| secret.check(before.kind)).transpose()?;
    let secret = secret.map(|secret| seal(app, place, secret)).transpose()?;
    store.set_secret(&mut tx, id, secret.as_ref()).await?;
    let event = event("tool_source.secret_set", id)
        .with(json!({ "name": before.name, "secret": secret.as_ref().map(|secret| &secret.carrier) }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    app.mcp.forget(id);
    Ok(view(&store.get(id).await?))
}

/// Agents that were given its tools go on without them.
pub async fn remove(app: &App, admin: &Admin, id: ToolSourceId) -> Result<()> {
    let store = app.store.tool_sources(admin);
    let mut tx = app.store.begin().await?;
    let before = store.in_tx(&mut tx, id).await?;
    store.delete(&mut tx, id).await?;
    audit::record(
        &mut tx,
        &app.clock,
        Actor::member(admin),
        event("tool_source.removed", id).with(json!({ "name": before.name })),
    )
    .await?;
    tx.commit().await?;
    app.mcp.forget(id);
    Ok(())
}

fn seal(app: &App, place: Place, secret: SecretDraft) -> Result<SealedSecret> {
    Ok(SealedSecret { sealed: app.secret_key.seal(place, &secret.value)?, carrier: secret.carrier })
}

fn event(kind: &'static str, id: ToolSourceId) -> Event<'static> {
    Event::new(kind, "tool_source", id.uuid())
}

fn view(source: &Stored) -> ToolSource {
    ToolSource {
        id: source.id,
        kind: source.kind,
        name: source.name.clone(),
        url: source.url.clone(),
        secret: source.secret.as_ref().map(|secret| secret.carrier.clone()),
        tools: source.tools.iter().map(|tool| tool.view(&source.name)).collect(),
        error: source.error.clone(),
        version: source.version,
        checked_at: source.checked_at,
    }
}
