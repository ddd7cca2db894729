//! PNG: depths, kinds of colour, transparency, interlacing.

use crate::support::{BLACK, BLUE, Colour, DRAWING, GREEN, RED, Spots, WHITE, fixture, picture_of, rejection};

/// Half of it paper.
const PALE_GREEN: Colour = [147, 207, 157];
/// The drawing on white paper where `alpha.png` and its like are see-through.
pub(crate) const ON_PAPER: Spots = Spots { mark: BLACK, quarters: [RED, PALE_GREEN, WHITE, WHITE] };

#[tokio::test]
async fn every_depth_and_order_shows_the_same() {
    for name in ["16-bit", "interlaced", "palette", "animated", "display-p3"] {
        picture_of(&format!("{name}.png")).await.assert_shows(name, DRAWING);
    }
}

#[tokio::test]
async fn what_is_see_through_shows_white_paper() {
    for name in ["alpha", "16-bit-alpha", "interlaced-16-bit-alpha"] {
        picture_of(&format!("{name}.png")).await.assert_shows(name, ON_PAPER);
    }
    let without_yellow = Spots { mark: BLACK, quarters: [RED, GREEN, BLUE, WHITE] };
    picture_of("palette-transparent.png").await.assert_shows("palette-transparent", without_yellow);
}

#[tokio::test]
async fn grey_is_grey_at_every_depth() {
    let [red, green, blue, yellow] = [91, 113, 79, 193].map(|luma| [luma; 3]);
    for name in ["grey", "grey-16-bit"] {
        let spots = Spots { mark: BLACK, quarters: [red, green, blue, yellow] };
        picture_of(&format!("{name}.png")).await.assert_shows(name, spots);
    }
    // Half of the green is see-through, and all below it.
    let on_paper = Spots { mark: BLACK, quarters: [red, [183; 3], WHITE, WHITE] };
    picture_of("grey-alpha.png").await.assert_shows("grey-alpha", on_paper);
    for name in ["1-bit", "1-bit-interlaced"] {
        let halves = Spots { mark: BLACK, quarters: [BLACK, WHITE, BLACK, WHITE] };
        picture_of(&format!("{name}.png")).await.assert_shows(name, halves);
    }
}

#[tokio::test]
async fn a_picture_is_turned_upright_wherever_its_exif_block_is() {
    for name in ["orientation-6.png", "orientation-6-late.png"] {
        picture_of(name).await.assert_shows(name, DRAWING);
    }
}

#[tokio::test]
async fn a_chunk_of_pixels_with_a_wrong_checksum_is_refused() {
    let original = fixture("busy.png");
    let pixels = original.windows(4).position(|name| name == b"IDAT").unwrap();
    for (what, at) in [("a byte of pixels", pixels + 1_000), ("the header", 16), ("the checksum", original.len() - 13)] {
        let mut damaged = original.clone();
        damaged[at] ^= 1;
        assert_eq!(rejection(what, damaged).await, crm_domain::photo::PhotoRejection::Unreadable, "{what}");
    }
}
