//! The worst that can happen to a server: SIGKILL in mid-stream. Run against the real binary, over HTTP, as a browser does.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod support;

use guildhall::model::{
    document::DocumentStatus,
    live::LiveEvent,
    message::{MessageStatus, Part, Role},
    run::RunStatus,
    thread_event::ThreadEvent,
    tool_call::ToolState,
};
use support::{Browser, Server};

#[tokio::test]
async fn a_killed_server_loses_no_committed_text_says_nothing_twice_and_leaves_nothing_pending() {
    let mut server = Server::start().await;
    let browser = Browser::sign_up(&server).await;
    let agent = browser.scripted_agent("paced").await;
    let thread = browser.start_thread(agent, "Tell me something long").await;
    let mut live = browser.follow(thread, "").await;
    let mut seen = String::new();
    while seen.len() < 200 {
        match live.next().await {
            LiveEvent::Thread { event: ThreadEvent::Text(delta), .. } => seen.push_str(&delta.delta),
            LiveEvent::Thread { event: ThreadEvent::Snapshot(snapshot), .. } => {
                seen = snapshot
                    .messages
                    .last()
                    .filter(|message| message.role == Role::Assistant)
                    .map(|message| message.text())
                    .unwrap_or_default();
            }
            _ => {}
        }
    }
    server.kill();
    drop(live);
    let committed = server.stored_answer().await;
    assert!(!committed.is_empty(), "what is on the screen for longer than a batch is in the database");
    server.up().await;

    let page = browser.thread(thread).await;
    let answer = page.snapshot.messages.last().cloned().unwrap();
    assert_eq!((answer.text(), answer.status), (committed.clone(), MessageStatus::Interrupted));
    assert!(
        seen.starts_with(&committed) || committed.starts_with(&seen),
        "what is kept is what was shown, up to where it was kept"
    );
    assert_eq!((page.snapshot.run, page.snapshot.queued.len()), (None, 0));
    assert!(!page.thread.answering);

    let run = browser.go_on(answer.run_id).await;
    let mut live = browser.follow(thread, "").await;
    loop {
        match live.next().await {
            LiveEvent::Thread { event: ThreadEvent::Run(state), .. } if state.run_id == run && state.status.ended() => {
                assert_eq!(state.status, RunStatus::Completed);
                break;
            }
            LiveEvent::Thread { event: ThreadEvent::Snapshot(snapshot), .. }
                if snapshot.run.is_none() && snapshot.queued.is_empty() =>
            {
                break;
            }
            _ => {}
        }
    }
    let page = browser.thread(thread).await;
    let statuses: Vec<MessageStatus> = page.snapshot.messages.iter().map(|message| message.status).collect();
    assert_eq!(statuses, [MessageStatus::Completed, MessageStatus::Interrupted, MessageStatus::Completed]);
}

#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused() {
    let server = Server::start().await;
    let refused = server.another().await;
    assert!(!refused.status.success());
    let message = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(message.contains("GUILDHALL_DATA"), "it says what to do: {message}");
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_by_itself_and_keeps_what_was_said() {
    let mut server = Server::start().await;
    let browser = Browser::sign_up(&server).await;
    let agent = browser.scripted_agent("paced").await;
    let thread = browser.start_thread(agent, "Tell me something long").await;
    let mut live = browser.follow(thread, "").await;
    while !matches!(live.next().await, LiveEvent::Thread { event: ThreadEvent::Text(_), .. }) {}
    assert!(server.terminate().await.success());
    server.up().await;
    let page = browser.thread(thread).await;
    let answer = page.snapshot.messages.last().unwrap();
    assert_eq!(answer.status, MessageStatus::Interrupted);
    assert!(!answer.text().is_empty());
}

/// Milliseconds after the message at which the server is killed: before the call, between its effect and its result, and
/// while the answer streams; where exactly depends on the machine, and must not matter.
const KILLS: [u64; 8] = [0, 2, 4, 7, 11, 16, 30, 80];

#[tokio::test]
async fn a_killed_server_makes_no_task_twice_and_leaves_no_call_open() {
    let mut server = Server::start().await;
    let browser = Browser::sign_up(&server).await;
    let agent = browser.task_maker().await;
    let mut threads = Vec::new();
    for (number, after) in KILLS.into_iter().enumerate() {
        threads.push(browser.start_thread(agent, &format!("Task {number}")).await);
        tokio::time::sleep(std::time::Duration::from_millis(after)).await;
        server.kill();
        server.up().await;
    }
    let mut done = 0;
    for (number, thread) in threads.into_iter().enumerate() {
        let page = browser.settled(thread).await;
        let answer = page.snapshot.messages.last().unwrap();
        assert!(matches!(answer.status, MessageStatus::Completed | MessageStatus::Interrupted), "{number}: {answer:?}");
        let calls = answer.parts.iter().filter_map(|part| if let Part::ToolCall(call) = part { Some(call.state) } else { None });
        assert!(calls.clone().all(|state| state == ToolState::Done), "{number}: {:?}", answer.parts);
        let made = browser.tasks().await.into_iter().filter(|title| *title == format!("Task {number}")).count();
        assert_eq!(made, calls.count(), "{number}: a task for each call, and no second one");
        done += made;
    }
    assert!(done > 0, "some calls were made before the kill, or after it");
}

/// The same for documents: while one is taken in, read, cut and put in its place.
const INGEST_KILLS: [u64; 10] = [0, 3, 8, 15, 25, 40, 60, 90, 140, 250];

/// Some hundred kilobytes of JSON, which a child process reads and whose passages come in several transactions.
fn content(number: usize) -> String {
    let line = format!("\"this is line of version {number}, and it goes on for a while so that passages are many\"");
    format!("[{}]", vec![line; 4_000].join(","))
}

#[tokio::test]
async fn a_killed_server_leaves_a_document_that_is_the_old_or_the_new_one_whole() {
    let mut server = Server::start().await;
    let browser = Browser::sign_up(&server).await;
    let document = browser.upload(None, "book.json", &content(0)).await.id;
    for (number, after) in (1..).zip(INGEST_KILLS) {
        browser.upload(Some(document), "book.json", &content(number)).await;
        tokio::time::sleep(std::time::Duration::from_millis(after)).await;
        server.kill();
        server.up().await;
        let mut patience = 600;
        loop {
            let shown = browser.excerpt(document).await;
            let words = format!("version {number},");
            let before = (0..number).map(|old| format!("version {old},")).find(|old| shown.before.contains(old.as_str()));
            // The last line may be cut: a page shows a part of the text.
            let lines = shown.before.lines().rev().skip(1).filter(|line| line.contains("line of"));
            let of = |words: &str| lines.clone().all(|line| line.contains(words));
            if shown.length > 0 {
                let found = before.clone().unwrap_or_else(|| words.clone());
                assert!(of(&found), "{number}: all of one version");
                assert!(shown.length > 300_000, "{number}: {} bytes are not all of it", shown.length);
            }
            if !shown.document.working() {
                assert_eq!(shown.document.status, DocumentStatus::Ready, "{number}: {:?}", shown.document);
                assert_eq!(shown.document.replacement, None, "{number}");
                assert!(before.is_none() && shown.document.chunks > 300, "{number}: what was taken in is there in the end");
                break;
            }
            patience -= 1;
            assert!(patience > 0, "{number}: it is read in the end");
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
    }
}
