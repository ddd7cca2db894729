//! How large a file may be, how large a photo becomes, and how many are worked on at once.

use crm_domain::photo::PhotoRejection::{TooManyBytes, TooManyPixels};
use crm_domain::photo::{MAX_BYTES, PhotoProcessor, ProcessingError};
use crm_infra::{ImageProcessor, PhotoSizes};
use jpeg_encoder::{ColorType, Encoder};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::files::jpeg::Progressive;
use crate::files::png::{Format, GREY, blank, blank_header};
use crate::files::webp;
use crate::support::{Picture, fixture, photos, processed, rejection};

#[tokio::test]
async fn a_file_of_five_mebibytes_is_taken_and_one_byte_more_is_not() {
    for name in ["420.jpg", "16-bit.png", "lossy.webp"] {
        let mut file = fixture(name);
        file.resize(MAX_BYTES, 0);
        processed(name, file.clone()).await;
        file.push(0);
        assert_eq!(rejection(name, file).await, TooManyBytes, "{name}");
    }
}

#[tokio::test]
async fn a_picture_of_25_megapixels_is_taken() {
    let photo = processed("25 megapixels", Progressive::new(6_250, 4_000, 3).finish()).await;
    assert_eq!((photo.width, photo.height), (512, 328));
}

#[tokio::test]
async fn a_row_more_is_refused_by_the_header_alone() {
    let pixels = Format::plain(GREY, 1);
    // None of them has any pixels: that isn't noticed any more.
    let jpeg = Progressive::header(5_000, 5_001);
    let png = blank_header(5_000, 5_001);
    let webp = webp::riff(&[webp::canvas(5_000, 5_001, 0), webp::chunk(*b"VP8 ", &[0; 10])]);
    for (what, file) in [("JPEG", jpeg), ("PNG", png), ("WebP", webp)] {
        assert_eq!(rejection(what, file).await, TooManyPixels, "{what}");
    }
    assert_eq!(rejection("a whole one", blank(5_000, 5_001, pixels)).await, TooManyPixels);
}

#[tokio::test]
async fn a_photo_fits_into_512_pixels_and_never_grows() {
    let cases = [
        ((1, 1), (1, 1)),
        ((40, 30), (40, 30)),
        ((512, 512), (512, 512)),
        ((513, 512), (512, 511)),
        ((1_024, 768), (512, 384)),
        ((768, 1_024), (384, 512)),
        ((5_000, 1), (512, 1)),
        ((1, 5_000), (1, 512)),
        ((3_001, 2_003), (512, 342)),
    ];
    for ((width, height), expected) in cases {
        for (what, file) in
            [("JPEG", grey_jpeg(width, height)), ("PNG", blank(width.into(), height.into(), Format::plain(GREY, 8)))]
        {
            let what = format!("{what} of {width} by {height}");
            let photo = processed(&what, file).await;
            let full = Picture::decode(&photo.full);
            assert_eq!(full.size(), expected, "{what}");
            assert_eq!((photo.width as usize, photo.height as usize), expected, "{what}");
            assert_eq!(Picture::decode(&photo.thumbnail).size(), (96, 96), "{what}");
        }
    }
}

fn grey_jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let pixels = vec![128; usize::from(width) * usize::from(height)];
    Encoder::new(&mut jpeg, 80).encode(&pixels, width, height, ColorType::Luma).unwrap();
    jpeg
}

#[tokio::test]
async fn the_same_file_gives_the_same_bytes() {
    for name in photos() {
        let (first, second) = (processed(&name, fixture(&name)).await, processed(&name, fixture(&name)).await);
        assert_eq!(first, second, "{name}");
        assert_eq!(first.hash(), second.hash(), "{name}");
    }
}

#[tokio::test]
async fn other_sizes_can_be_asked_for() {
    let processor = ImageProcessor::new(PhotoSizes { full: 256, thumbnail: 64 }, 1);
    let photo = processor.process(grey_jpeg(1_000, 800)).await.unwrap();
    assert_eq!(Picture::decode(&photo.full).size(), (256, 205));
    assert_eq!(Picture::decode(&photo.thumbnail).size(), (64, 64));
}

#[tokio::test]
async fn many_photos_at_once_all_get_their_turn() {
    let processor = ImageProcessor::new(PhotoSizes::default(), 1);
    let mut working: JoinSet<_> = (0..40)
        .map(|_| {
            let processor = processor.clone();
            async move { processor.process(fixture("420.jpg")).await.unwrap() }
        })
        .collect();
    let alone = processed("420.jpg", fixture("420.jpg")).await;
    let mut done = 0;
    while let Some(photo) = working.join_next().await {
        assert_eq!(photo.unwrap(), alone);
        done += 1;
    }
    assert_eq!(done, 40);
}

#[tokio::test(start_paused = true)]
async fn a_photo_that_waits_too_long_for_its_turn_may_come_again() {
    let asked = Instant::now();
    let without_turns = ImageProcessor::new(PhotoSizes::default(), 0);
    let answer = without_turns.process(fixture("420.jpg")).await;
    assert!(matches!(answer, Err(ProcessingError::Busy)), "{answer:?}");
    assert_eq!(asked.elapsed().as_secs(), 20);
}
