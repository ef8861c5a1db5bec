//! The tasks that are shown, and what changes them: at once on the page, and put back where the server refused.

use crate::{
    api::tasks::{change_task, create_task, tasks},
    components::notice::{Notices, use_notices},
    error::{AppError, Result},
    ids::PersonId,
    model::{
        group::Slug,
        page::Page,
        task::{Named, NewTask, Task, TaskChange, TaskFilter},
    },
    pages::group::GroupContext,
};
use leptos::{prelude::*, task::spawn_local};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct TaskDesk {
    pub items: RwSignal<Vec<Task>>,
    pub people: StoredValue<Vec<Named<PersonId>>>,
    pub threads: StoredValue<String>,
    pub next: RwSignal<Option<String>>,
    pub filter: StoredValue<TaskFilter>,
    slug: StoredValue<Slug>,
    notices: Notices,
}

impl TaskDesk {
    pub fn new(group: &GroupContext, filter: TaskFilter, page: Page<Task>, people: Vec<Named<PersonId>>) -> Self {
        Self {
            items: RwSignal::new(page.items),
            people: StoredValue::new(people),
            threads: StoredValue::new(group.path("/threads")),
            next: RwSignal::new(page.next),
            filter: StoredValue::new(filter),
            slug: StoredValue::new(group.slug.clone()),
            notices: use_notices(),
        }
    }

    pub async fn page(self, after: String) -> Result<Page<Task>> {
        tasks(self.slug.get_value(), self.filter.get_value(), Some(after)).await
    }

    /// Puts the next page under what is shown, unless one has left.
    pub fn append(self, page: Page<Task>) {
        self.items.try_update(|items| items.extend(page.items));
        self.next.try_set(page.next);
    }

    /// Shows the task as it will be, and as it is once the server has said so. `words` say what was done, and are
    /// offered with the way back.
    pub fn change(self, before: Task, expected: Task, change: TaskChange, back: TaskChange, words: String) {
        self.put(expected);
        spawn_local(async move {
            match change_task(self.slug.get_value(), before.id, change).await {
                Ok(task) => {
                    self.put(task.clone());
                    self.notices.offer(words, "Undo", move || self.put_back(task.clone(), back.clone()));
                }
                Err(error) => {
                    self.put(before);
                    self.notices.fail(error);
                }
            }
        });
    }

    fn put_back(self, task: Task, back: TaskChange) {
        spawn_local(async move {
            match change_task(self.slug.get_value(), task.id, back).await {
                Ok(task) => self.put(task),
                Err(error) => self.notices.fail(error),
            }
        });
    }

    /// Makes a task; `done` hears how it went.
    pub fn make(self, new: NewTask, done: impl Fn(Option<AppError>) + 'static) {
        spawn_local(async move {
            match create_task(self.slug.get_value(), new).await {
                Ok(task) => {
                    self.notices.say(format!("Created “{}”", task.title));
                    self.items.try_update(|items| items.insert(0, task));
                    done(None);
                }
                Err(error) => done(Some(error)),
            }
        });
    }

    /// A row stays where it is until the page is loaded anew, though the filter may not show it any more: what one has
    /// just changed does not vanish under one's eyes.
    fn put(self, task: Task) {
        self.items.try_update(|items| {
            if let Some(shown) = items.iter_mut().find(|shown| shown.id == task.id) {
                *shown = task;
            }
        });
    }
}
