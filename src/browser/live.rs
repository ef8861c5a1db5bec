//! The one event stream of a browser. However many tabs are open, one of them leads: it holds the stream and passes each
//! event on to the others. The rules are in [`live_plan`](crate::model::live_plan); here they meet the browser.

mod channel;
mod follower;
mod hub;
mod locks;
mod stream;

use hub::hub;
use leptos::prelude::*;

use crate::{
    ids::ThreadId,
    model::{
        cursor::Cursor,
        live::{ListChange, LiveEvent},
        live_plan::Connection,
    },
};

/// Calls `on_event` for the events of a thread from `cursor` on, until the owner goes. Some may come twice, none is
/// left out: [`Conversation::follow`](crate::model::conversation::Conversation::follow) tells which are news.
pub fn follow(thread: ThreadId, cursor: &str, on_event: impl Fn(LiveEvent) + 'static) {
    let id = hub(|hub| hub.followers.add_thread(thread, Cursor::parse(cursor), on_event));
    hub::start();
    hub::say_want(thread);
    on_cleanup(move || hub::unfollow(id));
}

/// Calls `on` for every change of the viewer's lists of threads, until the owner goes.
pub fn follow_lists(on: impl Fn(ListChange) + 'static) {
    let id = hub(|hub| hub.followers.add_list(on));
    hub::start();
    on_cleanup(move || hub::unfollow(id));
}

/// Asks for a snapshot of a thread, where its followers cannot go on from what they have.
pub fn resync(thread: ThreadId) {
    hub(|hub| hub.followers.forget(thread));
    hub::say_want(thread);
}

/// How the stream does, as this tab knows it. On the server it is open for good.
pub fn connection() -> Signal<Connection> {
    if is_server() { Signal::stored(Connection::Open) } else { hub(|hub| hub.connection.clone()).into() }
}
