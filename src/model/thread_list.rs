//! A list of threads that stays right while threads change elsewhere: newest activity first, one page after another.

use crate::{
    ids::{GroupId, ThreadId},
    model::{
        live::ListChange,
        page::Page,
        text::folded,
        thread::{Thread, ThreadFilter},
        when::{Day, Now},
    },
};

/// The threads that a list shows, and where its next page begins.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ThreadList {
    pub items: Vec<Thread>,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<String>,
    filter: ThreadFilter,
}

/// What the owner of a list does after a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applied {
    Done,
    /// Changes were missed: fetch the first page again.
    Refetch,
}

impl ThreadList {
    pub fn new(filter: ThreadFilter, page: Page<Thread>) -> Self {
        Self { items: page.items, next: page.next, filter }
    }

    /// Puts the next page behind what is shown. Threads that moved up in the meantime are shown once.
    pub fn append(&mut self, page: Page<Thread>) {
        let fresh = page.items.into_iter().filter(|thread| self.items.iter().all(|shown| shown.id != thread.id));
        self.items.extend(fresh.collect::<Vec<_>>());
        self.next = page.next;
    }

    /// Applies a change of the lists of `group`; those of other groups change nothing.
    pub fn apply(&mut self, group: GroupId, change: ListChange) -> Applied {
        match change {
            ListChange::Refresh => return Applied::Refetch,
            ListChange::Thread { group_id, thread } if group_id == group => self.put(thread),
            ListChange::Removed { group_id, thread_id } if group_id == group => self.remove(thread_id),
            ListChange::Thread { .. } | ListChange::Removed { .. } => {}
        }
        Applied::Done
    }

    /// Shows a thread as it is now: inserts it, moves it, or takes it out when the filter no longer lets it in.
    pub fn put(&mut self, thread: Thread) {
        self.remove(thread.id);
        let at = self.items.partition_point(|shown| rank(shown) > rank(&thread));
        // Behind the last one that is shown stands whatever the next page begins with: it will bring this thread too.
        let on_a_later_page = at == self.items.len() && self.next.is_some();
        if self.lets_in(&thread) && !on_a_later_page {
            self.items.insert(at, thread);
        }
    }

    pub fn remove(&mut self, id: ThreadId) {
        self.items.retain(|thread| thread.id != id);
    }

    pub fn filter(&self) -> &ThreadFilter {
        &self.filter
    }

    fn lets_in(&self, thread: &Thread) -> bool {
        let (words, title) = (folded(self.filter.q.as_deref().unwrap_or_default()), folded(&thread.title));
        thread.status == self.filter.status
            && self.filter.agent_id.is_none_or(|agent| agent == thread.agent_id)
            && words.split_whitespace().all(|word| title.contains(word))
    }
}

/// Threads under the days of their newest activity. Before the reader's day is known they stand under one heading.
pub fn by_day(threads: &[Thread], now: Option<Now>) -> Vec<(&'static str, Vec<Thread>)> {
    let Some(now) = now else { return non_empty("Recent", threads.to_vec()).collect() };
    let of = |day| threads.iter().filter(move |thread| now.day_of(thread.updated_at) == day).cloned().collect::<Vec<_>>();
    [Day::Today, Day::Yesterday, Day::Earlier].into_iter().flat_map(|day| non_empty(day.name(), of(day))).collect()
}

fn non_empty(name: &'static str, threads: Vec<Thread>) -> impl Iterator<Item = (&'static str, Vec<Thread>)> {
    Some((name, threads)).filter(|(_, threads)| !threads.is_empty()).into_iter()
}

/// Newest activity first; ids settle ties, as the store's keyset does.
fn rank(thread: &Thread) -> (i64, ThreadId) {
    (thread.updated_at, thread.id)
}

#[cfg(test)]
mod tests;
