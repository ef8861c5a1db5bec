//! Each share of a budget is told of once, in the app, in the audit log and to the webhook.

use super::bank::{Bank, PRICED, uses};
use crate::{
    model::{
        budget::{BudgetDraft, Period, Scope, Unit},
        group::Role,
    },
    server::{
        budgets,
        clock::Clock,
        mail::Mail,
        runs,
        webhooks::{self, deliver, signature},
    },
    tests::app::Setup,
};
use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use futures::future::join_all;
use serde_json::Value;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// What a receiver was sent, and what it answers next.
#[derive(Clone, Default)]
struct Receiver {
    got: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    refusals: Arc<Mutex<u32>>,
}

impl Receiver {
    #[expect(clippy::disallowed_methods, reason = "it ends with its test, and has nothing to drain")]
    async fn start(refusals: u32) -> (Self, String) {
        let receiver = Self { refusals: Arc::new(Mutex::new(refusals)), ..Self::default() };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = Router::new().route("/hook", post(take)).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (receiver, url)
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        self.got.lock().unwrap().clone()
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.got.lock().unwrap().push((headers, String::from_utf8(body.to_vec()).unwrap()));
    let mut refusals = receiver.refusals.lock().unwrap();
    if *refusals == 0 {
        return StatusCode::NO_CONTENT;
    }
    *refusals -= 1;
    StatusCode::INTERNAL_SERVER_ERROR
}

async fn percents(bank: &Bank) -> Vec<i64> {
    bank.events("budget.alert").await.iter().map(|data| data["percent"].as_i64().unwrap()).collect()
}

#[tokio::test]
async fn each_share_is_told_of_once_in_its_period() {
    let bank = Bank::open().await;
    let id = bank.draft(soft(1_000)).await;
    bank.app.scripted.script(PRICED, uses(300, 0));
    let mut told = Vec::new();
    for _ in 0..5 {
        bank.ask().await;
        told.push(percents(&bank).await);
    }
    assert_eq!(told, [vec![], vec![50], vec![50, 80], vec![50, 80, 100], vec![50, 80, 100]]);
    let shown = budgets::current_alerts(&bank.app.app, &bank.admin()).await.unwrap();
    assert_eq!(shown.iter().map(|alert| (alert.budget_id, alert.percent)).collect::<Vec<_>>(), [(id, 100)]);
    // A higher cap does not tell again of what was told of.
    budgets::set_cap(&bank.app.app, &bank.admin(), id, 2_000).await.unwrap();
    bank.ask().await;
    assert_eq!(percents(&bank).await, [50, 80, 100]);
}

#[tokio::test]
async fn a_call_that_crosses_all_shares_at_once_tells_of_each() {
    let bank = Bank::open().await;
    bank.draft(soft(100)).await;
    bank.app.scripted.script(PRICED, uses(300, 0));
    bank.ask().await;
    assert_eq!(percents(&bank).await, [50, 80, 100]);
}

#[tokio::test]
async fn a_refusal_is_told_of_once_in_its_period() {
    let bank = Bank::open().await;
    bank.budget(Unit::Tokens, Period::Month, 50).await;
    for _ in 0..2 {
        let thread = bank.thread().await;
        runs::send(&bank.app.app, &bank.group.owner.member, thread, "How much?", None).await.unwrap_err();
    }
    assert_eq!(percents(&bank).await, [100]);
    assert!(bank.events("budget.alert").await[0]["text"].as_str().unwrap().contains("was refused"));
}

#[tokio::test]
async fn what_is_used_already_is_told_of_with_a_new_budget_and_a_lower_cap() {
    let bank = Bank::open().await;
    bank.app.scripted.script(PRICED, uses(300, 0));
    bank.ask().await;
    let id = bank.draft(soft(1_000)).await;
    assert_eq!(percents(&bank).await, [0; 0]);
    budgets::set_cap(&bank.app.app, &bank.admin(), id, 500).await.unwrap();
    assert_eq!(percents(&bank).await, [50]);
    bank.draft(BudgetDraft { hard: true, ..soft(300) }).await;
    assert_eq!(percents(&bank).await, [50, 50, 80, 100]);
}

#[tokio::test]
async fn many_that_cross_at_once_tell_once() {
    let bank = Bank::open().await;
    bank.draft(soft(1_000)).await;
    bank.app.scripted.script(PRICED, uses(120, 0));
    join_all((0..10).map(|_| bank.ask())).await;
    let mut told = percents(&bank).await;
    told.sort_unstable();
    assert_eq!(told, [50, 80, 100]);
}

#[tokio::test]
async fn the_next_period_tells_again() {
    let bank = Bank::with(Setup { clock: Clock::fixed(1_700_000_000_000), ..Setup::default() }).await;
    bank.draft(BudgetDraft { period: Period::Day, ..soft(100) }).await;
    bank.app.scripted.script(PRICED, uses(60, 0));
    bank.ask().await;
    bank.app.app.clock.advance(Duration::from_secs(24 * 3_600));
    bank.ask().await;
    assert_eq!(percents(&bank).await, [50, 50]);
}

#[tokio::test]
async fn a_webhook_is_signed_and_tried_again_until_it_takes_the_message() {
    let clock = Clock::fixed(1_700_000_000_000);
    let bank = Bank::with(Setup { clock: clock.clone(), private_addresses: true, ..Setup::default() }).await;
    let (receiver, url) = Receiver::start(2).await;
    let secret = webhooks::set(&bank.app.app, &bank.admin(), &url).await.unwrap();
    bank.draft(soft(100)).await;
    bank.app.scripted.script(PRICED, uses(60, 0));
    bank.ask().await;
    // The first attempt is made at once, in the background; the others when the clock says so.
    while bank.number("SELECT COUNT(*) FROM deliveries WHERE error IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(deliver::deliver(&bank.app.app).await.unwrap(), 0, "not yet");
    for (seconds, arrived) in [(10, 0), (30, 1)] {
        clock.advance(Duration::from_secs(seconds));
        assert_eq!(deliver::deliver(&bank.app.app).await.unwrap(), arrived);
    }
    clock.advance(Duration::from_secs(10_000_000));
    assert_eq!(deliver::deliver(&bank.app.app).await.unwrap(), 0, "it arrived, and is not sent again");
    let got = receiver.got();
    assert_eq!(got.len(), 3);
    let ids: Vec<_> = got.iter().map(|(headers, _)| headers["webhook-id"].clone()).collect();
    assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "the receiver knows the message again");
    for (headers, body) in &got {
        let header = |name: &str| headers[name].to_str().unwrap();
        let signed = signature::sign(&secret, header("webhook-id"), header("webhook-timestamp").parse().unwrap(), body);
        assert_eq!(signed.as_deref(), Some(header("webhook-signature")));
    }
    let body: Value = serde_json::from_str(&got[0].1).unwrap();
    assert_eq!((&body["kind"], &body["data"]["percent"]), (&"budget.alert".into(), &50.into()));
    let shown = webhooks::view(&bank.app.app, &bank.admin()).await.unwrap().unwrap();
    assert_eq!((shown.waiting, shown.last.unwrap().1), (0, None));
}

#[tokio::test]
async fn what_is_due_survives_a_restart_and_is_given_up_in_the_end() {
    let clock = Clock::fixed(1_700_000_000_000);
    let bank = Bank::with(Setup { clock: clock.clone(), private_addresses: true, ..Setup::default() }).await;
    let (receiver, url) = Receiver::start(100).await;
    webhooks::set(&bank.app.app, &bank.admin(), &url).await.unwrap();
    webhooks::test(&bank.app.app, &bank.admin()).await.unwrap();
    while bank.number("SELECT COUNT(*) FROM deliveries WHERE error IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    let again = bank.app.open_again().await;
    while bank.number("SELECT COUNT(*) FROM deliveries WHERE due_at IS NOT NULL").await > 0 {
        clock.advance(Duration::from_secs(90_000));
        deliver::deliver(&again.app).await.unwrap();
    }
    assert_eq!(receiver.got().len(), 10);
    let shown = webhooks::view(&again.app, &bank.admin()).await.unwrap().unwrap();
    assert_eq!(shown.last.unwrap().1.as_deref(), Some("It answered with status 500."));
}

/// A mail server that takes everything, and keeps what it was sent.
#[expect(clippy::disallowed_methods, reason = "it ends with its test, and has nothing to drain")]
async fn mail_server() -> (Arc<Mutex<Vec<String>>>, String) {
    let (got, listener) = (Arc::new(Mutex::new(Vec::new())), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (kept, url) = (got.clone(), format!("smtp://{}", listener.local_addr().unwrap()));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(mail_session(stream, kept.clone()));
        }
    });
    (got, url)
}

