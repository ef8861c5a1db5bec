//! One model call: its stream becomes speech. No transaction and no request is held while the model thinks.

mod counted;

use super::{
    bus::Announced,
    lease,
    tools::plan,
    turn::{Driven, Halt, Turn},
};
use crate::{
    model::{
        Millis,
        budget::Refusal,
        message::Growing,
        provider::Usage,
        thread_event::{Queue, ThreadEvent},
    },
    server::models::{ChatRequest, FinishReason, ModelError, ModelEvent, prompted},
};
use futures::{
    StreamExt,
    stream::{self, BoxStream},
};
use serde_json::Value;
use std::{collections::BTreeMap, time::Duration};
use tokio::time::{Instant, MissedTickBehavior, interval_at, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// How long a stopped call may take to tell its usage.
const LAST_WORDS: Duration = Duration::from_millis(40);

/// Events that are taken at once where so many are there.
const BURST: usize = 64;

/// Calls of one step that are listened to: one more than are made, so that the model is told that it asked for too many.
const CALLS_HEARD: usize = plan::CALLS_MAX + 1;

/// The longest input of a call, in bytes.
const INPUT_MAX: usize = 128 * 1024;

/// How a model call ended.
#[derive(Debug, Clone)]
pub enum StepEnd {
    Finished(FinishReason),
    Failed(ModelError),
    Stopped,
    ShutDown,
    OutOfTime,
    /// A budget did not allow the call: it was not made.
    OverBudget(Box<Refusal>),
    /// The group's plan does not include the model: the call was not made.
    NotInPlan,
}

/// A tool call that the model asked for. An input that was no JSON object is kept as its text.
#[derive(Debug, Clone)]
pub struct Asked {
    pub name: String,
    pub input: Result<Value, String>,
}

/// What a call said, asked for and used.
#[derive(Debug, Clone)]
pub struct Spoken {
    pub end: StepEnd,
    pub asked: Vec<Asked>,
    /// Thoughts that the provider signed; `None` once one stood behind words or calls: only those in front can be put back.
    pub thoughts: Option<Vec<Value>>,
    pub text_bytes: usize,
    /// As the provider told it.
    pub usage: Option<Usage>,
    /// Whether the provider told it after we had hung up.
    pub drained: bool,
    /// The most that the call may say, in tokens.
    pub output_max: i64,
    /// Bytes of what went in and came out, from which usage is estimated where the provider told none.
    pub bytes_in: usize,
    pub bytes_out: usize,
    pub started_at: Millis,
    pub first_token_at: Option<Millis>,
    /// Whether a call was made at all: each has its row of the ledger.
    pub made: bool,
}

type Events = BoxStream<'static, Result<ModelEvent, ModelError>>;

pub async fn call(turn: &mut Turn, request: ChatRequest) -> Driven<Spoken> {
    let mut spoken = Spoken::new(turn, &request);
    if let Some(end) = over(turn) {
        spoken.nothing(end);
        return Ok(spoken);
    }
    let Some(model) = turn.app.models.get(&turn.agent.provider) else {
        let detail = format!("no provider is named {:?}", turn.agent.provider);
        spoken.end = StepEnd::Failed(ModelError::InvalidRequest { detail });
        return Ok(spoken);
    };
    let hang_up = CancellationToken::new();
    let ask = |request, cancel| model.stream(request, cancel);
    // Tools of a model that is known to have no calling of its own are told in its prompt.
    let events = if turn.calls_tools { ask(request, hang_up.clone()) } else { prompted::stream(request, hang_up.clone(), ask) };
    let mut stream = joined(events);
    let mut asked = BTreeMap::new();
    let mut heard = listen(turn, &mut stream, &mut spoken, &mut asked).await;
    if !matches!(heard, Ok(StepEnd::Finished(_) | StepEnd::Failed(_))) {
        hang_up.cancel();
        if let Err(halt) = turn.speech.written().await {
            heard = heard.and(Err(halt));
        }
        last_words(&mut stream, &mut spoken).await;
    }
    match heard {
        Ok(end) => spoken.end = end,
        Err(halt) => {
            // The call was made, and what it used is owed for: the end of the run books it, by what was heard so far.
            spoken.end = StepEnd::ShutDown;
            turn.unbooked = Some(spoken);
            return Err(halt);
        }
    }
    spoken.asked = asked.into_values().collect();
    Ok(spoken)
}

/// How the step ends before its call is made, where the run is over already.
fn over(turn: &Turn) -> Option<StepEnd> {
    if turn.cancel.is_cancelled() {
        Some(StepEnd::Stopped)
    } else if turn.app.shutdown.is_cancelled() {
        Some(StepEnd::ShutDown)
    } else {
        (Instant::now() >= turn.deadline).then_some(StepEnd::OutOfTime)
    }
}

async fn listen(turn: &mut Turn, stream: &mut Events, spoken: &mut Spoken, asked: &mut BTreeMap<u32, Asked>) -> Driven<StepEnd> {
    let third = lease::LENGTH / 3;
    let mut renew = interval_at(Instant::now() + third, third);
    renew.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (cancel, shutdown) = (turn.cancel.clone(), turn.app.shutdown.clone());
    let deadline = sleep_until(turn.deadline);
    tokio::pin!(deadline);
    loop {
        let due = turn.speech.due();
        let event = tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(StepEnd::Stopped),
            () = shutdown.cancelled() => return Ok(StepEnd::ShutDown),
            () = &mut deadline => return Ok(StepEnd::OutOfTime),
            written = turn.speech.written(), if turn.speech.is_writing() => { written?; continue }
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some() => { turn.speech.write(); continue }
            // The batch first: it may wait for the database already, and nothing else would make it go on.
            _ = renew.tick() => { turn.speech.written().await?; hold(turn).await?; continue }
            event = stream.next() => event,
        };
        match event {
            None => return Ok(StepEnd::Failed(ModelError::CutOff { detail: "the stream ended early".to_owned() })),
            Some(Err(error)) => return Ok(StepEnd::Failed(error)),
            Some(Ok(ModelEvent::Finished(reason))) => return Ok(StepEnd::Finished(reason)),
            Some(Ok(event)) => hear(turn, spoken, asked, event).await?,
        }
    }
}

