//! The real model inside this process: what it says, what it remembers, when it stops.

use super::weights::models_dir;
use crate::server::{
    models::fetch::weights::CHAT,
    worker::{
        WorkerError,
        protocol::{Generate, Reason, Reply, Role, Turn},
        session::Session,
    },
};
use std::cell::Cell;

fn session() -> Session {
    Session::load(&CHAT.path(&models_dir())).unwrap()
}

fn turns(said: &[(Role, &str)]) -> Vec<Turn> {
    let system = (Role::System, "You are a helpful AI assistant.");
    std::iter::once(&system).chain(said).map(|(role, text)| Turn { role: *role, text: (*text).to_owned() }).collect()
}

fn question(text: &str, max_tokens: u32) -> Generate {
    Generate { id: 1, messages: turns(&[(Role::User, text)]), max_tokens }
}

/// One answer, as the server would get it.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    prompt_tokens: u32,
    cached_tokens: u32,
    text: String,
    end: Option<(Reason, u32)>,
}

impl Heard {
    fn hear(&mut self, reply: Reply) {
        match reply {
            Reply::Started { prompt_tokens, cached_tokens, .. } => {
                (self.prompt_tokens, self.cached_tokens) = (prompt_tokens, cached_tokens)
            }
            Reply::Text { delta, .. } => self.text.push_str(&delta),
            Reply::Done { reason, output_tokens, .. } => self.end = Some((reason, output_tokens)),
            Reply::Loaded | Reply::Embedded { .. } | Reply::Error { .. } => panic!("not part of an answer: {reply:?}"),
        }
    }
}

fn answer_unless(session: &mut Session, request: &Generate, cancelled: &dyn Fn() -> bool) -> Result<Heard, WorkerError> {
    let mut heard = Heard::default();
    session.answer(request, cancelled, &mut |reply| {
        heard.hear(reply);
        Ok(())
    })?;
    Ok(heard)
}

fn answer(session: &mut Session, request: &Generate) -> Heard {
    answer_unless(session, request, &|| false).unwrap()
}

#[test]
fn the_same_question_has_the_same_answer() {
    let (mut session, capital) = (session(), question("What is the capital of France?", 64));
    let first = answer(&mut session, &capital);
    assert_eq!(first.text, "The capital of France is Paris.");
    assert_eq!(first.end, Some((Reason::Stop, 7)));
    answer(&mut session, &question("Name a colour.", 5));
    assert_eq!(answer(&mut session, &capital).text, first.text);
}

#[test]
fn what_two_questions_have_in_common_is_read_once_and_changes_nothing() {
    let mut session = session();
    let first = answer(&mut session, &question("What is the capital of France?", 24));
    assert_eq!(first.cached_tokens, 0);
    let said = [
        (Role::User, "What is the capital of France?"),
        (Role::Assistant, first.text.as_str()),
        (Role::User, "What is the capital of Germany?"),
    ];
    let follow = Generate { id: 2, messages: turns(&said), max_tokens: 24 };
    let kept = answer(&mut session, &follow);
    assert!(kept.cached_tokens > first.prompt_tokens, "{kept:?}");
    assert!(kept.text.contains("Berlin"), "{kept:?}");
    let fresh = answer(&mut self::session(), &follow);
    assert_eq!((kept.text, kept.prompt_tokens), (fresh.text, fresh.prompt_tokens));
}

#[test]
fn an_answer_stops_at_its_limit() {
    let heard = answer(&mut session(), &question("Tell me a long story about a dragon.", 10));
    assert_eq!(heard.end, Some((Reason::Length, 10)));
}

#[test]
fn a_conversation_that_does_not_fit_is_refused_and_the_next_is_answered() {
    let mut session = session();
    let error = answer_unless(&mut session, &question(&"sea ".repeat(2500), 10), &|| false).unwrap_err();
    assert!(matches!(error, WorkerError::ContextTooLong { prompt: 2500.., limit: ..2048 }), "{error}");
    assert!(answer(&mut session, &question("What is the capital of France?", 64)).text.contains("Paris"));
}

#[test]
fn a_cancel_is_seen_while_a_long_prompt_is_read() {
    let looks = Cell::new(0);
    let third_look = || looks.replace(looks.get() + 1) == 2;
    let heard = answer_unless(&mut session(), &question(&"sea ".repeat(1000), 10), &third_look).unwrap();
    assert_eq!((heard.text.as_str(), heard.end), ("", Some((Reason::Cancelled, 0))));
}

#[test]
fn a_cancel_is_seen_after_the_next_token_and_what_was_said_stands() {
    let looks = Cell::new(0);
    let fifth_look = || looks.replace(looks.get() + 1) == 4;
    let heard = answer_unless(&mut session(), &question("Tell me a long story about a dragon.", 100), &fifth_look).unwrap();
    assert_eq!(heard.end, Some((Reason::Cancelled, 3)));
    assert!(!heard.text.is_empty());
}