async fn mail_session(stream: TcpStream, kept: Arc<Mutex<Vec<String>>>) {
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 hello\r\n").await.unwrap();
    let (mut said, mut in_data) = (String::new(), false);
    while let Ok(Some(line)) = lines.next_line().await {
        said.push_str(&line);
        said.push('\n');
        let answer: &[u8] = match (in_data, line.as_str()) {
            (true, ".") => {
                in_data = false;
                kept.lock().unwrap().push(std::mem::take(&mut said));
                b"250 taken\r\n"
            }
            (true, _) => continue,
            (false, "DATA") => {
                in_data = true;
                b"354 go on\r\n"
            }
            (false, _) => b"250 yes\r\n",
        };
        write.write_all(answer).await.unwrap();
    }
}

#[tokio::test]
async fn admins_are_told_by_e_mail_where_there_is_a_server_for_it() {
    let (got, url) = mail_server().await;
    let mail = Some(Mail::new(url.into(), "guildhall <guildhall@example.org>").unwrap());
    let bank = Bank::with(Setup { mail, ..Setup::default() }).await;
    bank.app.member(&bank.group.group, "second", Role::Admin).await;
    bank.app.member(&bank.group.group, "plain", Role::Member).await;
    bank.draft(soft(100)).await;
    bank.app.scripted.script(PRICED, uses(60, 0));
    bank.ask().await;
    while bank.number("SELECT COUNT(*) FROM deliveries WHERE sent_at IS NOT NULL").await < 2 {
        tokio::task::yield_now().await;
    }
    let mut got = got.lock().unwrap().clone();
    got.sort();
    assert_eq!(got.len(), 2);
    for (mail, to) in got.iter().zip(["owner-of-bank@example.org", "second@example.org"]) {
        assert!(mail.contains(&format!("To: {to}")) && mail.contains("From: guildhall <guildhall@example.org>"), "{mail}");
        assert!(mail.contains("Subject: 50 % of"), "{mail}");
    }
}

