//! The text itself, a part of it at a time, with the passage marked.

use crate::model::document::DocumentExcerpt;
use leptos::{html, prelude::*};

/// Where links to passages lead on the page.
pub const PASSAGE: &str = "passage";

#[component]
pub fn DocumentText(
    excerpt: DocumentExcerpt,
    here: String,
    /// Whether whoever reads is to be taken to the passage.
    first: impl Fn() -> bool + Copy + Send + 'static,
) -> impl IntoView {
    let DocumentExcerpt { document, before, passage, after, length, start, end, .. } = excerpt;
    if length == 0 {
        let waiting = document.working().then(|| {
            view! {
                <p class="field-hint">"Its text is being read. "<a href="">"Look again"</a></p>
            }
        });
        return waiting.into_any();
    }
    let earlier = (start > 0).then(|| format!("{here}?from={}", (start - DocumentExcerpt::BYTES).max(0)));
    let later = (end < length).then(|| format!("{here}?from={end}"));
    view! {
        {earlier.map(|href| view! { <a class="btn more" href=href>"Earlier in the document"</a> })}
        <article class="document-text" dir="auto">
            {before}{(!passage.is_empty()).then(|| view! { <Passage text=passage first/> })}{after}
        </article>
        {later.map(|href| view! { <a class="btn more" href=href>"Later in the document"</a> })}
    }
    .into_any()
}

/// A link without its fragment comes to the passage too, where there is a script.
#[component]
fn Passage(text: String, first: impl Fn() -> bool + Copy + Send + 'static) -> impl IntoView {
    let mark = NodeRef::<html::Mark>::new();
    mark.on_load(move |mark| {
        if first() {
            // It exists, but stands in the page only from the next frame on.
            request_animation_frame(move || crate::browser::scroll::to_middle(&mark));
        }
    });
    view! { <mark node_ref=mark class="passage" id=PASSAGE tabindex="-1">{text}</mark> }
}
