//! A call that asks first: what exactly will happen, until when that can be decided, and the two answers; afterwards, who
//! decided. A plain form: it works before any script runs.

use super::{
    icon::{Icon, IconName},
    time::{Time, Until},
};
use crate::{
    ids::ToolCallId,
    model::{
        segment::tool_title,
        tool_call::{Decision, REASON_MAX, ToolCall, Verdict},
        tool_input::{InputField, fields},
    },
};
use leptos::{ev, html, prelude::*};

/// What a member decided about a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    pub call: ToolCallId,
    pub verdict: Verdict,
    /// Empty where they gave none.
    pub reason: String,
}

/// What the approvals of a thread share.
#[derive(Clone)]
pub struct ApprovalDesk {
    pub slug: String,
    /// Calls whose decision is on its way.
    pub deciding: Signal<Vec<ToolCallId>>,
    /// The last decision that was not taken, and why.
    pub refused: Signal<Option<(ToolCallId, String)>>,
    pub on_decide: Callback<Decided>,
}

#[component]
pub fn ApprovalForm(call: ToolCall, asker: String, desk: ApprovalDesk, on_submit: Callback<()>) -> impl IntoView {
    let ToolCall { call_id, name, input, approval, .. } = call;
    let reason = NodeRef::<html::Input>::new();
    let busy = move || desk.deciding.read().contains(&call_id);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let verdict = event.submitter().and_then(|button| Verdict::parse(&button.get_attribute("value")?));
        if let (Some(verdict), false) = (verdict, busy()) {
            let reason = reason.get_untracked().map(|input| input.value()).unwrap_or_default();
            on_submit.run(());
            desk.on_decide.run(Decided { call: call_id, verdict, reason });
        }
    };
    let title = tool_title(&name);
    let (label, reason_id) = (format!("Approval: {title}"), format!("reason-{call_id}"));
    view! {
        <form class="approval" method="post" action="/fn/decide_approval" aria-label=label aria-busy=move || busy().to_string()
            on:submit=submit>
            <p class="approval-title"><b dir="auto">{asker}</b>" asks before it runs "<b>{title}</b>" with:"</p>
            <Happens fields=fields(&input)/>
            // Enter in the reason must not approve: the first button of a form is what it presses, and this one does nothing.
            <button class="visually-hidden" type="submit" disabled aria-hidden="true" tabindex="-1"></button>
            <input type="hidden" name="slug" value=desk.slug/>
            <input type="hidden" name="call_id" value=call_id.to_string()/>
            <div class="field">
                <label class="field-label" for=reason_id.clone()>"Reason" <span class="approval-optional">" (optional)"</span></label>
                <input class="input" id=reason_id name="reason" maxlength=REASON_MAX autocomplete="off" dir="auto" node_ref=reason/>
            </div>
            <div class="approval-foot">
                <div class="approval-acts">
                    <Answer verdict=Verdict::Approved busy=Signal::derive(busy)/>
                    <Answer verdict=Verdict::Denied busy=Signal::derive(busy)/>
                </div>
                {approval.map(|approval| view! { <Until at=approval.expires_at/> })}
            </div>
        </form>
    }
    .into_any()
}

/// The whole input, field by field.
#[component]
fn Happens(fields: Vec<InputField>) -> impl IntoView {
    if fields.is_empty() {
        return view! { <p class="soft">"No input."</p> }.into_any();
    }
    let row = |InputField { name, value }| {
        let (label, scrolls) = (name.clone(), scrolls(&value).then_some("0"));
        view! {
            <div class="happens-row">
                <dt dir="auto">{name}</dt>
                <dd><div class="happens-value" tabindex=scrolls role="group" aria-label=label dir="auto">{value}</div></dd>
            </div>
        }
    };
    view! { <dl class="happens">{fields.into_iter().map(row).collect_view()}</dl> }.into_any()
}

/// Whether a value may be higher than its place, so that the keyboard must be able to scroll it.
fn scrolls(value: &str) -> bool {
    value.len() > 400 || value.lines().count() > 6
}

#[component]
fn Answer(verdict: Verdict, busy: Signal<bool>) -> impl IntoView {
    let (label, class) = match verdict {
        Verdict::Approved => ("Approve", "btn main"),
        Verdict::Denied => ("Deny", "btn"),
    };
    // Not `disabled`, which would take the keyboard away from it.
    view! {
        <button class=class class:busy=move || busy.get() type="submit" name="verdict" value=verdict.as_str()
            aria-disabled=move || busy.get().then_some("true")
            on:click=move |click| if busy.get_untracked() { click.prevent_default() }>
            {label}
        </button>
    }
}

/// Who decided, when, and why.
#[component]
pub fn DecisionLine(decision: Decision) -> impl IntoView {
    let Decision { verdict, by, reason, at } = decision;
    let words = match (verdict, by) {
        (Verdict::Approved, by) => format!("Approved by {}", by.unwrap_or_else(|| "nobody".to_owned())),
        (Verdict::Denied, Some(by)) => format!("Denied by {by}"),
        (Verdict::Denied, None) => "Denied: nobody decided in time".to_owned(),
    };
    let icon = if verdict == Verdict::Approved { IconName::Check } else { IconName::Close };
    view! {
        <div class="decision" class:good=verdict == Verdict::Approved>
            <Icon name=icon/>
            <p class="decision-words"><span dir="auto">{words}</span> " · " <Time at/></p>
            {reason.map(|reason| view! { <p class="decision-reason" dir="auto">{reason}</p> })}
        </div>
    }
}

/// Why the last decision about this call was not taken. It stays when the card shows meanwhile what was decided elsewhere.
#[component]
pub fn Refusal(call: Memo<Option<ToolCall>>, desk: ApprovalDesk) -> impl IntoView {
    let text = move || {
        let id = call.read().as_ref()?.call_id;
        desk.refused.get().filter(|(refused, _)| *refused == id).map(|(_, text)| text)
    };
    view! { <p class="refusal" role="alert">{text}</p> }
}
