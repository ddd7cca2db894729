//! Bodies that do not arrive as they should.

use std::iter::{once, repeat_n};

use crate::support::form::{self, Form};
use crate::support::picture::jpeg;
use crate::support::{Exchange, TestServer, keys_of};

/// More than any body may have, and what the sockets between us hold on the way.
const BOUNDED: usize = 20 << 20;
/// Pieces of a body that does not end: half a gigabyte.
const ENDLESS: usize = 8 * 1024;

const CHUNKED: &str = "transfer-encoding: chunked";
const HUGE: &str = "content-length: 9999999999";

fn chunk(bytes: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat()
}

/// A form up to the first byte of a file.
fn up_to_the_file() -> Vec<u8> {
    let headers = "--frontera\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n";
    Form::default().text("userId", "client1").raw(headers).cut()
}

/// Starts of bodies, and what they go on with for ever.
fn endless_bodies() -> [(&'static str, Vec<u8>, Vec<u8>); 6] {
    let part = Form::default().text("a", vec![b'x'; 60_000]).cut();
    [
        ("a file", up_to_the_file(), vec![7; 64 * 1024]),
        ("a file of line ends", up_to_the_file(), b"\r\n--".repeat(16 * 1024)),
        ("text before the form", Vec::new(), b"xxxxxxx\n".repeat(8 * 1024)),
        ("headers of a part", b"--frontera\r\n".to_vec(), b"X: yyy\r\n".repeat(8 * 1024)),
        (
            "a field",
            b"--frontera\r\nContent-Disposition: form-data; name=\"userId\"\r\n\r\n".to_vec(),
            vec![b'x'; 64 * 1024],
        ),
        ("parts", Vec::new(), part),
    ]
}

fn assert_stopped(what: &str, exchange: &Exchange) {
    let (answer, sent) = (exchange.answer(), exchange.sent);
    assert!([400, 413].contains(&answer.status), "{what}: {} {}", answer.status, answer.body);
    answer.code(answer.status);
    assert!(sent < BOUNDED, "{what}: {sent} bytes were read");
}

pub(crate) async fn a_body_that_never_ends_is_not_read_on(server: &TestServer) {
    for (what, start, more) in endless_bodies() {
        let pieces = once(start).chain(repeat_n(more, ENDLESS));
        let exchange = server.upload_pieces(&server.token("desk1"), HUGE, pieces).await;
        assert_stopped(what, &exchange);
        assert!(exchange.is_hung_up(), "{what}: the connection stays open");
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

pub(crate) async fn a_body_in_chunks_that_never_ends_is_answered(server: &TestServer) {
    for (what, start, more) in endless_bodies() {
        let pieces = (!start.is_empty()).then(|| chunk(&start)).into_iter().chain(repeat_n(chunk(&more), ENDLESS));
        let exchange = server.upload_pieces(&server.token("desk1"), CHUNKED, pieces).await;
        assert_stopped(what, &exchange);
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

pub(crate) async fn a_body_in_chunks_that_never_ends_is_hung_up_on(server: &TestServer) {
    let pieces = once(chunk(&up_to_the_file())).chain(repeat_n(chunk(&vec![7; 64 * 1024]), ENDLESS));
    let exchange = server.upload_pieces(&server.token("desk1"), CHUNKED, pieces).await;
    assert!(exchange.is_hung_up(), "after its answer the server goes on reading, for as long as the caller likes");
}

/// The form is complete; what follows is nobody's.
pub(crate) async fn what_follows_a_form_is_nothing_to_wait_for(server: &TestServer) {
    let pieces = once(form::upload("client1", &jpeg(40, 30, 90))).chain(repeat_n(vec![b'x'; 64 * 1024], ENDLESS));
    let exchange = server.upload_pieces(&server.token("desk1"), HUGE, pieces).await;
    let url = exchange.answer().data(200)["url"].as_str().unwrap();
    assert!(exchange.is_hung_up(), "the connection stays open");
    assert_eq!(server.objects().await, keys_of("t1", url));
}

pub(crate) async fn without_a_session_the_body_is_not_waited_for(server: &TestServer) {
    let exchange = server.upload_pieces("garbage", HUGE, repeat_n(vec![7; 64 * 1024], ENDLESS)).await;
    assert_eq!(exchange.answer().code(401), "unauthenticated");
    assert!(exchange.sent < BOUNDED && exchange.is_hung_up(), "{} bytes were read", exchange.sent);
}

pub(crate) async fn a_body_of_another_length_than_announced_is_refused(server: &TestServer) {
    let whole = form::upload("client1", &jpeg(40, 30, 90));
    let length = whole.len();
    for (what, announced, sent) in [
        ("longer", length + 1_000, length),
        ("shorter", length - 10, length),
        ("cut in the middle", length, length / 2),
        ("cut before the end", length, length - 1),
        ("nothing", length, 0),
    ] {
        let line = format!("content-length: {announced}");
        let exchange = server.upload_pieces(&server.token("desk1"), &line, once(whole[..sent].to_vec())).await;
        assert_eq!(exchange.answer().code(400), "malformed_body", "{what}");
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

/// Such a request ends nowhere, so the connection ends; whether an answer still gets through is a matter of luck.
pub(crate) async fn chunks_that_are_none_end_the_connection(server: &TestServer) {
    let whole = form::upload("client1", &jpeg(40, 30, 90));
    let (first, rest) = whole.split_at(whole.len() / 2);
    for (what, length) in [("cut short", "ffff"), ("no number", "xyz"), ("beyond all bounds", "fffffffffffffffff")] {
        let pieces = [chunk(first), format!("{length}\r\n").into_bytes(), rest.to_vec()];
        let exchange = server.upload_pieces(&server.token("desk1"), CHUNKED, pieces.into_iter()).await;
        assert!(exchange.answered.as_ref().is_none_or(|answer| answer.status == 400), "{what}: {:?}", exchange.answered);
        assert!(exchange.is_hung_up(), "{what}");
    }
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()));
}

pub(crate) async fn a_form_may_arrive_byte_by_byte(server: &TestServer) {
    let whole = form::upload("client1", &jpeg(40, 30, 90));
    let length = format!("content-length: {}", whole.len());
    let pieces = whole.clone().into_iter().map(|byte| vec![byte]);
    let exchange = server.upload_pieces(&server.token("desk1"), &length, pieces).await;
    let url = exchange.answer().data(200)["url"].clone();
    let pieces = whole.into_iter().map(|byte| chunk(&[byte])).chain(once(chunk(&[])));
    let exchange = server.upload_pieces(&server.token("desk1"), CHUNKED, pieces).await;
    assert_eq!(exchange.answer().data(200)["url"], url);
}
