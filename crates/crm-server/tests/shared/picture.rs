//! Pictures made by hand, so that no encoder of ours has a say in them.

/// A JPEG of one grey. Another tone makes another photo.
pub(crate) fn jpeg(width: u16, height: u16, tone: u8) -> Vec<u8> {
    let mut file = vec![0xFF, 0xD8];
    segment(&mut file, 0xDB, &[&[0][..], &[8; 64]].concat());
    let ([tall, height_low], [wide, width_low]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(&mut file, 0xC0, &[8, tall, height_low, wide, width_low, 1, 1, 0x11, 0]);
    // How much lighter a block is than the one before: nothing in one bit, 1 to 8 bits of difference in five.
    segment(&mut file, 0xC4, &[0, 1, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // All that follows in a block is its end.
    segment(&mut file, 0xC4, &[0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    segment(&mut file, 0xDA, &[1, 1, 0, 0, 63, 0]);
    let blocks = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
    file.extend(blocks_of(tone, blocks));
    file.extend([0xFF, 0xD9]);
    file
}

fn segment(file: &mut Vec<u8>, marker: u8, content: &[u8]) {
    let length = u16::try_from(content.len() + 2).unwrap();
    file.extend([0xFF, marker]);
    file.extend(length.to_be_bytes());
    file.extend(content);
}

/// The first block differs from medium grey, every other one from none.
fn blocks_of(tone: u8, blocks: usize) -> Vec<u8> {
    let difference = i16::from(tone) - 128;
    let size = 16 - difference.unsigned_abs().leading_zeros();
    let code = if size == 0 { "0".to_owned() } else { format!("{:05b}", 15 + size) };
    let lowest = if difference < 0 { (1 << size) - 1 } else { 0 };
    let amount = if size == 0 { String::new() } else { format!("{:0width$b}", difference + lowest, width = size as usize) };
    let mut bits: Vec<bool> = format!("{code}{amount}0").chars().map(|bit| bit == '1').collect();
    bits.resize(bits.len() + 2 * (blocks - 1), false);
    bits.resize(bits.len().next_multiple_of(8), true);
    let bytes = bits.chunks(8).map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | u8::from(*bit)));
    // No marker may seem to begin.
    bytes.flat_map(|byte| if byte == 0xFF { vec![byte, 0] } else { vec![byte] }).collect()
}

/// Width and height in the header of a JPEG; `None` if it has none.
pub(crate) fn dimensions(file: &[u8]) -> Option<(u16, u16)> {
    let mut rest = file.strip_prefix(&[0xFF, 0xD8])?;
    loop {
        let [0xFF, marker, high, low, ..] = *rest else { return None };
        if let (0xC0..=0xC2, [_, a, b, c, d]) = (marker, rest.get(4..9)?) {
            return Some((u16::from_be_bytes([*c, *d]), u16::from_be_bytes([*a, *b])));
        }
        rest = rest.get(2 + usize::from(u16::from_be_bytes([high, low]))..)?;
    }
}
