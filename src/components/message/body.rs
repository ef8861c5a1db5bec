//! The parts of a message in their order.

use crate::{
    components::{
        icon::{Icon, IconName},
        markdown::Markdown,
        reasoning::Reasoning,
        tool_card::ToolCard,
    },
    model::{
        message::{Message, MessageStatus, Part},
        segment::{Segment, Step, segments},
    },
};
use leptos::prelude::*;

#[component]
pub fn Body(message: Signal<Message>, status: Memo<MessageStatus>) -> impl IntoView {
    let pieces = Memo::new(move |_| segments(&message.read().parts));
    let piece = move |piece: Segment| match piece {
        Segment::Text(at) => view! { <div class="body"><Markdown text=text_of(message, at)/></div> }.into_any(),
        Segment::Steps(_) => view! { <Steps key=piece.key() pieces message status/> }.into_any(),
        Segment::File(at) => file(message, at).into_any(),
        Segment::Error(at) => error(message, at).into_any(),
        Segment::Sources(_) => view! { <Sources pieces message/> }.into_any(),
    };
    let waiting = move || status.get() == MessageStatus::Streaming && pieces.read().is_empty();
    view! {
        <For each=move || pieces.get() key=Segment::key children=piece/>
        {move || waiting().then(|| view! { <p class="waiting"><span class="pulse">"Thinking…"</span></p> })}
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
fn Steps(key: (u8, usize), pieces: Memo<Vec<Segment>>, message: Signal<Message>, status: Memo<MessageStatus>) -> impl IntoView {
    let steps = move || {
        pieces.read().iter().find(|piece| piece.key() == key).map_or(Vec::new(), |piece| match piece {
            Segment::Steps(steps) => steps.clone(),
            _ => Vec::new(),
        })
    };
    let step = move |step: Step| match step {
        Step::Reasoning(at) => {
            let last = move || status.get() == MessageStatus::Streaming && message.read().parts.len() == at + 1;
            let thinking = Memo::new(move |_| last());
            view! { <Reasoning text=text_of(message, at) thinking/> }.into_any()
        }
        Step::Tool { call: at, .. } => {
            let call = Memo::new(move |_| part_of(message, at));
            let result =
                Memo::new(move |_| steps().into_iter().find_map(|step| step.result_of(at)).and_then(|at| part_of(message, at)));
            view! { <ToolCard call result/> }.into_any()
        }
    };
    // A card that the reader opened stays open when its result arrives: the key is the call's.
    view! { <div class="steps"><For each=steps key=|step| step.key() children=step/></div> }
}

#[component]
fn Sources(pieces: Memo<Vec<Segment>>, message: Signal<Message>) -> impl IntoView {
    let titles = Memo::new(move |_| {
        let mut titles: Vec<String> = Vec::new();
        for piece in pieces.read().iter() {
            let Segment::Sources(sources) = piece else { continue };
            for at in sources {
                if let Some(Part::Source { title, .. }) = part_of(message, *at) {
                    titles.push(title);
                }
            }
        }
        titles
    });
    let item = |(number, title): (usize, String)| {
        view! { <li class="source"><span class="cite">{number + 1}</span><span dir="auto">{title}</span></li> }
    };
    view! {
        <section class="sources" aria-label="Sources">
            <ol>{move || titles.get().into_iter().enumerate().map(item).collect_view()}</ol>
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
