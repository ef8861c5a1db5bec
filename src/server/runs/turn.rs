//! One run, from its first model call to its end.

use super::{
    Drive,
    admission::{self, Attempt},
    bus::Topic,
    context,
    ending::Ending,
    retry, settle,
    speech::Speech,
    step::{self, Spoken, StepEnd},
    thoughts::Thoughts,
    tools::{self, Worked},
};
use crate::{
    error::AppError,
    ids::ToolCallId,
    model::{
        Millis,
        agent::{AgentDraft, Limits},
        message::{Message, Part},
        provider::Usage,
        run::{RunError, RunKind},
    },
    server::{
        member::{self, Member},
        models::{FinishReason, ModelError},
        plans::Plan,
        state::App,
        store::{runs::Claimed, turns::Next},
        tools::{Scope, toolbox::Toolbox},
    },
};
use std::{sync::Arc, time::Duration};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// Why a task stops driving its run.
#[derive(Debug)]
pub enum Halt {
    /// Somebody else holds the lease: nothing more to do here.
    Lost,
    Broken(AppError),
}

pub type Driven<T> = Result<T, Halt>;

impl From<AppError> for Halt {
    fn from(error: AppError) -> Self {
        Self::Broken(error)
    }
}

pub struct Turn {
    pub(super) app: App,
    pub(super) claimed: Claimed,
    pub(super) agent: AgentDraft,
    pub(super) answer: Message,
    pub(super) topic: Arc<Topic>,
    pub(super) cancel: CancellationToken,
    drive: Drive,
    /// The last model call, until its row of the ledger is committed.
    pub(super) unbooked: Option<Spoken>,
    pub(super) speech: Speech,
    pub(super) deadline: Instant,
    pub(super) step: i64,
    /// Whether the next call's number is committed already: that of the first is, with the claim.
    pub(super) admitted: bool,
    /// Whether another run waits, as far as we know. Where we do not, looking does no harm.
    pub(super) next: Next,
    /// Attempts of this step's model call, from 1.
    pub(super) attempt: i64,
    pub(super) toolbox: Toolbox,
    /// In whose name tools are called; `None` until the run needs tools, and where they are no member any more.
    pub(super) member: Option<Member>,
    /// Whether the run has asked for tools.
    pub(super) called: bool,
    /// The passages that the answer comes from so far.
    pub(super) sources: Vec<Part>,
    /// What the model thought before its calls.
    pub(super) thoughts: Thoughts,
    /// A tool asked for a person: the run ends with this step.
    pub(super) handed_over: bool,
    /// When this driver began.
    pub(super) begun: Instant,
    /// What all steps used so far, and cost; `None` once a price was not known.
    pub(super) used: Usage,
    pub(super) cost: Option<i64>,
    /// Whether the model calls tools natively.
    pub(super) calls_tools: bool,
    pub(super) context_tokens: Option<u32>,
    /// What the group's plan lets it have.
    pub(super) plan: Arc<Plan>,
    /// Whether the call that goes on has something reserved of a budget.
    pub(super) reserves: bool,
}

impl Turn {
    pub fn new(
        app: App,
        claimed: Claimed,
        agent: AgentDraft,
        answer: Message,
        topic: Arc<Topic>,
        drive: Drive,
        plan: Arc<Plan>,
    ) -> Self {
        let speech = Speech::new(app.clone(), claimed.lease, topic.clone(), &answer);
        let begun = Instant::now();
        let worked = Duration::from_millis(claimed.worked_ms.unsigned_abs());
        let deadline = begun + Duration::from_secs(agent.limits.seconds.into()).saturating_sub(worked);
        let info = app.models.known(&agent.provider, &agent.model);
        // Of a model that is not known, the best is assumed: most call tools.
        let calls_tools = info.as_ref().is_none_or(|info| info.tools);
        let context_tokens = info.and_then(|info| info.context_tokens);
        let (step, called) = (claimed.step, claimed.resumed());
        let sources = answer.parts.iter().filter(|part| matches!(part, Part::Source { .. })).cloned().collect();
        let thoughts = Thoughts::of(claimed.kind);
        Self {
            app,
            claimed,
            agent,
            answer,
            topic,
            cancel: drive.cancel.clone(),
            drive,
            unbooked: None,
            speech,
            deadline,
            step,
            admitted: false,
            next: Next::Waits,
            attempt: 1,
            toolbox: Toolbox::default(),
            member: None,
            called,
            sources,
            thoughts,
            handed_over: false,
            begun,
            used: Usage::default(),
            cost: Some(0),
            calls_tools,
            context_tokens,
            plan,
            reserves: false,
        }
    }

    /// Drives the run to its end, whatever happens, and answers whether another one waits. What cannot be settled here is
    /// left to recovery, with the lease.
    pub async fn run(mut self) -> Next {
        let run = self.claimed.lease.run;
        if let Err(Halt::Broken(error)) = self.steps().await {
            let error = RunError::new(error.code(), error.to_string(), true);
            let _ = settle::end(&mut self, Ending::failed(error)).await;
        }
        self.app.runs.release(run, &self.drive);
        self.next
    }

