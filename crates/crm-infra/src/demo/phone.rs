//! Mexican phone numbers, each spelled in many ways.

use super::dice::Dice;

/// Numbers within one area that do not repeat. What does not divide evenly by 2 and 5 visits them all.
const LOCAL_NUMBERS: u64 = 8_000_000;
const STRIDE: u64 = 4_838_353;

#[derive(Clone)]
pub(super) struct Phone {
    area: &'static str,
    local: String,
}

impl Phone {
    /// The phone of the person with this number; no other person's ends in the same seven digits.
    pub(super) fn of(person: u64, area: &'static str, dice: &mut Dice) -> Self {
        Self::new(2_000_000 + (person * STRIDE) % LOCAL_NUMBERS, area, dice)
    }

    /// Somebody else's phone.
    pub(super) fn any(area: &'static str, dice: &mut Dice) -> Self {
        let local = dice.number(2_000_000..=9_999_999);
        Self::new(local.into(), area, dice)
    }

    fn new(local: u64, area: &'static str, dice: &mut Dice) -> Self {
        // Ten digits in all: the largest cities have the short codes.
        let local = if area.len() == 2 { format!("{}{local}", dice.number(1..=9)) } else { local.to_string() };
        Self { area, local }
    }

    /// The number as one person or another would type it.
    pub(super) fn typed(&self, dice: &mut Dice) -> String {
        let Self { area, local } = self;
        let (front, back) = local.split_at(local.len() - 4);
        match dice.number(0..=11) {
            0..=2 => format!("{area} {front} {back}"),
            3..=5 => self.digits(),
            6 => format!("({area}) {front}-{back}"),
            7 => format!("+52 1 {area} {front} {back}"),
            8 => format!("+52 {area} {front} {back}"),
            9 => format!("+52{area}{local}"),
            10 => format!("{area}-{front}-{back}"),
            _ => format!("044 {area} {front} {back}"),
        }
    }

    /// The number, spelled otherwise than `typed` was.
    pub(super) fn typed_unlike(&self, typed: &str, dice: &mut Dice) -> String {
        let again = self.typed(dice);
        if again != typed {
            return again;
        }
        let digits = self.digits();
        if digits == typed { format!("+52 {digits}") } else { digits }
    }

    fn digits(&self) -> String {
        format!("{}{}", self.area, self.local)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use crm_domain::value::phone_key;

    use super::*;

    #[test]
    fn all_spellings_are_one_number_of_ten_digits() {
        let mut dice = Dice::new(7);
        for (person, area) in [(1, "55"), (2, "999")] {
            let phone = Phone::of(person, area, &mut dice);
            let spellings: HashSet<_> = (0..200).map(|_| phone.typed(&mut dice)).collect();
            assert_eq!(spellings.len(), 8);
            assert!(spellings.iter().all(|typed| phone_key(typed) == Some(phone.digits())), "{spellings:?}");
            assert!(spellings.iter().all(|typed| phone.typed_unlike(typed, &mut dice) != *typed));
            assert_eq!(phone.digits().len(), 10);
        }
    }

    #[test]
    fn nobody_shares_a_phone() {
        let mut dice = Dice::new(7);
        let numbers: HashSet<_> = (0..100_000).map(|person| Phone::of(person, "664", &mut dice).digits()).collect();
        assert_eq!(numbers.len(), 100_000);
    }
}
