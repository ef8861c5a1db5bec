//! Which model makes a group's vectors, and how another takes its place: its generation is built beside the one that
//! serves, and searches change over once it is whole.

use crate::{
    error::{AppError, Result},
    ids::{EmbeddingGenerationId, GroupId},
    model::retrieval::KnowledgeIndex,
    server::{
        budgets::outside,
        embedders::{Embedder, EmbedderName, Vectors},
        knowledge::{
            indexer, ledger,
            vectors::{Serving, normalised},
        },
        member::{Admin, Member},
        models::ModelError,
        state::App,
        store::{
            Actor,
            audit::{self, Event},
            embeddings::generations::{self as stored, Generation, GenerationStatus},
        },
    },
};
use serde_json::json;

const NONE_YET: &str = "The documents are not embedded yet: only words were looked for.";
const NO_EMBEDDER: &str = "This group has no embedder: only words were looked for.";

/// What a search compares with.
pub struct ServingName {
    pub name: EmbedderName,
    pub serving: Serving,
}

/// The generation that serves the member's group; or why there is none, in words for members.
pub async fn serving(app: &App, member: &Member) -> Result<Result<ServingName, String>> {
    let all = app.store.embeddings(member).generations().await?;
    let Some(generation) = all.into_iter().find(|one| one.status == GenerationStatus::Serving) else {
        // A group's first passages are there a moment before their generation is planned.
        let none = match app.store.embeddings(member).chosen().await? {
            Some(chosen) => chosen.is_empty(),
            None => app.embedders.usual().is_none(),
        };
        return Ok(Err(if none { NO_EMBEDDER } else { NONE_YET }.to_owned()));
    };
    let Some(dimension) = generation.dimension else { return Ok(Err(NONE_YET.to_owned())) };
    let serving = Serving { generation: generation.id, dimension: dimension as usize };
    Ok(Ok(ServingName { name: name(&generation), serving }))
}

/// How far the group's index is.
pub async fn state(app: &App, member: &Member) -> Result<KnowledgeIndex> {
    let embeddings = app.store.embeddings(member);
    let all = embeddings.generations().await?;
    let of = |status| all.iter().find(|one| one.status == status);
    let (serving, building) = (of(GenerationStatus::Serving), of(GenerationStatus::Building));
    let newest = building.or(serving);
    let progress = embeddings.progress(newest.map(|one| one.id)).await?;
    let problem = match newest {
        Some(one) => match app.embedders.get(&one.provider) {
            Some(embedder) => embedder.problem(),
            None => Some(format!("This server has no embedder named {}.", one.provider)),
        },
        None if embeddings.chosen().await?.is_some_and(|chosen| chosen.is_empty()) => {
            Some("This group searches by words alone, as an admin chose.".to_owned())
        }
        None if app.embedders.usual().is_none() => Some(
            "There is no embedder: run `guildhall models fetch`, or choose one. Until then words alone are searched.".to_owned(),
        ),
        None => None,
    };
    Ok(KnowledgeIndex {
        serving: serving.map(|one| name(one).to_string()),
        building: building.map(|one| name(one).to_string()),
        passages: progress.passages,
        embedded: progress.embedded,
        waiting: progress.waiting,
        given_up: progress.given_up,
        note: problem,
    })
}

/// Chooses what makes the group's vectors: "provider/model", an empty text for none, `None` for the server's own.
pub async fn choose(app: &App, admin: &Admin, embedder: Option<&str>) -> Result<()> {
    if let Some(text) = embedder.filter(|text| !text.is_empty()) {
        let name = EmbedderName::parse(text)
            .ok_or_else(|| AppError::invalid("embedder", "Write provider and model, such as openai/text-embedding-3-small."))?;
        let Some(embedder) = app.embedders.get(&name.provider) else {
            let known = app.embedders.providers().join(", ");
            let message = format!("This server has no embedder named {}. It has: {known}.", name.provider);
            return Err(AppError::invalid("embedder", message));
        };
        attempt(app, admin, &name, embedder.as_ref()).await?;
    }
    let mut tx = app.store.begin().await?;
    app.store.embeddings(admin).choose(&mut tx, embedder).await?;
    let event = Event::new("knowledge.embedder_chosen", "group", admin.group_id().uuid()).with(json!({ "embedder": embedder }));
    audit::record(&mut tx, &app.clock, Actor::member(admin), event).await?;
    tx.commit().await?;
    // The background would see it by itself, a little later.
    plan(app).await?;
    app.indexing.notify_one();
    Ok(())
}

