//! What the command line does besides serving. Each prints what it made, or one line that says what went wrong.

use crate::{
    error::{AppError, Result},
    ids::{GroupId, KeyId, PersonId},
    model::{
        group::{Group, Role, Slug, group_name},
        person::{Email, NewPassword, Person, person_name},
        provider::ProviderInfo,
    },
    server::{
        account, agents,
        clock::Clock,
        config::{Command, GroupCommand, KeyCommand, MemberCommand, PersonCommand, Settings},
        demo::{self, Demo},
        embedders::Embedders,
        failure::internal,
        outbound::Outbound,
        plans, serve,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            keys::{self, NewKey},
            people,
        },
    },
};
use sha2::{Digest, Sha256};
use std::io::{BufRead as _, Write as _};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

pub async fn run(app: App, command: Option<Command>) -> Result<()> {
    match command {
        None | Some(Command::Serve) => serve::serve(app).await,
        Some(Command::Group(GroupCommand::Create { slug, name })) => group_create(&app, &slug, &name).await,
        Some(Command::Group(GroupCommand::Plan { slug, plan })) => group_plan(&app, &slug, &plan).await,
        Some(Command::Person(PersonCommand::Create { email, name, .. })) => person_create(&app, &email, &name).await,
        Some(Command::Member(MemberCommand::Add { slug, email, role })) => member_add(&app, &slug, &email, &role).await,
        Some(Command::Key(KeyCommand::Create { group, person })) => key_create(&app, &group, &person).await,
        Some(Command::Demo) => demo(&app).await,
        Some(Command::Migrate) => say("The database is up to date."),
        // These need no server, so main does them.
        Some(Command::Models(_) | Command::Worker { .. } | Command::Extract { .. }) => Ok(()),
    }
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").map_err(internal)
}

async fn group_create(app: &App, slug: &str, name: &str) -> Result<()> {
    let group = Group { id: GroupId::from_uuid(app.clock.uuid()), slug: Slug::parse(slug)?, name: group_name(name)? };
    let guide = agents::guide(app).await;
    let mut tx = app.store.begin().await?;
    account::found_group(app, &mut tx, &group, &guide, None).await?;
    tx.commit().await?;
    say(&format!("Made the group {} with its agent {}.", group.slug, guide.draft.name))
}

async fn group_plan(app: &App, slug: &str, plan: &str) -> Result<()> {
    let group = group(app, slug).await?;
    plans::give(app, group.id, plan).await?;
    say(&format!("{} has the plan {plan}.", group.slug))
}

async fn person_create(app: &App, email: &str, name: &str) -> Result<()> {
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).map_err(internal)?;
    let password = NewPassword::parse(password.trim_end_matches(['\r', '\n']))?;
    let hash = app.passwords.hash(password.expose().to_owned()).await?;
    let person = Person {
        id: PersonId::from_uuid(app.clock.uuid()),
        email: Email::parse(email)?,
        name: person_name(name)?,
        created_at: app.clock.now(),
    };
    let mut tx = app.store.begin().await?;
    if !people::insert(&mut tx, &person, &hash).await? {
        return Err(AppError::conflict(format!("Somebody with the address {} exists already.", person.email)));
    }
    audit::record(&mut tx, &app.clock, Actor::default(), Event::new("person.created", "person", person.id.uuid())).await?;
    tx.commit().await?;
    say(&format!("Made {} <{}>. Add them to a group with `guildhall member add`.", person.name, person.email))
}

async fn member_add(app: &App, slug: &str, email: &str, role: &str) -> Result<()> {
    let (group, person, role) = (group(app, slug).await?, person(app, email).await?, Role::parse(role)?);
    let mut tx = app.store.begin().await?;
    let actor = Actor { group: Some(group.id), person: None };
    let before = account::join(app, &mut tx, (&group, &person), role, actor).await?;
    tx.commit().await?;
    let (email, slug, now) = (&person.email, &group.slug, role.as_str());
    say(&match before {
        None => format!("Added {email} to {slug} as {now}."),
        Some(before) if before == role => format!("{email} is {now} of {slug} already."),
        Some(before) => format!("Changed the role of {email} in {slug} from {} to {now}.", before.as_str()),
    })
}

