/// What the block begins with in a JPEG. Several programs write it into the chunks of PNG and WebP as well.
pub(super) const PREFIX: &[u8] = b"Exif\0\0";

const ORIENTATION: u16 = 0x0112;
/// Bytes of an entry of a directory: tag, type, count, value.
const ENTRY: usize = 12;

/// How the camera was held, as EXIF counts: 1 to 8, and upright (1) unless the block says otherwise.
///
/// Nothing but this entry is looked at. Whoever reads the whole block can be led through directories that share their
/// bytes, billions of entries in all; and damage elsewhere, which editors often leave, must not lay the picture on its
/// side.
pub(super) fn orientation(block: Option<&[u8]>) -> u8 {
    let found = block.and_then(|block| find(block.strip_prefix(PREFIX).unwrap_or(block)));
    found.and_then(|value| u8::try_from(value).ok()).filter(|value| (1..=8).contains(value)).unwrap_or(1)
}

/// The value in the first directory of a TIFF structure (EXIF 2.32, section 4.6.2).
fn find(tiff: &[u8]) -> Option<u32> {
    let order = Order::of(tiff)?;
    let directory = tiff.get(usize::try_from(order.long(tiff, 4)?).ok()?..)?;
    let entries = directory.get(2..)?.chunks_exact(ENTRY).take(order.short(directory, 0)?.into());
    let entry = entries.into_iter().find(|entry| order.short(entry, 0) == Some(ORIENTATION))?;
    // A short by the standard; some write a long.
    match order.short(entry, 2)? {
        3 => order.short(entry, 8).map(u32::from),
        4 => order.long(entry, 8),
        _ => None,
    }
}

/// Which byte of a number comes first.
#[derive(Clone, Copy)]
enum Order {
    Low,
    High,
}

impl Order {
    fn of(tiff: &[u8]) -> Option<Self> {
        match tiff.get(..4)? {
            b"II\x2A\0" => Some(Self::Low),
            b"MM\0\x2A" => Some(Self::High),
            _ => None,
        }
    }

    fn short(self, bytes: &[u8], at: usize) -> Option<u16> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(if matches!(self, Self::Low) { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(self, bytes: &[u8], at: usize) -> Option<u32> {
        let bytes = *bytes.get(at..)?.first_chunk()?;
        Some(if matches!(self, Self::Low) { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block with one entry.
    fn block(tag: u16, kind: u16, value: [u8; 4]) -> Vec<u8> {
        let head = [&b"MM\0\x2A\0\0\0\x08\0\x01"[..], &tag.to_be_bytes(), &kind.to_be_bytes(), &[0, 0, 0, 1]].concat();
        [&head[..], &value, &[0; 4]].concat()
    }

    #[test]
    fn the_orientation_is_read_in_either_byte_order() {
        let high = block(ORIENTATION, 3, [0, 6, 0, 0]);
        let low = b"II\x2A\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x08\0\0\0\0\0\0\0";
        assert_eq!(orientation(Some(&high)), 6);
        assert_eq!(orientation(Some(low)), 8);
        assert_eq!(orientation(Some(&[PREFIX, &high].concat())), 6);
        assert_eq!(orientation(Some(&block(ORIENTATION, 4, [0, 0, 0, 3]))), 3);
    }

    #[test]
    fn a_picture_is_upright_unless_its_block_says_otherwise() {
        assert_eq!(orientation(None), 1);
        for (kind, value) in [(3, [0, 0, 0, 0]), (3, [0, 9, 0, 0]), (3, [1, 1, 0, 0]), (4, [1, 0, 0, 1]), (7, [6, 6, 6, 6])]
        {
            assert_eq!(orientation(Some(&block(ORIENTATION, kind, value))), 1, "{kind} {value:?}");
        }
        assert_eq!(orientation(Some(&block(0x0111, 3, [0, 6, 0, 0]))), 1, "another tag");
        let whole = block(ORIENTATION, 3, [0, 6, 0, 0]);
        for length in 0..20 {
            assert_eq!(orientation(Some(&whole[..length])), 1, "cut short at {length}");
        }
    }
}
