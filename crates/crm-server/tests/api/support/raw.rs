use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use super::form::FORM;
use super::{Answer, TestServer, UPLOAD};

/// Longest a server may take to answer, or to end a connection that it has answered; it grants a second.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of a body that was sent byte by byte.
pub(crate) struct Exchange {
    /// `None` if the connection ended without one.
    pub(crate) answered: Option<Answer>,
    /// How many bytes of the body could be sent before the answer began.
    pub(crate) sent: usize,
    stream: TcpStream,
}

impl TestServer {
    /// Sends the lines of a request head as they are, for requests that an HTTP client would tidy up.
    /// Returns the status and the whole answer as text.
    pub(crate) async fn send_lines(&self, lines: &[&str]) -> (u16, String) {
        let (address, head) = self.head(lines);
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

    /// Uploads a form with this session. `framing` is the header line that says where the body ends. The body is sent
    /// piece by piece until it ends or is answered.
    pub(crate) async fn upload_pieces(
        &self,
        session: &str,
        framing: &str,
        pieces: impl Iterator<Item = Vec<u8>> + Send + 'static,
    ) -> Exchange {
        let lines = [
            format!("POST {UPLOAD} HTTP/1.1"),
            format!("authorization: Bearer {session}"),
            format!("content-type: {FORM}"),
            framing.to_owned(),
        ];
        let (address, head) = self.head(&lines);
        let exchange = tokio::task::spawn_blocking(move || exchange(&address, &head, pieces));
        exchange.await.unwrap()
    }

    fn head(&self, lines: &[impl AsRef<str>]) -> (String, String) {
        let address = self.base.strip_prefix("http://").unwrap().to_owned();
        let lines: Vec<_> = lines.iter().map(AsRef::as_ref).collect();
        let head = format!("{}\r\nhost: {address}\r\nconnection: close\r\n\r\n", lines.join("\r\n"));
        (address, head)
    }
}

fn exchange(address: &str, head: &str, pieces: impl Iterator<Item = Vec<u8>>) -> Exchange {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_nodelay(true).unwrap();
    stream.set_read_timeout(Some(PATIENCE)).unwrap();
    stream.set_write_timeout(Some(PATIENCE)).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut sent = 0;
    for piece in pieces {
        if is_answered(&stream) || stream.write_all(&piece).is_err() {
            break;
        }
        sent += piece.len();
    }
    if !is_answered(&stream) {
        // Nothing more will come. Whoever is gone need not be told.
        let _ = stream.shutdown(Shutdown::Write);
    }
    Exchange { answered: read_answer(&stream), sent, stream }
}

/// Whether something has come back. Asked before every piece: once the server has answered it may read on for a
/// second, without looking.
fn is_answered(stream: &TcpStream) -> bool {
    stream.set_nonblocking(true).unwrap();
    let seen = stream.peek(&mut [0]);
    stream.set_nonblocking(false).unwrap();
    !seen.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
}

/// The first answer, as long as it says it is.
fn read_answer(mut stream: &TcpStream) -> Option<Answer> {
    let mut raw = Vec::new();
    let mut buffer = [0; 4 * 1024];
    loop {
        let read = stream.read(&mut buffer).unwrap_or_default();
        raw.extend_from_slice(&buffer[..read]);
        let answer = Answer::parse(&raw);
        if answer.is_some() || read == 0 {
            return answer;
        }
    }
}

impl Exchange {
    #[track_caller]
    pub(crate) fn answer(&self) -> &Answer {
        self.answered.as_ref().unwrap()
    }

    /// Whether the server ends the connection, although the body has not come to its end.
    pub(crate) fn is_hung_up(&self) -> bool {
        let mut buffer = [0; 1024];
        // It may well have been told that more arrived than was read.
        let read = (&self.stream).read(&mut buffer);
        matches!(read, Ok(0)) || read.is_err_and(|error| error.kind() == ErrorKind::ConnectionReset)
    }
}