async fn key_create(app: &App, slug: &str, email: &str) -> Result<()> {
    let (group, person) = (group(app, slug).await?, person(app, email).await?);
    // The command line acts for the operator, who owns the whole server.
    if app.store.system().membership(&group.slug, person.id).await?.is_none() {
        return Err(AppError::conflict(format!(
            "{} is no member of {}. Add them with `guildhall member add`.",
            person.email, group.slug
        )));
    }
    let key = format!("gh_{}", hex::encode(app.clock.secret()));
    let id = KeyId::from_uuid(app.clock.uuid());
    let new = NewKey { id, group: group.id, person: person.id, hash: Sha256::digest(key.as_bytes()).into(), hint: &key[..10] };
    let mut tx = app.store.begin().await?;
    keys::insert(&mut tx, new, app.clock.now()).await?;
    let actor = Actor { group: Some(group.id), person: None };
    audit::record(&mut tx, &app.clock, actor, Event::new("key.created", "key", id.uuid())).await?;
    tx.commit().await?;
    say(&key)
}

async fn demo(app: &App) -> Result<()> {
    let Demo { people, password, calls } = demo::fill(app, demo::DAYS).await?;
    say(&format!("Made the group demo with {} people and {calls} calls of models in 90 days.", people.len()))?;
    say(&format!("Everybody's password: {password}"))?;
    for (person, role) in people {
        say(&format!("  {role:<9} {}  ({})", person.email, person.name))?;
    }
    say("Start the server, sign in, and look at /g/demo/usage.")
}

/// Asks the providers, and nothing of the database.
pub async fn models_list(settings: &Settings, clock: Clock) -> Result<()> {
    serve::needs_data(settings, &[settings.database(), settings.models_dir()])?;
    let outbound = Outbound::new(settings.allow_private_addresses).map_err(internal)?;
    let nothing_runs = (&TaskTracker::new(), &CancellationToken::new());
    let (models, embedders) = serve::offers(settings, &clock, &outbound, nothing_runs)?;
    for ProviderInfo { provider, models, problem } in models.offers().await {
        if let Some(problem) = problem {
            say(&format!("{provider}: {problem}"))?;
        }
        for model in models {
            let context = model.context_tokens.map_or_else(|| "unknown context".to_owned(), |n| format!("{n} tokens"));
            say(&format!("{provider}\t{}\t{context}", model.model))?;
        }
    }
    embedders_list(&embedders)
}

/// Those that are used where nobody chose a model; what else a service embeds with, it does not list.
fn embedders_list(embedders: &Embedders) -> Result<()> {
    for provider in embedders.providers() {
        let Some(embedder) = embedders.get(&provider) else { continue };
        match (embedder.problem(), embedder.usual_model()) {
            (Some(problem), _) => say(&format!("{provider}: {problem}"))?,
            (None, Some(model)) => say(&format!("{provider}\t{model}\tembeddings"))?,
            (None, None) => {}
        }
    }
    Ok(())
}

/// The operator at the command line names groups and people of the whole server.
async fn group(app: &App, slug: &str) -> Result<Group> {
    let found = app.store.system().group(&Slug::parse(slug)?).await?;
    found.ok_or_else(|| AppError::conflict(format!("There is no group {slug}. Make it with `guildhall group create`.")))
}

async fn person(app: &App, email: &str) -> Result<Person> {
    // The operator at the command line knows everybody.
    let found = app.store.system().credentials(&Email::parse(email)?).await?;
    let found = found.ok_or_else(|| {
        AppError::conflict(format!("There is nobody with the address {email}. Make them with `guildhall person create`."))
    })?;
    Ok(found.person)
}
