//! P1: whatever a viewer missed, wherever it was cut, it ends with exactly what is stored.

use super::stage::{Stage, Watcher, thinks};
use crate::{
    model::{
        conversation::{Conversation, Followed},
        cursor::Cursor,
        message::Growing,
        thread_event::ThreadEvent,
    },
    server::models::{FinishReason, ModelEvent, scripted::Step},
};
use proptest::{prelude::*, test_runner::TestCaseError};
use std::sync::Arc;
use tokio::sync::Notify;

/// What a model says between two looks of the viewers.
type Piece = (Growing, String);

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    let text = prop_oneof![Just("a".to_owned()), Just("日本語".to_owned()), Just("🌊 ".to_owned()), "[a-zäöü \\n]{1,12}"];
    let kind = prop_oneof![3 => Just(Growing::Text), 1 => Just(Growing::Reasoning)];
    prop::collection::vec((kind, text), 1..10)
}

fn step((kind, text): &Piece) -> Step {
    match kind {
        Growing::Text => Step::text(text.clone()),
        Growing::Reasoning => thinks(text),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_stream_cut_at_any_event_or_byte_resumes_exactly(pieces in pieces()) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(cut_everywhere(pieces))?;
    }
}

async fn cut_everywhere(pieces: Vec<Piece>) -> Result<(), TestCaseError> {
    let stage = Stage::set().await;
    let gate = Arc::new(Notify::new());
    let mut steps = Vec::new();
    for piece in &pieces {
        steps.extend([Step::WaitFor(gate.clone()), step(piece)]);
    }
    steps.extend([Step::WaitFor(gate.clone()), Step::finish(FinishReason::Stop)]);
    stage.script(steps);

    let mut whole = stage.watch(Some(Cursor::default())).await;
    let mut cut = Cut::new(stage.watch(Some(Cursor::default())).await);
    stage.send("Go on").await;
    whole.until(|conversation, _| conversation.streaming().is_some()).await;
    for piece in &pieces {
        gate.notify_one();
        let before = said(&whole.conversation);
        whole.until(move |conversation, _| said(conversation) == before + piece.1.len()).await;
        // Connection after connection, each from where the last one was cut, while the answer grows.
        cut.again(&stage).await;
    }
    gate.notify_one();
    whole.until_idle().await;
    cut.until_all_is_said(&stage).await;

    let stored = stage.stored().await;
    prop_assert_eq!(&whole.conversation.messages, &stored.messages);
    prop_assert_eq!(&cut.conversation.messages, &stored.messages);
    every_event(&stage, &whole, &stored).await?;
    every_byte(&stage, &stored).await
}

fn said(conversation: &Conversation) -> usize {
    conversation
        .streaming()
        .map_or(0, |message| message.parts.iter().filter_map(|part| part.growing()).map(|(_, text)| text.len()).sum())
}

/// A viewer whose connection is cut after each batch.
struct Cut {
    conversation: Conversation,
    at: Cursor,
    watcher: Watcher,
}

impl Cut {
    fn new(watcher: Watcher) -> Self {
        Self { conversation: Conversation::default(), at: Cursor::default(), watcher }
    }

    async fn again(&mut self, stage: &Stage) {
        self.watcher.until(|_, _| true).await;
        for (cursor, event) in std::mem::take(&mut self.watcher.heard) {
            assert_ne!(self.conversation.follow(Some(cursor), event), Followed::Gap);
            self.at = cursor;
        }
        self.watcher = stage.watch(Some(self.at)).await;
    }

    async fn until_all_is_said(&mut self, stage: &Stage) {
        while self.conversation.messages.is_empty() || self.conversation.busy() || self.conversation.streaming().is_some() {
            self.again(stage).await;
        }
    }
}

/// After every event that the uncut viewer heard: leaving there and coming back from its cursor changes nothing.
async fn every_event(stage: &Stage, whole: &Watcher, stored: &Conversation) -> Result<(), TestCaseError> {
    for cut in 0..whole.heard.len() {
        let mut conversation = Conversation::default();
        for (cursor, event) in &whole.heard[..=cut] {
            conversation.follow(Some(*cursor), event.clone());
        }
        let resumed = resume(stage, whole.heard[cut].0, whole.cursor()).await;
        let snapshots = resumed.iter().filter(|(_, event)| matches!(event, ThreadEvent::Snapshot(_))).count();
        prop_assert_eq!(snapshots, 0, "a known cursor is never answered by a snapshot");
        for (cursor, event) in resumed {
            prop_assert_ne!(conversation.follow(Some(cursor), event), Followed::Gap);
        }
        prop_assert_eq!(&conversation.messages, &stored.messages);
    }
    Ok(())
}

/// From every byte of the last part: exactly the rest of it, or a snapshot where the byte is inside a character.
async fn every_byte(stage: &Stage, stored: &Conversation) -> Result<(), TestCaseError> {
    let parts = stage.app.store.streams(&stage.member).parts_since(stage.thread, 0, 1_000).await.unwrap();
    let Some(part) = parts.last() else { return Ok(()) };
    let end = Cursor::new(stage.app.store.streams(&stage.member).seq(stage.thread).await.unwrap().unwrap(), 0);
    for offset in 0..=part.text.len() {
        let resumed = resume(stage, Cursor::new(part.opened_seq, offset as u64), end).await;
        let first = resumed.first().map(|(_, event)| event.clone());
        match (part.text.get(offset..), first) {
            (None, Some(ThreadEvent::Snapshot(snapshot))) => prop_assert_eq!(&snapshot.messages, &stored.messages),
            (Some(rest), Some(ThreadEvent::Text(delta) | ThreadEvent::Reasoning(delta))) => prop_assert_eq!(&delta.delta, rest),
            (Some(rest), first) => prop_assert!(rest.is_empty(), "the rest {:?} of the part comes first, not {:?}", rest, first),
            (None, first) => prop_assert!(false, "a cursor inside a character was answered by {:?}", first),
        }
    }
    Ok(())
}

/// Everything from `from` up to `to`.
async fn resume(stage: &Stage, from: Cursor, to: Cursor) -> Vec<(Cursor, ThreadEvent)> {
    let mut watcher = stage.watch(Some(from)).await;
    if from < to {
        watcher.until_cursor(to).await;
    }
    watcher.heard
}

#[tokio::test]
async fn numbers_have_no_gaps() {
    let stage = Stage::set().await;
    stage.script(vec![
        thinks("a"),
        Step::text("b"),
        Step::Emit(ModelEvent::ToolCallStarted { index: 0, call_id: "c".to_owned(), name: "n".to_owned() }),
        Step::finish(FinishReason::ToolCalls),
    ]);
    let run = stage.send("Go").await;
    stage.ended(run).await;
    let rows = stage.app.store.streams(&stage.member).rows_after(stage.thread, 0, 1_000).await.unwrap();
    assert!(rows.iter().map(|row| row.seq).eq(1..=rows.len() as i64));
}

#[tokio::test]
async fn a_slow_viewer_falls_behind_and_still_gets_everything() {
    let stage = Stage::set().await;
    let words: Vec<String> = (0..2_000).map(|n| format!("{n} ")).collect();
    let mut steps: Vec<Step> = words.iter().map(|word| Step::text(word.clone())).collect();
    steps.push(Step::finish(FinishReason::Stop));
    stage.script(steps);
    let mut slow = stage.watch(None).await;
    let run = stage.send("Count").await;
    stage.ended(run).await;
    slow.until_idle().await;
    assert_eq!(slow.conversation.messages, stage.stored().await.messages);
    assert_eq!(slow.answer().text(), words.concat());
}
