//! Small files that unfold to much: each is refused, or done with little time and memory. Both are measured in a process
//! of its own, to which this test hands the file.
#![expect(clippy::print_stdout, reason = "what a bomb costs is printed, also from process to process")]
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{Read, Write, stdin};
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crm_domain::photo::PhotoRejection::{TooManyPixels, Unreadable};
use crm_domain::photo::{MAX_BYTES, PhotoProcessor, PhotoRejection, ProcessingError};
use crm_infra::{ImageProcessor, PhotoSizes};
use tokio::task::JoinSet;

use crate::files::png::{GREY, RGB, RGBA};
use crate::files::{exif, jpeg, png, webp};
use crate::support::fixture;

/// Most memory of one process that works on one file.
const MEGABYTES: u64 = 300;
/// Most time of a processor, whatever else the machine does. Without optimisation our own loops take ten times as long.
const SECONDS: f64 = if cfg!(debug_assertions) { 10.0 } else { 1.0 };

/// What the pipeline gives one photo, by the clock on the wall.
const TIME_LIMIT: Duration = Duration::from_secs(5);

/// In this environment variable the number of copies to work on at once, by one worker.
const COPIES: &str = "PHOTO_COPIES_FROM_STDIN";

static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

struct Bomb {
    name: String,
    make: Box<dyn Fn() -> Vec<u8>>,
    expected: Result<(), PhotoRejection>,
}

fn bomb(name: impl Into<String>, expected: Result<(), PhotoRejection>, make: impl Fn() -> Vec<u8> + 'static) -> Bomb {
    Bomb { name: name.into(), make: Box::new(make), expected }
}

#[test]
fn no_png_takes_much() {
    let plain = png::Format::plain;
    let with = |chunk: Vec<u8>| png::with_chunks(16, 16, png::Format::plain(RGB, 8), &[chunk]);
    let compressed = move |name: &[u8; 4], start: &[u8]| with(png::chunk(name, &[start, &png::zeros(1 << 30)].concat()));
    let mut bombs = vec![
        bomb("4 gigapixels", Err(TooManyPixels), || png::blank_header(65_535, 65_535)),
        bomb("20000 by 20000, one bit", Err(TooManyPixels), move || png::blank(20_000, 20_000, plain(GREY, 1))),
        bomb("25 million rows", Err(Unreadable), move || png::blank(1, 25_000_000, plain(GREY, 1))),
        bomb("25 million columns", Err(Unreadable), move || png::blank(25_000_000, 1, plain(RGBA, 8))),
        bomb("a gigabyte of zTXt", Ok(()), move || compressed(b"zTXt", b"name\0\0")),
        bomb("a gigabyte of iTXt", Ok(()), move || compressed(b"iTXt", b"name\0\x01\0\0\0")),
        bomb("a gigabyte of iCCP", Ok(()), move || compressed(b"iCCP", b"name\0\0")),
        bomb("directories in eXIf", Ok(()), move || with(png::chunk(b"eXIf", &exif::directories(4 << 20)))),
        bomb("10,000 frames", Ok(()), || png::animation(10_000)),
    ];
    bombs.extend(png::formats().map(|format| bomb(format!("{format:?}"), Ok(()), move || png::blank(5_000, 5_000, format))));
    assert_bounded("PNG", &bombs);
}

#[test]
fn no_jpeg_takes_much() {
    let progressive = jpeg::Progressive::new;
    assert_bounded(
        "JPEG",
        &[
            // No side is longer than 65,500 for the decoder.
            bomb("4 gigapixels", Err(Unreadable), || jpeg::Progressive::header(65_535, 65_535)),
            bomb("25 megapixels, one scan", Ok(()), move || progressive(5_000, 5_000, 3).finish()),
            bomb("25 megapixels, ten scans", Ok(()), move || progressive(5_000, 5_000, 3).refined(9).finish()),
            bomb("25 megapixels, ten scans, wide", Ok(()), move || progressive(65_500, 381, 3).refined(9).finish()),
            bomb("25 megapixels, ten scans, CMYK", Ok(()), move || progressive(5_000, 5_000, 4).refined(9).finish()),
            bomb("as many scans as allowed", Ok(()), move || progressive(5_000, 5_000, 4).refined(31).finish()),
            bomb("a scan more", Err(Unreadable), move || progressive(5_000, 5_000, 4).refined(32).finish()),
            bomb("5,000 scans", Err(Unreadable), move || progressive(5_000, 5_000, 3).refined(4_999).finish()),
            bomb("no pixels before the end", Ok(()), || {
                [jpeg::Progressive::header(5_000, 5_000), vec![0xFF, 0xD9]].concat()
            }),
            bomb("no pixels", Err(Unreadable), || [jpeg::Progressive::header(5_000, 5_000), vec![0; 99]].concat()),
            bomb("segments of every kind", Ok(()), || {
                let markers = (0xE0..=0xEF).chain([0xFE]).cycle().take(79);
                let segments: Vec<_> = markers.map(|marker| jpeg::segment(marker, &vec![0xDA; 65_533])).collect();
                jpeg::with_segments(&fixture("420.jpg"), &segments)
            }),
            bomb("directories in EXIF", Ok(()), || {
                let block = [&b"Exif\0\0"[..], &exif::directories(65_500)].concat();
                jpeg::with_segments(&fixture("420.jpg"), &[jpeg::segment(0xE1, &block)])
            }),
        ],
    );
}

