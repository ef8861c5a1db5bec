//! Which tools an agent may use, and which of them ask first.

use super::AgentFields;
use crate::{
    components::field::{FieldNotes, FormErrorSignal, error_of},
    model::{
        agent::LOOKS,
        segment::tool_title,
        tool::{AskFirst, InputRule, ToolInfo},
    },
};
use leptos::prelude::*;

#[component]
pub fn ToolsField(fields: AgentFields, tools: Vec<ToolInfo>, error: FormErrorSignal, read_only: bool) -> impl IntoView {
    let rows = rows(tools, &fields.tools.get_untracked());
    let list = match rows.is_empty() {
        true => view! {
            <p class="field-empty">"This server has no tools. The agent answers with what it reads in the thread."</p>
        }
        .into_any(),
        false => view! {
            <ul class="toolbox">{rows.into_iter().map(|row| view! { <ToolRow row fields read_only/> }).collect_view()}</ul>
        }
        .into_any(),
    };
    view! {
        <fieldset class="field" aria-describedby="tools-hint tools-error">
            <legend class="field-label">"Tools"</legend>
            {list}
            <FieldNotes name="tools" hint=Some("What the agent may do besides answering. A tool that asks first waits for the member who talks to the agent.")
                error=error_of(error, "tools")/>
            <FieldNotes name="ask_first" hint=None error=error_of(error, "ask_first")/>
        </fieldset>
    }
}

/// A tool that can be ticked; or one that is, and is not there any more.
#[derive(Clone)]
struct Row {
    name: String,
    about: String,
    source: Option<String>,
    gone: bool,
}

fn rows(tools: Vec<ToolInfo>, ticked: &[String]) -> Vec<Row> {
    let missing = ticked.iter().filter(|name| tools.iter().all(|tool| tool.name != **name));
    let about = "Not offered now. The agent does without it; untick it to drop it for good.".to_owned();
    let missing: Vec<Row> =
        missing.map(|name| Row { name: name.clone(), about: about.clone(), source: None, gone: true }).collect();
    let offered =
        tools.into_iter().map(|tool| Row { name: tool.name, about: tool.description, source: tool.source, gone: false });
    offered.chain(missing).collect()
}

#[component]
fn ToolRow(row: Row, fields: AgentFields, read_only: bool) -> impl IntoView {
    let Row { name, about, source, gone } = row;
    let (title, about_id) = (tool_title(&name), format!("tool-{name}"));
    let looks = name == LOOKS;
    let rule = Rule { fields, tool: StoredValue::new(name) };
    let ticked = Memo::new(move |_| rule.ticked());
    let label = title.clone();
    let asking = move || ticked.get().then(|| view! { <Asking rule title=label.clone() read_only/> });
    view! {
        <li class="toolbox-row">
            <label class="toolbox-tick">
                <input class="toolbox-box" type="checkbox" disabled=read_only checked=ticked.get_untracked()
                    prop:checked=move || ticked.get() aria-describedby=about_id.clone()
                    on:change=move |change| rule.tick(event_target_checked(&change))/>
                <span class="toolbox-name" dir="auto">{title}</span>
            </label>
            {source.map(|source| view! { <span class="flag" dir="auto">{source}</span> })}
            <p class="toolbox-about" class:warns=gone id=about_id dir="auto">{about}</p>
            {asking}
            {move || (looks && ticked.get()).then(|| view! { <LookFirst fields read_only/> })}
        </li>
    }
}

/// Whether the agent searches before it is asked anything.
#[component]
fn LookFirst(fields: AgentFields, read_only: bool) -> impl IntoView {
    let looks = fields.look_first;
    view! {
        <label class="toolbox-tick">
            <input class="toolbox-box" type="checkbox" disabled=read_only checked=looks.get_untracked() prop:checked=move || looks.get()
                on:change=move |change| looks.set(event_target_checked(&change))/>
            <span>"Always look first, with the member’s message"</span>
        </label>
    }
}

