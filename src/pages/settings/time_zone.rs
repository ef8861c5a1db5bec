//! By which clock the group's days are counted.

use crate::{
    api::groups::set_time_zone,
    components::{
        field::{FormError, FormErrorSignal, Submit, TextField},
        notice::use_notices,
    },
    error::Result,
    model::group::{GroupZone as Zone, Slug},
};
use leptos::{ev::SubmitEvent, prelude::*};

#[component]
pub fn TimeZone(slug: Slug, zone: Zone) -> impl IntoView {
    let Zone { name, fixed } = zone;
    if let Some(why) = fixed {
        return view! {
            <section class="section" aria-labelledby="time-zone">
                <h2 class="section-title" id="time-zone">"Time zone"</h2>
                <p class="soft">"Usage and budgets count the group’s days and months by the clock of "<b>{name}</b>". "{why}</p>
            </section>
        }
        .into_any();
    }
    let notices = use_notices();
    let name = RwSignal::new(name);
    let save = Action::new(move |name: &String| set_time_zone(slug.clone(), name.clone()));
    let error: FormErrorSignal = Signal::derive(move || save.value().get().and_then(Result::err));
    Effect::new(move |_| {
        if let Some(Ok(())) = save.value().get() {
            notices.say("Saved the time zone");
        }
    });
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(name.get_untracked());
        }
    };
    view! {
        <section class="section" aria-labelledby="time-zone">
            <h2 class="section-title" id="time-zone">"Time zone"</h2>
            <p class="soft">"Usage and budgets count the group’s days and months by this clock. Changing it counts the past anew. It can be changed until the first month is closed."</p>
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["time_zone"]/>
                <TextField name="time_zone" label="Time zone" value=name max=64 error hint="Such as Europe/Lisbon, America/New_York, Asia/Kolkata or UTC."/>
                <div class="form-foot needs-script"><Submit label="Save time zone" pending=save.pending()/></div>
            </form>
        </section>
    }
    .into_any()
}
