//! The reducer: whatever a stream repeats, a viewer shows each byte once.

use crate::{
    ids::{AgentId, MessageId, RunId, ToolCallId},
    model::{
        activity::Activity,
        conversation::{Conversation, Followed},
        cursor::Cursor,
        message::{Message, MessageStatus, Part, Role},
        run::{RunError, RunStatus},
        thread_event::{Delta, MessageChange, PartChange, Queue, RunState, Snapshot, ThreadEvent},
        tool_call::{Approval, Decision, ToolCall, ToolState, Verdict},
    },
};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

type At = (Option<Cursor>, ThreadEvent);

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn message(n: u128, role: Role, status: MessageStatus, text: &str) -> Message {
    Message {
        id: MessageId::from_uuid(id(n)),
        run_id: RunId::from_uuid(id(n / 10)),
        role,
        status,
        parts: if text.is_empty() { Vec::new() } else { vec![Part::Text { text: text.to_owned() }] },
        agent_id: AgentId::from_uuid(id(1)),
        author: "Guide".to_owned(),
        seq: n as i64,
        error: None,
        created_at: 0,
        finished_at: None,
    }
}

fn run(n: u128, status: RunStatus) -> RunState {
    RunState { run_id: RunId::from_uuid(id(n)), status, error: None }
}

/// What a server would say, with its cursors: a turn with reasoning, a tool, text, and a second message in mid-text.
struct Story {
    events: Vec<At>,
    seq: i64,
    offset: u64,
}

impl Story {
    fn discrete(&mut self, event: ThreadEvent) {
        self.seq += 1;
        self.events.push((Some(Cursor::new(self.seq, self.offset)), event));
    }

    fn text(&mut self, part: usize, pieces: &[&str]) {
        (self.seq, self.offset) = (self.seq + 1, 0);
        self.more(part, pieces);
    }

    fn more(&mut self, part: usize, pieces: &[&str]) {
        for piece in pieces {
            self.offset += piece.len() as u64;
            let delta = Delta { message_id: MessageId::from_uuid(id(12)), part, delta: (*piece).to_owned() };
            let event = if part == 0 { ThreadEvent::Reasoning(delta) } else { ThreadEvent::Text(delta) };
            self.events.push((Some(Cursor::new(self.seq, self.offset)), event));
        }
    }

    fn tell() -> Self {
        let mut story = Self { events: Vec::new(), seq: 0, offset: 0 };
        let asked = message(11, Role::User, MessageStatus::Completed, "Hello?");
        let answer = message(12, Role::Assistant, MessageStatus::Streaming, "");
        story.discrete(ThreadEvent::Message(MessageChange::made(&asked, Some("k1".to_owned()))));
        story.discrete(ThreadEvent::Run(run(1, RunStatus::Running)));
        story.discrete(ThreadEvent::Message(MessageChange::made(&answer, None)));
        story.text(0, &["Let ", "me ", "see"]);
        let content = Part::ToolCall(ToolCall {
            call_id: ToolCallId::from_uuid(id(13)),
            name: "search".to_owned(),
            input: json!({"q": 1}),
            state: ToolState::Done,
            started_at: None,
            finished_at: None,
            approval: None,
        });
        story.discrete(ThreadEvent::ToolCall(PartChange { message_id: answer.id, part: 1, content }));
        story.text(2, &["Grüß ", "Gott, ", "wie "]);
        let next = message(31, Role::User, MessageStatus::Completed, "And?");
        story.discrete(ThreadEvent::Message(MessageChange::made(&next, None)));
        story.discrete(ThreadEvent::Run(run(3, RunStatus::Queued)));
        story.more(2, &["geht’s", " 😀?"]);
        story.discrete(ThreadEvent::Message(MessageChange {
            finished_at: Some(9),
            ..MessageChange::finished(&Message { status: MessageStatus::Completed, ..answer })
        }));
        story.discrete(ThreadEvent::Run(run(1, RunStatus::Completed)));
        story
    }
}

fn followed(events: &[At]) -> Conversation {
    let mut conversation = Conversation::default();
    for (cursor, event) in events {
        assert_ne!(conversation.follow(*cursor, event.clone()), Followed::Gap);
    }
    conversation
}

#[test]
fn a_turn_comes_out_as_it_was_told() {
    let conversation = followed(&Story::tell().events);
    let answer = conversation.message(MessageId::from_uuid(id(12))).unwrap();
    assert_eq!(answer.text(), "Grüß Gott, wie geht’s 😀?");
    assert_eq!((answer.status, answer.finished_at, answer.parts.len()), (MessageStatus::Completed, Some(9), 3));
    assert!(conversation.run.is_none() && conversation.is_queued(RunId::from_uuid(id(3))));
    assert_eq!(conversation.message_of_key("k1"), Some(MessageId::from_uuid(id(11))));
}

#[test]
fn the_unknown_end_of_a_longer_delta_is_taken_and_its_beginning_is_not() {
    let mut conversation = Conversation::from_snapshot(Snapshot {
        messages: vec![message(12, Role::Assistant, MessageStatus::Streaming, "Grü")],
        ..Snapshot::default()
    });
    let delta =
        |delta: &str| ThreadEvent::Text(Delta { message_id: MessageId::from_uuid(id(12)), part: 0, delta: delta.to_owned() });
    assert_eq!(conversation.follow(Some(Cursor::new(3, 4)), delta("Grü")), Followed::Had);
    assert!(matches!(conversation.follow(Some(Cursor::new(3, 6)), delta("Grüß")), Followed::New(Some(_))));
    assert_eq!(conversation.messages[0].text(), "Grüß");
    assert_eq!(conversation.follow(Some(Cursor::new(3, 9)), delta("t")), Followed::Gap);
    assert_eq!(conversation.messages[0].text(), "Grüß");
}

