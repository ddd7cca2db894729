#![expect(clippy::unnecessary_wraps, reason = "every field of a profile is optional")]

use crate::profile::{Gender, ProfileDetails};
use crate::value::{BirthDate, Email, Line, Phone, PhotoUrl, Prose};

/// Every field filled, with text that a careless adapter would damage.
pub(super) fn full_details() -> ProfileDetails {
    ProfileDetails {
        first_name: line("María José 👩🏽‍🦱"),
        last_name: line("O'Ñandú \\ \"Peña\""),
        date_of_birth: born("2000-02-29"),
        gender: Some(Gender::PreferNotToSay),
        address: prose("Av. Paseo Nº 5\nInt. 3; -- piso 2"),
        city: line("Mérida"),
        state: line("Yucatán 100%_"),
        postal_code: line("00970"),
        country: line("México"),
        phone: phone("+52 1 55 1234 5678"),
        alternate_phone: phone("(999) 123-4567"),
        email: email("José@peña.mx"),
        alternate_email: email("Alterno+x@ejemplo.mx"),
        occupation: line("Médica"),
        company: line("李小龍 & عمر"),
        profile_photo_url: Some(PhotoUrl::from_stored("https://cdn.ejemplo.mx/f.jpg?a=1&b=%20".to_owned())),
        emergency_contact_name: line("Zoë"),
        emergency_contact_phone: phone("55.8765.4321"),
        notes: prose(&"ñ😀".repeat(2_500)),
    }
}

pub(super) fn line<const MAX: usize>(text: &str) -> Option<Line<MAX>> {
    Some(Line::from_stored(text.to_owned()))
}

pub(super) fn born(day: &str) -> Option<BirthDate> {
    Some(BirthDate::from_stored(day.parse().expect("a date")))
}

fn prose<const MAX: usize>(text: &str) -> Option<Prose<MAX>> {
    Some(Prose::from_stored(text.to_owned()))
}

fn phone(text: &str) -> Option<Phone> {
    Some(Phone::from_stored(text.to_owned()))
}

fn email(text: &str) -> Option<Email> {
    Some(Email::from_stored(text.to_owned()))
}

/// What people type for a phone they don't have.
pub(super) const PLACEHOLDERS: [&str; 4] = ["S/N", "0", "-", "123456"];
