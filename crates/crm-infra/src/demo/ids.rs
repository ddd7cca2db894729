//! Ids shaped like the host's, the same for the same seed and different for another.

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Characters that hold any 64-bit number, and characters left for the running number.
const SEED_LENGTH: usize = 13;
const NUMBER_LENGTH: usize = 11;

pub(super) struct Ids {
    prefix: String,
    made: u64,
}

impl Ids {
    pub(super) fn new(seed: u64) -> Self {
        Self { prefix: format!("c{}", base36::<SEED_LENGTH>(scramble(seed))), made: 0 }
    }

    pub(super) fn next(&mut self) -> String {
        let number = base36::<NUMBER_LENGTH>(self.made);
        self.made += 1;
        format!("{}{number}", self.prefix)
    }
}

/// Makes small seeds look like any other. No two seeds come out alike.
fn scramble(seed: u64) -> u64 {
    let mut mixed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

fn base36<const LENGTH: usize>(mut number: u64) -> String {
    let mut text = [b'0'; LENGTH];
    for digit in text.iter_mut().rev() {
        *digit = usize::try_from(number % 36).map_or(b'0', |value| DIGITS[value]);
        number /= 36;
    }
    text.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_the_hosts_shape_and_depend_on_the_seed() {
        let mut ids = Ids::new(1);
        let (first, second) = (ids.next(), ids.next());
        assert_eq!(first.len(), 25);
        assert!(first.starts_with('c') && first.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()));
        assert_ne!(first, second);
        assert_eq!(Ids::new(1).next(), first);
        assert_ne!(Ids::new(2).next(), first);
        assert_eq!(Ids::new(u64::MAX).next().len(), 25);
    }
}
