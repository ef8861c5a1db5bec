//! The days of the demo: who asks whom how often, what it uses, and how it ends.

use super::{
    cast::{Cast, Player},
    dice::Dice,
    talk::{TALKS, Talk},
};
use crate::{
    error::Result,
    ids::{CallId, MessageId, RunId, ThreadId},
    model::{
        Millis,
        calendar::DayNumber,
        message::{Message, MessageStatus, Part, Role},
        provider::Usage,
        run::RunKind,
    },
    server::{
        member::Member,
        state::App,
        store::{
            calls::{Call, Counted},
            db::Tx,
            history::PastRun,
            runs::NewRun,
        },
        usage::{
            ledger,
            zone::{HOUR, Zone},
        },
    },
};

/// A thread that somebody is talking in.
struct Thread {
    id: ThreadId,
    talk: &'static Talk,
    /// Turns that were written down; the conversations are short, the calls go on.
    written: usize,
    seq: i64,
    /// What the model reads again with every message.
    context: i64,
}

struct Life<'a> {
    app: &'a App,
    cast: &'a Cast,
    dice: Dice,
    calls: usize,
}

/// Answers how many calls were booked.
pub async fn live(app: &App, cast: &Cast, zone: &Zone, today: DayNumber, days: i64) -> Result<usize> {
    let mut life = Life { app, cast, dice: Dice::new(0x5eed_cafe), calls: 0 };
    for day in today - days..=today {
        // A day is one transaction: quick, and never half there.
        let mut tx = app.store.begin().await?;
        life.day(&mut tx, zone, day, days - (today - day)).await?;
        tx.commit().await?;
    }
    Ok(life.calls)
}

