//! A whole answer: what is passed on, when the model is told to stop, and how the answer ends.

use super::{NOW, Out, SEARCH, asking, gathered, now, said, search};
use crate::{
    model::provider::Usage,
    server::models::{
        ChatModel, ChatRequest, FinishReason, ModelError, ModelEvent, prompted,
        scripted::{Scripted, Step},
    },
};
use futures::{StreamExt, stream::BoxStream};
use tokio_util::sync::CancellationToken;

type Items = Vec<Result<ModelEvent, ModelError>>;
type Events = BoxStream<'static, Result<ModelEvent, ModelError>>;

const USED: Usage = Usage { input_tokens: 7, cache_read_tokens: 0, cache_write_tokens: 0, output_tokens: 3, reasoning_tokens: 0 };

fn scripted(steps: Vec<Step>) -> Scripted {
    let model = Scripted::instant();
    model.script("told", steps);
    model
}

fn events_of(model: &Scripted, request: ChatRequest) -> Events {
    prompted::stream(request, CancellationToken::new(), |request, cancel| model.stream(request, cancel))
}

async fn answer(steps: Vec<Step>) -> Items {
    events_of(&scripted(steps), asking("hello")).collect().await
}

/// What came before the last event, and that.
async fn ended(steps: Vec<Step>) -> (Vec<Out>, Result<ModelEvent, ModelError>) {
    let mut items = answer(steps).await;
    let last = items.pop().unwrap();
    (gathered(items.into_iter().map(Result::unwrap).collect()), last)
}

fn finished(reason: FinishReason) -> Result<ModelEvent, ModelError> {
    Ok(ModelEvent::Finished(reason))
}

/// A model that writes these texts and goes on until it is cancelled, then tells its usage, if any.
fn endless(texts: &[&str], usage: Option<Usage>, cancel: CancellationToken) -> Events {
    let texts: Vec<_> = texts.iter().map(|text| (*text).to_owned()).collect();
    async_stream::stream! {
        for text in texts {
            yield Ok(ModelEvent::Text(text));
        }
        cancel.cancelled().await;
        match usage {
            Some(usage) => yield Ok(ModelEvent::Usage(usage)),
            None => std::future::pending().await,
        }
    }
    .boxed()
}

#[tokio::test]
async fn without_tools_nothing_is_touched() {
    let steps = vec![Step::text("<tool"), Step::text("_call>"), Step::text(NOW), Step::finish(FinishReason::Stop)];
    let model = scripted(steps);
    let request = ChatRequest { tools: Vec::new(), ..asking("hello") };
    let items: Items = events_of(&model, request.clone()).collect().await;
    let texts = ["<tool", "_call>", NOW].map(|text| Ok(ModelEvent::Text(text.to_owned())));
    assert_eq!(items, texts.into_iter().chain([finished(FinishReason::Stop)]).collect::<Items>());
    assert_eq!(model.requests(), [request]);
}

#[tokio::test]
async fn the_model_sees_no_tools() {
    let model = scripted(vec![Step::finish(FinishReason::Stop)]);
    events_of(&model, asking("hello")).collect::<Items>().await;
    let [asked] = &model.requests()[..] else { panic!("one request") };
    assert!(asked.tools.is_empty() && asked.system.contains("- search("));
}

#[tokio::test]
async fn an_answer_with_a_call_ends_with_tool_calls() {
    for reason in [FinishReason::Stop, FinishReason::Length] {
        let steps = vec![Step::text("I look. <tool"), Step::text(&SEARCH[5..]), Step::text("\n"), Step::finish(reason)];
        let (out, last) = ended(steps).await;
        assert_eq!(out, [said("I look. "), search()]);
        assert_eq!(last, finished(FinishReason::ToolCalls));
    }
}

