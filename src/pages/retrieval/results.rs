//! What a query found: each passage with its place by words, by likeness, and by both.

use crate::{
    api::retrieval::SaveCheck,
    model::retrieval::{Timing, Trial, TriedPassage},
};
use leptos::prelude::*;
use std::collections::HashSet;

/// How much of a passage is shown, in characters.
const SHOWN: usize = 280;

#[component]
pub fn Results(slug: String, query: String, trial: Trial, save: ServerAction<SaveCheck>) -> impl IntoView {
    let Trial { passages, timing, note } = trial;
    let nothing = passages.is_empty().then(|| view! { <p class="soft">"Nothing in the group’s documents fits."</p> });
    let table = (!passages.is_empty()).then(|| view! { <Found slug query passages save/> });
    view! {
        <section class="section" aria-labelledby="found">
            <h2 class="section-title" id="found">"Found"</h2>
            {note.map(|note| view! { <p class="callout" role="status">{note}</p> })}
            {nothing}
            {table}
            <p class="soft">{times(timing)}</p>
        </section>
    }
}

/// Milliseconds of the parts of a search.
fn times(timing: Timing) -> String {
    let ms = |micros: i64| format!("{:.1} ms", micros as f64 / 1000.0);
    let Timing { embed, lists, words, vectors, total } = timing;
    format!(
        "{} in all: query to vector {}, comparing vectors {}, reading lists of words {}, ranking by words {}.",
        ms(total),
        ms(embed),
        ms(vectors),
        ms(lists),
        ms(words)
    )
}

/// The table is a form: what is ticked is what the query should find.
#[component]
fn Found(slug: String, query: String, passages: Vec<TriedPassage>, save: ServerAction<SaveCheck>) -> impl IntoView {
    // A document is ticked where it comes first.
    let mut seen = HashSet::new();
    let rows = passages.into_iter().enumerate().map(move |(place, passage)| {
        let first = seen.insert(passage.document_id);
        view! { <Row place passage first/> }
    });
    view! {
        <ActionForm action=save attr:class="form">
            <input type="hidden" name="slug" value=slug/>
            <input type="hidden" name="query" value=query/>
            <div class="retrieval-scroll">
                <table class="retrieval">
                    <thead>
                        <tr>
                            <th scope="col">"Rank"</th><th scope="col">"Passage"</th><th scope="col">"By words"</th>
                            <th scope="col">"By likeness"</th><th scope="col">"Relevance"</th><th scope="col">"Expected"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <div class="form-foot">
                <button class="btn" type="submit">"Save as check"</button>
                <p class="field-hint">"Tick the documents that this query should find."</p>
            </div>
        </ActionForm>
    }
}

#[component]
fn Row(place: usize, passage: TriedPassage, first: bool) -> impl IntoView {
    let TriedPassage { document_id, title, heading, content, relevance, .. } = passage;
    let label = format!("Expect {title}");
    let cut = content.char_indices().nth(SHOWN).map(|(at, _)| at);
    let excerpt = cut.map_or(content.clone(), |at| format!("{}…", &content[..at]));
    let above = (!heading.is_empty()).then(|| view! { <span class="retrieval-heading" dir="auto">{heading}</span> });
    let tick = first.then(|| view! { <input type="checkbox" name="expected[]" value=document_id.to_string() aria-label=label/> });
    view! {
        <tr>
            <td>{place + 1}</td>
            <td><b dir="auto">{title}</b>{above}<span class="retrieval-text" dir="auto">{excerpt}</span></td>
            <td>{ranked(passage.text_rank, passage.text_score)}</td>
            <td>{ranked(passage.vector_rank, passage.likeness)}</td>
            <td>{format!("{relevance:.2}")}</td>
            <td>{tick}</td>
        </tr>
    }
}

/// A place and the score that led to it; a dash for what a ranking did not find.
fn ranked(place: Option<i64>, score: Option<f64>) -> String {
    match (place, score) {
        (Some(place), Some(score)) => format!("{place} ({score:.2})"),
        (None, Some(score)) => format!("– ({score:.2})"),
        _ => "–".to_owned(),
    }
}
