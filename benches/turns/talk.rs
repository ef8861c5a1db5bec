//! One conversation, with guildhall or with the floor. A turn ends when everything of it is stored.

use crate::{
    Result,
    browser::{Browser, Events},
    floor::{self, Turn},
    provider::{self, now_ns},
};
use guildhall::{
    ids::{AgentId, ThreadId},
    model::{live::LiveEvent, run::RunStatus, thread_event::ThreadEvent},
};
use reqwest::Client;

const QUESTION: &str = "Which of our three offices is the nearest to the station, and until when is it open today?";

pub enum Talk {
    Guildhall { browser: Browser, events: Box<Events>, thread: ThreadId },
    Floor { client: Client, url: String, thread: i64, model: &'static str },
}

/// What was said in a turn, and when its first text arrived.
pub struct Answer {
    pub text: String,
    pub first_ns: u128,
}

impl Talk {
    /// A new thread, followed by its member's browser.
    pub async fn with_guildhall(browser: &Browser, agent: AgentId) -> Result<Self> {
        let thread = browser.start_thread(agent).await?;
        let mut events = Box::new(browser.follow(thread).await?);
        match events.next().await? {
            LiveEvent::Thread { event: ThreadEvent::Snapshot(_), .. } => {}
            other => return Err(format!("a stream begins with a snapshot, not with {other:?}").into()),
        }
        Ok(Self::Guildhall { browser: browser.clone(), events, thread })
    }

    pub fn with_floor(client: &Client, url: &str, thread: i64, model: &'static str) -> Self {
        Self::Floor { client: client.clone(), url: format!("{url}/turn"), thread, model }
    }

    /// A turn with the model that answers at once.
    pub async fn turn(&mut self) -> Result<()> {
        let answer = self.ask().await?;
        if answer.text == *provider::ANSWER { Ok(()) } else { Err(format!("a wrong answer: {:?}", answer.text).into()) }
    }

    pub async fn ask(&mut self) -> Result<Answer> {
        match self {
            Self::Guildhall { browser, events, thread } => ask_guildhall(browser, events, *thread).await,
            Self::Floor { client, url, thread, model } => ask_floor(client, url, *thread, model).await,
        }
    }
}

async fn ask_guildhall(browser: &Browser, events: &mut Events, thread: ThreadId) -> Result<Answer> {
    let sent = browser.send(thread, QUESTION).await?;
    let mut answer = Answer { text: String::new(), first_ns: 0 };
    loop {
        let LiveEvent::Thread { thread_id, event, .. } = events.next().await? else { continue };
        match event {
            ThreadEvent::Text(delta) if thread_id == thread => answer.hear(&delta.delta),
            ThreadEvent::Run(run) if run.run_id == sent.run_id && run.status == RunStatus::Completed => return Ok(answer),
            ThreadEvent::Run(run) if run.status.ended() => return Err(format!("a run ended otherwise: {run:?}").into()),
            _ => {}
        }
    }
}

async fn ask_floor(client: &Client, url: &str, thread: i64, model: &str) -> Result<Answer> {
    let turn = Turn { thread, model: model.to_owned(), text: QUESTION.to_owned() };
    let mut response = client.post(url).json(&turn).send().await?.error_for_status()?;
    let (mut body, mut first_ns) = (Vec::new(), 0);
    while let Some(bytes) = response.chunk().await? {
        first_ns = if body.is_empty() { now_ns() } else { first_ns };
        body.extend_from_slice(&bytes);
    }
    Ok(Answer { text: floor::text(&body), first_ns })
}

impl Answer {
    fn hear(&mut self, text: &str) {
        if self.text.is_empty() {
            self.first_ns = now_ns();
        }
        self.text.push_str(text);
    }
}
