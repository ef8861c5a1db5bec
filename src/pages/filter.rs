//! What the filters of lists share. A filter stands in the URL: it can be kept, shared, gone back to, and works before the
//! page does.

use leptos::{ev::SubmitEvent, form::FromFormData, prelude::*};
use leptos_router::{hooks::use_navigate, location::Url};

/// The shortest URL of a page with these values in its query.
pub fn path(page: &str, pairs: impl IntoIterator<Item = (&'static str, Option<String>)>) -> String {
    let pairs: Vec<_> = pairs.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", Url::escape(&value?)))).collect();
    if pairs.is_empty() { page.to_owned() } else { format!("{page}?{}", pairs.join("&")) }
}

/// Goes where a form points, and not twice to the same. `asks` says what the URL would ask for with these fields.
pub fn submitter<Fields, Asked>(
    shown: Memo<Asked>,
    asks: impl Fn(Fields) -> Asked,
    path: impl Fn(&Asked) -> String,
) -> impl Fn(SubmitEvent)
where
    Fields: FromFormData,
    Asked: Clone + PartialEq + Send + Sync + 'static,
{
    let navigate = use_navigate();
    move |submit| {
        submit.prevent_default();
        let Ok(fields) = Fields::from_event(&submit) else { return };
        let wanted = asks(fields);
        // A form that is about to go may send once more, as its field loses the focus; what it showed is gone by then.
        if shown.try_get_untracked().is_some_and(|shown| wanted != shown) {
            navigate(&path(&wanted), Default::default());
        }
    }
}
