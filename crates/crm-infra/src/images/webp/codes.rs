//! How many sets of Huffman codes a lossless picture brings along: the decoder keeps all of them, and a file may bring
//! 65,536 even for a single pixel. Read as the specification of WebP's lossless bitstream says (RFC 9649, section 3),
//! but for the pixels themselves, which are not needed.

/// Codes of a set: green with lengths and cached colours, red, blue, alpha, distances.
const ALPHABETS: [usize; 5] = [256 + 24, 256, 256, 256, 40];
/// The order in which the lengths of the code for lengths come.
const ORDER: [usize; 19] = [17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];
const LONGEST: usize = 15;

/// Sets of codes of a picture, from the bits behind its sizes; `None` if they make no sense.
pub(super) fn sets(bytes: &[u8], width: u32, height: u32) -> Option<u32> {
    let mut bits = Bits { bytes, position: 0 };
    let (mut columns, mut seen) = (width, 0);
    while bits.read(1)? == 1 {
        let kind = bits.read(2)?;
        // Each transformation comes once.
        if seen >> kind & 1 == 1 {
            return None;
        }
        seen |= 1 << kind;
        match kind {
            2 => {}
            3 => {
                let colours = bits.read(8)? + 1;
                bits.picture(colours, 1)?;
                let packed = [3, 2, 1, 0][usize::from(colours > 2) + usize::from(colours > 4) + usize::from(colours > 16)];
                columns = columns.div_ceil(1 << packed);
            }
            _ => {
                bits.blocks(columns, height)?;
            }
        }
    }
    bits.cached_colours()?;
    if bits.read(1)? == 0 {
        return Some(1);
    }
    Some(bits.blocks(columns, height)? + 1)
}

struct Bits<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl Bits<'_> {
    /// The next bits as a number, the lowest first; at most 24.
    fn read(&mut self, count: usize) -> Option<u32> {
        let end = self.position + count;
        if end > self.bytes.len() * 8 {
            return None;
        }
        let bytes = self.bytes[self.position / 8..].iter().take(4);
        let number = bytes.rev().fold(0, |number, byte| number << 8 | u32::from(*byte)) >> (self.position % 8);
        self.position = end;
        Some(number & ((1 << count) - 1))
    }

    /// A picture with a pixel for each block of another.
    fn blocks(&mut self, width: u32, height: u32) -> Option<u32> {
        let side = 1 << (self.read(3)? + 2);
        self.picture(width.div_ceil(side), height.div_ceil(side))
    }

    /// The largest number that red and green make in any pixel of a small picture. What is copied from other pixels, or
    /// from the cache, was there before.
    fn picture(&mut self, width: u32, height: u32) -> Option<u32> {
        let cached = self.cached_colours()?;
        let green = self.code(ALPHABETS[0] + cached)?;
        let red = self.code(ALPHABETS[1])?;
        let (blue, alpha, distance) = (self.code(ALPHABETS[2])?, self.code(ALPHABETS[3])?, self.code(ALPHABETS[4])?);
        let (mut largest, mut left) = (0, u64::from(width) * u64::from(height));
        while left > 0 {
            let symbol = green.read(self)?;
            left = left.checked_sub(match symbol {
                0..256 => {
                    largest = largest.max(red.read(self)? << 8 | symbol);
                    blue.read(self)?;
                    alpha.read(self)?;
                    1
                }
                256..280 => {
                    let length = self.length(symbol - 256)?;
                    let prefix = distance.read(self)?;
                    self.length(prefix)?;
                    length
                }
                _ => 1,
            })?;
        }
        Some(largest)
    }

    fn cached_colours(&mut self) -> Option<usize> {
        Some(if self.read(1)? == 1 { 1 << self.read(4)? } else { 0 })
    }

    /// A length, or a distance, by its prefix.
    fn length(&mut self, prefix: u32) -> Option<u64> {
        if prefix < 4 {
            return Some(u64::from(prefix) + 1);
        }
        let extra = (prefix - 2) >> 1;
        Some((u64::from(2 + (prefix & 1)) << extra) + u64::from(self.read(extra as usize)?) + 1)
    }

    fn code(&mut self, alphabet: usize) -> Option<Code> {
        if self.read(1)? == 1 {
            return self.simple_code(alphabet);
        }
        let mut lengths = [0; ORDER.len()];
        for place in &ORDER[..self.read(4)? as usize + 4] {
            lengths[*place] = self.read(3)?;
        }
        let code = Code::new(&lengths)?;
        let mut left = alphabet;
        if self.read(1)? == 1 {
            let count = self.read(3)? as usize * 2 + 2;
            left = self.read(count)? as usize + 2;
        }
        if left > alphabet {
            return None;
        }
        let (mut lengths, mut previous) = (Vec::with_capacity(alphabet), 8);
        while lengths.len() < alphabet && left > 0 {
            left -= 1;
            let (length, count) = match code.read(self)? {
                16 => (previous, self.read(2)? + 3),
                17 => (0, self.read(3)? + 3),
                18 => (0, self.read(7)? + 11),
                length => (length, 1),
            };
            previous = if length == 0 { previous } else { length };
            lengths.extend((0..count).map(|_| length));
        }
        (lengths.len() <= alphabet).then_some(())?;
        Code::new(&lengths)
    }

    /// One symbol that needs no bits, or two of one bit each.
    fn simple_code(&mut self, alphabet: usize) -> Option<Code> {
        let has_two = self.read(1)? == 1;
        let count = if self.read(1)? == 1 { 8 } else { 1 };
        let mut symbols = vec![self.read(count)?];
        if has_two {
            symbols.push(self.read(8)?);
        }
        let is_known = symbols.iter().all(|symbol| (*symbol as usize) < alphabet);
        let mut counts = [0; LONGEST + 1];
        counts[usize::from(has_two)] = if has_two { 2 } else { 1 };
        is_known.then_some(Code { counts, symbols })
    }
}

/// A canonical Huffman code.
struct Code {
    /// How many symbols have each length; a single symbol has none.
    counts: [u32; LONGEST + 1],
    /// By length.
    symbols: Vec<u32>,
}

impl Code {
    /// `None` unless every row of bits stands for a symbol.
    fn new(lengths: &[u32]) -> Option<Self> {
        let mut symbols: Vec<_> = (0..).zip(lengths).filter(|(_, length)| **length > 0).map(|(symbol, _)| symbol).collect();
        let mut counts = [0; LONGEST + 1];
        if let [_] = symbols[..] {
            counts[0] = 1;
            return Some(Self { counts, symbols });
        }
        symbols.sort_by_key(|symbol| lengths[*symbol as usize]);
        for symbol in &symbols {
            *counts.get_mut(lengths[*symbol as usize] as usize)? += 1;
        }
        let free = counts[1..].iter().try_fold(1_u32, |free, count| (free * 2).checked_sub(*count))?;
        (free == 0).then_some(Self { counts, symbols })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Option<u32> {
        if let [symbol] = self.symbols[..] {
            return Some(symbol);
        }
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in &self.counts[1..] {
            code = code << 1 | bits.read(1)?;
            if code - first < *count {
                return self.symbols.get((index + code - first) as usize).copied();
            }
            index += count;
            first = (first + count) << 1;
        }
        None
    }
}
