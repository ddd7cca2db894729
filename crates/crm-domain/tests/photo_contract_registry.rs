//! No contract of the photo store is forgotten: what the suite defines is what adapters run.

use std::collections::BTreeSet;

#[test]
fn every_contract_of_the_photo_store_that_is_defined_is_registered() {
    let source = include_str!("../src/testing/photo_contract.rs");
    let name = |line: &'static str| line.strip_prefix("pub async fn ")?.split_once('(').map(|(name, _)| name);
    let defined: Vec<_> = source.lines().filter_map(name).collect();
    assert_eq!(BTreeSet::from(crm_domain::photo_store_contract_tests!(@all names)), BTreeSet::from_iter(defined));
}
