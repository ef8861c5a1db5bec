//! The parts of a message in their order.

use super::MessageDesk;
use crate::{
    components::{
        approval::ApprovalDesk,
        icon::{Icon, IconName},
        markdown::Markdown,
        reasoning::Reasoning,
        tool_card::{ShownCall, ToolCard},
    },
    model::{
        citation::{Citation, citations},
        markdown::Definition,
        message::{Message, MessageStatus, Part},
        segment::{Segment, Step, segments},
        thread_event::ToolDraft,
        tool_call::ToolCall,
    },
};
use leptos::prelude::*;

#[component]
pub fn Body(message: Signal<Message>, status: Memo<MessageStatus>, desk: MessageDesk) -> impl IntoView {
    let drafts = drafts_of(message, desk.drafts);
    let pieces = Memo::new(move |_| segments(&message.read().parts, drafts.read().len()));
    let work = Work { pieces, message, status, drafts };
    let approvals = desk.approvals;
    let cited = Memo::new(move |_| citations(&message.read().parts));
    let base = StoredValue::new(format!("/g/{}/knowledge", desk.run.slug));
    let links =
        Memo::new(move |_| cited.read().iter().map(|citation| link(citation, &base.get_value(), message)).collect::<Vec<_>>());
    let piece = move |piece: Segment| match piece {
        Segment::Text(at) => {
            view! { <div class="body"><Markdown text=text_of(message, at) citations=Signal::from(links)/></div> }.into_any()
        }
        Segment::Steps(_) => view! { <Steps key=piece.key() work approvals=approvals.clone()/> }.into_any(),
        Segment::File(at) => file(message, at).into_any(),
        Segment::Error(at) => error(message, at).into_any(),
        Segment::Sources(_) => view! { <Sources cited links/> }.into_any(),
    };
    let waiting =
        Memo::new(move |_| status.get() == MessageStatus::Streaming && drafts.read().is_empty() && silent(&message.read()));
    view! {
        <For each=move || pieces.get() key=Segment::key children=piece/>
        {move || waiting.get().then(|| view! { <p class="waiting"><span class="pulse">"Thinking…"</span></p> })}
    }
    .into_any()
}

/// Whether an answer that goes on shows nothing of it: before its first word, and once all that it called has answered.
fn silent(message: &Message) -> bool {
    let blank = |part: &&Part| matches!(part, Part::Text { text } if text.trim().is_empty());
    match message.parts.iter().rev().find(|part| !blank(part)) {
        None => true,
        Some(Part::ToolResult { .. } | Part::Source { .. }) => {
            message.parts.iter().all(|part| !matches!(part, Part::ToolCall(call) if !call.state.ended()))
        }
        Some(_) => false,
    }
}

/// What is being written behind the message's last part.
fn drafts_of(message: Signal<Message>, drafts: Signal<Vec<ToolDraft>>) -> Memo<Vec<ToolDraft>> {
    let id = message.with_untracked(|message| message.id);
    Memo::new(move |_| drafts.read().iter().filter(|draft| draft.message_id == id).cloned().collect())
}

/// What the steps of a message are made of.
#[derive(Clone, Copy)]
struct Work {
    pieces: Memo<Vec<Segment>>,
    message: Signal<Message>,
    status: Memo<MessageStatus>,
    drafts: Memo<Vec<ToolDraft>>,
}

impl Work {
    fn steps(self, key: (u8, usize)) -> Vec<Step> {
        self.pieces.read().iter().find(|piece| piece.key() == key).map_or(Vec::new(), |piece| match piece {
            Segment::Steps(steps) => steps.clone(),
            _ => Vec::new(),
        })
    }

    /// What there is of the call at `at`.
    fn call(self, key: (u8, usize), at: usize) -> ShownCall {
        let message = self.message;
        let result = Memo::new(move |_| {
            let place = self.steps(key).into_iter().find_map(|step| step.result_of(at));
            place.and_then(|at| part_of(message, at))
        });
        ShownCall {
            call: Memo::new(move |_| call_of(&message.read(), at)),
            draft: Memo::new(move |_| {
                let behind = at.checked_sub(message.read().parts.len())?;
                self.drafts.read().get(behind).cloned()
            }),
            result,
        }
    }
}

