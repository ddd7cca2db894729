use crm_domain::history::MonthSpending;

use crate::format::{self, Format};

/// Months shown.
pub(super) const MONTHS: u32 = 12;
/// Size of the picture, in its own units.
const HEIGHT: f64 = 100.0;
const STEP: u32 = 30;
const BAR: u32 = 20;

/// What was spent by month, as bars and as numbers.
pub(crate) struct Spending {
    pub(crate) bars: Vec<Bar>,
    pub(crate) width: u32,
    pub(crate) bar: u32,
    /// Whether anything was spent at all.
    pub(crate) is_empty: bool,
}

/// A month.
pub(crate) struct Bar {
    pub(crate) month: String,
    pub(crate) letter: String,
    pub(crate) amount: String,
    pub(crate) x: u32,
    pub(crate) middle: u32,
    pub(crate) y: String,
    pub(crate) height: String,
}

impl Spending {
    pub(crate) fn new(months: &[MonthSpending], format: Format) -> Self {
        let most = months.iter().map(|month| month.paid.to_cents()).fold(0.0, f64::max);
        let bar = |(place, month): (u32, &MonthSpending)| {
            let share = if most > 0.0 { (month.paid.to_cents() / most).max(0.0) } else { 0.0 };
            let height = share * HEIGHT;
            let name = format.month(month.year, month.month);
            Bar {
                letter: name.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default(),
                month: name,
                amount: format::money(month.paid),
                x: place * STEP + (STEP - BAR) / 2,
                middle: place * STEP + STEP / 2,
                y: format!("{:.1}", HEIGHT - height),
                height: format!("{height:.1}"),
            }
        };
        let bars: Vec<_> = (0..).zip(months).map(bar).collect();
        Self { width: u32::try_from(bars.len()).unwrap_or_default() * STEP, bars, bar: BAR, is_empty: most <= 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use crm_domain::directory::TimeZone;
    use crm_domain::money::Money;
    use crm_http::problem::Language;

    use super::*;

    fn bars(paid: &[f64]) -> Spending {
        let months =
            (1..).zip(paid).map(|(month, paid)| MonthSpending { year: 2026, month, paid: Money::from_stored(*paid) });
        Spending::new(&months.collect::<Vec<_>>(), Format { language: Language::Spanish, zone: TimeZone::UTC })
    }

    #[test]
    fn the_highest_month_fills_the_picture_and_the_others_in_proportion() {
        let spending = bars(&[50.0, 200.0, 0.0]);
        let heights: Vec<_> = spending.bars.iter().map(|bar| bar.height.as_str()).collect();
        assert_eq!(heights, ["25.0", "100.0", "0.0"]);
        assert_eq!((spending.bars[1].amount.as_str(), spending.bars[1].month.as_str()), ("$200.00", "feb 2026"));
        assert!(!spending.is_empty);
    }

    #[test]
    fn months_without_payments_draw_nothing() {
        assert!(bars(&[0.0; 12]).is_empty);
        assert!(bars(&[]).is_empty);
    }
}
