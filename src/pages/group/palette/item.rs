//! What the palette can find, and which of it matches the letters.

use crate::{
    components::icon::IconName,
    model::{
        agent::Agent,
        document::{Document, DocumentKind},
        thread::Thread,
    },
    pages::group::GroupContext,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    pub icon: IconName,
    pub label: String,
    /// What kind of thing it is, or whose.
    pub detail: String,
    pub target: Target,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    Page(String),
    Help,
}

const THREADS_SHOWN: usize = 8;
const DOCUMENTS_SHOWN: usize = 6;

/// The items that have every word. Those that the server found are looked at too: they may
/// be for the letters before.
pub fn items(group: &GroupContext, words: &str, agents: &[Agent], threads: &[Thread], documents: &[Document]) -> Vec<Item> {
    let threads = threads.iter().take(THREADS_SHOWN).map(|thread| Item {
        icon: IconName::Thread,
        label: thread.title.clone(),
        detail: thread.agent_name.clone(),
        target: Target::Page(group.path(&format!("/threads/{}", thread.id))),
    });
    let agents = agents.iter().map(|agent| Item {
        icon: IconName::Agent,
        label: agent.draft.name.clone(),
        detail: "Agent".to_owned(),
        target: Target::Page(group.path(&format!("/agents/{}", agent.id))),
    });
    let documents = documents.iter().take(DOCUMENTS_SHOWN).map(|document| Item {
        icon: IconName::Book,
        label: document.title.clone(),
        detail: document.kind.map_or("Document", DocumentKind::word).to_owned(),
        target: Target::Page(group.path(&format!("/knowledge/{}", document.id))),
    });
    threads.chain(agents).chain(documents).chain(places(group)).filter(|item| matches(&item.label, words)).collect()
}

fn places(group: &GroupContext) -> Vec<Item> {
    let page = |icon, label: &str, path: String| Item {
        icon,
        label: label.to_owned(),
        detail: "Page".to_owned(),
        target: Target::Page(path),
    };
    let action = |icon, label: &str, target| Item { icon, label: label.to_owned(), detail: "Action".to_owned(), target };
    let mut places = vec![
        action(IconName::Plus, "New thread", Target::Page(group.path(""))),
        page(IconName::Home, "Dashboard", group.path("")),
        page(IconName::Thread, "All threads", group.path("/threads")),
        page(IconName::Archive, "Archived threads", group.path("/threads?status=archived")),
        page(IconName::Task, "Tasks", group.path("/tasks")),
        page(IconName::Agent, "Agents", group.path("/agents")),
        page(IconName::Book, "Knowledge", group.path("/knowledge")),
        page(IconName::Chart, "Usage", group.path("/usage")),
        page(IconName::Person, "Account", "/account".to_owned()),
        action(IconName::Keyboard, "Keyboard shortcuts", Target::Help),
    ];
    if group.role.manages() {
        places.insert(1, action(IconName::Plus, "New agent", Target::Page(group.path("/agents/new"))));
        places.push(page(IconName::Chart, "Prices", group.path("/usage/prices")));
        places.push(page(IconName::Chart, "Statements", group.path("/usage/statements")));
    }
    places
}

fn matches(label: &str, words: &str) -> bool {
    let label = label.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| label.contains(word))
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn every_word_must_be_in_the_label_in_any_order_and_case() {
        assert!(matches("Keyboard shortcuts", "short KEY"));
        assert!(matches("Agents", "  "));
        assert!(!matches("Agents", "agent new"));
    }
}