#[test]
fn no_webp_takes_much() {
    assert_bounded(
        "WebP",
        &[
            bomb("1,000 frames", Ok(()), || webp::animation(500, 500, 1_000, &webp::lossless(500, 500))),
            bomb("12.5 megapixels, animated", Ok(()), || webp::animation(5_000, 2_500, 2, &webp::lossless(5_000, 2_500))),
            bomb("25 megapixels, animated", Err(TooManyPixels), || {
                webp::animation(5_000, 5_000, 2, &webp::lossless(5_000, 5_000))
            }),
            bomb("25 megapixels without loss", Ok(()), || webp::riff(&[webp::lossless(5_000, 5_000)])),
            bomb("25 megapixels with loss", Ok(()), || webp::riff(&[webp::lossy(5_000, 5_000)])),
            bomb("25 megapixels with loss and transparency", Ok(()), || webp::see_through(5_000, 5_000)),
            bomb("246 megapixels that say 256 pixels", Err(Unreadable), || {
                webp::riff(&[webp::canvas(16, 16, 0), webp::lossy(16_383, 15_000)])
            }),
            bomb("the same, animated", Err(Unreadable), || webp::animation(16, 16, 1, &webp::lossy(16_383, 15_000))),
            bomb("65,536 sets of codes", Err(Unreadable), || webp::many_codes(65_536)),
            bomb("as many sets of codes as allowed", Ok(()), || webp::many_codes(2_600)),
            bomb("a set more", Err(Unreadable), || webp::many_codes(2_601)),
        ],
    );
}

#[test]
fn a_worker_holds_one_photo_at_a_time() {
    let file = jpeg::Progressive::new(5_000, 5_000, 3).finish();
    let (one, eight) = (cost_of("no_jpeg_takes_much", &file, 1), cost_of("no_jpeg_takes_much", &file, 8));
    assert_eq!(one.outcome, eight.outcome);
    assert!(eight.megabytes < one.megabytes * 3 / 2, "{} megabytes instead of {}", eight.megabytes, one.megabytes);
}

fn assert_bounded(kind: &str, bombs: &[Bomb]) {
    let test = format!("no_{}_takes_much", kind.to_lowercase());
    if let Some(copies) = std::env::var_os(COPIES) {
        return report(copies.to_str().unwrap().parse().unwrap());
    }
    for Bomb { name, make, expected } in bombs {
        let file = make();
        assert!(file.len() <= MAX_BYTES, "{kind}, {name}: {} bytes are refused without a look", file.len());
        let Cost { outcome, seconds, megabytes, is_late } = cost_of(&test, &file, 1);
        println!("{kind}, {name}: {outcome}, {seconds} s, {megabytes} MB, {} bytes", file.len());
        // On a machine that does other things, time may be up for what would have been done.
        if !(is_late && outcome == format!("{:?}", Err::<(), _>(Unreadable))) {
            assert_eq!(outcome, format!("{expected:?}"), "{kind}, {name}");
        }
        assert!(seconds <= SECONDS, "{kind}, {name}: {seconds} seconds");
        assert!(megabytes <= MEGABYTES, "{kind}, {name}: {megabytes} megabytes");
    }
}

struct Cost {
    outcome: String,
    is_late: bool,
    seconds: f64,
    megabytes: u64,
}

/// What this test, run again by itself, says about the file.
fn cost_of(test: &str, file: &[u8], copies: usize) -> Cost {
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &format!("bombs::{test}"), "--nocapture"])
        .env(COPIES, copies.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(file).unwrap();
    let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    let line =
        output.lines().find_map(|line| line.split_once("cost: ")).unwrap_or_else(|| panic!("no cost in {output:?}")).1;
    let words: Vec<_> = line.splitn(4, ' ').collect();
    let [is_late, seconds, megabytes, outcome] = words[..] else { panic!("{line}") };
    Cost {
        outcome: outcome.to_owned(),
        is_late: is_late.parse().unwrap(),
        seconds: seconds.parse().unwrap(),
        megabytes: megabytes.parse().unwrap(),
    }
}

/// Works on the file on standard input, so many times at once, and says what it took.
fn report(copies: usize) {
    let mut file = Vec::new();
    stdin().read_to_end(&mut file).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_time().build().unwrap();
    let (started, before) = (Instant::now(), seconds());
    let processor = ImageProcessor::new(PhotoSizes::default(), 1);
    let mut working = JoinSet::new();
    for _ in 0..copies {
        let (processor, file) = (processor.clone(), file.clone());
        working.spawn_on(async move { processor.process(file).await }, runtime.handle());
    }
    let mut outcomes = Vec::new();
    while let Some(outcome) = runtime.block_on(working.join_next()) {
        outcomes.push(match outcome.unwrap() {
            Ok(_) => Ok(()),
            Err(ProcessingError::Rejected(rejection)) => Err(rejection),
            Err(error) => panic!("{error:?}"),
        });
    }
    outcomes.dedup();
    let is_late = started.elapsed() >= TIME_LIMIT;
    println!("cost: {is_late} {:.2} {} {:?}", seconds() - before, megabytes(), outcomes[0]);
}

/// What this process took of a processor so far, in the kernel and outside: the 14th and 15th field of proc(5)'s stat,
/// in hundredths.
fn seconds() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let after_name: Vec<_> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    after_name[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

/// The most memory that this process ever had, in megabytes.
fn megabytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.split_whitespace().next().unwrap().parse::<u64>().unwrap() * 1_024 / 1_000_000
}
