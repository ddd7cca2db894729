//! PNGs, chunk by chunk.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compress, Compression, Crc, FlushCompress, Status};

pub(crate) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1A\n";

/// What the pixels are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Format {
    pub(crate) depth: u8,
    pub(crate) colour: u8,
    pub(crate) interlaced: bool,
}

pub(crate) const GREY: u8 = 0;
pub(crate) const RGB: u8 = 2;
const PALETTE: u8 = 3;
const GREY_ALPHA: u8 = 4;
pub(crate) const RGBA: u8 = 6;

/// Every kind of pixel at its deepest, and the shallowest of all, in one pass and in seven.
pub(crate) fn formats() -> impl Iterator<Item = Format> {
    let kinds = [(GREY, 1), (GREY, 16), (RGB, 16), (PALETTE, 8), (GREY_ALPHA, 16), (RGBA, 16)];
    kinds.into_iter().flat_map(|(colour, depth)| [false, true].map(|interlaced| Format { depth, colour, interlaced }))
}

impl Format {
    pub(crate) const fn plain(colour: u8, depth: u8) -> Self {
        Self { depth, colour, interlaced: false }
    }

    /// Bytes of all rows, each with its filter, before they are deflated.
    fn bytes(self, width: u32, height: u32) -> u64 {
        let samples = [1, 0, 3, 1, 2, 0, 4][usize::from(self.colour)];
        let bits = samples * u64::from(self.depth);
        let rows = |columns: u32, rows: u32| {
            if columns == 0 { 0 } else { u64::from(rows) * (1 + (u64::from(columns) * bits).div_ceil(8)) }
        };
        if !self.interlaced {
            return rows(width, height);
        }
        // Where each pass begins, and how far apart its pixels are.
        let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
        let count = |side: u32, start, step| side.saturating_sub(start).div_ceil(step);
        passes.into_iter().map(|(x, y, across, down)| rows(count(width, x, across), count(height, y, down))).sum()
    }
}

/// Black, or see-through, of this size: almost nothing as a file.
pub(crate) fn blank(width: u32, height: u32, format: Format) -> Vec<u8> {
    with_chunks(width, height, format, &[])
}

/// The same with other chunks before the pixels.
pub(crate) fn with_chunks(width: u32, height: u32, format: Format, others: &[Vec<u8>]) -> Vec<u8> {
    let palette = if format.colour == PALETTE { chunk(b"PLTE", &[0; 6]) } else { Vec::new() };
    let pixels = zeros(format.bytes(width, height));
    [SIGNATURE, &header(width, height, format), &others.concat(), &palette, &chunk(b"IDAT", &pixels), &chunk(b"IEND", &[])]
        .concat()
}

/// Such a file without its pixels.
pub(crate) fn blank_header(width: u32, height: u32) -> Vec<u8> {
    [SIGNATURE, &header(width, height, Format::plain(RGB, 8)), &chunk(b"IDAT", &[])].concat()
}

pub(crate) fn header(width: u32, height: u32, format: Format) -> Vec<u8> {
    let kind = [format.depth, format.colour, 0, 0, u8::from(format.interlaced)];
    chunk(b"IHDR", &[&width.to_be_bytes()[..], &height.to_be_bytes(), &kind].concat())
}

pub(crate) fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
    let mut crc = Crc::new();
    crc.update(name);
    crc.update(content);
    let length = u32::try_from(content.len()).unwrap();
    [&length.to_be_bytes()[..], name, content, &crc.sum().to_be_bytes()].concat()
}

/// The chunks of a PNG with the checksums that they should have; anything else as it is.
pub(crate) fn with_right_checksums(mut file: Vec<u8>) -> Vec<u8> {
    let mut at = SIGNATURE.len();
    while file.starts_with(SIGNATURE)
        && let Some(length) = file.get(at..).and_then(<[u8]>::first_chunk).map(|length| u32::from_be_bytes(*length) as usize)
        && let Some(content) = file.get(at + 4..at + 8 + length)
    {
        let mut crc = Crc::new();
        crc.update(content);
        if let Some(checksum) = file.get_mut(at + 8 + length..at + 12 + length) {
            checksum.copy_from_slice(&crc.sum().to_be_bytes());
        }
        at += 12 + length;
    }
    file
}

/// A stream that inflates to what was given.
pub(crate) fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A stream that inflates to so many zeros, without ever having them all.
pub(crate) fn zeros(count: u64) -> Vec<u8> {
    const BLOCK: usize = 1 << 20;
    let block = vec![0; BLOCK];
    let mut compress = Compress::new(Compression::best(), true);
    let mut stream = Vec::new();
    let mut left = count;
    loop {
        let now = usize::try_from(left.min(BLOCK as u64)).unwrap();
        left -= now as u64;
        let flush = if left == 0 { FlushCompress::Finish } else { FlushCompress::None };
        let before = compress.total_in();
        stream.reserve(8 * 1024);
        let mut status = compress.compress_vec(&block[..now], &mut stream, flush).unwrap();
        while compress.total_in() - before < now as u64 || (left == 0 && status != Status::StreamEnd) {
            let taken = usize::try_from(compress.total_in() - before).unwrap();
            stream.reserve(8 * 1024);
            status = compress.compress_vec(&block[taken..now], &mut stream, flush).unwrap();
        }
        if left == 0 {
            return stream;
        }
    }
}

/// An animation of so many frames of one pixel.
pub(crate) fn animation(frames: u32) -> Vec<u8> {
    let pixel = deflated(&[0; 2]);
    let control = |number: u32| chunk(b"fcTL", &[&number.to_be_bytes()[..], &[0, 0, 0, 1, 0, 0, 0, 1], &[0; 14]].concat());
    let first = [control(0), chunk(b"IDAT", &pixel)].concat();
    let others = (1..frames).flat_map(|frame| {
        let data = chunk(b"fdAT", &[&(2 * frame).to_be_bytes()[..], &pixel].concat());
        [control(2 * frame - 1), data].concat()
    });
    let head =
        [SIGNATURE, &header(1, 1, Format::plain(GREY, 8)), &chunk(b"acTL", &[&frames.to_be_bytes()[..], &[0; 4]].concat())];
    [head.concat(), first, others.collect(), chunk(b"IEND", &[])].concat()
}
