//! The page of a thread that is there.

use leptos::prelude::*;
use leptos_meta::Title;

use super::room::Room;
use crate::{
    components::{
        approval::ApprovalDesk,
        composer::Composer,
        conversation::ConversationLog,
        handoff::HandoffBanner,
        icon::{Icon, IconName},
        message::{MessageDesk, MessageView, PendingAct, PendingMessage},
        run_button::{RunAct, RunButton, RunDesk},
        thread_bar::ThreadBar,
        thread_menu::ThreadAct,
    },
    model::{
        activity::Activity,
        agent::AgentStatus,
        group::Slug,
        run::RunError,
        thread::{ThreadPage, ThreadStatus},
    },
};

#[component]
pub fn RoomView(slug: Slug, back: u32, page: ThreadPage) -> impl IntoView {
    let earlier_href = format!("/g/{slug}/threads/{}?back={}", page.thread.id, back + 1);
    let room = Room::new(slug, page);
    Effect::new(move |_| {
        room.open_outbox();
        room.follow();
    });
    let run = RunDesk { slug: room.slug.with_value(Slug::to_string), working: room.working.into(), on_act: room.run_acts() };
    let foot_run = run.clone();
    let on_thread = room.thread_acts();
    let returned = RwSignal::new(None);
    view! {
        <Title text=move || room.title.get()/>
        <ThreadBar title=room.title status=room.status agent=room.agent cost=Signal::derive(move || room.cost()) on_act=on_thread/>
        <ConversationLog
            earlier=Signal::derive(move || room.activity.read().earlier)
            loading=room.loading_earlier
            earlier_href
            on_earlier=Callback::new(move |()| room.load_earlier())
            streaming=Signal::derive(move || room.activity.read().streaming)
            sent=Signal::derive(move || room.outbox.read().len())
        >
            <Messages room run=run.clone() returned/>
        </ConversationLog>
        <Foot room run=foot_run on_thread returned/>
        <p class="visually-hidden" role="status" aria-live="polite">{move || room.announcement.get()}</p>
    }
    .into_any()
}

/// All messages, then what is on its way, then what one waits for.
#[component]
fn Messages(room: Room, run: RunDesk, returned: RwSignal<Option<String>>) -> impl IntoView {
    let desk = desk(room, run.clone());
    let empty = move || room.rows.read().is_empty() && room.outbox.read().is_empty();
    let on_pending = Callback::new(move |act: PendingAct| match act {
        PendingAct::Retry(key) => room.resend(key),
        PendingAct::Edit(key) => returned.set(room.take_back(&key)),
    });
    view! {
        {move || empty().then(|| view! { <Beginning room/> })}
        <For each=move || room.rows.get() key=|row| row.id let:row>
            <MessageView row desk=desk.clone()/>
        </For>
        <For each=move || keys(room) key=String::clone let:key>
            <PendingMessage key outbox=room.outbox on_act=on_pending/>
        </For>
        <Waiting room run/>
    }
    .into_any()
}

fn desk(room: Room, run: RunDesk) -> MessageDesk {
    let approvals = ApprovalDesk {
        slug: run.slug.clone(),
        deciding: room.deciding.into(),
        refused: room.refused.into(),
        on_decide: room.decide(),
    };
    let (drafts, activity, usage) = (room.drafts.into(), room.activity.into(), room.usage.into());
    MessageDesk { run, approvals, drafts, activity, usage }
}

fn keys(room: Room) -> Vec<String> {
    room.outbox.with(|outbox| outbox.iter().map(|message| message.key.clone()).collect())
}

#[component]
fn Beginning(room: Room) -> impl IntoView {
    let name = move || room.agent.with(|agent| agent.name.clone());
    view! {
        <div class="beginning">
            <span class="empty-icon"><Icon name=IconName::Thread size=20/></span>
            <p>"Nothing was said yet. Write to " <b dir="auto">{name}</b> " below; the answer appears here as it is written."</p>
        </div>
    }
}

