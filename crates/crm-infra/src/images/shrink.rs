use super::raster::{CHANNELS, Raster};

const OPAQUE: u8 = 255;

/// Averages blocks of pixels while rows come in, so that a large picture is never in memory as a whole.
pub(super) struct Shrinker {
    width: usize,
    height: usize,
    factor: usize,
    /// Sums of the blocks of the present band of rows, times opacity.
    sums: Vec<u64>,
    rows_in_band: usize,
    rows: usize,
    pixels: Vec<u8>,
}

impl Shrinker {
    /// For a picture of this size of which at least twice `longest` is wanted.
    pub(super) fn new(width: u32, height: u32, longest: u32) -> Self {
        let factor = (width.max(height) / (longest * 2)).max(1) as usize;
        let (width, height) = (width as usize, height as usize);
        let (columns, bands) = (width.div_ceil(factor), height.div_ceil(factor));
        let pixels = Vec::with_capacity(columns * bands * CHANNELS);
        Self { width, height, factor, sums: vec![0; columns * CHANNELS], rows_in_band: 0, rows: 0, pixels }
    }

    /// Takes the next row, which must be as wide as the picture. Its pixels have so many samples: grey, grey and alpha,
    /// colour, colour and alpha. What is transparent shows white paper.
    ///
    /// Plain loops, so that a build without optimisation is done with 25 megapixels in time as well.
    pub(super) fn push(&mut self, row: &[u8], samples: usize) {
        for (sums, block) in self.sums.chunks_exact_mut(CHANNELS).zip(row.chunks(self.factor * samples)) {
            for pixel in block.chunks_exact(samples) {
                let (red, green, blue, alpha) = match *pixel {
                    [grey] => (grey, grey, grey, OPAQUE),
                    [grey, alpha] => (grey, grey, grey, alpha),
                    [red, green, blue] => (red, green, blue, OPAQUE),
                    [red, green, blue, alpha, ..] => (red, green, blue, alpha),
                    [] => continue,
                };
                let alpha = u64::from(alpha);
                let paper = 255 * (255 - alpha);
                sums[0] += u64::from(red) * alpha + paper;
                sums[1] += u64::from(green) * alpha + paper;
                sums[2] += u64::from(blue) * alpha + paper;
            }
        }
        self.rows_in_band += 1;
        self.rows += 1;
        if self.rows_in_band == self.factor || self.rows == self.height {
            self.end_band();
        }
    }

    fn end_band(&mut self) {
        for (column, block) in self.sums.chunks_exact_mut(CHANNELS).enumerate() {
            let wide = self.factor.min(self.width - column * self.factor);
            let whole = (wide * self.rows_in_band) as u64 * u64::from(OPAQUE);
            for sum in block {
                self.pixels.push(u8::try_from((*sum + whole / 2) / whole).unwrap_or(u8::MAX));
                *sum = 0;
            }
        }
        self.rows_in_band = 0;
    }

    /// The picture, if every row came.
    pub(super) fn finish(self) -> Option<Raster> {
        let width = u32::try_from(self.width.div_ceil(self.factor)).ok()?;
        let height = u32::try_from(self.height.div_ceil(self.factor)).ok()?;
        Raster::new(width, height, self.pixels)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged_and_those_at_the_edge_are_smaller() {
        // 5 by 3 pixels by a factor of 2: 3 columns, 2 bands.
        let mut shrinker = Shrinker::new(5, 3, 1);
        for row in [[10, 20, 30, 40, 50], [30, 40, 50, 60, 70], [1, 3, 5, 7, 9]] {
            let pixels: Vec<u8> = row.into_iter().flat_map(|value| [value, 0, 255]).collect();
            shrinker.push(&pixels, CHANNELS);
        }
        let raster = shrinker.finish().unwrap();
        assert_eq!((raster.width(), raster.height()), (3, 2));
        let reds: Vec<u8> = raster.pixels().chunks(CHANNELS).map(|pixel| pixel[0]).collect();
        assert_eq!(reds, [25, 45, 60, 2, 6, 9]);
        assert!(raster.pixels().chunks(CHANNELS).all(|pixel| pixel[1..] == [0, 255]));
    }

    #[test]
    fn a_picture_that_lacks_a_row_is_none() {
        let mut shrinker = Shrinker::new(1, 2, 1);
        shrinker.push(&[0; CHANNELS], CHANNELS);
        assert_eq!(shrinker.finish(), None);
    }

    #[test]
    fn transparency_shows_white_paper() {
        let cases = [
            (&[0, 100, 255, 0][..], [255; CHANNELS]),
            (&[0, 100, 255, 255], [0, 100, 255]),
            (&[0, 100, 200, 128], [127, 177, 227]),
            (&[100, 128], [177; CHANNELS]),
            (&[100], [100; CHANNELS]),
        ];
        for (pixel, expected) in cases {
            let mut shrinker = Shrinker::new(1, 1, 1);
            shrinker.push(pixel, pixel.len());
            assert_eq!(shrinker.finish().unwrap().pixels(), expected, "{pixel:?}");
        }
    }
}
