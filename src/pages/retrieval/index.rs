//! How far the group's index is, and what makes its vectors.

use crate::{api::retrieval::ChooseEmbedder, model::retrieval::KnowledgeIndex};
use leptos::prelude::*;

#[component]
pub fn Index(slug: String, index: KnowledgeIndex, choose: ServerAction<ChooseEmbedder>) -> impl IntoView {
    let KnowledgeIndex { serving, building, passages, embedded, waiting, given_up, note } = index;
    let current = building.clone().or(serving.clone()).unwrap_or_else(|| "default".to_owned());
    let refused = move || choose.value().get().and_then(Result::err).map(|error| error.to_string());
    let fact = |name: &'static str, value: String| view! { <div class="fact"><dt>{name}</dt><dd dir="auto">{value}</dd></div> };
    view! {
        <section class="section" aria-labelledby="index">
            <h2 class="section-title" id="index">"Index"</h2>
            {note.map(|note| view! { <p class="callout">{note}</p> })}
            <dl class="facts">
                {fact("Embedder", serving.unwrap_or_else(|| "None".to_owned()))}
                {building.map(|building| fact("Being built beside it", building))}
                {fact("Passages", passages.to_string())}
                {fact("Embedded", embedded.to_string())}
                {(waiting > 0).then(|| fact("Waiting", waiting.to_string()))}
                {(given_up > 0).then(|| fact("Refused by the embedder", given_up.to_string()))}
            </dl>
            <ActionForm action=choose attr:class="form">
                <input type="hidden" name="slug" value=slug/>
                <div class="field">
                    <label class="field-label" for="embedder">"Embedder"</label>
                    <input class="input" id="embedder" name="embedder" value=current maxlength="200" autocomplete="off"
                        spellcheck="false" aria-describedby="embedder-hint"/>
                    <p class="field-hint" id="embedder-hint">
                        "Provider and model, such as local/all-MiniLM-L6-v2 or openai/text-embedding-3-small; default; or none. Searches go on with the old vectors until the new ones are whole."
                    </p>
                </div>
                <p class="refusal" role="alert">{refused}</p>
                <div class="form-foot"><button class="btn" type="submit">"Use this embedder"</button></div>
            </ActionForm>
        </section>
    }
}
