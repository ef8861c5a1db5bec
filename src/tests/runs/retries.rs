//! A model call that failed is tried again before anything was shown, and never after.

use super::stage::{Stage, says};
use crate::{
    model::run::RunStatus,
    server::{
        models::{ModelError, scripted::Step},
        runs::retry::backoff,
    },
};
use std::time::Duration;

fn fails() -> Vec<Step> {
    vec![Step::Fail(ModelError::Unavailable { detail: "for a test".to_owned() })]
}

#[tokio::test]
async fn a_provider_that_comes_back_is_asked_again_and_each_attempt_is_booked() {
    let stage = Stage::set().await;
    stage.script_turns(vec![fails(), fails(), says(&["Here I am"])]);
    let run = stage.send("Hello?").await;
    let run = stage.ended(run).await;
    assert_eq!((run.status, run.steps), (RunStatus::Completed, 1));
    assert_eq!(stage.model.requests().len(), 3);
    assert_eq!(stage.stored().await.last_answer().unwrap().text(), "Here I am");
    assert_eq!(stage.events("agent_error").await, 2);
    let booked = stage.app.store.system().calls_of_run(run.id).await.unwrap();
    assert_eq!(booked.iter().map(|(status, _)| status.as_str()).collect::<Vec<_>>(), ["failed", "failed", "completed"]);
}

#[tokio::test]
async fn after_three_more_attempts_the_run_fails() {
    let stage = Stage::set().await;
    stage.script(fails());
    let run = stage.send("Hello?").await;
    assert_eq!(stage.ended(run).await.error.map(|error| error.code), Some("unavailable".to_owned()));
    assert_eq!((stage.model.requests().len(), stage.events("agent_error").await), (4, 4));
}

#[tokio::test]
async fn a_model_whose_files_are_missing_is_asked_once_and_the_member_hears_who_can_help() {
    let stage = Stage::set().await;
    stage.script(vec![Step::Fail(ModelError::NotInstalled { detail: "for a test".to_owned() })]);
    let run = stage.send("Hello?").await;
    let error = stage.ended(run).await.error.unwrap();
    assert_eq!((error.code.as_str(), error.retryable, stage.model.requests().len()), ("not_installed", false, 1));
    assert!(error.message.contains("files are missing") && error.message.contains("operator"), "{}", error.message);
}

#[tokio::test]
async fn nothing_is_tried_again_once_something_was_shown() {
    let stage = Stage::set().await;
    let mut cut = vec![Step::text("Half an ans")];
    cut.extend(fails());
    stage.script_turns(vec![cut, says(&["Another answer"])]);
    let run = stage.send("Hello?").await;
    assert_eq!(stage.ended(run).await.status, RunStatus::Failed);
    assert_eq!(stage.model.requests().len(), 1);
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_the_next_attempt() {
    let stage = Stage::set().await;
    let patient = ModelError::RateLimited { retry_after: Some(Duration::from_secs(15)), detail: "for a test".to_owned() };
    stage.script(vec![Step::Fail(patient)]);
    let run = stage.send("Hello?").await;
    while stage.events("agent_error").await == 0 {
        tokio::task::yield_now().await;
    }
    crate::server::runs::stop(&stage.app, &stage.member, run).await.unwrap();
    assert_eq!(stage.ended(run).await.status, RunStatus::Stopped);
    assert_eq!(stage.model.requests().len(), 1);
}

#[test]
fn waits_double_and_vary_by_half() {
    let ms = |attempt, chance| backoff(attempt, chance).as_millis();
    assert_eq!((ms(1, 0), ms(2, 0), ms(3, 0)), (400, 800, 1_600));
    assert_eq!((ms(1, 255), ms(2, 255)), (600, 1_200));
}
