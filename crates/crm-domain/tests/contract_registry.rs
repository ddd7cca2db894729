//! No contract is forgotten: what the suite defines is what adapters run.

use std::collections::BTreeSet;

const SOURCES: [(&str, &str); 21] = [
    ("audit_log", include_str!("../src/testing/contract/audit_log.rs")),
    ("directory", include_str!("../src/testing/contract/directory.rs")),
    ("duplicates", include_str!("../src/testing/contract/duplicates.rs")),
    ("history_appointments", include_str!("../src/testing/contract/history_appointments.rs")),
    ("history_facts", include_str!("../src/testing/contract/history_facts.rs")),
    ("history_records", include_str!("../src/testing/contract/history_records.rs")),
    ("identity", include_str!("../src/testing/contract/identity.rs")),
    ("note_lists", include_str!("../src/testing/contract/note_lists.rs")),
    ("notes", include_str!("../src/testing/contract/notes.rs")),
    ("people", include_str!("../src/testing/contract/people.rs")),
    ("photo_ledger", include_str!("../src/testing/contract/photo_ledger.rs")),
    ("preferences", include_str!("../src/testing/contract/preferences.rs")),
    ("profile_filters", include_str!("../src/testing/contract/profile_filters.rs")),
    ("profile_lists", include_str!("../src/testing/contract/profile_lists.rs")),
    ("profile_order", include_str!("../src/testing/contract/profile_order.rs")),
    ("profile_search", include_str!("../src/testing/contract/profile_search.rs")),
    ("profiles", include_str!("../src/testing/contract/profiles.rs")),
    ("requests", include_str!("../src/testing/contract/requests.rs")),
    ("tenancy", include_str!("../src/testing/contract/tenancy.rs")),
    ("trash", include_str!("../src/testing/contract/trash.rs")),
    ("units", include_str!("../src/testing/contract/units.rs")),
];

#[test]
fn every_contract_that_is_defined_is_registered() {
    let registered = BTreeSet::from(crm_domain::store_contract_tests!(@all names));
    let defined: BTreeSet<_> = SOURCES
        .into_iter()
        .flat_map(|(module, source)| {
            let name = |line: &'static str| line.strip_prefix("pub async fn ")?.split_once('(').map(|(name, _)| name);
            source.lines().filter_map(name).map(move |name| (module, name))
        })
        .collect();
    assert_eq!(registered, defined);
}

#[test]
fn every_module_of_contracts_is_looked_at() {
    let registry = include_str!("../src/testing/contract.rs");
    let declared: Vec<_> = registry.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert_eq!(declared, SOURCES.map(|(module, _)| module));
}

#[test]
fn contracts_have_different_names_so_that_they_can_be_tests_of_one_module() {
    let registered = crm_domain::store_contract_tests!(@all names);
    let names: BTreeSet<_> = registered.iter().map(|(_, name)| name).collect();
    assert_eq!(names.len(), registered.len());
}
