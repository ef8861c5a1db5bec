//! Private addresses are refused by number, by name and in disguise.

use super::*;
use crate::{
    server::outbound::{Refused, is_private},
    tests::fake_provider::{FakeProvider, Reply},
};
use reqwest::Method;

#[test]
fn private_addresses_are_known_in_every_disguise() {
    let private = [
        "127.0.0.1",
        "127.8.9.10",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "100.127.255.255",
        "0.0.0.0",
        "0.1.2.3",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.0.8",
        "198.18.0.1",
        "203.0.113.7",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "ff02::1",
        "fec0::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2001:db8::1",
    ];
    private.iter().for_each(|ip| assert!(is_private(ip.parse().unwrap()), "{ip}"));
    let public = [
        "1.1.1.1",
        "8.8.8.8",
        "172.32.0.1",
        "172.15.0.1",
        "100.63.0.1",
        "100.128.0.1",
        "198.20.0.1",
        "192.0.1.1",
        "2606:4700::1111",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ];
    public.iter().for_each(|ip| assert!(!is_private(ip.parse().unwrap()), "{ip}"));
}

#[test]
fn a_url_with_a_private_address_is_refused_before_anything_is_sent() {
    let outbound = Outbound::new(false).unwrap();
    for url in [
        "http://127.0.0.1/",
        "http://0x7f.1/",
        "http://2130706433/",
        "http://[::1]:80/",
        "http://[::ffff:10.0.0.1]/",
        "https://169.254.169.254/latest",
        "http://127.0.0.1./",
    ] {
        assert!(matches!(outbound.request(Method::GET, url), Err(Refused::Private { .. })), "{url}");
    }
    for url in ["file:///etc/passwd", "ftp://example.org", "not a url", ""] {
        assert!(matches!(outbound.request(Method::GET, url), Err(Refused::NoUrl { .. })), "{url}");
    }
    assert!(outbound.request(Method::GET, "https://1.1.1.1/").is_ok());
    assert!(Outbound::new(true).unwrap().request(Method::GET, "http://127.0.0.1/").is_ok());
}

#[tokio::test]
async fn a_name_that_resolves_to_this_machine_is_refused() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::stream(transcripts::OPENAI[0].1));
    let guarded = OpenAi::new("openai", &fake.base_url_by_name(), None, Outbound::new(false).unwrap());
    let error = failure(&guarded, "m").await;
    assert!(
        matches!(&error, ModelError::InvalidRequest { detail } if detail.contains("GUILDHALL_ALLOW_PRIVATE_ADDRESSES")),
        "{error:?}"
    );
    assert!(fake.requests().is_empty());
    let allowed = OpenAi::new("openai", &fake.base_url_by_name(), None, Outbound::new(true).unwrap());
    assert_eq!(finish(&ask(&allowed, "m").await), Some(FinishReason::Stop));
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let fake = FakeProvider::start().await;
    fake.replies("m", Reply::json(307, "").with_header("location", "/v1/messages"));
    let error = failure(&openai(&fake.base_url()), "m").await;
    assert!(matches!(error, ModelError::InvalidRequest { .. }), "{error:?}");
    assert_eq!(fake.requests().len(), 1);
}
