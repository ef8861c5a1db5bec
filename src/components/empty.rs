//! What stands where nothing is yet: what the place is for, and the one thing that starts it.

use super::icon::{Icon, IconName};
use leptos::prelude::*;

#[component]
pub fn Empty(
    icon: IconName,
    #[prop(into)] title: String,
    #[prop(into)] text: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <span class="empty-icon"><Icon name=icon size=20/></span>
            <h2 class="empty-title">{title}</h2>
            <p class="empty-text">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
