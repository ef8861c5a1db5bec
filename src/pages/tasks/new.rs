//! Making a task.

use super::{filter::priority_word, list::TaskDesk};
use crate::{
    components::{
        dialog::Dialog,
        field::{FormError, FormErrorSignal, Submit, TextField},
    },
    error::AppError,
    model::task::{DESCRIPTION_MAX, NewTask, Priority, TITLE_MAX},
};
use leptos::{ev::SubmitEvent, prelude::*};

/// The button, and the dialog that it opens. What was typed stays until it was saved.
#[component]
pub fn NewTaskButton(desk: TaskDesk) -> impl IntoView {
    let open = RwSignal::new(false);
    let (title, description, priority) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(Priority::Medium));
    let (pending, refused) = (RwSignal::new(false), RwSignal::new(None::<AppError>));
    let error: FormErrorSignal = refused.into();
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        if pending.get_untracked() {
            return;
        }
        pending.set(true);
        let new = NewTask {
            title: title.get_untracked(),
            description: description.get_untracked(),
            priority: priority.get_untracked(),
            assignee: None,
        };
        desk.make(new, move |error| {
            pending.try_set(false);
            if error.is_none() {
                title.try_set(String::new());
                description.try_set(String::new());
                open.try_set(false);
            }
            refused.try_set(error);
        });
    };
    let choose = move |event| {
        if let Ok(chosen) = Priority::parse(&event_target_value(&event)) {
            priority.set(chosen);
        }
    };
    view! {
        <button class="btn main needs-script" type="button" on:click=move |_| open.set(true)>"New task"</button>
        <Dialog open id="new-task" title="New task">
            <form class="form" novalidate on:submit=submit>
                <FormError error fields=&["title"]/>
                <TextField name="title" label="What is to be done" value=title max=TITLE_MAX as u32 error/>
                <div class="field">
                    <label class="field-label" for="task-description">"Details"</label>
                    <textarea class="input short" id="task-description" rows="4" maxlength=DESCRIPTION_MAX.to_string() dir="auto"
                        prop:value=move || description.get() on:input=move |typed| description.set(event_target_value(&typed))></textarea>
                </div>
                <div class="field">
                    <label class="field-label" for="task-priority">"Priority"</label>
                    <select class="select" id="task-priority" on:change=choose>
                        {Priority::ALL.map(|one| view! {
                            <option value=one.as_str() selected=one == Priority::Medium prop:selected=move || priority.get() == one>
                                {priority_word(one)}
                            </option>
                        }).collect_view()}
                    </select>
                </div>
                <div class="form-foot"><Submit label="Create task" pending/></div>
            </form>
        </Dialog>
    }
}
