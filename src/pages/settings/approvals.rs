//! For how long an approval may be given.

use crate::{
    api::groups::set_approval_time,
    components::{
        field::{FormError, FormErrorSignal, Submit, TextField},
        notice::use_notices,
    },
    error::{AppError, Result},
    model::{
        Millis,
        group::{Slug, approval_hours, approval_time},
    },
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn Approvals(slug: Slug, time: Millis) -> impl IntoView {
    let notices = use_notices();
    let hours = RwSignal::new(approval_hours(time));
    let mistake = RwSignal::new(None::<AppError>);
    let save = Action::new(move |time: &Millis| set_approval_time(slug.clone(), *time));
    let error: FormErrorSignal = Signal::derive(move || mistake.get().or_else(|| save.value().get().and_then(Result::err)));
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            notices.say("Saved for how long approvals wait");
        }
    });
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        let read = approval_time(&hours.get_untracked());
        mistake.set(read.clone().err());
        if let (Ok(time), false) = (read, save.pending().get_untracked()) {
            save.dispatch(time);
        }
    };
    view! {
        <section class="section" aria-labelledby="approvals">
            <h2 class="section-title" id="approvals">"Approvals"</h2>
            <p class="soft">"A tool that asks first waits for its member this long. Then the answer is no."</p>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["approval_time"]/>
                <TextField name="approval_time" label="Hours" inputmode="decimal" value=hours error
                    hint="From a minute (0.02) to 30 days (720). It holds for what asks from now on."/>
                <div class="form-foot needs-script"><Submit label="Save hours" pending=save.pending()/></div>
            </form>
        </section>
    }
}
