use std::io::{Read, Write};
use std::net::TcpStream;

use super::TestServer;

impl TestServer {
    /// Sends the lines of a request head as they are, for requests that an HTTP client would tidy up.
    /// Returns the status and the whole answer as text.
    pub(crate) async fn send_lines(&self, lines: &[&str]) -> (u16, String) {
        let address = self.base.strip_prefix("http://").unwrap().to_owned();
        let head = format!("{}\r\nhost: {address}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
        let exchange = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        });
        let answer = exchange.await.unwrap();
        let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
        (status.unwrap_or_else(|| panic!("no answer: {answer:?}")), answer)
    }
}
