mod bounds;
mod codes;

use std::io::Cursor;

use crm_domain::photo::{MAX_PIXELS, PhotoRejection};
use image_webp::{DecodingError, WebPDecoder};

use super::exif::orientation;
use super::pipeline::{Decoded, check_pixels};
use super::raster::CHANNELS;
use super::shrink::Shrinker;

/// Most memory the decoder may take for a picture of the largest size, and for metadata.
const MEMORY: usize = 256 * 1024 * 1024;

/// The first picture of a WebP, on white where it is transparent.
pub(super) fn decode(file: &[u8], longest: u32) -> Result<Decoded, PhotoRejection> {
    let mut decoder = WebPDecoder::new(Cursor::new(file)).map_err(unreadable)?;
    decoder.set_memory_limit(MEMORY);
    let (width, height) = decoder.dimensions();
    check_pixels(width, height)?;
    // Of an animation the decoder holds three pictures at once.
    if decoder.is_animated() && u64::from(width) * u64::from(height) > MAX_PIXELS / 2 {
        return Err(PhotoRejection::TooManyPixels);
    }
    bounds::check(file, width, height)?;

    let mut pixels = vec![0; decoder.output_buffer_size().ok_or(PhotoRejection::TooManyPixels)?];
    let has_alpha = decoder.has_alpha();
    if decoder.is_animated() {
        decoder.read_frame(&mut pixels).map_err(unreadable)?;
    } else {
        decoder.read_image(&mut pixels).map_err(unreadable)?;
    }
    let mut shrinker = Shrinker::new(width, height, longest);
    let samples = if has_alpha { CHANNELS + 1 } else { CHANNELS };
    for row in pixels.chunks_exact(width as usize * samples) {
        shrinker.push(row, samples);
    }
    Ok(Decoded {
        raster: shrinker.finish().ok_or(PhotoRejection::Unreadable)?,
        width,
        height,
        orientation: orientation(decoder.exif_metadata().ok().flatten().as_deref()),
        profile: decoder.icc_profile().ok().flatten(),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "its shape is given by map_err")]
fn unreadable(error: DecodingError) -> PhotoRejection {
    match error {
        DecodingError::MemoryLimitExceeded | DecodingError::ImageTooLarge => PhotoRejection::TooManyPixels,
        _ => PhotoRejection::Unreadable,
    }
}
