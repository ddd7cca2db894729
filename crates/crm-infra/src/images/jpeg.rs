use std::io::{self, BufRead, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use crm_domain::photo::PhotoRejection;
use mozjpeg::{ColorSpace, Decompress, Marker};

use super::Deadline;
use super::exif::{self, orientation};
use super::pipeline::{Decoded, check_pixels};
use super::raster::{CHANNELS, Raster};

const EXIF: Marker = Marker::APP(1);
const PROFILE: Marker = Marker::APP(2);
const ADOBE: Marker = Marker::APP(14);

/// Most scans of a progressive picture; cameras and encoders make about ten. Each one visits every block of the
/// picture, however few bytes it has, which at the largest size takes 20 milliseconds.
const SCANS: usize = 32;
/// Bytes handed to the decoder at once; between them the time is looked at.
const CHUNK: usize = 4 * 1024;

/// A JPEG, decoded at an eighth, a quarter or half of its size if that leaves enough pixels.
pub(super) fn decode(file: &[u8], longest: u32, deadline: Deadline) -> Result<Decoded, PhotoRejection> {
    if scans(file) > SCANS {
        return Err(PhotoRejection::Unreadable);
    }
    guarded(|| {
        let markers = [EXIF, PROFILE, ADOBE];
        let mut decoder = Decompress::with_markers(&markers).from_reader(Source::new(file, Some(deadline)))?;
        let (width, height) = size(&decoder);
        check_pixels(width, height)?;
        let orientation = orientation(exif(&decoder));
        let profile = profile(&decoder);
        let is_adobe = has_marker(&decoder, ADOBE, b"Adobe");
        let is_cmyk = matches!(decoder.color_space(), ColorSpace::JCS_CMYK | ColorSpace::JCS_YCCK);

        decoder.scale(eighths(width.max(height), longest));
        let colours = if is_cmyk { ColorSpace::JCS_CMYK } else { ColorSpace::JCS_RGB };
        let mut started = decoder.to_colorspace(colours)?;
        let (columns, rows) = (number(started.width()), number(started.height()));
        let pixels = started.read_scanlines::<u8>()?;
        started.finish()?;
        let pixels = if is_cmyk { from_cmyk(&pixels, is_adobe) } else { pixels };
        let raster = Raster::new(columns, rows, pixels).ok_or(PhotoRejection::Unreadable)?;
        // A profile of printing colours says nothing about the colours they were turned into.
        Ok(Decoded { raster, width, height, orientation, profile: profile.filter(|_| !is_cmyk) })
    })
}

/// Width and height.
pub(super) fn dimensions(file: &[u8]) -> Result<(u32, u32), PhotoRejection> {
    guarded(|| Ok(size(&Decompress::builder().from_reader(Source::new(file, None))?)))
}

/// The decoder reports what it can't read by unwinding.
fn guarded<T>(decode: impl FnOnce() -> Result<T, Unreadable>) -> Result<T, PhotoRejection> {
    match catch_unwind(AssertUnwindSafe(decode)) {
        Ok(outcome) => outcome.map_err(|unreadable| unreadable.0),
        Err(_) => Err(PhotoRejection::Unreadable),
    }
}

/// Why decoding stopped; the decoder's own errors all mean the same.
struct Unreadable(PhotoRejection);

impl From<io::Error> for Unreadable {
    fn from(_: io::Error) -> Self {
        Self(PhotoRejection::Unreadable)
    }
}

impl From<PhotoRejection> for Unreadable {
    fn from(rejection: PhotoRejection) -> Self {
        Self(rejection)
    }
}

/// How many scans the decoder may find before the picture ends. What merely looks like one does not count: thumbnails in
/// segments, and films or further pictures behind the end, as phones put there.
fn scans(file: &[u8]) -> usize {
    let (mut scans, mut rest) = (0, file.get(2..).unwrap_or_default());
    while let Some(at) = rest.windows(2).position(|pair| pair[0] == 0xFF && !matches!(pair[1], 0 | 0xFF)) {
        let (marker, after) = (rest[at + 1], &rest[at + 2..]);
        scans += usize::from(marker == 0xDA);
        rest = match marker {
            0xD9 => break,
            // These have no length, and among the others the decoder would not skip by it.
            0x01..=0xBF | 0xD0..=0xD8 => after,
            _ => after
                .get(after.first_chunk().map_or(0, |length| u16::from_be_bytes(*length).max(2).into())..)
                .unwrap_or_default(),
        };
    }
    scans
}

/// The smallest of 1, 2, 4 and 8 eighths that leaves half as much again as is wanted: the rest is for the resizer.
fn eighths(from: u32, wanted: u32) -> u8 {
    let leaves_enough = |eighths: &u8| u64::from(from) * u64::from(*eighths) / 8 >= u64::from(wanted) * 3 / 2;
    [1, 2, 4].into_iter().find(leaves_enough).unwrap_or(8)
}

fn size<R>(decoder: &Decompress<R>) -> (u32, u32) {
    (number(decoder.width()), number(decoder.height()))
}

fn number(side: usize) -> u32 {
    u32::try_from(side).unwrap_or(u32::MAX)
}

fn exif<R>(decoder: &Decompress<R>) -> Option<&[u8]> {
    decoder
        .markers()
        .filter(|block| block.marker == EXIF)
        .map(|block| block.data)
        .find(|data| data.starts_with(exif::PREFIX))
}

/// The colour profile, which may be cut into numbered pieces (ICC.1:2010, annex B.4).
fn profile<R>(decoder: &Decompress<R>) -> Option<Vec<u8>> {
    let blocks = decoder.markers().filter(|block| block.marker == PROFILE);
    let pieces = blocks.filter_map(|block| block.data.strip_prefix(b"ICC_PROFILE\0"));
    let mut numbered: Vec<_> = pieces.filter_map(|piece| Some((*piece.first()?, piece.get(2..)?))).collect();
    numbered.sort_by_key(|(number, _)| *number);
    (!numbered.is_empty()).then(|| numbered.into_iter().flat_map(|(_, piece)| piece.iter().copied()).collect())
}

fn has_marker<R>(decoder: &Decompress<R>, marker: Marker, start: &[u8]) -> bool {
    decoder.markers().any(|block| block.marker == marker && block.data.starts_with(start))
}

/// Cyan, magenta, yellow and black as light. Adobe's programs, and all that follow them, store them inverted.
fn from_cmyk(pixels: &[u8], is_inverted: bool) -> Vec<u8> {
    let light = |ink: u8| if is_inverted { ink } else { 255 - ink };
    let mut rgb = Vec::with_capacity(pixels.len() / 4 * CHANNELS);
    for ink in pixels.chunks_exact(4) {
        let black = u16::from(light(ink[3]));
        rgb.extend(ink[..CHANNELS].iter().map(|ink| u8::try_from(u16::from(light(*ink)) * black / 255).unwrap_or(u8::MAX)));
    }
    rgb
}

/// Hands a file to the decoder piece by piece. Where the file ends too early, or takes too long, reading fails;
/// the decoder would make up the rest.
struct Source<'a> {
    rest: &'a [u8],
    deadline: Option<Deadline>,
}

