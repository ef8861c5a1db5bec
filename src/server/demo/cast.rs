//! Who lives in the demo: people of every role, agents on several models, and the documents that they know.

use super::talk::DOCUMENTS;
use crate::{
    error::Result,
    ids::AgentId,
    model::{
        agent::{AgentDraft, Limits},
        group::Role,
    },
    server::{
        agents,
        knowledge::documents,
        member::{Admin, Member},
        state::App,
    },
};

pub const PEOPLE: [(&str, Role); 11] = [
    ("Olivia Brandt", Role::Owner),
    ("Amir Haddad", Role::Admin),
    ("Noor Visser", Role::Operator),
    ("Wen Li", Role::Member),
    ("Priya Raman", Role::Member),
    ("Lukas Novak", Role::Member),
    ("Sofia Almeida", Role::Member),
    ("Tomas Rivera", Role::Member),
    ("Hanna Koskinen", Role::Member),
    ("Deniz Aydın", Role::Member),
    ("Grace Mbeki", Role::Member),
];

/// An agent of the demo, and how its model behaves.
pub struct Player {
    pub id: AgentId,
    pub name: &'static str,
    pub provider: &'static str,
    pub model: &'static str,
    /// Milliseconds until the first token, and tokens of answer in a second.
    pub first_token_ms: i64,
    pub speed: i64,
    /// How often it is asked, beside the others.
    pub weight: u64,
}

pub struct Cast {
    pub members: Vec<Member>,
    pub players: Vec<Player>,
}

/// Name, provider, model, instructions, first token, speed, weight.
type Line = (&'static str, &'static str, &'static str, &'static str, i64, i64, u64);

const AGENTS: [Line; 5] = [
    (
        "Front desk",
        "openai",
        "gpt-4.1-mini",
        "Answer questions of the clinic's front desk, briefly, and say where you know it from.",
        320,
        90,
        50,
    ),
    ("Researcher", "anthropic", "claude-sonnet-5", "Read carefully, compare, and answer with reasons.", 850, 70, 18),
    ("Translator", "anthropic", "claude-haiku-4-5", "Translate what you are given, and nothing else.", 380, 140, 20),
    ("Planner", "openai", "gpt-5-mini", "Make plans and rotas as tables.", 1_400, 110, 14),
    ("Archivist", "workshop", "llama-3.1-8b", "Find and quote what the documents say.", 240, 45, 8),
];

impl Cast {
    pub async fn gather(app: &App, owner: &Admin, members: Vec<Member>) -> Result<Self> {
        let mut players = Vec::new();
        for (name, provider, model, instructions, first_token_ms, speed, weight) in AGENTS {
            let draft = AgentDraft {
                name: name.to_owned(),
                provider: provider.to_owned(),
                model: model.to_owned(),
                instructions: instructions.to_owned(),
                tools: vec!["searchKnowledge".to_owned()],
                ask_first: Vec::new(),
                look_first: false,
                limits: Limits::default(),
            };
            let id = agents::create(app, owner, draft).await?.id;
            players.push(Player { id, name, provider, model, first_token_ms, speed, weight });
        }
        for (title, text) in DOCUMENTS {
            // Read and made findable by the server, once it runs.
            documents::add_typed(app, owner, title, text, "").await?;
        }
        Ok(Self { members, players })
    }
}
