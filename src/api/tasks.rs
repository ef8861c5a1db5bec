//! The group's tasks. Every member sees and changes them.

use crate::{
    error::Result,
    ids::{PersonId, TaskId},
    model::{
        group::Slug,
        page::Page,
        task::{Named, NewTask, Task, TaskChange, TaskFilter},
    },
};
use leptos::{prelude::*, server_fn::codec::Json};

/// Newest first. `after` is the `next` of the page before.
#[server(prefix = "/fn", endpoint = "tasks", input = Json)]
pub async fn tasks(slug: Slug, filter: TaskFilter, after: Option<String>) -> Result<Page<Task>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    app.store.tasks(&member).list(&filter, after.as_deref(), 50).await
}

#[server(prefix = "/fn", endpoint = "create_task", input = Json)]
pub async fn create_task(slug: Slug, new: NewTask) -> Result<Task> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tasks::create(&app, &member, new.into()).await
}

#[server(prefix = "/fn", endpoint = "change_task", input = Json)]
pub async fn change_task(slug: Slug, id: TaskId, change: TaskChange) -> Result<Task> {
    let (app, member) = crate::server::member::current(&slug).await?;
    crate::server::tasks::change(&app, &member, id, change).await
}

/// Everybody in the group, by name: to whom a task can be given.
#[server(prefix = "/fn", endpoint = "people", input = Json)]
pub async fn people(slug: Slug) -> Result<Vec<Named<PersonId>>> {
    let (app, member) = crate::server::member::current(&slug).await?;
    let people = app.store.groups(&member).people(500).await?;
    Ok(people.into_iter().map(|person| Named { id: person.id, name: person.name }).collect())
}