/// The choice of one ticked tool.
#[component]
fn Asking(rule: Rule, title: String, read_only: bool) -> impl IntoView {
    let asks = Memo::new(move |_| rule.asks());
    let first = asks.get_untracked();
    let count = Memo::new(move |_| rule.conditions());
    let conditions = {
        let title = title.clone();
        move |at: usize| view! { <Condition rule at title=title.clone() read_only/> }
    };
    view! {
        <div class="toolbox-asks">
            <select class="select" disabled=read_only aria-label=format!("{title} runs")
                on:change=move |chosen| rule.choose(Asks::parse(&event_target_value(&chosen)))>
                {Asks::ALL.map(|choice| view! { <option value=choice.value() selected=choice == first>{choice.words()}</option> }).collect_view()}
            </select>
            <For each=move || 0..count.get() key=|at| *at children=conditions/>
        </div>
    }
}

/// `field` is `value`.
#[component]
fn Condition(rule: Rule, at: usize, title: String, read_only: bool) -> impl IntoView {
    let field = move || rule.condition(at).field;
    let value = move || rule.condition(at).value;
    view! {
        <div class="toolbox-when">
            <input class="input" aria-label=format!("{title}: field of the input") placeholder="field, e.g. priority" maxlength="200"
                autocomplete="off" spellcheck="false" autocapitalize="off" disabled=read_only value=untrack(field) prop:value=field
                on:input=move |typed| rule.change(at, |rule| rule.field = event_target_value(&typed))/>
            <span>"is"</span>
            <input class="input" aria-label=format!("{title}: value of the field") placeholder="value, e.g. high" maxlength="1000" dir="auto"
                autocomplete="off" disabled=read_only value=untrack(value) prop:value=value
                on:input=move |typed| rule.change(at, |rule| rule.value = event_target_value(&typed))/>
        </div>
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Asks {
    Never,
    Always,
    When,
}

impl Asks {
    const ALL: [Self; 3] = [Self::Never, Self::Always, Self::When];

    fn value(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Always => "always",
            Self::When => "when",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Never => "Runs on its own",
            Self::Always => "Asks first",
            Self::When => "Asks first when …",
        }
    }

    /// What is not known asks.
    fn parse(value: &str) -> Self {
        Self::ALL.into_iter().find(|choice| choice.value() == value).unwrap_or(Self::Always)
    }
}

/// One tool's part of what the form holds. Other doors can give a tool several conditions; all of them are shown.
#[derive(Clone, Copy)]
struct Rule {
    fields: AgentFields,
    tool: StoredValue<String>,
}

impl Rule {
    fn ticked(self) -> bool {
        self.tool.with_value(|tool| self.fields.tools.read().contains(tool))
    }

    fn tick(self, on: bool) {
        let tool = self.tool.get_value();
        self.fields.tools.update(|tools| {
            tools.retain(|name| *name != tool);
            tools.extend(on.then_some(tool));
        });
    }

    fn asks(self) -> Asks {
        let asks = self.fields.ask_first.read();
        let mut own = self.tool.with_value(|tool| asks.iter().filter(|ask| ask.tool == *tool).collect::<Vec<_>>()).into_iter();
        match (own.len(), own.any(|ask| ask.when.is_none())) {
            (0, _) => Asks::Never,
            (_, true) => Asks::Always,
            (_, false) => Asks::When,
        }
    }

    fn choose(self, asks: Asks) {
        let tool = self.tool.get_value();
        self.fields.ask_first.update(|all| {
            all.retain(|ask| ask.tool != tool);
            let empty = InputRule { field: String::new(), value: String::new() };
            match asks {
                Asks::Never => {}
                Asks::Always => all.push(AskFirst { tool, when: None }),
                Asks::When => all.push(AskFirst { tool, when: Some(empty) }),
            }
        });
    }

    /// How many conditions there are to fill in.
    fn conditions(self) -> usize {
        if self.asks() != Asks::When {
            return 0;
        }
        self.tool.with_value(|tool| self.fields.ask_first.read().iter().filter(|ask| ask.tool == *tool).count())
    }

    fn condition(self, at: usize) -> InputRule {
        let asks = self.fields.ask_first.read();
        let found =
            self.tool.with_value(|tool| asks.iter().filter(|ask| ask.tool == *tool).filter_map(|ask| ask.when.clone()).nth(at));
        found.unwrap_or(InputRule { field: String::new(), value: String::new() })
    }

    fn change(self, at: usize, change: impl FnOnce(&mut InputRule)) {
        let tool = self.tool.get_value();
        self.fields.ask_first.update(|asks| {
            if let Some(rule) = asks.iter_mut().filter(|ask| ask.tool == tool).filter_map(|ask| ask.when.as_mut()).nth(at) {
                change(rule);
            }
        });
    }
}
