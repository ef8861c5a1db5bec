//! Light, dark, or as the system says. Kept in this browser.

use super::icon::{Icon, IconName};
use crate::browser::theme::{self, Theme};
use leptos::prelude::*;

const CHOICES: [(Theme, IconName, &str); 3] =
    [(Theme::System, IconName::Screen, "System"), (Theme::Light, IconName::Sun, "Light"), (Theme::Dark, IconName::Moon, "Dark")];

#[component]
pub fn ThemeChoice() -> impl IntoView {
    let chosen = RwSignal::new(Theme::System);
    Effect::new(move |_| chosen.set(theme::chosen()));
    view! {
        <fieldset class="segments needs-script">
            <legend class="visually-hidden">"Appearance"</legend>
            {CHOICES.into_iter().map(|(theme, icon, label)| view! {
                <label class="segment">
                    <input class="segment-input" type="radio" name="theme" value=theme.as_str()
                        prop:checked=move || chosen.get() == theme
                        on:change=move |_| { chosen.set(theme); theme::choose(theme); }/>
                    <Icon name=icon/>{label}
                </label>
            }).collect_view()}
        </fieldset>
    }
}
