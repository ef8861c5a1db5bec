//! Encrypted connections are really made, and a server that cannot prove its name is not talked to.

use super::*;
use tokio::{io::AsyncReadExt, net::TcpListener};

#[tokio::test]
async fn an_https_url_is_spoken_to_in_tls() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base_url = format!("https://{}/v1", listener.local_addr().unwrap());
    let first_byte = async {
        let (mut connection, _) = listener.accept().await.unwrap();
        connection.read_u8().await.unwrap()
    };
    // The listener hangs up after the first byte, so the request fails; what counts is how it began.
    let (error, first_byte) = tokio::join!(async { failure(&openai(&base_url), "m").await }, first_byte);
    assert_eq!(first_byte, 22, "a TLS handshake record");
    assert_eq!(error.kind(), "unavailable");
}
