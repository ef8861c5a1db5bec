//! What the buttons of a thread do.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::room::Room;
use crate::{
    api::{
        approvals::decide_approval,
        messages::earlier_messages,
        runs::{continue_run, retry_run, stop_run},
        threads::{delete_thread, rename_thread, set_thread_status},
    },
    components::{approval::Decided, run_button::RunAct, thread_menu::ThreadAct},
    error::Result,
    ids::RunId,
    model::{
        thread::{Thread, ThreadStatus},
        thread_event::ThreadChange,
        tool_call::ToolCall,
    },
};

impl Room {
    /// Stop, Continue and Retry, as one callback.
    pub fn run_acts(self) -> Callback<(RunAct, RunId)> {
        let notices = self.notices;
        Callback::new(move |(act, run): (RunAct, RunId)| {
            let slug = self.slug.get_value();
            self.work(move || async move {
                let done = match act {
                    RunAct::Stop | RunAct::Cancel => stop_run(slug, run).await,
                    RunAct::Continue => continue_run(slug, run).await.map(drop),
                    RunAct::Retry => retry_run(slug, run).await.map(drop),
                };
                if let Err(error) = done {
                    notices.fail(error);
                }
            });
        })
    }

    /// Approve and Deny. Several calls of a step can be decided one right after another.
    pub fn decide(self) -> Callback<Decided> {
        Callback::new(move |Decided { call, verdict, reason }| {
            let slug = self.slug.get_value();
            self.deciding.update(|deciding| deciding.push(call));
            self.refused.set(None);
            spawn_local(async move {
                match decide_approval(slug, call, verdict, reason).await {
                    Ok(decided) => self.decided(decided),
                    Err(error) => _ = self.refused.try_set(Some((call, error.to_string()))),
                }
                self.deciding.try_update(|deciding| deciding.retain(|id| *id != call));
            });
        })
    }

    fn decided(self, call: ToolCall) {
        let about = self.conversation.try_update_value(|conversation| conversation.decided(call)).flatten();
        self.changed.try_update_value(|changed| changed.extend(about));
        self.show();
    }

    /// Rename, Archive, Restore and Delete.
    pub fn thread_acts(self) -> Callback<ThreadAct> {
        let (notices, navigate) = (self.notices, use_navigate());
        Callback::new(move |act: ThreadAct| {
            let (slug, navigate) = (self.slug.get_value(), navigate.clone());
            self.work(move || async move {
                let done = match act {
                    ThreadAct::Rename(title) => self.renamed(rename_thread(slug, self.id, title).await),
                    ThreadAct::Archive => self.renamed(set_thread_status(slug, self.id, ThreadStatus::Archived).await),
                    ThreadAct::Restore => self.renamed(set_thread_status(slug, self.id, ThreadStatus::Active).await),
                    ThreadAct::Delete => {
                        let list = format!("/g/{slug}/threads");
                        delete_thread(slug, self.id).await.map(|()| navigate(&list, Default::default()))
                    }
                };
                if let Err(error) = done {
                    notices.fail(error);
                }
            });
        })
    }

    fn renamed(self, answer: Result<Thread>) -> Result<()> {
        let Thread { title, status, .. } = answer?;
        self.update(|conversation| conversation.thread = Some(ThreadChange { title, status }));
        Ok(())
    }

    pub fn load_earlier(self) {
        if self.loading_earlier.get_untracked() || !self.activity.with_untracked(|activity| activity.earlier) {
            return;
        }
        let first = self.conversation.with_value(|conversation| conversation.messages.first().map(|message| message.seq));
        let (Some(seq), slug, notices) = (first, self.slug.get_value(), self.notices) else { return };
        self.loading_earlier.set(true);
        spawn_local(async move {
            match earlier_messages(slug, self.id, seq).await {
                Ok(older) => _ = self.update(|conversation| conversation.prepend(older.messages, older.earlier)),
                Err(error) => notices.fail(error),
            }
            self.loading_earlier.try_set(false);
        });
    }

    /// Runs one request at a time: a button that was pressed twice asks once.
    fn work<F: Future<Output = ()> + 'static>(self, request: impl FnOnce() -> F + 'static) {
        if self.working.get_untracked() {
            return;
        }
        self.working.set(true);
        spawn_local(async move {
            request().await;
            self.working.try_set(false);
        });
    }
}
