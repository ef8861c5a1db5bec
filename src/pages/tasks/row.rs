//! One task: what it is, where it comes from, and how it stands.

use super::{
    filter::{priority_word, status_word},
    list::TaskDesk,
};
use crate::{
    components::{
        icon::{Icon, IconName},
        time::Time,
    },
    model::task::{Priority, Task, TaskChange, TaskStatus},
};
use leptos::prelude::*;

/// The row stays the same element while its task changes, so that the keyboard stays where it is.
#[component]
pub fn TaskRow(task: Task, desk: TaskDesk) -> impl IntoView {
    let (id, first) = (task.id, task.clone());
    let shown = Memo::new(move |_| {
        desk.items.with(|items| items.iter().find(|task| task.id == id).cloned()).unwrap_or_else(|| first.clone())
    });
    let over = move || matches!(shown.read().status, TaskStatus::Done | TaskStatus::Cancelled);
    view! {
        <li class="task" class:over=over>
            <What task desk/>
            <div class="task-how">
                <StatusSelect shown desk/>
                <PrioritySelect shown desk/>
                <AssigneeSelect shown desk/>
            </div>
        </li>
    }
}

/// What does not change on this page.
#[component]
fn What(task: Task, desk: TaskDesk) -> impl IntoView {
    let thread = task.thread_id.map(|thread| format!("{}/{thread}", desk.threads.get_value()));
    let from =
        thread.map(|href| view! { <a class="quiet-link task-thread" href=href><Icon name=IconName::Thread/>"Open thread"</a> });
    let maker = match task.agent {
        Some(agent) => format!("{} for {}", agent.name, task.person.name),
        None => task.person.name,
    };
    let description = task.description;
    let text = (!description.is_empty()).then(|| view! { <p class="task-text" dir="auto">{description}</p> });
    view! {
        <div class="task-what">
            <h2 class="task-title" dir="auto">{task.title}</h2>
            {text}
            <p class="task-facts"><span dir="auto">{maker}</span><Time at=task.created_at/>{from}</p>
        </div>
    }
}

#[component]
fn StatusSelect(shown: Memo<Task>, desk: TaskDesk) -> impl IntoView {
    let set = move |event| {
        let Ok(status) = TaskStatus::parse(&event_target_value(&event)) else { return };
        let task = shown.get_untracked();
        let change = |status| TaskChange { status: Some(status), ..TaskChange::default() };
        let words = format!("{}: “{}”", status_word(status), task.title);
        desk.change(task.clone(), Task { status, ..task.clone() }, change(status), change(task.status), words);
    };
    let label = move || format!("Status of “{}”", shown.read().title);
    let option = move |one: TaskStatus| {
        let is = move || shown.read().status == one;
        view! { <option value=one.as_str() selected=is() prop:selected=is>{status_word(one)}</option> }
    };
    view! { <select class="select small" aria-label=label on:change=set>{TaskStatus::ALL.map(option).collect_view()}</select> }
}

#[component]
fn PrioritySelect(shown: Memo<Task>, desk: TaskDesk) -> impl IntoView {
    let set = move |event| {
        let Ok(priority) = Priority::parse(&event_target_value(&event)) else { return };
        let task = shown.get_untracked();
        let change = |priority| TaskChange { priority: Some(priority), ..TaskChange::default() };
        let words = format!("{} priority: “{}”", priority_word(priority), task.title);
        desk.change(task.clone(), Task { priority, ..task.clone() }, change(priority), change(task.priority), words);
    };
    let label = move || format!("Priority of “{}”", shown.read().title);
    let urgent = move || shown.read().priority == Priority::High;
    let option = move |one: Priority| {
        let is = move || shown.read().priority == one;
        view! { <option value=one.as_str() selected=is() prop:selected=is>{priority_word(one)}</option> }
    };
    view! {
        <select class="select small" class:urgent=urgent aria-label=label on:change=set>{Priority::ALL.map(option).collect_view()}</select>
    }
}

#[component]
fn AssigneeSelect(shown: Memo<Task>, desk: TaskDesk) -> impl IntoView {
    let set = move |event| {
        let (task, id) = (shown.get_untracked(), event_target_value(&event).parse().ok());
        let assignee = desk.people.with_value(|people| people.iter().find(|person| Some(person.id) == id).cloned());
        let change = |person| TaskChange { assignee: Some(person), ..TaskChange::default() };
        let words = match &assignee {
            Some(person) => format!("Given to {}: “{}”", person.name, task.title),
            None => format!("Given to nobody: “{}”", task.title),
        };
        let (to, back) = (assignee.as_ref().map(|person| person.id), task.assignee.as_ref().map(|person| person.id));
        desk.change(task.clone(), Task { assignee, ..task.clone() }, change(to), change(back), words);
    };
    let label = move || format!("Assignee of “{}”", shown.read().title);
    // Somebody who left the group keeps what was theirs until it is given to another.
    let known = desk.people.get_value();
    let gone = shown.get_untracked().assignee.filter(|person| known.iter().all(|one| one.id != person.id));
    let nobody = move || shown.read().assignee.is_none();
    let people = known.into_iter().chain(gone).map(|person| {
        let is = move || shown.read().assignee.as_ref().is_some_and(|assignee| assignee.id == person.id);
        view! { <option value=person.id.to_string() selected=is() prop:selected=is>{person.name}</option> }
    });
    view! {
        <select class="select small" aria-label=label on:change=set>
            <option value="" selected=nobody() prop:selected=nobody>"Nobody"</option>
            {people.collect_view()}
        </select>
    }
}
