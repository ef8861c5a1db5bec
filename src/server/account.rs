//! Signing up, in and out, and one's own account.

use crate::{
    error::{AppError, Result},
    ids::{ConnectionId, GroupId, PersonId},
    model::{
        group::{Group, Role, Slug, group_name},
        person::{Email, Me, NewPassword, Person, SessionInfo, person_name},
    },
    server::{
        agents, session,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            db::Tx,
            groups, people, sessions,
        },
    },
};
use axum::{extract::ConnectInfo, http::request::Parts};
use leptos::prelude::use_context;
use std::net::SocketAddr;

pub async fn me() -> Result<Option<Me>> {
    let app = session::app()?;
    let Some(session) = session::current(&app).await? else { return Ok(None) };
    // One's own memberships are what leads to any proof.
    let memberships = app.store.system().memberships(session.person.id).await?;
    Ok(Some(Me { person: session.person, memberships }))
}

pub async fn sign_up_open() -> Result<bool> {
    // The server's very first question, before there is any group.
    Ok(!session::app()?.store.system().any_person().await?)
}

/// Makes the first person, the first group and its first agent, all or nothing, and signs in.
pub async fn sign_up(name: &str, email: &str, password: String, group: &str) -> Result<()> {
    let app = session::app()?;
    app.sign_ins.count(&address())?;
    let (name, email) = (person_name(name)?, Email::parse(email)?);
    let password = NewPassword::parse(&password)?;
    let group = Group { id: GroupId::from_uuid(app.clock.uuid()), slug: Slug::from_name(group), name: group_name(group)? };
    if !sign_up_open().await? {
        return Err(closed());
    }
    let hash = app.passwords.hash(password.expose().to_owned()).await?;
    let guide = agents::guide(&app).await;
    let person = Person { id: PersonId::from_uuid(app.clock.uuid()), email, name, created_at: app.clock.now() };
    let mut tx = app.store.begin().await?;
    // Asked again where it counts: of two first people only one is.
    if people::any(&mut tx).await? || !people::insert(&mut tx, &person, &hash).await? {
        return Err(closed());
    }
    audit::record(&mut tx, &app.clock, by(person.id), Event::new("person.created", "person", person.id.uuid())).await?;
    found_group(&app, &mut tx, &group, &guide, Some(&person)).await?;
    let cookie = session::start(&app, &mut tx, person.id).await?;
    tx.commit().await?;
    session::set(cookie);
    leptos_axum::redirect(&format!("/g/{}", group.slug));
    Ok(())
}

fn closed() -> AppError {
    AppError::Forbidden { message: "This server has its first person already. Ask an admin of your group to add you.".to_owned() }
}

/// Makes a group with its first agent, and its owner where there is one.
pub async fn found_group(
    app: &App,
    tx: &mut Tx,
    group: &Group,
    guide: &crate::model::agent::Agent,
    owner: Option<&Person>,
) -> Result<()> {
    let now = app.clock.now();
    if !groups::insert(tx, group, now).await? {
        return Err(AppError::conflict(format!("A group with the address {} exists already.", group.slug)));
    }
    let actor = Actor { group: Some(group.id), person: owner.map(|person| person.id) };
    audit::record(tx, &app.clock, actor, Event::new("group.created", "group", group.id.uuid())).await?;
    if let Some(owner) = owner {
        join(app, tx, (group, owner), Role::Owner, actor).await?;
    }
    crate::server::plans::include(app, tx, group.id, &app.settings.plans.of_group(None)).await?;
    crate::server::store::agents::insert(tx, group.id, guide, actor.person).await?;
    audit::record(tx, &app.clock, actor, Event::new("agent.created", "agent", guide.id.uuid())).await
}

/// Makes a person a member, or changes their role; answers the role before. The last owner stays one: without any, nobody
/// could make another.
pub async fn join(app: &App, tx: &mut Tx, (group, person): (&Group, &Person), role: Role, actor: Actor) -> Result<Option<Role>> {
    let before = groups::role(tx, group.id, person.id).await?;
    if before == Some(role) {
        return Ok(before);
    }
    if before == Some(Role::Owner) && groups::owners(tx, group.id).await? == 1 {
        return Err(AppError::conflict(format!(
            "{} is the last owner of {}. Make somebody else an owner first.",
            person.email, group.slug
        )));
    }
    groups::join(tx, ConnectionId::from_uuid(app.clock.uuid()), group.id, person.id, role, app.clock.now()).await?;
    let kind = if before.is_some() { "member.role_changed" } else { "member.added" };
    let event = Event::new(kind, "person", person.id.uuid()).with(serde_json::json!({ "role": role, "before": before }));
    audit::record(tx, &app.clock, actor, event).await?;
    Ok(before)
}

