//! EXIF blocks.

/// Bytes of an entry of a directory.
const ENTRY: usize = 12;

/// A block of about so many bytes in which thousands of directories share thousands of entries.
pub(crate) fn directories(bytes: usize) -> Vec<u8> {
    let count = (bytes / 40).min(65_535);
    let mut block = [&b"MM\0\x2A\0\0\0\x08"[..], &u16::try_from(count).unwrap().to_be_bytes()].concat();
    let first = block.len() + count * ENTRY + 4;
    for directory in 0..count {
        // One byte further each, since none is visited twice.
        let at = u32::try_from(first + directory).unwrap();
        block.extend([&[0x87, 0x69, 0, 4, 0, 0, 0, 1][..], &at.to_be_bytes()].concat());
    }
    block.extend([0; 4]);
    // Wherever a directory begins, this is its number of entries, all of them empty.
    let left = bytes - first - count;
    let entries = u8::try_from((left / ENTRY / 257).saturating_sub(2).min(255)).unwrap();
    block.extend(vec![entries; count]);
    block.extend(vec![0; left]);
    block
}
