//! Which files become photos, and what is said of those that do not.

use crate::support::form::Form;
use crate::support::picture::{dimensions, jpeg};
use crate::support::{Answer, TestServer};

/// 40 by 30 pixels.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0(\0\0\0\x1e\x08\0\0\0\0{\xb6\x03\x01\0\0\0\x18IDATx\xdach \x120\x8c*\x1cU8\xaapT\xe1`V\x08\0\xc1=X\x1f\x1e\xdc\xf5;\0\0\0\0IEND\xaeB`\x82";
/// 40 by 30 pixels.
const WEBP: &[u8] = b"RIFF\x18\0\0\0WEBPVP8L\x0c\0\0\0/'@\x07\0(^\x91\xab\xd5\xff\0";

/// The most bytes a file may have.
const MOST: usize = 5 * 1024 * 1024;

/// A file that ends in zeros, which decoders do not look at.
fn padded(bytes: usize) -> Vec<u8> {
    let mut file = jpeg(40, 30, 90);
    file.resize(bytes, 0);
    file
}

/// The picture in a PNG's header is this wide and high.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let mut file = PNG.to_vec();
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut checksum = u32::MAX;
    for byte in &file[12..29] {
        checksum ^= u32::from(*byte);
        checksum = (0..8).fold(checksum, |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xEDB8_8320 } else { sum >> 1 });
    }
    file[29..33].copy_from_slice(&(!checksum).to_be_bytes());
    file
}

async fn refuse(server: &TestServer, file: &[u8], status: u16, code: &str) -> Answer {
    let answer = server.user("desk1").upload("client1", file).await;
    assert_eq!(answer.code(status), code, "{}", answer.body);
    assert_eq!(answer.body["fields"].as_array().map(Vec::len), Some(1), "{}", answer.body);
    assert_eq!(answer.body["fields"][0]["field"], "file");
    assert_eq!(server.kept().await, (Vec::new(), Vec::new()), "{}", answer.body);
    answer
}

/// A file is what its first bytes say, whatever it calls itself.
pub(crate) async fn jpeg_png_and_webp_become_jpegs_under_any_name(server: &TestServer) {
    for (content, names) in [
        (jpeg(40, 30, 90).as_slice(), [("foto.png", "image/png"), ("x.svg", "image/svg+xml")]),
        (PNG, [("foto.jpg", "image/jpeg"), ("x.html", "text/html")]),
        (WEBP, [("foto.gif", "image/gif"), ("x", "application/octet-stream")]),
    ] {
        for (name, content_type) in names {
            let form = Form::default().text("userId", "client1").file_called(name, content_type, content).end();
            let answer = server.user("desk1").upload_form(form).await;
            let photo = server.user("desk1").get(answer.data(200)["url"].as_str().unwrap()).await;
            assert_eq!(dimensions(&photo.bytes), Some((40, 30)), "{name}");
            assert_eq!(photo.header("content-type"), Some("image/jpeg"), "{name}");
        }
    }
}

pub(crate) async fn other_files_are_refused_whatever_they_claim(server: &TestServer) {
    let mut late = b"GIF89a".to_vec();
    late.extend(jpeg(40, 30, 90));
    for file in [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".as_slice(),
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a\x01\0\x01\0\0\0\0;",
        b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n",
        b"BM\x1a\0\0\0\0\0\0\0",
        b"II*\0\x08\0\0\0",
        b"\0\0\0 ftypheic\0\0\0\0mif1heic",
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"PK\x03\x04",
        b"MZ",
        b"\x7fELF",
        b"\xff\xd8",
        b"\x89PNG",
        b" ",
        &late,
        &vec![0; MOST],
    ] {
        refuse(server, file, 415, "unsupported_media_type").await;
    }
}

pub(crate) async fn an_empty_file_is_as_good_as_none(server: &TestServer) {
    let answer = server.user("desk1").upload("client1", b"").await;
    assert_eq!(answer.wrong_fields(), ["file"]);
}

pub(crate) async fn a_file_of_five_mebibytes_is_taken_and_a_byte_more_refused(server: &TestServer) {
    for bytes in [MOST + 1, MOST + 60_000, MOST + 70_000, 3 * MOST] {
        refuse(server, &padded(bytes), 413, "body_too_large").await;
    }
    server.user("desk1").upload("client1", &padded(MOST)).await.data(200);
}

pub(crate) async fn damaged_files_are_refused(server: &TestServer) {
    let whole = jpeg(400, 300, 90);
    let flipped =
        |at: usize| whole.iter().enumerate().map(|(i, byte)| if i == at { !byte } else { *byte }).collect::<Vec<_>>();
    for file in [
        &whole[..4],
        &whole[..60],
        &whole[..whole.len() / 2],
        &whole[..whole.len() - 40],
        &flipped(5),
        &PNG[..20],
        &PNG[..50],
        &WEBP[..12],
        &WEBP[..20],
        b"\xff\xd8\xff\xe0 this is no picture at all",
        b"\x89PNG\r\n\x1a\n this is no picture at all",
        b"RIFF\x24\0\0\0WEBP this is no picture at all",
    ] {
        refuse(server, file, 400, "invalid_input").await;
    }
}

pub(crate) async fn a_picture_of_more_than_25_megapixels_is_refused_unseen(server: &TestServer) {
    for file in [jpeg(5_001, 5_000, 90), png_of(5_001, 5_000), png_of(100_000, 100_000)] {
        refuse(server, &file, 400, "invalid_input").await;
    }
    let answer = server.user("desk1").upload("client1", &jpeg(5_000, 5_000, 90)).await;
    assert_eq!(answer.data(200)["width"], 512);
}

pub(crate) async fn what_is_wrong_with_a_file_is_said_in_two_languages(server: &TestServer) {
    let large = padded(MOST + 1);
    let wide = jpeg(5_001, 5_000, 90);
    for (file, status, spanish, english) in [
        (b"GIF89a".as_slice(), 415, "debe ser una foto JPG, PNG o WebP", "must be a photo in JPEG, PNG or WebP"),
        (&large, 413, "debe ser una foto de menos de 5 MB", "must be a photo of at most 5 MB"),
        (&wide, 400, "debe ser una foto de máximo 25 megapíxeles", "must be a photo of at most 25 megapixels"),
        (
            &wide[..100],
            400,
            "debe ser una foto que se pueda leer; esta está dañada. Prueba con otra",
            "must be a photo that can be read; this one is damaged",
        ),
        (b"", 400, "es obligatorio", "is required"),
    ] {
        let desk = server.user("desk1");
        let in_spanish = desk.upload("client1", file).await;
        let in_english = desk.with("accept-language", "en").upload("client1", file).await;
        for (answer, message) in [(in_spanish, spanish), (in_english, english)] {
            assert_eq!((answer.status, &answer.body["fields"][0]["message"]), (status, &message.into()), "{}", answer.body);
        }
    }
}
