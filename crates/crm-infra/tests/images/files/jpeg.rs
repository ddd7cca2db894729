//! JPEGs, marker by marker, with the cheapest pixels that there are.

/// A progressive picture of one grey, three components of full size.
pub(crate) struct Progressive {
    file: Vec<u8>,
    blocks: usize,
}

/// Most blocks that one code can declare empty: its own 2^14, and 14 bits more.
const RUN: usize = (1 << 15) - 1;

impl Progressive {
    /// With its first scan, of the mean of every block.
    pub(crate) fn new(width: u16, height: u16, components: u8) -> Self {
        let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
        let mut file = start(0xC2, width, height, components);
        let selected: Vec<u8> = (1..=components).flat_map(|id| [id, 0]).collect();
        file.extend(segment(0xDA, &[&[components], &selected[..], &[0, 0, 0]].concat()));
        // «No difference», one bit each.
        file.extend(vec![0; (blocks * usize::from(components)).div_ceil(8)]);
        Self { file, blocks }
    }

    /// The file up to where its pixels would begin.
    pub(crate) fn header(width: u16, height: u16) -> Vec<u8> {
        [start(0xC2, width, height, 3), segment(0xDA, &[3, 1, 0, 2, 0, 3, 0, 0, 0, 0])].concat()
    }

    /// With further scans that refine every other coefficient by nothing.
    pub(crate) fn refined(mut self, scans: usize) -> Self {
        for scan in 0..scans {
            let component = u8::try_from(scan % 3 + 1).unwrap();
            self.file.extend(segment(0xDA, &[1, component, 0, 1, 63, 0x10]));
            let mut bits = Bits::default();
            for _ in 0..self.blocks.div_ceil(RUN) {
                bits.push(0, 1);
                bits.push((1 << 14) - 1, 14);
            }
            self.file.extend(bits.finish());
        }
        self
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.file.extend([0xFF, 0xD9]);
        self.file
    }
}

/// Everything before the first scan: a quantization table, the size, and Huffman tables with one code each.
pub(crate) fn start(frame: u8, width: u16, height: u16, components: u8) -> Vec<u8> {
    let mut size = vec![8];
    size.extend(height.to_be_bytes());
    size.extend(width.to_be_bytes());
    size.push(components);
    size.extend((1..=components).flat_map(|id| [id, 0x11, 0]));
    let table = |class: u8, symbol: u8| [&[class << 4, 1][..], &[0; 15], &[symbol]].concat();
    let tables = [segment(0xDB, &[0].into_iter().chain([1; 64]).collect::<Vec<u8>>()), segment(frame, &size)].concat();
    [vec![0xFF, 0xD8], tables, segment(0xC4, &table(0, 0)), segment(0xC4, &table(1, 0xE0))].concat()
}

pub(crate) fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len() + 2).unwrap();
    [&[0xFF, marker][..], &length.to_be_bytes(), content].concat()
}

/// Puts segments behind the first marker of a file.
pub(crate) fn with_segments(file: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    [&file[..2], &segments.concat(), &file[2..]].concat()
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    last: u8,
    used: u8,
}

impl Bits {
    fn push(&mut self, value: u32, count: u32) {
        for bit in (0..count).rev() {
            self.last = self.last << 1 | u8::from(value >> bit & 1 == 1);
            self.used += 1;
            if self.used == 8 {
                self.end_byte();
            }
        }
    }

    fn end_byte(&mut self) {
        self.bytes.push(self.last);
        if self.last == 0xFF {
            self.bytes.push(0);
        }
        (self.last, self.used) = (0, 0);
    }

    fn finish(mut self) -> Vec<u8> {
        while self.used > 0 {
            self.push(1, 1);
        }
        self.bytes
    }
}

/// The markers of a JPEG in their order, and whether it ends with the last one.
pub(crate) fn markers(jpeg: &[u8]) -> (Vec<u8>, bool) {
    assert_eq!(jpeg[..2], [0xFF, 0xD8], "no JPEG");
    let (mut markers, mut at) = (vec![0xD8], 2);
    while at + 1 < jpeg.len() {
        if jpeg[at] != 0xFF || matches!(jpeg[at + 1], 0 | 0xFF) {
            assert!(markers.contains(&0xDA), "something between segments at {at}");
            at += 1;
            continue;
        }
        markers.push(jpeg[at + 1]);
        match jpeg[at + 1] {
            0xD9 => return (markers, at + 2 == jpeg.len()),
            0xD0..=0xD7 => at += 2,
            _ => at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]])),
        }
    }
    (markers, false)
}
