//! What a file says beyond its pixels is gone from the photo.

use crm_domain::photo::ProcessedPhoto;

use crate::files::jpeg::markers;
use crate::support::{DRAWING, Picture, fixture, photos, processed};

const CANARY: &str = "CANARY";

/// SOI, APP0, SOF0, SOF2, DQT, DHT, DRI, SOS, EOI.
const HARMLESS: [u8; 9] = [0xD8, 0xE0, 0xC0, 0xC2, 0xDB, 0xC4, 0xDD, 0xDA, 0xD9];

#[tokio::test]
async fn nothing_survives_of_any_place_that_holds_metadata() {
    let places = [
        ("metadata.jpg", "in a comment, in XMP, in IPTC, in the thumbnail, after the end"),
        ("metadata.png", "in tEXt, in XMP, in a private chunk, after the end"),
        ("metadata.webp", "in XMP"),
    ];
    let in_exif = "in the GPS data, in the maker notes, as the artist, as the maker, as the model, as the serial number";
    for (name, others) in places {
        let file = fixture(name);
        for place in in_exif.split(", ").chain(others.split(", ")) {
            assert!(holds(&file, &format!("{CANARY} {place}")), "{name} has nothing {place}");
        }
        let photo = processed(name, file).await;
        assert_is_clean(name, &photo);
        Picture::decode(&photo.full).assert_shows(name, DRAWING);
    }
}

#[tokio::test]
async fn every_photo_holds_nothing_but_its_pixels() {
    for name in photos() {
        assert_is_clean(&name, &processed(&name, fixture(&name)).await);
    }
}

fn assert_is_clean(what: &str, photo: &ProcessedPhoto) {
    for jpeg in [&photo.full, &photo.thumbnail] {
        for text in [CANARY, "Exif", "ICC_PROFILE", "http", "Adobe", "GPS"] {
            assert!(!holds(jpeg, text), "{what}: {text} is left");
        }
        let (markers, is_end) = markers(jpeg);
        assert!(is_end, "{what}: something follows the picture");
        assert!(markers.iter().all(|marker| HARMLESS.contains(marker)), "{what}: {markers:02X?}");
        assert_eq!(
            markers.iter().position(|marker| *marker == 0xE0),
            markers.iter().rposition(|marker| *marker == 0xE0),
            "{what}: {markers:02X?}"
        );
        // The one segment for programs: JFIF, without a thumbnail.
        assert_eq!(jpeg[2..11], *b"\xFF\xE0\0\x10JFIF\0", "{what}");
        assert_eq!(jpeg[18..20], [0, 0], "{what}");
    }
}

/// Whether these bytes hold the text, in ASCII or UTF-16.
fn holds(bytes: &[u8], text: &str) -> bool {
    let high: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let low: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [text.as_bytes(), &high, &low].into_iter().any(|text| bytes.windows(text.len()).any(|window| window == text))
}
