use std::io::Cursor;

use crm_domain::photo::PhotoRejection;
use png::{BitDepth, ColorType, Decoder, DecodingError, Limits, Reader, Transformations};

use super::Deadline;
use super::exif::orientation;
use super::pipeline::{Decoded, check_pixels};
use super::shrink::Shrinker;

/// Most memory the decoder may take for rows and metadata; the widest row allowed takes a fraction of it.
const MEMORY: usize = 64 * 1024 * 1024;
/// After so many rows the time is looked at.
const ROWS: u32 = 64;

/// The first picture of a PNG, on white where it is transparent.
pub(super) fn decode(file: &[u8], longest: u32, deadline: Deadline) -> Result<Decoded, PhotoRejection> {
    let mut decoder = Decoder::new_with_limits(Cursor::new(file), Limits { bytes: MEMORY });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    // Refused by its header, before anything that follows is looked at.
    let header = decoder.read_header_info().map_err(unreadable)?;
    let (width, height) = (header.width, header.height);
    check_pixels(width, height)?;

    let mut reader = decoder.read_info().map_err(unreadable)?;
    let shrinker = Shrinker::new(width, height, longest);
    let rows =
        if reader.info().interlaced { whole(&mut reader, shrinker)? } else { row_by_row(&mut reader, shrinker, deadline)? };
    // What comes after the pixels: their last checksum, maybe EXIF, and the end, without which the file is cut short.
    reader.finish().map_err(unreadable)?;
    Ok(Decoded {
        raster: rows.finish().ok_or(PhotoRejection::Unreadable)?,
        width,
        height,
        orientation: orientation(reader.info().exif_metadata.as_deref()),
        profile: reader.info().icc_profile.as_deref().map(<[u8]>::to_vec),
    })
}

fn row_by_row(
    reader: &mut Reader<Cursor<&[u8]>>,
    mut shrinker: Shrinker,
    deadline: Deadline,
) -> Result<Shrinker, PhotoRejection> {
    let samples = samples(reader)?;
    for number in 0..reader.info().height {
        if number % ROWS == 0 && deadline.is_over() {
            return Err(PhotoRejection::Unreadable);
        }
        let row = reader.next_row().map_err(unreadable)?.ok_or(PhotoRejection::Unreadable)?;
        shrinker.push(row.data(), samples);
    }
    Ok(shrinker)
}

/// The rows of an interlaced picture come in seven passes, so it must be held as a whole: at most 100 MB.
fn whole(reader: &mut Reader<Cursor<&[u8]>>, mut shrinker: Shrinker) -> Result<Shrinker, PhotoRejection> {
    let samples = samples(reader)?;
    let mut pixels = vec![0; reader.output_buffer_size().ok_or(PhotoRejection::TooManyPixels)?];
    let frame = reader.next_frame(&mut pixels).map_err(unreadable)?;
    for row in pixels.chunks_exact(frame.line_size) {
        shrinker.push(row, samples);
    }
    Ok(shrinker)
}

/// Samples of a pixel: grey, grey and alpha, colour, colour and alpha.
fn samples(reader: &Reader<Cursor<&[u8]>>) -> Result<usize, PhotoRejection> {
    match reader.output_color_type() {
        (color @ (ColorType::Grayscale | ColorType::GrayscaleAlpha | ColorType::Rgb | ColorType::Rgba), BitDepth::Eight) => {
            Ok(color.samples())
        }
        _ => Err(PhotoRejection::Unreadable),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "its shape is given by map_err")]
fn unreadable(error: DecodingError) -> PhotoRejection {
    match error {
        DecodingError::LimitsExceeded => PhotoRejection::TooManyPixels,
        _ => PhotoRejection::Unreadable,
    }
}
