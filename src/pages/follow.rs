//! Keeps a list of threads right while it is shown.

use crate::{
    api::threads::threads,
    browser,
    ids::GroupId,
    model::{
        group::Slug,
        thread_list::{Applied, ThreadList},
    },
};
use leptos::{prelude::*, task::spawn_local};

/// Applies changes from the browser's event stream to `list`; what was missed is fetched again.
pub fn follow(list: RwSignal<ThreadList>, slug: Slug, group: GroupId) {
    Effect::new(move |_| {
        let slug = slug.clone();
        browser::live::follow_lists(move |change| {
            if list.try_update(|list| list.apply(group, change)) == Some(Applied::Refetch) {
                refetch(list, slug.clone());
            }
        });
    });
}

/// Fetches the first page again. If that fails the list stays as it was: the stream will say when to try again.
fn refetch(list: RwSignal<ThreadList>, slug: Slug) {
    spawn_local(async move {
        let Some(filter) = list.try_with_untracked(|list| list.filter().clone()) else { return };
        if let Ok(page) = threads(slug, filter.clone(), None).await {
            list.try_set(ThreadList::new(filter, page));
        }
    });
}