fn call_of(message: &Message, at: usize) -> Option<ToolCall> {
    match message.parts.get(at)? {
        Part::ToolCall(call) => Some(call.clone()),
        _ => None,
    }
}

/// The text of a part that grows.
fn text_of(message: Signal<Message>, at: usize) -> Signal<String> {
    Memo::new(move |_| message.read().parts.get(at).and_then(Part::growing).map(|(_, text)| text.to_owned()).unwrap_or_default())
        .into()
}

fn part_of(message: Signal<Message>, at: usize) -> Option<Part> {
    message.read().parts.get(at).cloned()
}

/// What the agent did, in one box that grows.
#[component]
fn Steps(key: (u8, usize), work: Work, approvals: ApprovalDesk) -> impl IntoView {
    let Work { message, status, .. } = work;
    let asker = message.with_untracked(|message| message.author.clone());
    let step = move |step: Step| match step {
        Step::Reasoning(at) => {
            let last = move || status.get() == MessageStatus::Streaming && message.read().parts.len() == at + 1;
            let thinking = Memo::new(move |_| last() && work.drafts.read().is_empty());
            view! { <Reasoning text=text_of(message, at) thinking/> }.into_any()
        }
        Step::Tool { call: at, .. } => {
            view! { <ToolCard shown=work.call(key, at) asker=asker.clone() desk=approvals.clone()/> }.into_any()
        }
    };
    // A card that the reader opened stays open when its call or its result arrives: the key is the call's place.
    view! { <div class="steps"><For each=move || work.steps(key) key=|step| step.key() children=step/></div> }
}

/// What `[1]` in the text leads to.
fn link(citation: &Citation, base: &str, message: Signal<Message>) -> Definition {
    let at = message.with_untracked(|message| message.created_at);
    Definition { label: citation.number.to_string(), destination: citation.path(base, at), hint: Some(citation.hint()) }
}

#[component]
fn Sources(cited: Memo<Vec<Citation>>, links: Memo<Vec<Definition>>) -> impl IntoView {
    let item = |(citation, link): (Citation, Definition)| {
        let percent = citation.percent();
        let score = (citation.relevance > 0.0).then(|| {
            view! { <span class="cited-score" title="How well the passage fits the question">{percent}</span> }
        });
        view! {
            <li>
                <a class="cited" href=link.destination>
                    <span class="cite">{citation.number}</span>
                    <span class="cited-title" dir="auto">{citation.title}</span>
                    {score}
                    <span class="cited-passage" dir="auto">{citation.passage}</span>
                </a>
            </li>
        }
    };
    view! {
        <section class="sources" aria-label="Sources">
            <ol>{move || cited.get().into_iter().zip(links.get()).map(item).collect_view()}</ol>
        </section>
    }
}

fn file(message: Signal<Message>, at: usize) -> impl IntoView {
    let name = match part_of_untracked(message, at) {
        Some(Part::File { name, .. }) => name,
        _ => String::new(),
    };
    view! { <p class="file-chip" dir="auto">{name}</p> }
}

fn error(message: Signal<Message>, at: usize) -> impl IntoView {
    let text = match part_of_untracked(message, at) {
        Some(Part::Error { message, .. }) => message,
        _ => String::new(),
    };
    // What the whole message failed of is said once, at its end.
    let told = {
        let text = text.clone();
        move || message.read().error.as_ref().is_some_and(|error| error.message == text)
    };
    view! { <p class="turn-error" class:gone=told><Icon name=IconName::Alert/><span>{text}</span></p> }
}

fn part_of_untracked(message: Signal<Message>, at: usize) -> Option<Part> {
    message.read_untracked().parts.get(at).cloned()
}
