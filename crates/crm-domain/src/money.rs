//! Amounts of money, exact to the cent.

use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use rust_decimal::{Decimal, RoundingStrategy};

/// An amount in the tenant's currency.
///
/// The host stores amounts as double precision, which can't be summed without drift;
/// here they are decimals from the moment they are read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Money(Decimal);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// Reads a stored amount by its shortest decimal spelling, so that `0.1` is one tenth.
    /// What is not a number, or too large to be an amount, counts as zero.
    pub fn from_stored(amount: f64) -> Self {
        Self(Decimal::from_f64(amount).unwrap_or_default())
    }

    /// This amount `count` times.
    #[must_use]
    pub fn times(self, count: u64) -> Self {
        Self(self.0.saturating_mul(Decimal::from(count)))
    }

    /// An equal share of this amount; nothing if there is no one to share it.
    #[must_use]
    pub fn per(self, count: u64) -> Self {
        Self(self.0.checked_div(Decimal::from(count)).unwrap_or_default())
    }

    /// The amount rounded half up to cents, as the JSON number to send.
    pub fn to_cents(self) -> f64 {
        self.0.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero).to_f64().unwrap_or_default()
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, |sum, amount| Self(sum.0.saturating_add(amount.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_tenths_are_exactly_one() {
        let sum: Money = (0..10).map(|_| Money::from_stored(0.1)).sum();
        assert_eq!(sum, Money::from_stored(1.0));
        assert!((0..10).map(|_| 0.1_f64).sum::<f64>() < 1.0, "doubles drift");
    }

    #[test]
    fn amounts_are_sent_in_cents_rounded_half_up() {
        assert_eq!(Money::from_stored(2.675).to_cents().to_string(), "2.68");
        assert_eq!(Money::from_stored(100.0).per(3).to_cents().to_string(), "33.33");
        assert_eq!(Money::from_stored(199.99).times(3).to_cents().to_string(), "599.97");
    }

    #[test]
    fn what_is_not_an_amount_counts_as_nothing() {
        for amount in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300] {
            assert_eq!(Money::from_stored(amount), Money::ZERO);
        }
        assert_eq!(Money::from_stored(5.0).per(0), Money::ZERO);
    }
}
