//! `/embeddings` of a server over HTTP.

use crate::{
    server::{
        embedders::{Embedder as _, openai::OpenAiEmbedder},
        models::ModelError,
        outbound::Outbound,
    },
    tests::fake_provider::{FakeProvider, Reply},
};

#[tokio::test]
async fn texts_go_out_and_vectors_come_back() {
    let provider = FakeProvider::start().await;
    let body = r#"{"data":[{"index":0,"embedding":[0.5,0.5]},{"index":1,"embedding":[1,0]}],"usage":{"prompt_tokens":4}}"#;
    provider.replies("small", Reply::json(200, body));
    let embedder = OpenAiEmbedder::new(&provider.base_url(), Some("secret".into()), Outbound::new(true).unwrap());
    let got = embedder.embed("small".to_owned(), vec!["one".to_owned(), "two".to_owned()]).await.unwrap();
    assert_eq!((got.vectors, got.tokens, got.estimated), (vec![vec![0.5, 0.5], vec![1.0, 0.0]], 4, false));
    let [request] = &provider.requests()[..] else { panic!("one request") };
    assert_eq!((request.path.as_str(), &request.body["input"][1]), ("/v1/embeddings", &"two".into()));
    assert_eq!(request.headers["authorization"], "Bearer secret");
}

#[tokio::test]
async fn a_private_address_is_refused_where_the_operator_has_not_allowed_it() {
    let embedder = OpenAiEmbedder::new("http://127.0.0.1:1/v1", None, Outbound::new(false).unwrap());
    let refused = embedder.embed("small".to_owned(), vec!["one".to_owned()]).await;
    assert!(matches!(refused, Err(ModelError::InvalidRequest { .. })), "{refused:?}");
}
