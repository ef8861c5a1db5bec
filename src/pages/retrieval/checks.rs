//! Saved queries with the documents that they should find, and how well they found them the last time.

use super::Acts;
use crate::{
    api::retrieval::RemoveCheck,
    components::time::Time,
    model::retrieval::{CheckResult, RetrievalCheck},
};
use leptos::{either::Either, prelude::*};

#[component]
pub fn Checks(slug: String, checks: Vec<RetrievalCheck>, acts: Acts) -> impl IntoView {
    if checks.is_empty() {
        let text = "Try a query, tick what it should find, and save it as a check. Run the checks again after changes.";
        return Either::Left(view! {
            <section class="section" aria-labelledby="checks">
                <h2 class="section-title" id="checks">"Checks"</h2>
                <p class="soft">{text}</p>
            </section>
        });
    }
    let run = acts.run;
    let mean = mean(&checks);
    let of = slug.clone();
    let rows = checks.into_iter().map(move |check| view! { <Check slug=of.clone() check remove=acts.remove/> }).collect_view();
    Either::Right(view! {
        <section class="section" aria-labelledby="checks">
            <div class="section-head">
                <h2 class="section-title" id="checks">"Checks"</h2>
                <ActionForm action=run>
                    <input type="hidden" name="slug" value=slug/>
                    <button class="btn" type="submit" aria-disabled=move || run.pending().get().then_some("true")>"Run all checks"</button>
                </ActionForm>
            </div>
            {mean.map(|mean| view! { <p class="soft">{mean}</p> })}
            <ul class="list">{rows}</ul>
        </section>
    })
}

/// Of those that were tried.
fn mean(checks: &[RetrievalCheck]) -> Option<String> {
    let tried: Vec<CheckResult> = checks.iter().filter_map(|check| check.result).collect();
    let count = tried.len() as f64;
    let (ndcg, recall) = tried.iter().fold((0.0, 0.0), |(ndcg, recall), one| (ndcg + one.ndcg, recall + one.recall));
    (!tried.is_empty()).then(|| format!("Mean nDCG@10 {:.3}, recall@10 {:.3}.", ndcg / count, recall / count))
}

#[component]
fn Check(slug: String, check: RetrievalCheck, remove: ServerAction<RemoveCheck>) -> impl IntoView {
    let titles: Vec<String> =
        check.expected.into_iter().map(|one| one.title.unwrap_or_else(|| "a document that is gone".to_owned())).collect();
    let label = format!("Remove the check {}", check.query);
    let result = match check.result {
        Some(CheckResult { ndcg, recall, tried_at }) => Either::Left(view! {
            <span>{format!("nDCG {ndcg:.2} · recall {recall:.2}")}</span><Time at=tried_at/>
        }),
        None => Either::Right(view! { <span>"Not tried yet"</span> }),
    };
    view! {
        <li class="list-row">
            <div class="list-link">
                <span class="list-title" dir="auto">{check.query}</span>
                <span class="list-facts"><span dir="auto">{titles.join(", ")}</span>{result}</span>
            </div>
            <ActionForm action=remove>
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="id" value=check.id.to_string()/>
                <button class="btn" type="submit" aria-label=label>"Remove"</button>
            </ActionForm>
        </li>
    }
}