#[test]
fn a_snapshot_replaces_what_is_shown_and_keeps_the_older_messages_that_join_it() {
    let done = MessageStatus::Completed;
    let mut conversation = Conversation::from_snapshot(Snapshot {
        messages: vec![message(20, Role::User, done, "b"), message(30, Role::Assistant, done, "c")],
        earlier: true,
        ..Snapshot::default()
    });
    conversation.prepend(vec![message(10, Role::User, done, "a")], false);
    let joins = Snapshot { messages: vec![message(30, Role::Assistant, done, "c2")], earlier: true, ..Snapshot::default() };
    conversation.follow(Some(Cursor::new(9, 0)), ThreadEvent::Snapshot(joins));
    assert_eq!(conversation.messages.iter().map(Message::text).collect::<Vec<_>>(), ["a", "b", "c2"]);
    assert!(!conversation.earlier);
    let far = Snapshot { messages: vec![message(90, Role::Assistant, done, "z")], earlier: true, ..Snapshot::default() };
    conversation.follow(Some(Cursor::new(50, 0)), ThreadEvent::Snapshot(far));
    assert_eq!(conversation.messages.iter().map(Message::text).collect::<Vec<_>>(), ["z"]);
    assert!(conversation.earlier);
    assert_eq!(conversation.at, Some(Cursor::new(50, 0)));
}

#[test]
fn how_many_are_ahead_is_shown_until_the_answer_begins() {
    let mut conversation = followed(&Story::tell().events[..3]);
    let queue = Queue { run_id: RunId::from_uuid(id(1)), ahead: 2 };
    conversation.follow(Some(Cursor::new(3, 0)), ThreadEvent::Queue(queue));
    assert_eq!(conversation.ahead, Some(2));
    let (cursor, first) = Story::tell().events[3].clone();
    conversation.follow(cursor, first);
    assert_eq!(conversation.ahead, None);
}

#[test]
fn a_question_that_nothing_answers_is_known_as_such() {
    let mut conversation = followed(&Story::tell().events[..2]);
    assert!(conversation.unanswered().is_none());
    let error = RunError::new("unavailable", "No model.", true);
    let failed = RunState { error: Some(error), ..run(1, RunStatus::Failed) };
    conversation.follow(Some(Cursor::new(3, 0)), ThreadEvent::Run(failed.clone()));
    assert_eq!(conversation.unanswered().map(Message::text).as_deref(), Some("Hello?"));
    assert_eq!(conversation.broken, Some(failed));
}

proptest! {
    /// The stream is cut anywhere and opened again from any older place; deltas of the repeat may be joined.
    #[test]
    fn a_stream_that_says_things_again_changes_nothing(
        cuts in prop::collection::vec((0..17_usize, 0..17_usize), 0..6),
        join in any::<bool>(),
    ) {
        let events = Story::tell().events;
        let mut conversation = Conversation::default();
        let mut reached = 0;
        for (stop, back) in cuts {
            let stop = stop.min(events.len());
            let from = back.min(reached);
            play(&mut conversation, &events[from..stop.max(from)], join);
            reached = reached.max(stop);
        }
        play(&mut conversation, &events[reached.saturating_sub(2)..], join);
        prop_assert_eq!(conversation, followed(&events));
    }
}

fn play(conversation: &mut Conversation, events: &[At], join: bool) {
    let events = if join { joined(events) } else { events.to_vec() };
    for (cursor, event) in events {
        assert_ne!(conversation.follow(cursor, event), Followed::Gap);
    }
}

/// Neighbouring deltas of one text as one, with the cursor of the last.
fn joined(events: &[At]) -> Vec<At> {
    let mut all: Vec<At> = Vec::new();
    for (cursor, event) in events {
        match (all.last_mut(), event) {
            (Some((at, ThreadEvent::Text(last))), ThreadEvent::Text(delta))
            | (Some((at, ThreadEvent::Reasoning(last))), ThreadEvent::Reasoning(delta))
                if last.part == delta.part =>
            {
                last.delta.push_str(&delta.delta);
                *at = *cursor;
            }
            _ => all.push((*cursor, event.clone())),
        }
    }
    all
}

#[test]
fn a_decision_is_shown_ahead_of_its_event_but_never_takes_back_what_came_of_it() {
    let call_id = ToolCallId::from_uuid(id(7));
    let approval = Approval { expires_at: 10, decision: None };
    let mut call = ToolCall {
        call_id,
        name: "createTask".to_owned(),
        input: json!({}),
        state: ToolState::Waiting,
        started_at: None,
        finished_at: None,
        approval: Some(approval),
    };
    let mut answer = message(12, Role::Assistant, MessageStatus::Streaming, "");
    answer.parts.push(Part::ToolCall(call.clone()));
    let mut shown = Conversation { messages: vec![answer], ..Conversation::default() };
    assert!(Activity::of(&shown).asks);
    call.decide(Decision { verdict: Verdict::Approved, by: Some("Ada".to_owned()), reason: None, at: 1 });
    assert_eq!(shown.decided(call.clone()), Some(MessageId::from_uuid(id(12))));
    assert_eq!(shown.messages[0].parts, [Part::ToolCall(call.clone())]);
    assert!(!Activity::of(&shown).asks);
    let done = Part::ToolCall(ToolCall { state: ToolState::Done, ..call.clone() });
    shown.messages[0].parts = vec![done.clone()];
    assert_eq!(shown.decided(call), None);
    assert_eq!(shown.messages[0].parts, [done]);
}