#[tokio::test]
async fn calls_have_ids_of_their_own_in_every_answer() {
    let mut ids = Vec::new();
    for _ in 0..2 {
        let items = answer(vec![Step::text(format!("{NOW}{NOW}")), Step::finish(FinishReason::Stop)]).await;
        ids.extend(items.into_iter().filter_map(|item| match item {
            Ok(ModelEvent::ToolCallStarted { index, call_id, .. }) => Some((index, call_id)),
            _ => None,
        }));
    }
    assert_eq!(ids.iter().map(|(index, _)| *index).collect::<Vec<_>>(), [0, 1, 0, 1]);
    let different: std::collections::HashSet<_> = ids.iter().map(|(_, id)| id).collect();
    assert_eq!(different.len(), 4);
}

#[tokio::test]
async fn an_answer_without_a_call_ends_as_it_ended() {
    for reason in [FinishReason::Stop, FinishReason::Length, FinishReason::ContentFilter] {
        let (out, last) = ended(vec![Step::text("a <tool_call>{"), Step::finish(reason)]).await;
        assert_eq!((out, last), (vec![said("a <tool_call>{")], finished(reason)));
    }
    let (_, last) = ended(vec![Step::text("a"), Step::finish(FinishReason::ToolCalls)]).await;
    assert_eq!(last, finished(FinishReason::Stop));
}

#[tokio::test]
async fn an_error_comes_after_what_was_said() {
    let error = ModelError::CutOff { detail: "gone".to_owned() };
    let (out, last) = ended(vec![Step::text("a <tool_c"), Step::Fail(error.clone())]).await;
    assert_eq!((out, last), (vec![said("a <tool_c")], Err(error)));
}

#[tokio::test]
async fn a_call_of_the_models_own_kind_is_not_passed_on() {
    let started = ModelEvent::ToolCallStarted { index: 0, call_id: "1".to_owned(), name: "search".to_owned() };
    let (out, last) = ended(vec![Step::Emit(started), Step::text(NOW), Step::finish(FinishReason::ToolCalls)]).await;
    assert_eq!((out, last), (vec![now()], finished(FinishReason::ToolCalls)));
}

#[tokio::test]
async fn what_is_no_text_is_passed_on_at_once() {
    let others = [ModelEvent::Queued { ahead: 2 }, ModelEvent::Reasoning("hm".to_owned()), ModelEvent::Usage(USED)];
    let mut steps = vec![Step::text("<")];
    steps.extend(others.clone().map(Step::Emit));
    steps.extend([Step::text("b>"), Step::finish(FinishReason::Stop)]);
    let expected = others.into_iter().chain([ModelEvent::Text("<b>".to_owned()), ModelEvent::Finished(FinishReason::Stop)]);
    assert_eq!(answer(steps).await, expected.map(Ok).collect::<Items>());
}

#[tokio::test]
async fn a_model_that_answers_itself_is_told_to_stop_and_its_usage_counts() {
    for usage in [Some(USED), None] {
        let texts = [SEARCH, "\n", "Result of search: blue", " and wide"];
        let hang_up = CancellationToken::new();
        let ask = |_, cancel: CancellationToken| endless(&texts, usage, cancel);
        let items: Vec<_> = prompted::stream(asking("hello"), hang_up.clone(), ask).map(Result::unwrap).collect().await;
        let (calls, end) = items.split_at(3);
        assert_eq!(gathered(calls.to_vec()), [search()]);
        let told = usage.map(ModelEvent::Usage).into_iter().chain([ModelEvent::Finished(FinishReason::ToolCalls)]);
        assert_eq!(end, told.collect::<Vec<_>>());
        assert!(!hang_up.is_cancelled(), "the caller's own token is the caller's");
    }
}

#[tokio::test]
async fn after_a_cancel_only_the_usage_is_told() {
    let cancel = CancellationToken::new();
    let ask = |_, cancel: CancellationToken| endless(&["a", "<tool_call>{"], Some(USED), cancel);
    let mut events = prompted::stream(asking("hello"), cancel.clone(), ask);
    assert_eq!(events.next().await, Some(Ok(ModelEvent::Text("a".to_owned()))));
    cancel.cancel();
    assert_eq!(events.collect::<Items>().await, [Ok(ModelEvent::Usage(USED))]);
}