#[test]
fn an_address_of_a_mail_server_is_checked_and_its_password_not_told() {
    let mistake = Mail::new("https://user:swordfish@example.org".to_owned().into(), "a@example.org").unwrap_err();
    assert!(mistake.contains("GUILDHALL_SMTP_URL") && !mistake.contains("swordfish"));
    assert!(Mail::new("smtps://mail.example.org".to_owned().into(), "nobody").unwrap_err().contains("GUILDHALL_MAIL_FROM"));
}

#[tokio::test]
async fn a_private_address_is_refused_unless_the_operator_allows_it() {
    let bank = Bank::open().await;
    webhooks::set(&bank.app.app, &bank.admin(), "http://127.0.0.1:9/hook").await.unwrap();
    webhooks::test(&bank.app.app, &bank.admin()).await.unwrap();
    while bank.number("SELECT COUNT(*) FROM deliveries WHERE error IS NOT NULL").await == 0 {
        tokio::task::yield_now().await;
    }
    let shown = webhooks::view(&bank.app.app, &bank.admin()).await.unwrap().unwrap();
    assert!(shown.last.unwrap().1.unwrap().contains("private address"));
}

fn soft(cap: i64) -> BudgetDraft {
    BudgetDraft { scope: Scope::Group, scope_id: None, unit: Unit::Tokens, period: Period::Month, cap, hard: false }
}
