//! Secrets at rest and on the way, and who may do what.

use super::{Lab, fake_mcp::*};
use crate::{
    ids::{GroupId, ToolSourceId},
    model::group::Role,
    server::{
        clock::Clock,
        config::Settings,
        secret::{Place, SecretKey},
    },
};
use secrecy::ExposeSecret as _;
use serde_json::json;
use std::{fs, os::unix::fs::PermissionsExt as _};

const SECRET: &str = "Bearer swordfish-4711";

#[tokio::test]
async fn a_secret_goes_to_its_server_and_nowhere_else() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("tell")]).await;
    fake.told(|told| told.secret = Some(SECRET.to_owned()));
    let mut draft = fake.draft();
    draft["secret"] = json!({ "name": "Authorization", "value": "Bearer wrong-word" });
    let refused = lab.ask("add_tool_source", json!({ "draft": draft })).await;
    assert!(
        refused.status == 422 && refused.text().contains("401") && !refused.text().contains("wrong-word"),
        "{}",
        refused.text()
    );

    draft["secret"]["value"] = SECRET.into();
    let source = lab.add(draft).await;
    lab.pick(&source, &["tell"]).await;
    let messages = lab.run("fake__tell", json!({})).await.to_string();
    assert!(messages.contains("I was sent [secret]"), "{messages}");
    let list = lab.ask("tool_sources", json!({})).await;
    assert_eq!(list.ok()[0]["secret"]["name"], "Authorization");
    for text in [messages, source.to_string(), list.text()] {
        assert!(!text.contains("swordfish"), "{text}");
    }
    nothing_at_rest(&lab, "swordfish");
}

/// Looks into every file of the data folder.
fn nothing_at_rest(lab: &Lab, secret: &str) {
    let mut looked = 0;
    for file in fs::read_dir(lab.app.data()).expect("the folder").map(|file| file.expect("a file").path()) {
        if file.is_file() {
            let bytes = fs::read(&file).expect("a readable file");
            assert!(!bytes.windows(secret.len()).any(|window| window == secret.as_bytes()), "{}", file.display());
            looked += 1;
        }
    }
    assert!(looked >= 2, "the database and its log were looked into");
}

#[tokio::test]
async fn a_secret_can_be_replaced_and_taken_away() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("tell")]).await;
    let source = lab.add(fake.draft()).await;
    lab.pick(&source, &["tell"]).await;
    lab.call("fake__tell", json!({})).await.expect("an answer");
    fake.told(|told| told.secret = Some(SECRET.to_owned()));
    let header = json!({ "name": "Authorization", "value": SECRET });
    let set = lab.ask("set_tool_secret", json!({ "id": source["id"], "secret": header })).await.ok();
    assert_eq!(set["secret"]["name"], "Authorization");
    assert_eq!(lab.call("fake__tell", json!({})).await.expect("an answer").output, "I was sent [secret]");
    let gone = lab.ask("set_tool_secret", json!({ "id": source["id"], "secret": null })).await.ok();
    assert_eq!(gone["secret"], json!(null));
    assert!(lab.call("fake__tell", json!({})).await.expect_err("refused").0.contains("401"));
    for (name, value) in [("Host", "x"), ("Mcp-Session-Id", "x"), ("Bad name", "x"), ("X-Key", "a\nb"), ("X-Key", "")] {
        let input = json!({ "id": source["id"], "secret": { "name": name, "value": value } });
        assert_eq!(lab.ask("set_tool_secret", input).await.status, 422, "{name}: {value}");
    }
    let query = json!({ "place": "query", "name": "key", "value": SECRET });
    let input = json!({ "id": source["id"], "secret": query });
    assert_eq!(lab.ask("set_tool_secret", input).await.status, 422, "MCP has no query");
}

#[tokio::test]
async fn only_those_who_manage_a_group_see_and_change_its_sources() {
    let lab = Lab::new().await;
    let fake = FakeMcp::start(vec![tool("say")]).await;
    let source = lab.add(fake.draft()).await;
    let id = &source["id"];
    for (name, role) in [("ada", Role::Member), ("bob", Role::Operator)] {
        let member = lab.app.member(&lab.group.group, name, role).await;
        for (function, input) in [
            ("tool_sources", json!({})),
            ("add_tool_source", json!({ "draft": fake.draft() })),
            ("refresh_tool_source", json!({ "id": id })),
            ("replace_tool_document", json!({ "id": id, "document": "openapi: 3.1.0" })),
            ("pick_tools", json!({ "id": id, "version": 1, "tools": ["say"] })),
            ("set_tool_secret", json!({ "id": id, "secret": null })),
            ("remove_tool_source", json!({ "id": id })),
            ("approval_time", json!({})),
            ("set_approval_time", json!({ "time": 3_600_000 })),
        ] {
            let mut input = input;
            input["slug"] = "lab".into();
            assert_eq!(lab.app.call_fn(function, input, &member.cookie).await.status, 403, "{function}");
        }
    }
    assert_eq!(lab.ask("tool_sources", json!({})).await.ok()[0]["version"], 1, "nothing was changed");
}

#[tokio::test]
async fn the_time_of_approvals_is_bounded() {
    let lab = Lab::new().await;
    lab.ask("set_approval_time", json!({ "time": 3_600_000 })).await.ok();
    for time in [0, 59_999, 30 * 24 * 3_600_000_i64 + 1, -1] {
        assert_eq!(lab.ask("set_approval_time", json!({ "time": time })).await.status, 422, "{time}");
    }
    assert_eq!(lab.ask("approval_time", json!({})).await.ok(), 3_600_000);
}

#[test]
fn a_secret_opens_only_in_its_place_and_by_its_key() {
    let (folder, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
    let clock = Clock::system();
    let open =
        |folder: &tempfile::TempDir| SecretKey::open(&Settings::in_folder(folder.path().to_owned()), &clock).expect("a key");
    let key = open(&folder);
    let place = Place { group: GroupId::from_uuid(clock.uuid()), source: ToolSourceId::from_uuid(clock.uuid()) };
    let sealed = key.seal(place, SECRET).expect("a sealed text");
    let opened = |key: &SecretKey, place| key.unseal(place, &sealed).map(|text| text.expose_secret().to_owned());
    assert_eq!(opened(&open(&folder), place).as_deref(), Some(SECRET), "the key is kept");
    assert_eq!(opened(&open(&other), place), None);
    assert_eq!(opened(&key, Place { group: GroupId::from_uuid(clock.uuid()), ..place }), None);
    assert_eq!(opened(&key, Place { source: ToolSourceId::from_uuid(clock.uuid()), ..place }), None);
    assert_ne!(key.seal(place, SECRET).expect("another"), sealed, "no nonce is used twice");
    let mode = fs::metadata(folder.path().join("secret.key")).expect("the key's file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_key_of_the_settings_goes_before_the_file_and_a_bad_one_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut settings = Settings::in_folder(folder.path().to_owned());
    settings.secret_key = Some("0f".repeat(32).into());
    SecretKey::open(&settings, &Clock::system()).expect("a key");
    assert!(!folder.path().join("secret.key").exists());
    settings.secret_key = Some("0f".repeat(31).into());
    assert!(SecretKey::open(&settings, &Clock::system()).is_err());
}
