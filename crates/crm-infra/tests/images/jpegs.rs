//! JPEG: how cameras were held, how colours are stored, and what encoders make of it.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::support::{BLACK, Colour, DRAWING, Picture, Spots, fixture, picture_of, processed};

/// A colour as bright as this one.
fn grey([red, green, blue]: Colour) -> Colour {
    let luma = (u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114) / 1_000;
    [u8::try_from(luma).unwrap(); 3]
}

#[tokio::test]
async fn a_phone_may_be_held_in_eight_ways() {
    for orientation in 1..=8 {
        let name = format!("orientation-{orientation}.jpg");
        let photo = processed(&name, fixture(&name)).await;
        assert_eq!((photo.width, photo.height), (96, 64), "{name}");
        Picture::decode(&photo.full).assert_shows(&name, DRAWING);

        // The square is cut out of the middle, and turned as well: a third of it is left of the quarters' meeting.
        let square = Picture::decode(&photo.thumbnail);
        for ((x, y), colour) in [(24, 36), (72, 24), (24, 72), (72, 72)].into_iter().zip(DRAWING.quarters) {
            square.assert_colour(&name, (x, y), colour);
        }
    }
}

#[tokio::test]
async fn damage_elsewhere_in_the_exif_block_leaves_the_picture_upright() {
    picture_of("orientation-6-damaged.jpg").await.assert_shows("damaged", DRAWING);
}

#[tokio::test]
async fn every_way_of_storing_colours_shows_the_same() {
    for name in ["444", "422", "420", "440", "411", "progressive", "restart", "rgb", "cmyk", "cmyk-plain", "ycck"] {
        picture_of(&format!("{name}.jpg")).await.assert_shows(name, DRAWING);
    }
}

#[tokio::test]
async fn a_grey_picture_stays_grey() {
    let spots = Spots { mark: BLACK, quarters: DRAWING.quarters.map(grey) };
    picture_of("grayscale.jpg").await.assert_shows("grayscale", spots);
}

#[tokio::test]
async fn colours_of_display_p3_become_those_of_srgb() {
    picture_of("display-p3.jpg").await.assert_shows("display-p3.jpg", DRAWING);
}

#[tokio::test]
async fn a_picture_of_twelve_megapixels_is_read_at_a_fraction_of_its_size() {
    for progressive in [false, true] {
        let file = camera_picture(4_000, 3_000, progressive);
        let photo = processed("12 megapixels", file).await;
        assert_eq!((photo.width, photo.height), (512, 384));
        let picture = Picture::decode(&photo.full);
        for (x, y) in [(8, 8), (500, 8), (8, 370), (256, 192), (500, 370)] {
            let expected = slope(x * 4_000 / 512, y * 3_000 / 384, 4_000, 3_000);
            picture.assert_colour("12 megapixels", (x, y), expected);
        }
    }
}

/// A smooth picture, as large as a camera's.
fn camera_picture(width: usize, height: usize, progressive: bool) -> Vec<u8> {
    let pixels: Vec<u8> = (0..height).flat_map(|y| (0..width).flat_map(move |x| slope(x, y, width, height))).collect();
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 85);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder.set_progressive(progressive);
    encoder.encode(&pixels, u16::try_from(width).unwrap(), u16::try_from(height).unwrap(), ColorType::Rgb).unwrap();
    jpeg
}

/// Redder to the right, greener to the bottom.
fn slope(x: usize, y: usize, width: usize, height: usize) -> Colour {
    [u8::try_from(x * 255 / width).unwrap(), u8::try_from(y * 255 / height).unwrap(), 128]
}
