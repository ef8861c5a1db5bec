//! Those in this tab who listen.

use std::rc::Rc;

use crate::{
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::{ListChange, LiveEvent},
        live_plan::{advanced, takes},
    },
};

type OnEvent = Rc<dyn Fn(LiveEvent)>;
type OnList = Rc<dyn Fn(ListChange)>;

#[derive(Default)]
pub struct Followers {
    made: u64,
    threads: Vec<ThreadFollower>,
    lists: Vec<(u64, OnList)>,
}

struct ThreadFollower {
    id: u64,
    thread: ThreadId,
    have: Option<Cursor>,
    on: OnEvent,
}

impl Followers {
    pub fn add_thread(&mut self, thread: ThreadId, have: Option<Cursor>, on: impl Fn(LiveEvent) + 'static) -> u64 {
        self.made += 1;
        self.threads.push(ThreadFollower { id: self.made, thread, have, on: Rc::new(on) });
        self.made
    }

    pub fn add_list(&mut self, on: impl Fn(ListChange) + 'static) -> u64 {
        self.made += 1;
        self.lists.push((self.made, Rc::new(on)));
        self.made
    }

    /// Takes a follower out; the thread that nobody here follows any more, where it was the last.
    pub fn remove(&mut self, id: u64) -> Option<ThreadId> {
        self.lists.retain(|(list, _)| *list != id);
        let at = self.threads.iter().position(|follower| follower.id == id)?;
        let thread = self.threads.remove(at).thread;
        self.threads.iter().all(|follower| follower.thread != thread).then_some(thread)
    }

    pub fn forget(&mut self, thread: ThreadId) {
        for follower in self.threads.iter_mut().filter(|follower| follower.thread == thread) {
            follower.have = None;
        }
    }

    /// What this tab wants of a thread: the oldest cursor of those who follow it here. `None` where nobody does.
    pub fn want(&self, thread: ThreadId) -> Option<Option<Cursor>> {
        self.threads.iter().filter(|follower| follower.thread == thread).map(|follower| follower.have).min()
    }

    pub fn followed(&self) -> Vec<ThreadId> {
        let mut threads: Vec<_> = self.threads.iter().map(|follower| follower.thread).collect();
        threads.sort_unstable();
        threads.dedup();
        threads
    }

    /// Who is to be called for an event. The caller calls them when nothing is borrowed any more.
    pub fn callbacks(&mut self, event: &LiveEvent, after: Option<Cursor>) -> Vec<Box<dyn FnOnce()>> {
        match event {
            LiveEvent::List(change) => self.lists.iter().map(|(_, on)| call(on.clone(), change.clone())).collect(),
            LiveEvent::Gone { thread_id } => {
                let gone = self.threads.iter().filter(|follower| follower.thread == *thread_id);
                gone.map(|follower| call(follower.on.clone(), event.clone())).collect()
            }
            LiveEvent::Thread { thread_id, cursor, event: inner } => {
                let mut calls = Vec::new();
                for follower in self.threads.iter_mut().filter(|follower| follower.thread == *thread_id) {
                    if takes(follower.have, after, inner) {
                        follower.have = advanced(follower.have, Cursor::parse(cursor), inner);
                        calls.push(call(follower.on.clone(), event.clone()));
                    }
                }
                calls
            }
        }
    }
}

fn call<T: 'static>(on: Rc<dyn Fn(T)>, value: T) -> Box<dyn FnOnce()> {
    Box::new(move || on(value))
}
