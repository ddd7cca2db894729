use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeError, ResizeOptions, Resizer};
use moxcms::{ColorProfile, Layout, TransformOptions};

/// Bytes of a pixel: red, green, blue.
pub(super) const CHANNELS: usize = 3;

/// A picture in memory, row by row from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Raster {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

/// What can go wrong with sizes that were computed here; none of it depends on the pixels.
#[derive(Debug, thiserror::Error)]
pub(super) enum RasterError {
    #[error("a buffer does not have the size of its picture")]
    Size(#[from] fast_image_resize::ImageBufferError),
    #[error("the picture could not be resized")]
    Resize(#[from] ResizeError),
}

impl Raster {
    /// `None` unless there are exactly as many pixels as the size says.
    pub(super) fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let bytes = (width as usize).checked_mul(height as usize)?.checked_mul(CHANNELS)?;
        (pixels.len() == bytes).then_some(Self { width, height, pixels })
    }

    pub(super) fn width(&self) -> u32 {
        self.width
    }

    pub(super) fn height(&self) -> u32 {
        self.height
    }

    pub(super) fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The whole picture in another size.
    pub(super) fn resize(self, width: u32, height: u32) -> Result<Self, RasterError> {
        if (width, height) == (self.width, self.height) {
            return Ok(self);
        }
        self.scale(width, height, &ResizeOptions::new())
    }

    /// The largest square in the middle, in another size.
    pub(super) fn square(&self, side: u32) -> Result<Self, RasterError> {
        self.scale(side, side, &ResizeOptions::new().fit_into_destination(None))
    }

    fn scale(&self, width: u32, height: u32, options: &ResizeOptions) -> Result<Self, RasterError> {
        let from = ImageRef::new(self.width, self.height, &self.pixels, PixelType::U8x3)?;
        let mut to = Image::new(width, height, PixelType::U8x3);
        let options = options.resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(false);
        Resizer::new().resize(&from, &mut to, &options)?;
        Ok(Self { width, height, pixels: to.into_vec() })
    }

    /// Makes a picture upright that was taken with the camera held like this (1 to 8, as EXIF counts).
    pub(super) fn turn(self, orientation: u8) -> Self {
        if orientation == 1 {
            return self;
        }
        let (width, height) = (self.width as usize, self.height as usize);
        let is_on_its_side = orientation >= 5;
        let (to_width, to_height) = if is_on_its_side { (height, width) } else { (width, height) };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..to_height {
            for x in 0..to_width {
                let (left, down) = (to_width - 1 - x, to_height - 1 - y);
                // Where the pixel comes from: EXIF 2.32, section 4.6.4, tag 0x0112.
                let (from_x, from_y) = match orientation {
                    2 => (left, y),
                    3 => (left, down),
                    4 => (x, down),
                    5 => (y, x),
                    6 => (y, left),
                    7 => (down, left),
                    8 => (down, x),
                    _ => (x, y),
                };
                let at = (from_y * width + from_x) * CHANNELS;
                pixels.extend_from_slice(&self.pixels[at..at + CHANNELS]);
            }
        }
        let (width, height) = if is_on_its_side { (self.height, self.width) } else { (self.width, self.height) };
        Self { width, height, pixels }
    }

    /// Translates colours of another space. A profile that can't be understood is as good as none.
    pub(super) fn convert_to_srgb(&mut self, profile: &[u8]) {
        let Ok(from) = ColorProfile::new_from_slice(profile) else { return };
        let to = ColorProfile::new_srgb();
        let Ok(transform) = from.create_transform_8bit(Layout::Rgb, &to, Layout::Rgb, TransformOptions::default()) else {
            return;
        };
        let mut converted = vec![0; self.pixels.len()];
        if transform.transform(&self.pixels, &mut converted).is_ok() {
            self.pixels = converted;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two rows: a b / c d / e f.
    fn letters(rows: &[&str]) -> Raster {
        let width = u32::try_from(rows[0].len()).unwrap();
        let pixels = rows.iter().flat_map(|row| row.bytes()).flat_map(|letter| [letter; CHANNELS]).collect();
        Raster::new(width, u32::try_from(rows.len()).unwrap(), pixels).unwrap()
    }

    #[test]
    fn a_picture_is_turned_upright_from_every_position() {
        let upright = letters(&["ab", "cd", "ef"]);
        // As the sensor saw it, for each way of holding the camera.
        let seen = [
            (1, letters(&["ab", "cd", "ef"])),
            (2, letters(&["ba", "dc", "fe"])),
            (3, letters(&["fe", "dc", "ba"])),
            (4, letters(&["ef", "cd", "ab"])),
            (5, letters(&["ace", "bdf"])),
            (6, letters(&["bdf", "ace"])),
            (7, letters(&["fdb", "eca"])),
            (8, letters(&["eca", "fdb"])),
        ];
        for (orientation, raster) in seen {
            assert_eq!(raster.turn(orientation), upright, "orientation {orientation}");
        }
    }

    #[test]
    fn a_square_is_cut_from_the_middle() {
        let wide = letters(&["lMMr", "lMMr"]);
        let square = wide.square(2).unwrap();
        assert_eq!(square, letters(&["MM", "MM"]));
    }

    #[test]
    fn a_buffer_of_another_size_is_no_picture() {
        assert_eq!(Raster::new(2, 2, vec![0; 11]), None);
        assert_eq!(Raster::new(u32::MAX, u32::MAX, Vec::new()), None);
    }
}