/// Texts that can be had without waiting are heard as one: a model that is faster than we are costs no more for it.
fn joined(events: Events) -> Events {
    events.ready_chunks(BURST).flat_map(|burst| stream::iter(join(burst))).boxed()
}

fn join(burst: Vec<Result<ModelEvent, ModelError>>) -> Vec<Result<ModelEvent, ModelError>> {
    let mut out: Vec<Result<ModelEvent, ModelError>> = Vec::with_capacity(burst.len());
    for event in burst {
        match (out.last_mut(), event) {
            (Some(Ok(ModelEvent::Text(said))), Ok(ModelEvent::Text(more)))
            | (Some(Ok(ModelEvent::Reasoning(said))), Ok(ModelEvent::Reasoning(more))) => said.push_str(&more),
            (_, event) => out.push(event),
        }
    }
    out
}

pub(super) async fn hold(turn: &Turn) -> Driven<()> {
    let mut tx = turn.app.store.begin().await?;
    let until = turn.app.clock.now() + lease::LENGTH.as_millis() as i64;
    let store = turn.app.store.turn(&turn.claimed.lease);
    if !store.hold_call(&mut tx, until, turn.speech.worst).await? {
        return Err(Halt::Lost);
    }
    // The signal of a Stop may have been lost on the way; what was written down was not.
    if store.stop_requested(&mut tx).await? {
        turn.cancel.cancel();
    }
    Ok(tx.commit().await?)
}

async fn hear(turn: &mut Turn, spoken: &mut Spoken, asked: &mut BTreeMap<u32, Asked>, event: ModelEvent) -> Driven<()> {
    match event {
        ModelEvent::Queued { ahead } => {
            turn.topic.live().ahead = Some(ahead).filter(|n| *n > 0);
            turn.topic.announce(Announced::Passing(ThreadEvent::Queue(Queue { run_id: turn.claimed.lease.run, ahead })));
        }
        ModelEvent::Text(text) => {
            spoken.began(turn, text.len());
            spoken.text_bytes += text.len();
            turn.speech.say(Growing::Text, &text).await?;
        }
        ModelEvent::Reasoning(text) => {
            spoken.began(turn, text.len());
            turn.speech.say(Growing::Reasoning, &text).await?;
        }
        ModelEvent::Thought(thought) => spoken.think(thought, asked.is_empty()),
        // Servers leave ids out, or give the same one in every step: the call gets one of ours.
        ModelEvent::ToolCallStarted { index, name, .. } => {
            spoken.began(turn, name.len());
            if asked.len() < CALLS_HEARD {
                turn.topic.draft(turn.answer.id, index, &name, "");
                asked.insert(index, Asked { name, input: Err(String::new()) });
            }
        }
        ModelEvent::ToolCallInput { index, fragment } => {
            spoken.bytes_out += fragment.len();
            if let Some(call) = asked.get(&index) {
                turn.topic.draft(turn.answer.id, index, &call.name, &fragment);
            }
        }
        ModelEvent::ToolCallFinished { index, input } => {
            if let Some(call) = asked.get_mut(&index) {
                let short = input.as_ref().map_or_else(String::len, |input| input.to_string().len()) <= INPUT_MAX;
                call.input = if short { input } else { Err("(too long)".to_owned()) };
            }
        }
        ModelEvent::Usage(usage) => spoken.usage = Some(usage),
        ModelEvent::Finished(_) => {}
    }
    Ok(())
}

/// After a stop: what the provider still tells of the usage, if it does so at once.
async fn last_words(stream: &mut Events, spoken: &mut Spoken) {
    let listen = async {
        while let Some(event) = stream.next().await {
            if let Ok(ModelEvent::Usage(usage)) = event {
                (spoken.usage, spoken.drained) = (Some(usage), true);
            }
        }
    };
    // Running out of this time is what most providers do: then the usage is estimated.
    let _ = timeout(LAST_WORDS, listen).await;
}

impl Spoken {
    fn new(turn: &Turn, request: &ChatRequest) -> Self {
        Self {
            end: StepEnd::Stopped,
            asked: Vec::new(),
            thoughts: Some(Vec::new()),
            text_bytes: 0,
            usage: None,
            drained: false,
            output_max: request.max_output_tokens.into(),
            bytes_in: super::context::bytes(request),
            bytes_out: 0,
            started_at: turn.app.clock.now(),
            first_token_at: None,
            made: true,
        }
    }

    /// No call was made: this only says how the step ends.
    pub(super) fn nothing(&mut self, end: StepEnd) {
        (self.end, self.made) = (end, false);
    }

    fn think(&mut self, thought: Value, no_calls: bool) {
        let in_front = no_calls && self.text_bytes == 0;
        self.thoughts = self.thoughts.take().filter(|_| in_front).map(|mut thoughts| {
            thoughts.push(thought);
            thoughts
        });
    }

    fn began(&mut self, turn: &Turn, bytes: usize) {
        self.bytes_out += bytes;
        self.first_token_at.get_or_insert_with(|| turn.app.clock.now());
    }
}
