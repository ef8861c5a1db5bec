//! The real model in a real worker process: this test program, started again as the worker.

use super::{Events, ask, config, next, request, rest, text, weights::models_dir};
use crate::{
    model::provider::Usage,
    server::{
        models::{ChatModel, FinishReason, ModelEvent, ToolSpec, local::Local},
        worker,
    },
};
use serde_json::json;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Command, Stdio},
};
use tokio_util::sync::CancellationToken;

/// How this test program is told to be the worker: quiet, so that it prints nothing into the replies' lines.
pub(super) const BE_THE_WORKER: [&str; 5] =
    ["tests::local::real::the_worker_itself", "--exact", "--ignored", "--nocapture", "--quiet"];

#[test]
#[ignore = "this is no test but the worker that the others start"]
fn the_worker_itself() {
    let models_dir = std::env::args_os().next_back().unwrap();
    worker::main(Path::new(&models_dir));
}

fn real() -> Local {
    let program = std::env::current_exe().unwrap();
    Local::new(config(program, BE_THE_WORKER.map(str::to_owned).to_vec(), models_dir()))
}

#[tokio::test]
async fn the_model_knows_the_capital_of_france() {
    let events: Vec<_> = rest(ask(&real(), "What is the capital of France?")).await.into_iter().map(Result::unwrap).collect();
    let pieces: Vec<_> =
        events.iter().filter_map(|event| if let ModelEvent::Text(text) = event { Some(text.as_str()) } else { None }).collect();
    assert!(pieces.len() > 3, "an answer comes in pieces: {pieces:?}");
    assert!(pieces.concat().contains("The capital of France is Paris."), "{}", pieces.concat());
    let Some(ModelEvent::Usage(Usage { input_tokens, output_tokens, .. })) = events.get(events.len() - 2) else {
        panic!("{events:?}")
    };
    assert!(*input_tokens > 10 && *output_tokens as usize >= pieces.len());
    assert_eq!(events.last(), Some(&ModelEvent::Finished(FinishReason::Stop)));
}

#[tokio::test]
async fn a_cancelled_answer_ends_and_the_same_worker_answers_the_next() {
    let (local, cancel) = (real(), CancellationToken::new());
    let mut long = request("Count from 1 to 1000 in words.");
    long.max_output_tokens = 1500;
    let mut events: Events = local.stream(long, cancel.clone());
    assert!(matches!(next(&mut events).await, Some(Ok(ModelEvent::Text(_)))));
    cancel.cancel();
    assert!(matches!(rest(events).await[..], [Ok(ModelEvent::Usage(Usage { output_tokens: 1..1000, .. }))]));
    assert!(text(ask(&local, "What is the capital of France?")).await.contains("Paris"));
}

/// What so small a model makes of tools is not judged, but whatever it is, the answer ends as any other.
#[tokio::test]
async fn an_answer_with_tools_ends_whatever_the_model_makes_of_them() {
    let schema = json!({ "type": "object", "properties": { "query": { "type": "string" } }, "required": ["query"] });
    let description = "Searches the group's documents.".to_owned();
    let tool = ToolSpec { name: "search".to_owned(), description, input_schema: schema };
    let (local, mut asked) = (real(), request("Search the documents for parking."));
    asked.tools.push(tool);
    let events: Vec<_> = rest(local.stream(asked, CancellationToken::new())).await.into_iter().map(Result::unwrap).collect();
    let [said @ .., ModelEvent::Usage(_), ModelEvent::Finished(reason)] = &events[..] else { panic!("{events:?}") };
    let calls = said.iter().filter(|event| matches!(event, ModelEvent::ToolCallFinished { input: Ok(_), .. })).count();
    assert_eq!(calls > 0, *reason == FinishReason::ToolCalls);
}

#[test]
fn a_worker_ends_in_mid_answer_when_its_server_is_gone() {
    let program = std::env::current_exe().unwrap();
    let mut command = Command::new(program);
    command.args(BE_THE_WORKER).arg(models_dir()).envs([("CANDLE_NUM_THREADS", "1"), ("RAYON_NUM_THREADS", "1")]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stdin, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
    writeln!(stdin, r#"{{"type":"generate","id":1,"max_tokens":1500,"messages":[{{"role":"user","text":"Tell me a story."}}]}}"#)
        .unwrap();
    let mut lines = BufReader::new(stdout).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains(r#""type":"text""#)));
    drop(stdin);
    assert!(lines.any(|line| line.contains(r#""reason":"cancelled""#)));
    assert!(child.wait().unwrap().success());
}
