//! Where alerts are told to besides.

use crate::{
    api::budgets::{remove_webhook, set_webhook, test_webhook},
    components::{
        dialog::ConfirmDialog,
        field::{FormError, FormErrorSignal, Submit, TextField},
        icon::{Icon, IconName},
        notice::use_notices,
        time::Time,
    },
    error::Result,
    model::{budget::Webhook, group::Slug},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

#[component]
pub fn WebhookSection(slug: Slug, webhook: Option<Webhook>) -> impl IntoView {
    let notices = use_notices();
    let url = RwSignal::new(webhook.as_ref().map(|webhook| webhook.url.clone()).unwrap_or_default());
    let (there, secret) = (RwSignal::new(webhook.is_some()), RwSignal::new(None::<String>));
    let save = {
        let slug = slug.clone();
        Action::new(move |url: &String| set_webhook(slug.clone(), url.clone()))
    };
    let error: FormErrorSignal = Signal::derive(move || save.value().get().and_then(Result::err));
    Effect::new(move |_| {
        if let Some(Ok(told)) = save.value().get() {
            secret.set(Some(told));
            there.set(true);
            notices.say("Saved the webhook");
        }
    });
    let submit = move |submit: SubmitEvent| {
        submit.prevent_default();
        if !save.pending().get_untracked() {
            save.dispatch(url.get_untracked());
        }
    };
    view! {
        <section class="section" aria-labelledby="webhook">
            <h2 class="section-title" id="webhook">"Webhook"</h2>
            <p class="soft">"Alerts are sent to this address as signed JSON, and again until it takes them."</p>
            <p class="field-hint without-script">"Changing the webhook needs JavaScript."</p>
            {webhook.map(|webhook| view! { <HowItGoes webhook/> })}
            <form class="form" method="post" novalidate on:submit=submit>
                <FormError error fields=&["url"]/>
                <TextField name="url" label="Address" kind="url" value=url error
                    hint="Saving makes a new secret, by which the receiver knows that a message is from here."/>
                {move || secret.get().map(|secret| view! { <Secret secret/> })}
                <div class="form-foot budget-foot needs-script">
                    {move || there.get().then(|| view! { <WebhookActs slug=slug.clone() there secret url/> })}
                    <Submit label="Save webhook" pending=save.pending()/>
                </div>
            </form>
        </section>
    }
}

#[component]
fn HowItGoes(webhook: Webhook) -> impl IntoView {
    let waiting = (webhook.waiting > 0).then(|| format!("{} on their way. ", webhook.waiting));
    let last = webhook.last.map(|(at, error)| match error {
        None => view! { <span>"The last message arrived "<Time at/>"."</span> }.into_any(),
        Some(error) => {
            view! { <span class="field-error">"The last message of "<Time at/>" did not arrive: "{error}</span> }.into_any()
        }
    });
    view! { <p class="field-hint">{waiting}{last}</p> }
}

#[component]
fn Secret(secret: String) -> impl IntoView {
    view! {
        <div class="callout notice-tone" role="status">
            <Icon name=IconName::Alert size=20/>
            <div class="callout-words">
                <p class="callout-title">"Copy the secret now. It is not shown again."</p>
                <p><code class="budget-secret">{secret}</code></p>
            </div>
        </div>
    }
}

#[component]
fn WebhookActs(slug: Slug, there: RwSignal<bool>, secret: RwSignal<Option<String>>, url: RwSignal<String>) -> impl IntoView {
    let (notices, asking) = (use_notices(), RwSignal::new(false));
    let of = slug.clone();
    let test = move |_| {
        let slug = of.clone();
        spawn_local(async move {
            match test_webhook(slug).await {
                Ok(()) => notices.say("Sent a message to the webhook"),
                Err(error) => notices.fail(error),
            }
        });
    };
    let remove = Callback::new(move |()| {
        let slug = slug.clone();
        spawn_local(async move {
            match remove_webhook(slug).await {
                Ok(()) => {
                    there.try_set(false);
                    secret.try_set(None);
                    url.try_set(String::new());
                    notices.say("Removed the webhook");
                }
                Err(error) => notices.fail(error),
            }
        });
    });
    view! {
        <button class="btn" type="button" on:click=test>"Send a test"</button>
        <button class="btn" type="button" on:click=move |_| asking.set(true)>"Remove webhook"</button>
        <ConfirmDialog open=asking id="remove-webhook" title="Remove the webhook?" confirm="Remove"
            text="Alerts are told in the app only. What is on its way is not sent any more." on_confirm=remove/>
    }
}
