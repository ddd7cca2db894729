use crm_domain::photo::PhotoRejection;

use super::codes;

/// Most sets of codes of a lossless picture; `libwebp` makes no more (`MAX_HUFF_IMAGE_SIZE`). Each takes up to 20 kB of
/// the decoder's memory.
const CODES: u32 = 2_600;

/// Bytes of a chunk's name and length.
const HEAD: usize = 8;
/// Bytes of a frame's place and time, before its chunks.
const PLACE: usize = 16;

struct Chunk<'a> {
    name: &'a [u8],
    content: &'a [u8],
}

/// Refuses what the decoder would take memory for without asking: a picture inside that is larger than the file says, or
/// codes without end. A file that is shorter than it says is refused too.
pub(super) fn check(file: &[u8], width: u32, height: u32) -> Result<(), PhotoRejection> {
    is_bounded(file, width, height).filter(|is_bounded| *is_bounded).map(|_| ()).ok_or(PhotoRejection::Unreadable)
}

/// `None` if the file is cut short.
fn is_bounded(file: &[u8], width: u32, height: u32) -> Option<bool> {
    let body = file.get(HEAD..HEAD + usize::try_from(number(file, 4, 4)?).ok()?)?.get(4..)?;
    let first = |name: &[u8]| chunks(body).find(|chunk| chunk.name == name);
    for chunk in [first(b"VP8 "), first(b"VP8L"), first(b"ALPH")].into_iter().flatten() {
        if !is_stream_bounded(&chunk, width, height)? {
            return Some(false);
        }
    }
    let Some(frame) = first(b"ANMF") else { return Some(true) };
    let (frame_width, frame_height) = (number(frame.content, 6, 3)? + 1, number(frame.content, 9, 3)? + 1);
    if pixels(frame_width, frame_height) > pixels(width, height) {
        return Some(false);
    }
    // Transparency, and the picture; whatever the second is called, it is read as one.
    for chunk in chunks(frame.content.get(PLACE..)?).take(2) {
        if !is_stream_bounded(&chunk, frame_width, frame_height)? {
            return Some(false);
        }
    }
    Some(true)
}

fn is_stream_bounded(chunk: &Chunk<'_>, width: u32, height: u32) -> Option<bool> {
    match chunk.name {
        b"VP8L" => {
            // After a signature, 14 bits for each side less one.
            let sides = number(chunk.content, 1, 4)?;
            let (found_width, found_height) = ((sides & 0x3FFF) + 1, (sides >> 14 & 0x3FFF) + 1);
            let is_small = pixels(found_width, found_height) <= pixels(width, height);
            Some(is_small && codes::sets(chunk.content.get(5..)?, found_width, found_height)? <= CODES)
        }
        b"ALPH" if chunk.content.first()? & 3 == 1 => Some(codes::sets(&chunk.content[1..], width, height)? <= CODES),
        b"ALPH" => Some(true),
        // After a tag of three bytes and a signature, 14 bits for each side.
        _ if chunk.content.get(3..6) == Some(&[0x9D, 0x01, 0x2A]) => {
            let (found_width, found_height) = (number(chunk.content, 6, 2)? & 0x3FFF, number(chunk.content, 8, 2)? & 0x3FFF);
            Some(pixels(found_width, found_height) <= pixels(width, height))
        }
        _ => Some(true),
    }
}

fn pixels(width: u32, height: u32) -> u64 {
    u64::from(width) * u64::from(height)
}

/// The chunks in their order, the last one maybe shorter than it says.
fn chunks(mut rest: &[u8]) -> impl Iterator<Item = Chunk<'_>> {
    std::iter::from_fn(move || {
        let length = usize::try_from(number(rest, 4, 4)?).ok()?;
        let (name, content) = (&rest[..4], &rest[HEAD..]);
        rest = content.get(length.saturating_add(length % 2)..).unwrap_or_default();
        Some(Chunk { name, content: &content[..length.min(content.len())] })
    })
}

/// A number of up to four bytes, the lowest first.
fn number(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(name: &[u8], content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len()).unwrap();
        [name, &length.to_le_bytes(), content, &[0][..content.len() % 2]].concat()
    }

    fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
        chunk(b"RIFF", &[b"WEBP", &chunks.concat()[..]].concat())
    }

    fn lossy(width: u16, height: u16) -> Vec<u8> {
        [&[0, 0, 0, 0x9D, 0x01, 0x2A][..], &width.to_le_bytes(), &height.to_le_bytes(), &[0]].concat()
    }

    fn frame(content: &[u8]) -> Vec<u8> {
        // Seven by five pixels.
        chunk(b"ANMF", &[&[0, 0, 0, 0, 0, 0, 6, 0, 0, 4, 0, 0, 0, 0, 0, 0], content].concat())
    }

    #[test]
    fn a_picture_inside_is_not_larger_than_the_file_says() {
        for (sides, expected) in [((7, 5), Ok(())), ((7, 6), Err(PhotoRejection::Unreadable))] {
            let picture = lossy(sides.0, sides.1);
            let other = chunk(b"EXIF", &[1, 2, 3]);
            assert_eq!(check(&file(&[other.clone(), chunk(b"VP8 ", &picture)]), 7, 5), expected);
            assert_eq!(check(&file(&[other, frame(&chunk(b"VP8 ", &picture))]), 9, 9), expected);
            let behind_transparency = [chunk(b"ALPH", &[0]), chunk(b"any ", &picture)].concat();
            assert_eq!(check(&file(&[frame(&behind_transparency)]), 9, 9), expected);
        }
        assert_eq!(check(&file(&[frame(&[])]), 5, 5), Err(PhotoRejection::Unreadable), "the frame itself");
    }

    #[test]
    fn a_file_is_as_long_as_it_says() {
        let whole = file(&[chunk(b"VP8 ", &lossy(7, 5))]);
        assert_eq!(check(&[&whole[..], b"more"].concat(), 7, 5), Ok(()));
        for length in 0..whole.len() {
            assert_eq!(check(&whole[..length], 7, 5), Err(PhotoRejection::Unreadable), "{length} bytes");
        }
    }
}
