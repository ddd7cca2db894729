//! Files of the kind `WebP`, chunk by chunk.

use image_webp::{ColorType, WebPEncoder};

/// A file of these chunks.
pub(crate) fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(*b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
}

pub(crate) fn chunk(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let length = u32::try_from(content.len()).unwrap();
    let padding = &[0][..content.len() % 2];
    [&name[..], &length.to_le_bytes(), content, padding].concat()
}

const ANIMATED: u8 = 1 << 1;
const SEE_THROUGH: u8 = 1 << 4;

/// What the file says of itself before its chunks.
pub(crate) fn canvas(width: u32, height: u32, flags: u8) -> Vec<u8> {
    chunk(*b"VP8X", &[&[flags, 0, 0, 0], &three_bytes(width - 1)[..], &three_bytes(height - 1)].concat())
}

fn three_bytes(number: u32) -> [u8; 3] {
    let [first, second, third, _] = number.to_le_bytes();
    [first, second, third]
}

/// See-through black without loss: the chunk, from a file of the encoder's.
pub(crate) fn lossless(width: u32, height: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = vec![0; (width * height * 4) as usize];
    WebPEncoder::new(&mut file).encode(&pixels, width, height, ColorType::Rgba8).unwrap();
    file.split_off(12)
}

/// One grey with loss, and transparency without: the chunk is that of a lossless picture but for its head.
pub(crate) fn see_through(width: u16, height: u16) -> Vec<u8> {
    let without_loss = lossless(width.into(), height.into());
    let alpha = chunk(*b"ALPH", &[&[1], &without_loss[8 + 5..]].concat());
    riff(&[canvas(width.into(), height.into(), SEE_THROUGH), alpha, lossy(width, height)])
}

/// An animation of so many frames, each as large as the canvas.
pub(crate) fn animation(width: u32, height: u32, frames: usize, frame: &[u8]) -> Vec<u8> {
    let place = [&[0; 6], &three_bytes(width - 1)[..], &three_bytes(height - 1), &[0; 4]].concat();
    let frame = chunk(*b"ANMF", &[&place, frame].concat());
    riff(&[canvas(width, height, ANIMATED | SEE_THROUGH), chunk(*b"ANIM", &[0; 6]), frame.repeat(frames)])
}

/// One grey with loss. The arithmetic decoder reads zeros as the likelier of two answers for ever: one bit for a block of
/// 4 by 4 pixels at most.
pub(crate) fn lossy(width: u16, height: u16) -> Vec<u8> {
    let blocks = usize::from(width).div_ceil(16) * usize::from(height).div_ceil(16);
    let modes = (blocks * 5 / 8 + 1_000).min((1 << 19) - 1);
    let tag = u32::try_from(modes).unwrap() << 5 | 1 << 4;
    let size = [width.to_le_bytes(), height.to_le_bytes()].concat();
    let zeros = vec![0; modes + blocks * 2 + 1_000];
    chunk(*b"VP8 ", &[&three_bytes(tag)[..], &[0x9D, 0x01, 0x2A], &size, &zeros].concat())
}

/// One pixel without loss whose block says that it is the last of so many, each with codes of its own.
pub(crate) fn many_codes(groups: u32) -> Vec<u8> {
    let mut bits = Bits::default();
    bits.push(0x2F, 8);
    // One by one pixel, alpha used, version, no transformation, no colour cache, blocks with codes, of four pixels.
    for (value, count) in [(0, 14), (0, 14), (1, 1), (0, 3), (0, 1), (0, 1), (1, 1), (0, 3), (0, 1)] {
        bits.push(value, count);
    }
    // The picture of blocks: green, red, blue, alpha and distance have one value each, and need no bits.
    let last = groups - 1;
    for value in [last & 0xFF, last >> 8, 0, 0, 0] {
        for (value, count) in [(1, 1), (0, 1), (1, 1), (value, 8)] {
            bits.push(value, count);
        }
    }
    for _ in 0..groups * 5 {
        bits.long_code();
    }
    bits.push(0, 32);
    riff(&[chunk(*b"VP8L", &bits.finish())])
}

#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    last: u64,
    used: u32,
}

impl Bits {
    /// Lowest bit first.
    fn push(&mut self, value: u32, count: u32) {
        self.last |= u64::from(value) << self.used;
        self.used += count;
        while self.used >= 8 {
            self.bytes.push(self.last.to_le_bytes()[0]);
            self.last >>= 8;
            self.used -= 8;
        }
    }

    /// A code of eleven symbols with lengths of 1, 2, 3 and so on to 10, and 10 again, which takes the largest table.
    fn long_code(&mut self) {
        self.push(0, 1);
        // The lengths have a code themselves: 1 to 6 by three bits, 7 to 10 by four.
        self.push(14 - 4, 4);
        for length in [0, 0, 0, 3, 3, 3, 3, 3, 0, 3, 4, 4, 4, 4] {
            self.push(length, 3);
        }
        // Eleven lengths follow: this number less two, by four bits.
        for (value, count) in [(1, 1), (1, 3), (9, 4)] {
            self.push(value, count);
        }
        for length in (1..=10_u32).chain([10]) {
            let (code, count) = if length <= 6 { (length - 1, 3) } else { (length - 7 + 12, 4) };
            self.push(code.reverse_bits() >> (32 - count), count);
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, 7);
        self.bytes
    }
}
