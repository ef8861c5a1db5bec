//! `/g/{slug}`: the frame around everything of a group, and what its pages know of the group.

mod frame;
mod palette;

use super::{not_found::NotFoundPage, params::slug_param};
use crate::{
    api::{account::me, threads::threads},
    components::{
        failure::{Failure, ToSignIn},
        page_status::set_page_status,
        skeleton::SkeletonPage,
    },
    error::{AppError, Result},
    model::{
        group::{Group, Role, Slug},
        page::Page,
        person::Me,
        thread::{Thread, ThreadFilter},
        thread_list::ThreadList,
    },
    pages::{
        bundle::page,
        resource::{Resource, resource},
    },
};
use frame::Frame;
use leptos::{prelude::*, suspense::Unsuspend, wasm_split::wasm_split};
use leptos_meta::Title;

/// What every page of a group can expect in its context.
#[derive(Clone)]
pub struct GroupContext {
    pub slug: Slug,
    pub group: Group,
    pub role: Role,
    pub me: Me,
    /// The viewer's active threads, newest activity first. It follows what happens elsewhere.
    pub threads: RwSignal<ThreadList>,
}

impl GroupContext {
    /// The path of a page of the group: `path("/agents")`.
    pub fn path(&self, rest: &str) -> String {
        format!("/g/{}{rest}", self.slug)
    }

    fn new(slug: &Slug, me: Me, threads: Page<Thread>) -> Option<Self> {
        let membership = me.memberships.iter().find(|membership| membership.group.slug == *slug)?;
        let (group, role) = (membership.group.clone(), membership.role);
        let threads = RwSignal::new(ThreadList::new(ThreadFilter::default(), threads));
        Some(Self { slug: slug.clone(), group, role, me, threads })
    }
}

/// The group that the page is in.
pub fn use_group() -> GroupContext {
    expect_context::<GroupContext>()
}

page!(room, show_group);

struct Loaded {
    slug: Memo<Option<Slug>>,
    me: Resource<Result<Option<Me>>>,
    threads: Resource<Result<Page<Thread>>>,
}

impl Loaded {
    fn new() -> Self {
        let slug = slug_param();
        Self { slug, me: resource(|| (), |()| me()), threads: resource(move || slug.get(), first_page) }
    }
}

#[wasm_split(room, wasm_split_path = leptos::wasm_split, preload(fetch_bundle))]
fn show_group() -> AnyView {
    let this = Loaded::new();
    let owner = Owner::current();
    let frame = move || {
        // Both are read every time, so that both are waited for.
        let loaded = this.me.get().zip(this.threads.get());
        let slug = this.slug.get_untracked();
        let owner = owner.clone();
        // The frame is made once, when all is there, and in the route's own owner: pages find their context there.
        Unsuspend::new(move || match (loaded, owner) {
            (Some((me, threads)), Some(owner)) => owner.with(|| group_view(slug, me, threads)),
            _ => view! { <Waiting/> }.into_any(),
        })
    };
    view! { <Transition fallback=Waiting>{frame}</Transition> }.into_any()
}

async fn first_page(slug: Option<Slug>) -> Result<Page<Thread>> {
    threads(slug.ok_or(AppError::NotFound)?, ThreadFilter::default(), None).await
}

fn group_view(slug: Option<Slug>, me: Result<Option<Me>>, threads: Result<Page<Thread>>) -> AnyView {
    let me = match me {
        Ok(Some(me)) => me,
        Ok(None) | Err(AppError::Unauthorised) => return view! { <ToSignIn/> }.into_any(),
        Err(error) => return failed(error),
    };
    match threads.and_then(|threads| GroupContext::new(&slug.ok_or(AppError::NotFound)?, me, threads).ok_or(AppError::NotFound)) {
        Ok(group) => {
            provide_context(group);
            view! { <Frame/> }.into_any()
        }
        Err(error) => failed(error),
    }
}

fn failed(error: AppError) -> AnyView {
    if error == AppError::NotFound {
        return view! { <NotFoundPage/> }.into_any();
    }
    set_page_status(error.status());
    view! { <Title text="Something went wrong"/><main class="lone" id="main"><Failure error/></main> }.into_any()
}

/// The frame while its group loads.
#[component]
fn Waiting() -> impl IntoView {
    view! {
        <div class="frame">
            <div class="side" aria-hidden="true"></div>
            <main class="frame-main" id="main"><SkeletonPage/></main>
        </div>
    }
}