    async fn steps(&mut self) -> Driven<()> {
        // A Stop may come before the first call, which then is not made, or while the run waited and nobody drove it.
        if self.claimed.stop_requested || self.cancel.is_cancelled() {
            return settle::end(self, Ending::stopped()).await;
        }
        self.equip().await?;
        match tools::look_first(self).await? {
            Worked::Done => {}
            Worked::Parked => return Ok(()),
            Worked::End(ending) => return settle::end(self, ending).await,
        }
        loop {
            if !self.admitted {
                match tools::work(self).await? {
                    Worked::Done => {}
                    Worked::Parked => return Ok(()),
                    Worked::End(ending) => return settle::end(self, ending).await,
                }
                if let Some(limit) = self.limit() {
                    return settle::end(self, Ending::limit(limit)).await;
                }
            }
            let ending = match self.one_step().await? {
                StepEnd::Finished(reason) if reason != FinishReason::ContentFilter && self.asked() => {
                    match settle::go_on(self).await? {
                        Some(ending) => ending,
                        None => continue,
                    }
                }
                end => self.ending(&end),
            };
            return settle::end(self, ending).await;
        }
    }

    /// How long the run was driven in all, by this driver and those before it. Waiting does not count.
    pub(super) fn worked(&self) -> Millis {
        self.claimed.worked_ms + self.begun.elapsed().as_millis() as Millis
    }

    /// The limit of one turn that leaves no room for another step.
    fn limit(&self) -> Option<&'static str> {
        let Limits { steps, output_tokens, .. } = self.agent.limits;
        if self.step >= i64::from(steps) {
            return Some("steps");
        }
        (self.used.output_tokens + self.used.reasoning_tokens >= i64::from(output_tokens)).then_some("output_tokens")
    }

    /// Whether the last call asked for tools.
    fn asked(&self) -> bool {
        self.unbooked.as_ref().is_some_and(|spoken| !spoken.asked.is_empty())
    }

    /// The tools that the agent may use, in the name of the member that it works for.
    async fn equip(&mut self) -> Driven<()> {
        if self.agent.tools.is_empty() {
            return Ok(());
        }
        self.member = member::of_run(&self.app, &self.claimed.lease, self.claimed.person).await?;
        if let Some(member) = &self.member {
            self.toolbox = Toolbox::of(&self.app, member, &self.agent.tools).await?;
        }
        Ok(())
    }

    /// What a tool is told of where it is called. The call itself is filled in for each.
    pub(super) fn scope(&self) -> Option<Scope> {
        let lease = self.claimed.lease;
        Some(Scope {
            app: self.app.clone(),
            member: self.member.clone()?,
            thread: lease.thread,
            run: lease.run,
            agent: self.claimed.agent,
            agent_version: self.claimed.agent_version,
            call: ToolCallId::from_uuid(lease.run.uuid()),
            cancel: self.cancel.child_token(),
        })
    }

    /// Makes the step's model call, and again where it failed before anything was shown; what it said is in `unbooked`.
    async fn one_step(&mut self) -> Driven<StepEnd> {
        let mut attempt = Attempt::First;
        loop {
            let request = context::request(self).await?;
            if std::mem::take(&mut self.admitted) {
                self.speech.worst = Some(admission::worst(&request, self.context_tokens));
            } else if let Some(end) = admission::admit(self, attempt, &request).await? {
                return Ok(end);
            }
            attempt = Attempt::Again;
            let spoken = step::call(self, request).await?;
            self.speech.worst = None;
            let (end, delay) = (spoken.end.clone(), retry::delay(self, &spoken));
            self.unbooked = Some(spoken).filter(|spoken| spoken.made);
            let Some(delay) = delay else { return Ok(end) };
            // What was reserved for the attempt before was given back when it was booked: the next one is let through anew.
            if let Some(end) = retry::wait(self, delay).await? {
                return Ok(end);
            }
        }
    }

    fn ending(&self, end: &StepEnd) -> Ending {
        match end {
            StepEnd::Finished(FinishReason::Stop) if self.is_empty() => Ending::empty(),
            StepEnd::Finished(reason) => Ending::finished(*reason),
            StepEnd::Stopped => Ending::stopped(),
            StepEnd::ShutDown => Ending::interrupted(),
            StepEnd::OutOfTime => Ending::limit("seconds"),
            StepEnd::Failed(error) => self.failed(error),
            StepEnd::OverBudget(refusal) => Ending::over_budget(refusal.clone()),
            StepEnd::NotInPlan => Ending::not_in_plan(self.plan.refusal(&self.agent.provider, &self.agent.model)),
        }
    }

    /// Whether the member would be left with nothing: no text, and nothing done. What is continued may have been complete.
    fn is_empty(&self) -> bool {
        self.speech.is_silent() && !self.called && self.claimed.kind != RunKind::Continue
    }

    fn failed(&self, error: &ModelError) -> Ending {
        let (provider, model, run) = (&self.agent.provider, &self.agent.model, self.claimed.lease.run);
        tracing::warn!(%provider, %model, %run, kind = error.kind(), %error, "a model call failed");
        Ending::failed(RunError::new(error.kind(), error.friendly(), error.retryable())).because(error.to_string())
    }
}
