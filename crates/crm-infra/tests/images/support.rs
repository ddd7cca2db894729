//! The pipeline as the tests call it, and its output as the decoder of most browsers sees it.

use std::fs;
use std::path::Path;

use crm_domain::photo::{PhotoProcessor, PhotoRejection, ProcessedPhoto, ProcessingError};
use crm_infra::{ImageProcessor, PhotoSizes};
use mozjpeg::Decompress;

pub(crate) type Colour = [u8; 3];

pub(crate) const RED: Colour = [210, 40, 40];
pub(crate) const GREEN: Colour = [40, 160, 60];
pub(crate) const BLUE: Colour = [50, 70, 200];
pub(crate) const YELLOW: Colour = [235, 200, 50];
pub(crate) const BLACK: Colour = [0; 3];
pub(crate) const WHITE: Colour = [255; 3];

/// What the fixtures show: four quarters, and a mark in the upper left corner (scripts/photo-fixtures.py).
pub(crate) const DRAWING: Spots = Spots { mark: BLACK, quarters: [RED, GREEN, BLUE, YELLOW] };

/// Furthest that a colour may be from what it should be, after two rounds of JPEG.
const TOLERANCE: u8 = 12;

/// What is seen in the five parts of the drawing, from the upper left to the lower right.
#[derive(Clone, Copy)]
pub(crate) struct Spots {
    pub(crate) mark: Colour,
    pub(crate) quarters: [Colour; 4],
}

/// A file made by scripts/photo-fixtures.py.
pub(crate) fn fixture(name: &str) -> Vec<u8> {
    fs::read(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of all fixtures that are photos.
pub(crate) fn photos() -> Vec<String> {
    let names = fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let mut photos: Vec<_> = names.filter(|name| !name.starts_with("drawing") && name != "arithmetic.jpg").collect();
    photos.sort();
    assert!(photos.len() > 50, "only {} fixtures", photos.len());
    photos
}

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/photos"))
}

pub(crate) fn processor() -> ImageProcessor {
    ImageProcessor::new(PhotoSizes::default(), 2)
}

/// The photo that a file becomes, in the sizes of the product.
pub(crate) async fn processed(what: &str, file: Vec<u8>) -> ProcessedPhoto {
    processor().process(file).await.unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// What is said about a file that is no photo for us.
pub(crate) async fn rejection(what: &str, file: Vec<u8>) -> PhotoRejection {
    match processor().process(file).await {
        Err(ProcessingError::Rejected(rejection)) => rejection,
        Err(error) => panic!("{what}: {error}"),
        Ok(photo) => panic!("{what}: taken for a picture of {} by {}", photo.width, photo.height),
    }
}

/// The large picture that a fixture becomes.
pub(crate) async fn picture_of(fixture_name: &str) -> Picture {
    Picture::decode(&processed(fixture_name, fixture(fixture_name)).await.full)
}

/// A decoded JPEG.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Picture {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pixels: Vec<u8>,
}

impl Picture {
    pub(crate) fn decode(jpeg: &[u8]) -> Self {
        let mut decoder = Decompress::new_mem(jpeg).unwrap().rgb().unwrap();
        let (width, height) = (decoder.width(), decoder.height());
        let pixels = decoder.read_scanlines().unwrap();
        decoder.finish().unwrap();
        assert_eq!(pixels.len(), width * height * 3);
        Self { width, height, pixels }
    }

    pub(crate) fn size(&self) -> (usize, usize) {
        (self.width, self.height)
    }

    /// The colour of one pixel.
    pub(crate) fn colour(&self, x: usize, y: usize) -> Colour {
        let at = (y * self.width + x) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Fails unless the pixel has about this colour.
    pub(crate) fn assert_colour(&self, what: &str, (x, y): (usize, usize), expected: Colour) {
        let seen = self.colour(x, y);
        let is_near = seen.iter().zip(expected).all(|(seen, expected)| seen.abs_diff(expected) <= TOLERANCE);
        assert!(is_near, "{what}: {seen:?} instead of {expected:?} at {x}, {y} of {:?}", self.size());
    }

    /// Fails unless the picture is the drawing, in these colours and in whatever size.
    pub(crate) fn assert_shows(&self, what: &str, spots: Spots) {
        assert_eq!(self.width * 2, self.height * 3, "{what}: {:?} is not the drawing's shape", self.size());
        let at = |x: usize, y: usize| (self.width * x / 96, self.height * y / 64);
        self.assert_colour(what, at(7, 7), spots.mark);
        for (place, colour) in [(34, 22), (72, 16), (24, 48), (72, 48)].into_iter().zip(spots.quarters) {
            self.assert_colour(what, at(place.0, place.1), colour);
        }
    }
}
