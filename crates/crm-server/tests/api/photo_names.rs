//! Names made to lead elsewhere, and what may become of them.

use crm_domain::ids::{TenantId, UserId};
use crm_domain::photo::PhotoKey;
use crm_domain::value::{PhotoName, PhotoUrl};
use proptest::prelude::*;
use proptest::sample::select;

use crate::support::is_key;

/// The hash of nothing in particular.
pub(crate) const HASH: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What hostile names are put together from, and good ones.
const PIECES: [&str; 44] = [
    "",
    ".",
    "..",
    "...",
    "/",
    "//",
    "\\",
    "../",
    "..\\",
    "....//",
    "%2e",
    "%2E%2E",
    "%2f",
    "%5c",
    "%252f",
    "%00",
    "\0",
    "%",
    "~",
    "C:",
    ":",
    "*",
    "?",
    "#",
    "&",
    "=",
    "'",
    "\"",
    "<",
    "|",
    "$(x)",
    " ",
    "\t",
    "\r\n",
    "\u{202e}",
    "\u{feff}",
    "ñ",
    "／",
    "．．",
    "client1",
    "client2",
    "t2",
    "https://",
    "/api/clients/photos/",
];
const NAMES: [&str; 7] = [HASH, ".jpg", "-thumbnail", ".JPG", "jpg", "FFFF", "#1"];

/// A name that might lead elsewhere. Now and then it is a good one.
pub(crate) fn hostile_name() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => select(PIECES.to_vec()).prop_map(str::to_owned),
        4 => select(NAMES.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (1..200_usize).prop_map(|length| "x".repeat(length)),
    ];
    prop_oneof![
        8 => prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat()),
        1 => select(vec!["client1", "other1"]).prop_map(str::to_owned),
        1 => select(vec![".jpg", "-thumbnail.jpg"]).prop_map(|end| format!("{HASH}{end}")),
        1 => Just(format!("/api/clients/photos/client1/{HASH}.jpg")),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_key_never_leads_out_of_its_tenant(tenant in hostile_name(), user in hostile_name(), name in hostile_name()) {
        let name: Option<PhotoName> = name.parse().ok();
        let name = name.unwrap_or_else(|| format!("{HASH}.jpg").parse().unwrap());
        // Ids as the host may have stored them.
        let key = PhotoKey::new(&TenantId::from_stored(tenant.as_str()), &UserId::from_stored(user), &name);
        if let Some(key) = key {
            prop_assert!(is_key(key.as_str()), "{key}");
            prop_assert!(key.as_str().starts_with(&format!("{tenant}/")), "{key}");
        }
    }

    #[test]
    fn a_name_is_read_as_it_is_written_or_not_at_all(name in hostile_name()) {
        if let Ok(read) = name.parse::<PhotoName>() {
            prop_assert_eq!(read.to_string(), name);
        }
    }

    #[test]
    fn an_address_is_one_of_ours_word_by_word_or_on_the_web(address in hostile_name()) {
        if let Ok(url) = PhotoUrl::parse(&address) {
            let text = url.as_str().to_owned();
            match url.stored_photo() {
                Some((user, name)) => {
                    prop_assert_eq!(&text, &format!("/api/clients/photos/{user}/{name}"));
                    prop_assert!(is_key(&format!("t1/{user}/{name}")), "{}", text);
                }
                None => prop_assert!(text.starts_with("https://"), "{}", text),
            }
        }
    }
}

#[test]
fn only_our_keys_count_as_such() {
    for good in [format!("t1/u-1_A/{HASH}.jpg"), format!("t1/u1/{HASH}-thumbnail.jpg")] {
        assert!(is_key(&good), "{good}");
    }
    for bad in [
        format!("t1/{HASH}.jpg"),
        format!("t1/../{HASH}.jpg"),
        format!("t1/u1/{HASH}"),
        format!("/t1/u1/{HASH}.jpg"),
        String::new(),
    ] {
        assert!(!is_key(&bad), "{bad}");
    }
}