impl<'a> Source<'a> {
    fn new(file: &'a [u8], deadline: Option<Deadline>) -> Self {
        Self { rest: file, deadline }
    }
}

impl BufRead for Source<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.rest.is_empty() || self.deadline.is_some_and(Deadline::is_over) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(&self.rest[..self.rest.len().min(CHUNK)])
    }

    fn consume(&mut self, bytes: usize) {
        self.rest = &self.rest[bytes..];
    }
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_decoded_at_the_smallest_size_that_is_enough() {
        let decoded_at = |from| eighths(from, 512);
        assert_eq!([600, 1_535, 1_536, 4_000, 6_000, 6_144].map(decoded_at), [8, 8, 4, 2, 2, 1]);
    }

    #[test]
    fn only_scans_of_the_picture_itself_count() {
        let scan = [0xFF, 0xDA, 0, 3, 0, 0x12, 0xFF, 0, 0xDA, 0xFF, 0xD3, 0x34];
        let thumbnail = [&[0xFF, 0xE1, 0, 16][..], &scan, &[0xFF, 0xD9]].concat();
        let file = [&[0xFF, 0xD8][..], &thumbnail, &scan, &[0xFF], &scan, &[0xFF, 0xD9], &scan].concat();
        assert_eq!(scans(&file), 2);
        for length in 0..file.len() {
            assert!(scans(&file[..length]) <= 2, "cut short at {length}");
        }
    }

    #[test]
    fn printing_colours_become_light() {
        assert_eq!(from_cmyk(&[255, 0, 128, 255], true), [255, 0, 128]);
        assert_eq!(from_cmyk(&[255, 255, 255, 0], true), [0, 0, 0]);
        assert_eq!(from_cmyk(&[0, 255, 0, 0], false), [255, 0, 255]);
    }
}