impl Life<'_> {
    /// The clinic uses its agents more and more, on weekends little.
    async fn day(&mut self, tx: &mut Tx, zone: &Zone, day: DayNumber, age: i64) -> Result<()> {
        // 1970-01-01 was a Thursday.
        let weekend = matches!((day + 4).rem_euclid(7), 0 | 6);
        let cast = self.cast;
        for (place, member) in cast.members.iter().enumerate() {
            // Some ask all day, some hardly ever.
            let keen = 9 - (place as i64 * 7 % 9);
            let most = if weekend { keen / 3 } else { keen + age * keen / 60 };
            let mut at = zone.start_of(day) + 7 * HOUR + self.dice.between(0, 3 * HOUR);
            let mut thread = None;
            for _ in 0..self.dice.between(0, most + 1) {
                at += self.dice.between(2 * 60_000, 70 * 60_000);
                if at >= self.app.clock.now() || at >= zone.start_of(day + 1) {
                    break;
                }
                at = self.message(tx, member, at, &mut thread).await?;
            }
        }
        Ok(())
    }

    /// A message and its answer; in a new thread one time of three.
    async fn message(
        &mut self,
        tx: &mut Tx,
        member: &Member,
        at: Millis,
        thread: &mut Option<(usize, Thread)>,
    ) -> Result<Millis> {
        if thread.is_none() || self.dice.of_1000(330) {
            *thread = Some(self.begin(tx, member, at).await?);
        }
        let Some((player, thread)) = thread else { return Ok(at) };
        let cast = self.cast;
        let Some(player) = cast.players.get(*player) else { return Ok(at) };
        let run = RunId::from_uuid(self.app.clock.uuid());
        let end = self.steps(tx, member, player, thread, run, at).await?;
        if let Some((question, answer)) = thread.talk.turns.get(thread.written) {
            self.write_down(tx, member, player, thread, (run, at, end), (question, answer)).await?;
        }
        Ok(end)
    }

    async fn begin(&mut self, tx: &mut Tx, member: &Member, at: Millis) -> Result<(usize, Thread)> {
        let all: u64 = self.cast.players.iter().map(|player| player.weight).sum();
        let mut rest = self.dice.below(all);
        let of = |player: &Player| {
            let here = rest < player.weight;
            rest = rest.saturating_sub(player.weight);
            here
        };
        let place = self.cast.players.iter().position(of).unwrap_or(0);
        let talk = &TALKS[self.dice.below(TALKS.len() as u64) as usize];
        let id = ThreadId::from_uuid(self.app.clock.uuid());
        let player = &self.cast.players[place];
        self.app.store.threads(member).insert(tx, id, player.id, talk.title, true, at).await?;
        let thread = Thread { id, talk, written: 0, seq: 0, context: self.dice.between(900, 2_600) };
        let usage =
            Usage { input_tokens: self.dice.between(120, 420), output_tokens: self.dice.between(4, 12), ..Usage::default() };
        let title = Call {
            purpose: "title",
            provider: "openai".to_owned(),
            model: "gpt-5-nano".to_owned(),
            run: None,
            ..self.call(member, player, &thread, at)
        };
        self.book(tx, Call { usage, started_at: at - 700, first_token_at: Some(at - 250), ..title }).await?;
        Ok((place, thread))
    }

    /// The calls that an answer takes: one or more steps, each looking something up before the next.
    async fn steps(
        &mut self,
        tx: &mut Tx,
        member: &Member,
        player: &Player,
        thread: &mut Thread,
        run: RunId,
        mut at: Millis,
    ) -> Result<Millis> {
        let steps = 1 + i64::from(self.dice.of_1000(380)) + i64::from(self.dice.of_1000(90));
        for step in 1..=steps {
            if step > 1 {
                self.look_up(tx, member, player, thread, at).await?;
            }
            let first = at + player.first_token_ms * self.dice.between(60, 260) / 100;
            let output = self.dice.between(60, 700);
            let end = first + output * 1_000 / player.speed;
            let fate = self.dice.below(1_000);
            let (status, error_kind, counted) = match fate {
                0..6 => ("failed", Some(if fate < 3 { "rate_limited" } else { "unavailable" }), Counted::Estimated),
                6..18 => ("stopped", None, Counted::Partial),
                _ => ("completed", None, Counted::Reported),
            };
            let failed = status == "failed";
            let usage = if failed { Usage::default() } else { self.usage(player, thread, output) };
            let first_token_at = (!failed).then_some(first);
            let call = self.call(member, player, thread, if failed { first } else { end });
            let call = Call { run: Some(run), step, status, error_kind, counted, usage, started_at: at, first_token_at, ..call };
            at = call.finished_at + 150;
            self.book(tx, call).await?;
            if status != "completed" {
                break;
            }
        }
        Ok(at)
    }

    /// What was said before is read from the provider's cache, as far as there is one.
    fn usage(&mut self, player: &Player, thread: &mut Thread, output: i64) -> Usage {
        let new = self.dice.between(80, 1_400);
        let reasoning = if player.model.starts_with("gpt-5") { self.dice.between(200, 1_800) } else { 0 };
        let caches = player.provider != "workshop" && thread.context > 1_200;
        let (read, write) = match (caches, player.provider) {
            (true, "anthropic") => (thread.context, new),
            (true, _) => (thread.context / 128 * 128, 0),
            _ => (0, 0),
        };
        let input_tokens = thread.context - read + new - write;
        thread.context = (thread.context + new + output).min(48_000);
        Usage {
            input_tokens,
            cache_read_tokens: read,
            cache_write_tokens: write,
            output_tokens: output,
            reasoning_tokens: reasoning,
        }
    }

    async fn look_up(&mut self, tx: &mut Tx, member: &Member, player: &Player, thread: &Thread, at: Millis) -> Result<()> {
        let usage = Usage { input_tokens: self.dice.between(8, 60), ..Usage::default() };
        let model = "text-embedding-3-small".to_owned();
        let call = Call {
            purpose: "embedding",
            provider: "openai".to_owned(),
            model,
            run: None,
            usage,
            ..self.call(member, player, thread, at)
        };
        let started_at = at - self.dice.between(60, 240);
        self.book(tx, Call { started_at, ..call }).await
    }

    fn call(&self, member: &Member, player: &Player, thread: &Thread, at: Millis) -> Call {
        Call {
            id: CallId::from_uuid(self.app.clock.uuid()),
            group: member.group_id(),
            run: None,
            step: 1,
            attempt: 1,
            thread: Some(thread.id),
            agent: Some(player.id),
            agent_version: Some(1),
            person: Some(member.person_id()),
            key: None,
            purpose: "chat",
            provider: player.provider.to_owned(),
            model: player.model.to_owned(),
            status: "completed",
            error_kind: None,
            counted: Counted::Reported,
            usage: Usage::default(),
            started_at: at,
            first_token_at: None,
            finished_at: at,
        }
    }

    async fn book(&mut self, tx: &mut Tx, call: Call) -> Result<()> {
        self.calls += 1;
        ledger::book(self.app, tx, &call).await?;
        // Each by itself: the same statement again and again, which the engine has ready.
        tx.flush().await
    }

    async fn write_down(
        &mut self,
        tx: &mut Tx,
        member: &Member,
        player: &Player,
        thread: &mut Thread,
        (run, at, end): (RunId, Millis, Millis),
        (question, answer): (&str, &str),
    ) -> Result<()> {
        let runs = self.app.store.runs(member);
        let new = NewRun { id: run, thread: thread.id, agent: player.id, agent_version: 1, kind: RunKind::Message, key: None };
        runs.insert(tx, &new, at).await?;
        let message = |role, author: &str, text: &str, seq, (from, to): (Millis, Millis)| Message {
            id: MessageId::from_uuid(self.app.clock.uuid()),
            run_id: run,
            role,
            status: MessageStatus::Completed,
            parts: vec![Part::Text { text: text.to_owned() }],
            agent_id: player.id,
            author: author.to_owned(),
            seq,
            error: None,
            created_at: from,
            finished_at: Some(to),
        };
        let seq = thread.seq;
        runs.add_message(tx, thread.id, &message(Role::User, member.name(), question, seq + 1, (at, at))).await?;
        runs.add_message(tx, thread.id, &message(Role::Assistant, player.name, answer, seq + 2, (at, end))).await?;
        (thread.seq, thread.written) = (seq + 2, thread.written + 1);
        let past = PastRun { run, thread: thread.id, steps: 1, started_at: at, finished_at: end, seq: thread.seq };
        self.app.store.history(member).end(tx, &past);
        tx.flush().await
    }
}
