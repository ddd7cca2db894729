//! A word that may have a mistake in it, and what whoever is meant by it holds.

use crm_domain::profile::SearchRun;
use strsim::osa_distance;

use super::text_index::Held;
use super::{Fit, fold};
use crate::entity::profile_search::Column;

/// Shortest word in which a letter may be wrong, and in which two may.
const ONE_WRONG: usize = 4;
const TWO_WRONG: usize = 7;

/// A typed word of letters, long enough to be recognised with a mistake in it.
pub(super) struct Mistyped {
    letters: Vec<char>,
    /// How many of them may be wrong.
    pub(super) wrong: usize,
}

impl Mistyped {
    pub(super) fn of(run: &SearchRun) -> Option<Self> {
        let [word] = run.words.as_slice() else { return None };
        let letters: Vec<char> = fold(&word.text).chars().collect();
        let wrong = match letters.len() {
            TWO_WRONG.. => 2,
            ONE_WRONG.. => 1,
            _ => return None,
        };
        letters.iter().all(|letter| letter.is_alphabetic()).then_some(Self { letters, wrong })
    }

    pub(super) fn length(&self) -> usize {
        self.letters.len()
    }

    /// Likewise, where no more than so many are wrong.
    pub(super) fn within(self, wrong: usize) -> Self {
        Self { wrong: Ord::min(self.wrong, wrong), ..self }
    }

    /// Groups of texts: whatever is this word holds all of one group.
    pub(super) fn traces(&self) -> Vec<Vec<Held>> {
        let groups = if self.wrong == 1 { self.unharmed_by_one() } else { self.unharmed_by_two() };
        let held = |texts: Vec<String>| texts.into_iter().map(|text| (Column::SearchText, text)).collect();
        groups.into_iter().map(held).collect()
    }

    /// Of three parts, one wrong letter leaves two unharmed; unless two letters were exchanged that are of different parts.
    fn unharmed_by_one(&self) -> Vec<Vec<String>> {
        let letters = &self.letters;
        let side = (letters.len() + 1) / 3;
        let end = letters.len() - side;
        vec![
            vec![begins(&letters[..end])],
            vec![ends(&letters[side..])],
            vec![begins(&letters[..side]), ends(&letters[end..])],
            vec![whole(&exchanged(letters, side))],
            vec![whole(&exchanged(letters, end))],
        ]
    }

    /// Of three parts, two wrong letters leave one unharmed, or two side by side once letters of both are exchanged back.
    /// Of eight letters the end gets the
    /// third, because many names end alike in two.
    fn unharmed_by_two(&self) -> Vec<Vec<String>> {
        let letters = &self.letters;
        let (side, end) = match letters.len() {
            ..=7 => (2, letters.len() - 2),
            8 => (2, letters.len() - 3),
            _ => (3, letters.len() - 3),
        };
        let (first, last) = (exchanged(letters, side), exchanged(letters, end));
        vec![
            vec![begins(&letters[..side])],
            vec![text(&letters[side..end])],
            vec![ends(&letters[end..])],
            vec![begins(&first[..end])],
            vec![ends(&last[side..])],
            vec![whole(&exchanged(&first, end))],
        ]
    }

    /// How many letters are wrong, if any word of the text is this one.
    pub(super) fn distance(&self, searched: &str) -> Option<usize> {
        let word = text(&self.letters);
        let distances = searched.split(' ').map(|other| osa_distance(&word, other));
        distances.min().filter(|distance| *distance <= self.wrong)
    }
}

fn text(letters: &[char]) -> String {
    letters.iter().collect()
}

/// With the letter at a place and the one before exchanged.
fn exchanged(letters: &[char], at: usize) -> Vec<char> {
    let mut meant = letters.to_vec();
    meant.swap(at - 1, at);
    meant
}

fn whole(letters: &[char]) -> String {
    Fit::Whole.pattern(&text(letters))
}

fn begins(letters: &[char]) -> String {
    Fit::Beginning.pattern(&text(letters))
}

fn ends(letters: &[char]) -> String {
    format!("{}  ", text(letters))
}

#[cfg(test)]
mod tests {
    use crm_domain::profile::SearchTerms;

    use super::*;

    fn mistyped(raw: &str) -> Option<Mistyped> {
        Mistyped::of(&SearchTerms::parse(raw).unwrap().runs()[0])
    }

    #[test]
    fn short_words_and_numbers_have_no_mistakes() {
        for raw in ["ana", "5512", "a.b.c", "ana123"] {
            assert!(mistyped(raw).is_none(), "{raw}");
        }
    }

    #[test]
    fn whatever_a_word_is_recognised_as_holds_all_of_one_group() {
        let cases = [
            ("lpoez", "lopez"),
            ("lopes", "lopez"),
            ("loopez", "lopez"),
            ("lope", "lopez"),
            ("ramirze", "ramirez"),
            ("gonsales", "gonzalez"),
            ("hernandes", "hernandez"),
            ("ernandez", "hernandez"),
            ("guadaluep", "guadalupe"),
        ];
        for (typed, meant) in cases {
            let text = format!("  ana  {meant}  ");
            let wrong = mistyped(typed).unwrap().distance(&text).unwrap();
            assert!(leads_to(&mistyped(typed).unwrap().within(wrong), meant), "{typed}");
        }
        assert_eq!(mistyped("perez").unwrap().distance("  ana  lopez  "), None);
    }

    /// Everything that one wrong letter makes of a word.
    fn with_one_wrong(meant: &str) -> Vec<String> {
        let letters: Vec<char> = meant.chars().collect();
        let changed = |change: &dyn Fn(&mut Vec<char>)| {
            let mut typed = letters.clone();
            change(&mut typed);
            text(&typed)
        };
        let mut all = Vec::new();
        for at in 0..letters.len() {
            all.push(changed(&|typed| typed[at] = 'x'));
            all.push(changed(&|typed| typed.insert(at, 'x')));
            all.push(changed(&|typed| _ = typed.remove(at)));
            if at > 0 {
                all.push(changed(&|typed| typed.swap(at - 1, at)));
            }
        }
        all
    }

    const MEANT: [&str; 7] = ["cruz", "lopez", "garcia", "ramirez", "gonzalez", "hernandez", "xicotencatl"];

    /// What was typed is recognised, and all texts of one of its groups are held by the word that was meant.
    fn leads_to(typed: &Mistyped, meant: &str) -> bool {
        let text = format!("  ana  {meant}  ");
        let is_held = |group: &Vec<Held>| group.iter().all(|(_, part)| text.contains(part));
        typed.distance(&text).is_none() || typed.traces().iter().any(is_held)
    }

    #[test]
    fn one_wrong_letter_anywhere_leaves_a_group_unharmed() {
        for meant in MEANT {
            for typed in with_one_wrong(meant).iter().filter_map(|typed| mistyped(typed)) {
                let typed = typed.within(1);
                assert!(typed.distance(meant).is_some() && leads_to(&typed, meant), "{meant}: {:?}", typed.letters);
            }
        }
    }

    #[test]
    fn two_wrong_letters_anywhere_leave_a_group_unharmed() {
        for meant in MEANT {
            let twice = with_one_wrong(meant).into_iter().flat_map(|typed| with_one_wrong(&typed));
            for typed in twice.filter_map(|typed| mistyped(&typed)).filter(|typed| typed.wrong == 2) {
                assert!(leads_to(&typed, meant), "{meant}: {:?}", typed.letters);
            }
        }
    }
}