/// An unknown address and a wrong password cannot be told apart, in words or in time.
pub async fn sign_in(email: &str, password: String, next: Option<&str>) -> Result<()> {
    let app = session::app()?;
    app.sign_ins.count(&address())?;
    let email = Email::parse(email)?;
    app.sign_ins.count(email.as_str())?;
    // Nobody is known yet: this look-up is how somebody becomes known.
    let found = app.store.system().credentials(&email).await?;
    let (person, hash) = found.map_or((None, None), |found| (Some(found.person), Some(found.password_hash)));
    let fits = app.passwords.verify(password, hash).await?;
    let person = person
        .filter(|_| fits)
        .ok_or_else(|| AppError::invalid("password", "This e-mail address and password do not fit together."))?;
    let mut tx = app.store.begin().await?;
    let cookie = session::start(&app, &mut tx, person.id).await?;
    audit::record(&mut tx, &app.clock, by(person.id), Event::new("person.signed_in", "person", person.id.uuid())).await?;
    tx.commit().await?;
    session::set(cookie);
    leptos_axum::redirect(&landing(&app, person.id, next).await?);
    Ok(())
}

pub async fn sign_out() -> Result<()> {
    let app = session::app()?;
    if let Some(session) = session::current(&app).await? {
        let mut tx = app.store.begin().await?;
        sessions::delete(&mut tx, session.hash).await?;
        let id = session.person.id;
        audit::record(&mut tx, &app.clock, by(id), Event::new("person.signed_out", "person", id.uuid())).await?;
        tx.commit().await?;
    }
    session::set(session::ended(&app)?);
    leptos_axum::redirect("/sign-in");
    Ok(())
}

pub async fn sessions() -> Result<Vec<SessionInfo>> {
    let (app, session) = signed_in().await?;
    // One's own sessions belong to no group.
    app.store.system().sessions(session.person.id, session.hash, app.clock.now()).await
}

pub async fn sign_out_elsewhere() -> Result<()> {
    let (app, session) = signed_in().await?;
    let mut tx = app.store.begin().await?;
    end_others(&app, &mut tx, &session).await?;
    tx.commit().await
}

pub async fn change_password(current: String, new: String) -> Result<()> {
    let (app, session) = signed_in().await?;
    let id = session.person.id;
    app.sign_ins.count(session.person.email.as_str())?;
    let new = NewPassword::parse(&new).map_err(|error| AppError::invalid("new", error.to_string()))?;
    // One's own password belongs to no group.
    let hash = app.store.system().credentials_of(id).await?.map(|found| found.password_hash);
    if !app.passwords.verify(current, hash).await? {
        return Err(AppError::invalid("current", "This is not your current password."));
    }
    let hash = app.passwords.hash(new.expose().to_owned()).await?;
    let mut tx = app.store.begin().await?;
    people::set_password(&mut tx, id, &hash).await?;
    audit::record(&mut tx, &app.clock, by(id), Event::new("person.password_changed", "person", id.uuid())).await?;
    end_others(&app, &mut tx, &session).await?;
    tx.commit().await
}

async fn end_others(app: &App, tx: &mut Tx, session: &session::Session) -> Result<()> {
    let ended = sessions::delete_others(tx, session.person.id, session.hash).await?;
    let event =
        Event::new("person.signed_out_elsewhere", "person", session.person.id.uuid()).with(serde_json::json!({ "ended": ended }));
    audit::record(tx, &app.clock, by(session.person.id), event).await
}

async fn signed_in() -> Result<(App, session::Session)> {
    let app = session::app()?;
    let session = session::current(&app).await?.ok_or(AppError::Unauthorised)?;
    Ok((app, session))
}

fn by(person: PersonId) -> Actor {
    Actor { group: None, person: Some(person) }
}

/// Where a signed-in person goes: to the page that they wanted, else to their first group.
async fn landing(app: &App, person: PersonId, next: Option<&str>) -> Result<String> {
    if let Some(path) = next.filter(|path| is_local(path)) {
        return Ok(path.to_owned());
    }
    // One's own memberships are what leads to any proof.
    let first = app.store.system().memberships(person).await?.into_iter().next();
    Ok(first.map_or_else(|| "/account".to_owned(), |membership| format!("/g/{}", membership.group.slug)))
}

/// Only a path on this server: never another site, whatever a link says.
fn is_local(path: &str) -> bool {
    path.starts_with('/') && !path.starts_with("//") && !path.contains('\\') && !path.chars().any(char::is_control)
}

/// The network address of the browser, as far as it is known.
fn address() -> String {
    let peer = use_context::<Parts>().and_then(|parts| parts.extensions.get::<ConnectInfo<SocketAddr>>().copied());
    peer.map_or_else(|| "unknown".to_owned(), |ConnectInfo(peer)| peer.ip().to_string())
}