/// What stands below the last message: that the model is busy, or that nothing answers.
#[component]
fn Waiting(room: Room, run: RunDesk) -> impl IntoView {
    let waits = Memo::new(move |_| {
        let activity = room.activity.read();
        (activity.run.is_some() && !activity.streaming && !activity.asks).then(|| waiting_words(&activity))
    });
    let ahead =
        Memo::new(move |_| room.activity.with(|activity| activity.streaming.then(|| activity.ahead.map(queue_words)).flatten()));
    let unanswered = Memo::new(move |_| room.activity.read().unanswered.clone().filter(|_| room.outbox.read().is_empty()));
    let active = move || room.status.get() == ThreadStatus::Active;
    move || {
        if let Some(words) = waits.get().or_else(|| ahead.get()) {
            return Some(view! { <p class="turn waiting"><span class="pulse">{words}</span></p> }.into_any());
        }
        let (run_id, error) = unanswered.get().filter(|_| active())?;
        let (text, tone) = unanswered_words(error);
        Some(
            view! {
                <div class=format!("turn ending {tone}") data-line="">
                    <Icon name=if tone == "bad" { IconName::Alert } else { IconName::Info }/>
                    <p class="ending-text">{text}</p>
                    <div class="ending-acts"><RunButton act=RunAct::Retry run=run_id desk=run.clone()/></div>
                </div>
            }
            .into_any(),
        )
    }
}

fn waiting_words(activity: &Activity) -> String {
    activity.ahead.map_or_else(|| "Waiting for the model…".to_owned(), queue_words)
}

fn queue_words(ahead: u32) -> String {
    format!("Waiting for the model: {ahead} ahead")
}

fn unanswered_words(error: Option<RunError>) -> (String, &'static str) {
    match error {
        Some(error) => (error.message, "bad"),
        None => ("This message was not answered.".to_owned(), "quiet"),
    }
}

/// The composer; for an archived thread, why there is none and the way back.
#[component]
fn Foot(room: Room, run: RunDesk, on_thread: Callback<ThreadAct>, returned: RwSignal<Option<String>>) -> impl IntoView {
    let archived = Memo::new(move |_| room.status.get() == ThreadStatus::Archived);
    move || {
        if room.gone.get() {
            return view! { <div class="foot-note" role="status"><p>"This thread was deleted. Its usage stays."</p></div> }
                .into_any();
        }
        if archived.get() {
            return archived_note(on_thread).into_any();
        }
        view! {
            <div class="foot">
                <HandoffBanner handoff=room.handoff/>
                <Composer
                    thread=room.id
                    agent_name=Signal::derive(move || room.agent.read().name.clone())
                    problem=Signal::derive(move || problem(room))
                    warning=Signal::derive(move || warning(room))
                    run=Signal::derive(move || room.activity.read().stoppable())
                    asks=Signal::derive(move || room.activity.read().asks)
                    desk=run.clone()
                    on_send=Callback::new(move |text| room.send(text))
                    last_said=Callback::new(move |()| room.conversation.with_value(|c| c.last_said().map(|message| message.text())))
                    returned
                />
            </div>
        }
        .into_any()
    }
}

fn archived_note(on_thread: Callback<ThreadAct>) -> impl IntoView {
    view! {
        <div class="foot-note">
            <Icon name=IconName::Archive/>
            <p>"This thread is archived. Restore it to go on."</p>
            <button class="btn needs-script" type="button" on:click=move |_| on_thread.run(ThreadAct::Restore)>"Restore"</button>
        </div>
    }
}

/// What one should know before sending; it may be sent all the same.
fn warning(room: Room) -> Option<String> {
    match room.wait.get() {
        0 => room.budget.get(),
        seconds => Some(format!("Too many messages for now. The next one is sent in {seconds} s.")),
    }
}

fn problem(room: Room) -> Option<String> {
    let retired = room.agent.with(|agent| {
        (agent.status == AgentStatus::Retired)
            .then(|| format!("{} is retired and answers no more. Start a thread with another agent.", agent.name))
    });
    retired.or_else(|| room.problem.get())
}
