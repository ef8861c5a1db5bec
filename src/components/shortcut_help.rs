//! What the keyboard can do.

use super::dialog::Dialog;
use leptos::prelude::*;

const SHORTCUTS: [(&str, &str); 9] = [
    ("Ctrl K or ⌘ K", "Search threads, agents, documents, pages and actions"),
    ("N", "New thread"),
    ("?", "Show this list"),
    ("Enter", "Send the message"),
    ("Shift Enter", "New line in the message"),
    ("↑", "In an empty message: edit the last one"),
    ("Esc", "Stop the answer, or close what is open"),
    ("↑ ↓", "Move in a list"),
    ("Home, End", "First and last in a list"),
];

#[component]
pub fn ShortcutHelp(open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open id="shortcuts" title="Keyboard shortcuts">
            <dl class="shortcuts">
                {SHORTCUTS.into_iter().map(|(keys, what)| view! {
                    <div class="shortcut"><dt><kbd class="kbd">{keys}</kbd></dt><dd>{what}</dd></div>
                }).collect_view()}
            </dl>
        </Dialog>
    }
}
