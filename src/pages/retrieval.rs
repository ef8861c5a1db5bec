//! `/g/{slug}/knowledge/retrieval`: what searches find and why, for those who manage the group. It works without a script:
//! a query stands in the URL, and everything else is a plain form.

mod checks;
mod index;
mod query;
mod results;

use super::{
    group::{GroupContext, use_group},
    not_found::NotFound,
    params::slug_param,
};
use crate::{
    api::retrieval::{ChooseEmbedder, RemoveCheck, RunChecks, SaveCheck, index_state, retrieval_checks, try_query},
    components::{failure::PageFailure, page_bar::PageBar, skeleton::SkeletonRows},
    error::{AppError, Result},
    model::{
        group::Slug,
        retrieval::{KnowledgeIndex, RetrievalCheck, Trial},
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use checks::Checks;
use index::Index;
use leptos::{prelude::*, wasm_split::wasm_split};
use leptos_meta::Title;
use query::{Asked, QueryForm, asked};
use results::Results;

page!(agents, show_retrieval);

struct Loaded {
    asked: Memo<Asked>,
    trial: Resource<Option<Result<Trial>>>,
    index: Resource<Result<KnowledgeIndex>>,
    checks: Resource<Result<Vec<RetrievalCheck>>>,
    acts: Acts,
}

/// What can be done here. Each shows what it changed.
#[derive(Clone, Copy)]
pub struct Acts {
    save: ServerAction<SaveCheck>,
    remove: ServerAction<RemoveCheck>,
    run: ServerAction<RunChecks>,
    choose: ServerAction<ChooseEmbedder>,
}

impl Loaded {
    fn new() -> Self {
        let (slug, asked) = (slug_param(), asked());
        let acts = Acts {
            save: ServerAction::new(),
            remove: ServerAction::new(),
            run: ServerAction::new(),
            choose: ServerAction::new(),
        };
        let changed = move || (acts.save.version().get(), acts.remove.version().get(), acts.run.version().get());
        Self {
            asked,
            trial: resource(move || (slug.get(), asked.get()), |(slug, asked)| trial(slug, asked)),
            index: resource(move || (slug.get(), acts.choose.version().get()), |(slug, _)| index_of(slug)),
            checks: resource(move || (slug.get(), changed()), |(slug, _)| checks_of(slug)),
            acts,
        }
    }
}

#[wasm_split(agents, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_retrieval() -> AnyView {
    let this = Loaded::new();
    let group = use_group();
    if !group.role.manages() {
        return view! { <NotFound/> }.into_any();
    }
    view! {
        <Title text="Retrieval"/>
        <PageBar title="Retrieval"/>
        <div class="page">
            <Transition fallback=|| view! { <SkeletonRows/> }>
                {move || {
                    let (group, asked) = (group.clone(), this.asked.get());
                    Suspend::new(async move {
                        match (this.trial.await, this.index.await, this.checks.await) {
                            (trial, Ok(index), Ok(checks)) => {
                                view! { <Retrieval group asked trial index checks acts=this.acts/> }.into_any()
                            }
                            (_, Err(error), _) | (_, _, Err(error)) => view! { <PageFailure error/> }.into_any(),
                        }
                    })
                }}
            </Transition>
        </div>
    }
    .into_any()
}

/// Nothing is asked before there is a query.
async fn trial(slug: Option<Slug>, asked: Asked) -> Option<Result<Trial>> {
    if asked.query.is_empty() {
        return None;
    }
    Some(match slug {
        Some(slug) => try_query(slug, asked.query, asked.mode).await,
        None => Err(AppError::NotFound),
    })
}

async fn index_of(slug: Option<Slug>) -> Result<KnowledgeIndex> {
    index_state(slug.ok_or(AppError::NotFound)?).await
}

async fn checks_of(slug: Option<Slug>) -> Result<Vec<RetrievalCheck>> {
    retrieval_checks(slug.ok_or(AppError::NotFound)?).await
}

#[component]
fn Retrieval(
    group: GroupContext,
    asked: Asked,
    trial: Option<Result<Trial>>,
    index: KnowledgeIndex,
    checks: Vec<RetrievalCheck>,
    acts: Acts,
) -> impl IntoView {
    let slug = group.slug.to_string();
    let query = asked.query.clone();
    view! {
        <QueryForm action=group.path("/knowledge/retrieval") asked/>
        {trial.map(|trial| match trial {
            Ok(trial) => view! { <Results slug=slug.clone() query trial save=acts.save/> }.into_any(),
            Err(error) => view! { <p class="soft" role="alert">{error.to_string()}</p> }.into_any(),
        })}
        <Checks slug=slug.clone() checks acts/>
        <Index slug index choose=acts.choose/>
    }
}