/// A model which does not exist, or a key which is not accepted, is found out by whoever chooses it, and not by every passage
/// of the group.
async fn attempt(app: &App, admin: &Admin, name: &EmbedderName, embedder: &dyn Embedder) -> Result<()> {
    let refused = |why: &str| AppError::invalid("embedder", format!("{name} was tried and does not work: {why}."));
    let answer = probe(app, admin.group_id(), name, embedder).await?;
    let vectors = answer.map_err(|error| refused(error.to_string().trim_end_matches('.')))?.vectors;
    match vectors.into_iter().next().and_then(normalised) {
        Some(_) => Ok(()),
        None => Err(refused("what it answers is no vector")),
    }
}

/// Embeds a harmless text, to see whether the embedder works at all.
pub(super) async fn probe(
    app: &App,
    group: GroupId,
    name: &EmbedderName,
    embedder: &dyn Embedder,
) -> Result<Result<Vectors, ModelError>> {
    let texts = vec!["Is anybody there?".to_owned()];
    let open = outside::begin_for_group(app, group, ledger::asking(name, &texts)).await?;
    let answer = indexer::in_time(embedder.embed(name.model.clone(), texts)).await;
    open.end(ledger::ended(&answer)).await?;
    Ok(answer)
}

/// Begins and ends generations, so that every group with passages has the one that is wished for.
pub async fn plan(app: &App) -> Result<()> {
    // The background works for every group.
    for wish in app.store.system().embedding_wishes().await? {
        let wanted = match wish.embedder.as_deref() {
            Some("") => None,
            Some(text) => EmbedderName::parse(text),
            None => app.embedders.usual(),
        };
        // What an operator took away for a while (a key, the weights) is no reason to throw vectors away.
        let known = wanted.is_some() || wish.embedder.is_some();
        if known && wanted.as_ref().map(EmbedderName::to_string) != wish.newest {
            settle(app, wish.group, wanted).await?;
        }
    }
    promote(app).await
}

async fn settle(app: &App, group: GroupId, wanted: Option<EmbedderName>) -> Result<()> {
    let mut tx = app.store.begin().await?;
    let all = stored::of_group(&mut tx, group).await?;
    let newest = all.iter().find(|one| one.status == GenerationStatus::Building).or(all.first());
    if newest.map(name) == wanted {
        return tx.commit().await;
    }
    let serving = all.iter().find(|one| one.status == GenerationStatus::Serving);
    for old in &all {
        // Wished for again before the new one was whole: the old one never stopped to serve.
        if old.status == GenerationStatus::Building || wanted.is_none() {
            stored::drop_generation(&mut tx, old).await?;
        }
    }
    if let Some(wanted) = wanted.filter(|wanted| serving.map(name).as_ref() != Some(wanted)) {
        let generation = Generation {
            id: EmbeddingGenerationId::from_uuid(app.clock.uuid()),
            group,
            provider: wanted.provider,
            model: wanted.model,
            dimension: None,
            // Without another to serve meanwhile, it serves what it has.
            status: if serving.is_some() { GenerationStatus::Building } else { GenerationStatus::Serving },
        };
        stored::begin(&mut tx, &generation, app.clock.now()).await?;
        let event = Event::new("knowledge.embedding_began", "embedding_generation", generation.id.uuid())
            .with(json!({ "embedder": name(&generation).to_string() }));
        audit::record(&mut tx, &app.clock, Actor { group: Some(group), person: None }, event).await?;
    }
    tx.commit().await
}

/// Generations that are whole take the places of those that serve. One with passages that its model refused never does:
/// what serves is better than that. A generation may have become whole in many ways: by its last batch, before a death,
/// or because what it waited for was deleted.
pub async fn promote(app: &App) -> Result<()> {
    // As above: the groups' own background work.
    if app.store.system().whole_generations().await?.is_empty() {
        return Ok(());
    }
    let mut tx = app.store.begin().await?;
    for generation in stored::whole(&mut tx).await? {
        let all = stored::of_group(&mut tx, generation.group).await?;
        for old in all.iter().filter(|one| one.status == GenerationStatus::Serving) {
            stored::drop_generation(&mut tx, old).await?;
        }
        stored::serve(&mut tx, &generation).await?;
        let event = Event::new("knowledge.embedding_serves", "embedding_generation", generation.id.uuid())
            .with(json!({ "embedder": name(&generation).to_string() }));
        audit::record(&mut tx, &app.clock, Actor { group: Some(generation.group), person: None }, event).await?;
    }
    tx.commit().await
}

pub fn name(generation: &Generation) -> EmbedderName {
    EmbedderName { provider: generation.provider.clone(), model: generation.model.clone() }
}
