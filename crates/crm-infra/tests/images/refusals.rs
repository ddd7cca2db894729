//! What is no photo, or not a whole one.

use crm_domain::photo::PhotoRejection::{NotAPhoto, Unreadable};

use crate::files::jpeg::{segment, with_segments};
use crate::support::{DRAWING, Picture, fixture, processed, rejection};

#[tokio::test]
async fn only_the_three_kinds_are_photos() {
    let made = ["drawing.gif", "drawing.bmp", "drawing.tiff", "drawing.ico"].map(|name| (name, fixture(name)));
    let written = [
        ("nothing", &b""[..]),
        ("one byte", b"\xFF"),
        ("SVG", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>"),
        ("SVG with a declaration", b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
        ("HTML", b"<!doctype html><script>alert(1)</script>"),
        ("HTML with a photo behind it", b"<!--\xFF\xD8\xFF\xE0-->"),
        ("JavaScript in a GIF", b"GIF89a/*\x01\0\x01\0*/=1;alert(1)//"),
        ("PDF", b"%PDF-1.7\n1 0 obj<<>>endobj"),
        ("ZIP", b"PK\x03\x04\x14\0\0\0\x08\0"),
        ("EXE", b"MZ\x90\0\x03\0\0\0"),
        ("ELF", b"\x7FELF\x02\x01\x01\0"),
        ("HEIC", b"\0\0\0\x18ftypheic\0\0\0\0"),
        ("AVIF", b"\0\0\0\x1Cftypavif\0\0\0\0"),
        ("JPEG XL", b"\xFF\x0A\xFA\x7F\x01\x90"),
        ("a film in WebP's clothes", b"RIFF\x24\0\0\0AVI LIST"),
        ("PNG with a line end changed", b"\x89PNG\n\x1A\n\0\0\0\x0DIHDR"),
    ];
    for (what, file) in written.map(|(what, file)| (what, file.to_vec())).into_iter().chain(made) {
        assert_eq!(rejection(what, file).await, NotAPhoto, "{what}");
    }
}

#[tokio::test]
async fn the_first_bytes_alone_are_no_photo() {
    for (what, start) in [("JPEG", 3), ("PNG", 8), ("WebP", 12)] {
        let name = format!("busy{}", if what == "WebP" { "-lossy.webp".into() } else { format!(".{}", ending(what)) });
        let magic = &fixture(&name)[..start];
        for rest in [&b""[..], b"<script>alert(1)</script>", &[0; 64], &[0xFF; 64]] {
            assert_eq!(rejection(what, [magic, rest].concat()).await, Unreadable, "{what} and {rest:?}");
        }
    }
}

fn ending(kind: &str) -> &'static str {
    if kind == "JPEG" { "jpg" } else { "png" }
}

#[tokio::test]
async fn a_file_cut_short_is_refused_wherever_it_is_cut() {
    let names = ["busy.jpg", "busy-progressive.jpg", "restart.jpg", "metadata.jpg", "cmyk.jpg", "ycck.jpg"];
    let others =
        ["busy.png", "interlaced.png", "interlaced-16-bit-alpha.png", "palette-transparent.png", "orientation-6-late.png"];
    let webps = ["busy-lossy.webp", "busy-lossless.webp", "lossy-alpha.webp", "animated.webp", "metadata.webp"];
    for name in names.into_iter().chain(others).chain(webps) {
        let whole = fixture(name);
        let length = without_tail(name, &whole);
        for part in [16, 33, 50, 75, 90, 99] {
            assert_refused(name, &whole[..length * part / 100]).await;
        }
        for missing in [1, 2, 3, 5, 12] {
            assert_refused(name, &whole[..length - missing]).await;
        }
    }
}

/// How long the picture is, without what the fixture has behind it.
fn without_tail(name: &str, file: &[u8]) -> usize {
    let tail = file.windows(20).position(|window| window == b"CANARY after the end");
    if name == "metadata.jpg" { tail.unwrap() } else { file.len() }
}

async fn assert_refused(name: &str, part: &[u8]) {
    let what = format!("{name} cut short at {}", part.len());
    assert_eq!(rejection(&what, part.to_vec()).await, Unreadable, "{what}");
}

#[tokio::test]
async fn what_hides_behind_a_photo_is_gone() {
    let tails = [
        ("ZIP", b"PK\x03\x04\x14\0\0\0\x08\0PAYLOAD".to_vec()),
        ("HTML", b"<html><script>alert('PAYLOAD')</script></html>".to_vec()),
        ("PHP", b"<?php system('PAYLOAD'); ?>".to_vec()),
        ("another photo", fixture("busy.jpg")),
    ];
    for name in ["420.jpg", "progressive.jpg", "16-bit.png", "interlaced.png", "lossy.webp", "lossless.webp"] {
        let alone = processed(name, fixture(name)).await;
        for (what, tail) in &tails {
            let both = processed(what, [fixture(name), tail.clone()].concat()).await;
            assert_eq!(both, alone, "{name} with {what} behind it");
        }
    }
}

#[tokio::test]
async fn what_hides_inside_a_photo_is_gone() {
    let alone = processed("420.jpg", fixture("420.jpg")).await;
    let script = b"*/=1;alert('PAYLOAD')/*".to_vec();
    let segments = [segment(0xFE, &script), segment(0xE4, b"<?php PAYLOAD ?>"), segment(0xED, &fixture("drawing.gif"))];
    let stuffed = processed("stuffed", with_segments(&fixture("420.jpg"), &segments)).await;
    assert_eq!(stuffed, alone);
}

/// Phones put a film behind the picture, whose bytes may look like anything.
#[tokio::test]
async fn a_photo_with_a_film_behind_it_is_a_photo() {
    let film = [0xFF, 0xDA].repeat(50_000);
    let photo = processed("film", [fixture("420.jpg"), film].concat()).await;
    Picture::decode(&photo.full).assert_shows("film", DRAWING);
}

#[tokio::test]
async fn coding_that_no_browser_reads_is_refused() {
    assert_eq!(rejection("arithmetic", fixture("arithmetic.jpg")).await, Unreadable);
}
