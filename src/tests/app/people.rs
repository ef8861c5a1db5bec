//! Groups, members, agents and threads to start from. Each is made by the same code as by the server's own routes.

use super::{MODEL, TestApp};
use crate::{
    ids::{AgentId, ConnectionId, GroupId, KeyId, PersonId, ThreadId, ToolCallId},
    model::{
        agent::{Agent, AgentDraft, Limits},
        group::{Group, Role, Slug},
        person::{Email, Person},
        run::Sent,
        thread_event::ThreadEvent,
        tool::AskFirst,
    },
    server::{
        agents,
        member::{self, Member},
        models::scripted::PROVIDER,
        runs::{self, viewer::Viewer},
        store::{
            groups,
            keys::{self, NewKey},
            people,
        },
        threads,
    },
};
use serde_json::json;
use sha2::{Digest as _, Sha256};

/// Everybody's password.
pub const PASSWORD: &str = "a sentence that nobody guesses";

/// A person with a membership, a session and a key.
pub struct Someone {
    pub person: Person,
    pub member: Member,
    /// The value of a `Cookie` header.
    pub cookie: String,
    pub key: String,
}

/// A group with its owner and an agent that answers at once.
pub struct TestGroup {
    pub group: Group,
    /// The group's slug, as URLs have it.
    pub slug: String,
    pub owner: Someone,
    pub agent: AgentId,
}

impl TestApp {
    /// Makes a group, its owner (`owner-of-{slug}@example.org`) and an agent named `Guide`.
    pub async fn group(&self, slug: &str) -> TestGroup {
        let group = Group {
            id: GroupId::from_uuid(self.app.clock.uuid()),
            slug: Slug::parse(slug).expect("a slug"),
            name: format!("Group {slug}"),
        };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        assert!(groups::insert(&mut tx, &group, self.app.clock.now()).await.expect("a group"), "{slug} is taken");
        tx.commit().await.expect("a commit");
        let owner = self.member(&group, &format!("owner-of-{slug}"), Role::Owner).await;
        let agent = self.agent(&owner, "Guide", MODEL).await.id;
        TestGroup { slug: slug.to_owned(), group, owner, agent }
    }

    /// Makes the person `{name}@example.org` and a member of them, signed in and with a key.
    pub async fn member(&self, group: &Group, name: &str, role: Role) -> Someone {
        let person = self.person(name).await;
        self.join(group, person, role).await
    }

    /// Makes an existing person a member, signed in and with a key for this group.
    pub async fn join(&self, group: &Group, person: Person, role: Role) -> Someone {
        let mut tx = self.app.store.begin().await.expect("a transaction");
        let edge = ConnectionId::from_uuid(self.app.clock.uuid());
        groups::join(&mut tx, edge, group.id, person.id, role, self.app.clock.now()).await.expect("a membership");
        tx.commit().await.expect("a commit");
        let member = member::of_group(&self.app, person.clone(), &group.slug).await.expect("a member");
        let key = self.key(group, &person).await;
        let cookie = self.sign_in(person.email.as_str()).await;
        Someone { person, member, cookie, key }
    }

    /// Makes the person `{name}@example.org`, a member of nothing.
    pub async fn person(&self, name: &str) -> Person {
        let person = Person {
            id: PersonId::from_uuid(self.app.clock.uuid()),
            email: Email::parse(&format!("{name}@example.org")).expect("an address"),
            name: name.to_owned(),
            created_at: self.app.clock.now(),
        };
        let hash = self.app.passwords.hash(PASSWORD.to_owned()).await.expect("a hash");
        let mut tx = self.app.store.begin().await.expect("a transaction");
        assert!(people::insert(&mut tx, &person, &hash).await.expect("a person"), "{name} exists already");
        tx.commit().await.expect("a commit");
        person
    }

    /// Makes an API key.
    pub async fn key(&self, group: &Group, person: &Person) -> String {
        let key = format!("gh_{}", hex::encode(self.app.clock.secret()));
        let new = NewKey {
            id: KeyId::from_uuid(self.app.clock.uuid()),
            group: group.id,
            person: person.id,
            hash: Sha256::digest(key.as_bytes()).into(),
            hint: &key[..10],
        };
        let mut tx = self.app.store.begin().await.expect("a transaction");
        keys::insert(&mut tx, new, self.app.clock.now()).await.expect("a key");
        tx.commit().await.expect("a commit");
        key
    }

    /// Signs in through the server function; answers the cookie.
    pub async fn sign_in(&self, email: &str) -> String {
        let reply = self.call_fn("sign_in", json!({ "email": email, "password": PASSWORD }), "").await;
        reply.cookie().unwrap_or_else(|| panic!("{email} cannot sign in: {} {}", reply.status, reply.text()))
    }

    /// Makes an agent on a scripted model. `by` must manage the group.
    pub async fn agent(&self, by: &Someone, name: &str, model: &str) -> Agent {
        let draft = AgentDraft {
            name: name.to_owned(),
            provider: PROVIDER.to_owned(),
            model: model.to_owned(),
            instructions: "Answer briefly.".to_owned(),
            tools: Vec::new(),
            ask_first: Vec::new(),
            look_first: false,
            limits: Limits::default(),
        };
        let admin = by.member.admin().expect("somebody who manages the group");
        agents::create(&self.app, &admin, draft).await.expect("an agent")
    }

    pub async fn thread(&self, of: &Someone, agent: AgentId) -> ThreadId {
        threads::create(&self.app, &of.member, agent, None).await.expect("a thread")
    }

    /// Sends a message. The run that answers it goes on in the background: see [`TestApp::ended`].
    pub async fn send(&self, by: &Someone, thread: ThreadId, text: &str) -> Sent {
        runs::send(&self.app, &by.member, thread, text, None).await.expect("a message that is taken")
    }

    /// Sends a message and waits for its answer.
    pub async fn answered(&self, by: &Someone, thread: ThreadId, text: &str) -> Sent {
        let sent = self.send(by, thread, text).await;
        self.ended(&by.member, sent.run_id).await;
        sent
    }

    /// A call of a tool that waits for its member, in a thread of its own. `by` must manage the group.
    pub async fn waiting_call(&self, by: &Someone) -> ToolCallId {
        let agent = self.agent(by, "Asks first", "tool").await;
        let tools = vec!["getContext".to_owned()];
        let ask_first = vec![AskFirst { tool: "getContext".to_owned(), when: None }];
        let admin = by.member.admin().expect("somebody who manages the group");
        agents::save(&self.app, &admin, agent.id, None, AgentDraft { tools, ask_first, ..agent.draft }).await.expect("a save");
        let thread = self.thread(by, agent.id).await;
        let mut viewer = Viewer::join(self.app.clone(), by.member.clone(), thread, None).await.expect("a viewer");
        self.send(by, thread, "Who am I?").await;
        loop {
            for (_, event) in viewer.next().await.expect("the thread's events") {
                if let ThreadEvent::Approval(approval) = event {
                    return approval.call.call_id;
                }
            }
        }
    }
}
