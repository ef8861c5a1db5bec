//! How a list of threads follows changes.

use super::*;
use crate::{ids::AgentId, model::thread::ThreadStatus};
use uuid::Uuid;

const HERE: GroupId = GroupId::from_uuid(Uuid::from_u128(1));
const ELSEWHERE: GroupId = GroupId::from_uuid(Uuid::from_u128(2));

fn thread(id: u128, updated_at: i64) -> Thread {
    Thread {
        id: ThreadId::from_uuid(Uuid::from_u128(id)),
        agent_id: AgentId::from_uuid(Uuid::from_u128(7)),
        agent_name: "Guide".to_owned(),
        title: format!("Thread {id}"),
        status: ThreadStatus::Active,
        answering: false,
        created_at: 0,
        updated_at,
    }
}

fn list(filter: ThreadFilter, next: Option<&str>) -> ThreadList {
    let items = vec![thread(3, 30), thread(2, 20), thread(1, 10)];
    ThreadList::new(filter, Page { items, next: next.map(str::to_owned) })
}

fn order(list: &ThreadList) -> Vec<u128> {
    list.items.iter().map(|thread| thread.id.uuid().as_u128()).collect()
}

fn changed(thread: Thread) -> ListChange {
    ListChange::Thread { group_id: HERE, thread }
}

#[test]
fn a_new_thread_stands_where_its_activity_puts_it() {
    let mut list = list(ThreadFilter::default(), None);
    list.apply(HERE, changed(thread(4, 40)));
    list.apply(HERE, changed(thread(5, 25)));
    list.apply(HERE, changed(thread(6, 5)));
    assert_eq!(order(&list), [4, 3, 5, 2, 1, 6]);
}

#[test]
fn a_thread_with_new_activity_moves_up_and_is_not_doubled() {
    let mut list = list(ThreadFilter::default(), None);
    list.apply(HERE, changed(thread(1, 50)));
    assert_eq!(order(&list), [1, 3, 2]);
}

#[test]
fn of_two_threads_with_the_same_time_the_newer_id_comes_first() {
    let mut list = list(ThreadFilter::default(), None);
    list.apply(HERE, changed(thread(9, 20)));
    assert_eq!(order(&list), [3, 9, 2, 1]);
}

#[test]
fn an_archived_thread_leaves_the_list_of_active_ones_and_a_restored_one_comes_back() {
    let mut list = list(ThreadFilter::default(), None);
    list.apply(HERE, changed(Thread { status: ThreadStatus::Archived, ..thread(2, 60) }));
    assert_eq!(order(&list), [3, 1]);
    list.apply(HERE, changed(thread(2, 60)));
    assert_eq!(order(&list), [2, 3, 1]);
}

#[test]
fn a_removed_thread_leaves_the_list() {
    let mut list = list(ThreadFilter::default(), None);
    let thread_id = thread(2, 0).id;
    assert_eq!(list.apply(HERE, ListChange::Removed { group_id: HERE, thread_id }), Applied::Done);
    assert_eq!(order(&list), [3, 1]);
}

#[test]
fn changes_of_another_group_change_nothing() {
    let mut list = list(ThreadFilter::default(), None);
    list.apply(ELSEWHERE, changed(thread(8, 80)));
    list.apply(HERE, ListChange::Removed { group_id: ELSEWHERE, thread_id: thread(3, 0).id });
    assert_eq!(order(&list), [3, 2, 1]);
}

#[test]
fn missed_changes_ask_for_the_list_again() {
    let mut list = list(ThreadFilter::default(), None);
    assert_eq!(list.apply(HERE, ListChange::Refresh), Applied::Refetch);
    assert_eq!(order(&list), [3, 2, 1]);
}

#[test]
fn a_thread_older_than_the_page_waits_for_its_own_page() {
    let mut list = list(ThreadFilter::default(), Some("cursor"));
    list.apply(HERE, changed(thread(6, 5)));
    assert_eq!(order(&list), [3, 2, 1]);
}

#[test]
fn a_filter_lets_in_only_what_it_asks_for() {
    let by_agent = ThreadFilter { agent_id: Some(AgentId::from_uuid(Uuid::from_u128(7))), ..ThreadFilter::default() };
    let mut of_agent = list(by_agent, None);
    of_agent.apply(HERE, changed(Thread { agent_id: AgentId::from_uuid(Uuid::from_u128(8)), ..thread(4, 40) }));
    assert_eq!(order(&of_agent), [3, 2, 1]);

    let mut of_words = list(ThreadFilter { q: Some("park visit".to_owned()), ..ThreadFilter::default() }, None);
    of_words.apply(HERE, changed(Thread { title: "Parking for Visitors".to_owned(), ..thread(4, 40) }));
    of_words.apply(HERE, changed(Thread { title: "Parking".to_owned(), ..thread(5, 50) }));
    assert_eq!(order(&of_words), [4, 3, 2, 1]);
}

#[test]
fn the_next_page_is_appended_without_what_is_shown_already() {
    let mut list = list(ThreadFilter::default(), Some("cursor"));
    list.append(Page { items: vec![thread(1, 10), thread(7, 7)], next: None });
    assert_eq!(order(&list), [3, 2, 1, 7]);
    assert_eq!(list.next, None);
}

#[test]
fn threads_stand_under_the_days_of_their_activity() {
    const DAY: i64 = 86_400_000;
    let now = Now { at: 10 * DAY + 1, offset_minutes: 0 };
    let threads = [thread(3, 10 * DAY), thread(2, 10 * DAY - 1), thread(1, DAY), thread(0, 0)];
    let days: Vec<_> = by_day(&threads, Some(now)).into_iter().map(|(day, threads)| (day, threads.len())).collect();
    assert_eq!(days, [("Today", 1), ("Yesterday", 1), ("Earlier", 2)]);
    assert_eq!(by_day(&threads, None).len(), 1);
    assert!(by_day(&[], Some(now)).is_empty());
}
