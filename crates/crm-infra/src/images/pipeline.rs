use crm_domain::photo::{KeptPhoto, MAX_BYTES, MAX_PIXELS, PhotoRejection, ProcessedPhoto, ProcessingError};

use super::encode::encode;
use super::raster::Raster;
use super::{Deadline, PhotoSizes, jpeg, png, webp};

/// Longest side. No JPEG or WebP has a longer one, and a PNG that has is built to keep a reader busy with millions of rows.
const MAX_SIDE: u32 = 65_535;

/// A picture as its file describes it, on its way to its final size.
pub(super) struct Decoded {
    /// The pixels, maybe fewer than the file has, never fewer than needed.
    pub(super) raster: Raster,
    /// Width in the file.
    pub(super) width: u32,
    /// Height in the file.
    pub(super) height: u32,
    /// How the camera was held: 1 to 8, as EXIF counts.
    pub(super) orientation: u8,
    /// Colour profile, if the colours are not plain sRGB.
    pub(super) profile: Option<Vec<u8>>,
}

/// What a file is, by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    WebP,
}

fn sniff(file: &[u8]) -> Result<Kind, PhotoRejection> {
    match file {
        [0xFF, 0xD8, 0xFF, ..] => Ok(Kind::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Ok(Kind::Png),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok(Kind::WebP),
        _ => Err(PhotoRejection::NotAPhoto),
    }
}

/// Both sizes of an uploaded photo.
pub(super) fn process(file: &[u8], sizes: PhotoSizes, deadline: Deadline) -> Result<ProcessedPhoto, ProcessingError> {
    let full = full_picture(file, sizes, deadline)?;
    let thumbnail = thumbnail(&full, sizes)?;
    Ok(ProcessedPhoto { width: full.width(), height: full.height(), full: encode(&full).map_err(failed)?, thumbnail })
}

/// A kept photo in today's sizes, if it has others. A picture that is small enough stays byte for byte.
pub(super) fn refit(
    kept: KeptPhoto,
    sizes: PhotoSizes,
    deadline: Deadline,
) -> Result<Option<ProcessedPhoto>, ProcessingError> {
    let (width, height) = jpeg::dimensions(&kept.full)?;
    if width.max(height) > sizes.full {
        return process(&kept.full, sizes, deadline).map(Some);
    }
    let has_thumbnail = kept
        .thumbnail
        .as_deref()
        .map(jpeg::dimensions)
        .is_some_and(|found| found.is_ok_and(|dimensions| dimensions == (sizes.thumbnail, sizes.thumbnail)));
    if has_thumbnail {
        return Ok(None);
    }
    let thumbnail = thumbnail(&full_picture(&kept.full, sizes, deadline)?, sizes)?;
    Ok(Some(ProcessedPhoto { full: kept.full, thumbnail, width, height }))
}

/// The picture upright, in sRGB, and no larger than asked for.
fn full_picture(file: &[u8], sizes: PhotoSizes, deadline: Deadline) -> Result<Raster, ProcessingError> {
    if file.len() > MAX_BYTES {
        return Err(PhotoRejection::TooManyBytes.into());
    }
    let decoded = match sniff(file)? {
        Kind::Jpeg => jpeg::decode(file, sizes.full, deadline),
        Kind::Png => png::decode(file, sizes.full, deadline),
        Kind::WebP => webp::decode(file, sizes.full),
    }?;
    if deadline.is_over() {
        return Err(PhotoRejection::Unreadable.into());
    }
    let Decoded { mut raster, width, height, orientation, profile } = decoded;
    if let Some(profile) = profile {
        raster.convert_to_srgb(&profile);
    }
    let (width, height) = fit(width, height, sizes.full);
    let resized = raster.resize(width, height).map_err(failed)?;
    Ok(resized.turn(orientation))
}

fn thumbnail(full: &Raster, sizes: PhotoSizes) -> Result<Vec<u8>, ProcessingError> {
    let square = full.square(sizes.thumbnail).map_err(failed)?;
    encode(&square).map_err(failed)
}

/// Width and height with this longest side, if they are larger; a side is never nothing.
fn fit(width: u32, height: u32, longest: u32) -> (u32, u32) {
    let from = u64::from(width.max(height));
    if from <= u64::from(longest) {
        return (width, height);
    }
    let scaled = |side: u32| {
        let rounded = (u64::from(side) * u64::from(longest) * 2 + from) / (from * 2);
        u32::try_from(rounded).unwrap_or(longest).max(1)
    };
    (scaled(width), scaled(height))
}

/// Refuses what is too large to look at, before any pixel is decoded.
pub(super) fn check_pixels(width: u32, height: u32) -> Result<(), PhotoRejection> {
    match u64::from(width) * u64::from(height) {
        1..=MAX_PIXELS if width.max(height) <= MAX_SIDE => Ok(()),
        0..=MAX_PIXELS => Err(PhotoRejection::Unreadable),
        _ => Err(PhotoRejection::TooManyPixels),
    }
}

fn failed(error: impl std::error::Error + Send + Sync + 'static) -> ProcessingError {
    ProcessingError::Failed(Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE0"), Ok(Kind::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n...."), Ok(Kind::Png));
        assert_eq!(sniff(b"RIFF\0\0\0\0WEBPVP8 "), Ok(Kind::WebP));
        for other in
            [&b""[..], b"\xFF\xD8", b"GIF89a", b"%PDF-1.7", b"<svg xmlns", b"<!doctype html>", b"RIFF\0\0\0\0WAVE", b"MZ"]
        {
            assert_eq!(sniff(other), Err(PhotoRejection::NotAPhoto), "{other:?}");
        }
    }

    #[test]
    fn a_picture_is_fitted_without_ever_growing_or_vanishing() {
        assert_eq!(fit(4000, 3000, 512), (512, 384));
        assert_eq!(fit(3000, 4000, 512), (384, 512));
        assert_eq!(fit(512, 512, 512), (512, 512));
        assert_eq!(fit(40, 30, 512), (40, 30));
        assert_eq!(fit(5_000, 1, 512), (512, 1));
        assert_eq!(fit(u32::MAX, u32::MAX, 512), (512, 512));
    }

    #[test]
    fn what_is_too_large_is_refused_by_its_dimensions() {
        assert_eq!(check_pixels(5_000, 5_000), Ok(()));
        assert_eq!(check_pixels(5_001, 5_000), Err(PhotoRejection::TooManyPixels));
        assert_eq!(check_pixels(65_535, 65_535), Err(PhotoRejection::TooManyPixels));
        assert_eq!(check_pixels(u32::MAX, u32::MAX), Err(PhotoRejection::TooManyPixels));
        assert_eq!(check_pixels(0, 7), Err(PhotoRejection::Unreadable));
        assert_eq!(check_pixels(1, 65_535), Ok(()));
        assert_eq!(check_pixels(1, 65_536), Err(PhotoRejection::Unreadable));
    }
}
