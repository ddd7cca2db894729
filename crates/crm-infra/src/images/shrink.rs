use super::raster::{CHANNELS, Raster};

/// Averages blocks of pixels while rows come in, so that a large picture is never in memory as a whole.
pub(super) struct Shrinker {
    width: usize,
    height: usize,
    factor: usize,
    /// Sums of the blocks of the present band of rows.
    sums: Vec<u32>,
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

    /// Takes the next row, which must be as wide as the picture.
    pub(super) fn push(&mut self, row: impl Iterator<Item = [u8; CHANNELS]>) {
        for (x, pixel) in row.take(self.width).enumerate() {
            let column = x / self.factor * CHANNELS;
            for (sum, value) in self.sums[column..column + CHANNELS].iter_mut().zip(pixel) {
                *sum += u32::from(value);
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
            // A block has at most 50 by 50 pixels, far from overflowing.
            let count = u32::try_from(wide * self.rows_in_band).unwrap_or(u32::MAX);
            for sum in block {
                self.pixels.push(u8::try_from((*sum + count / 2) / count).unwrap_or(u8::MAX));
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

/// A pixel on white paper.
pub(super) fn on_white([red, green, blue, alpha]: [u8; 4]) -> [u8; CHANNELS] {
    let blend = |colour: u8| {
        let blended = u32::from(colour) * u32::from(alpha) + 255 * (255 - u32::from(alpha));
        u8::try_from((blended + 127) / 255).unwrap_or(u8::MAX)
    };
    [blend(red), blend(green), blend(blue)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_averaged_and_those_at_the_edge_are_smaller() {
        // 5 by 3 pixels by a factor of 2: 3 columns, 2 bands.
        let mut shrinker = Shrinker::new(5, 3, 1);
        for row in [[10, 20, 30, 40, 50], [30, 40, 50, 60, 70], [1, 3, 5, 7, 9]] {
            shrinker.push(row.into_iter().map(|value| [value, 0, 255]));
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
        shrinker.push([[0; CHANNELS]].into_iter());
        assert_eq!(shrinker.finish(), None);
    }

    #[test]
    fn transparency_shows_white_paper() {
        assert_eq!(on_white([0, 100, 255, 0]), [255; CHANNELS]);
        assert_eq!(on_white([0, 100, 255, 255]), [0, 100, 255]);
        assert_eq!(on_white([0, 100, 200, 128]), [127, 177, 227]);
    }
}
