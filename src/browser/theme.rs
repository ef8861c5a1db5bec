//! Light or dark: kept in this browser, applied to the document's root before the first paint (see the shell).

use leptos::{prelude::*, web_sys::Storage};

const KEY: &str = "guildhall:theme";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// Whatever the system says.
    System,
    Light,
    Dark,
}

impl Theme {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// What was chosen in this browser.
pub fn chosen() -> Theme {
    match storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).as_deref() {
        Some("light") => Theme::Light,
        Some("dark") => Theme::Dark,
        _ => Theme::System,
    }
}

/// Keeps the choice and applies it at once.
pub fn choose(theme: Theme) {
    let storage = storage();
    let root = document().document_element();
    if theme == Theme::System {
        storage.map(|storage| storage.remove_item(KEY));
        root.map(|root| root.remove_attribute("data-theme"));
    } else {
        storage.map(|storage| storage.set_item(KEY, theme.as_str()));
        root.map(|root| root.set_attribute("data-theme", theme.as_str()));
    }
}

/// `None` where the browser keeps nothing; the choice then lasts as long as the page.
fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}
