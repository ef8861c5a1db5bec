//! A document in the list.

use super::desk::KnowledgeDesk;
use crate::{
    components::{
        document_state::DocumentState,
        icon::{Icon, IconName},
        time::Time,
    },
    model::document::Document,
};
use leptos::prelude::*;

#[component]
pub fn DocumentRow(document: Document, desk: KnowledgeDesk) -> impl IntoView {
    let href = format!("{}/{}", desk.base.get_value(), document.id);
    let content = document.content();
    let person = document.person.as_ref().map(|person| person.name.clone());
    let (title, created_at) = (document.title.clone(), document.created_at);
    view! {
        <li class="list-row">
            <a class="list-link" href=href data-row="">
                <Icon name=IconName::Book/>
                <span class="list-title" dir="auto">{title}</span>
                <span class="list-facts">
                    <DocumentState document/>
                    {content.map(|content| view! { <span>{content}</span> })}
                    <span class="list-agent" dir="auto">{person}</span>
                    <Time at=created_at/>
                </span>
            </a>
        </li>
    }
}
