//! WebP: both kinds of compression, transparency, animation.

use crate::pngs::ON_PAPER;
use crate::support::{DRAWING, picture_of};

#[tokio::test]
async fn both_kinds_of_compression_show_the_same() {
    for name in ["lossy", "lossless", "display-p3"] {
        picture_of(&format!("{name}.webp")).await.assert_shows(name, DRAWING);
    }
}

#[tokio::test]
async fn what_is_see_through_shows_white_paper() {
    for name in ["lossy-alpha", "lossless-alpha"] {
        picture_of(&format!("{name}.webp")).await.assert_shows(name, ON_PAPER);
    }
}

#[tokio::test]
async fn of_an_animation_the_first_picture_is_taken() {
    picture_of("animated.webp").await.assert_shows("animated", DRAWING);
    picture_of("animated-alpha.webp").await.assert_shows("animated-alpha", ON_PAPER);
}

#[tokio::test]
async fn a_picture_is_turned_upright_with_and_without_the_prefix_of_its_exif_block() {
    for name in ["orientation-6.webp", "orientation-6-prefixed.webp"] {
        picture_of(name).await.assert_shows(name, DRAWING);
    }
}
