//! The dependency rules of `docs/ARCHITECTURE.md`, held against the manifests and the sources.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO")).args(arguments).arg("--offline").current_dir(workspace()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Names of everything that is built into this crate, itself first.
fn built_into(name: &str) -> Vec<String> {
    let tree = cargo(&["tree", "-p", name, "-e", "normal", "--prefix", "none"]);
    let names: Vec<_> = tree.lines().filter_map(|line| line.split(' ').next()).map(ToOwned::to_owned).collect();
    assert_eq!(names.first().map(String::as_str), Some(name), "{tree}");
    names
}

#[test]
fn the_domain_depends_on_no_framework_database_network_or_mock() {
    let families =
        ["actix", "sea-orm", "sea-query", "sqlx", "object_store", "tokio", "reqwest", "hyper", "mockall", "utoipa"];
    let all = built_into("crm-domain");
    let forbidden: Vec<_> = all.iter().filter(|name| families.iter().any(|family| name.starts_with(family))).collect();
    assert!(forbidden.is_empty(), "crm-domain must not depend on {forbidden:?}");
    assert!(all.iter().any(|name| name == "chrono"), "the list of dependencies was not read: {all:?}");
}

#[test]
fn the_adapters_do_not_know_each_other_and_migration_knows_none_of_us() {
    for (name, may_know) in [
        ("crm-domain", &[][..]),
        ("crm-http", &["crm-domain"]),
        ("crm-web", &["crm-domain", "crm-http"]),
        ("crm-infra", &["crm-domain", "migration"]),
        ("migration", &[]),
    ] {
        let ours = ["crm-domain", "crm-http", "crm-infra", "crm-server", "crm-web", "migration"];
        let all = built_into(name);
        for other in ours.into_iter().filter(|other| *other != name) {
            let knows = all.iter().any(|dependency| dependency == other);
            assert_eq!(knows, may_know.contains(&other), "{name} and {other}");
        }
    }
}

fn packages() -> Vec<Value> {
    let metadata: Value = serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1"])).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

#[test]
fn every_crate_inherits_the_lints_of_the_workspace() {
    let packages = packages();
    assert!(packages.len() >= 6, "{} crates", packages.len());
    for package in packages {
        let manifest = fs::read_to_string(package["manifest_path"].as_str().unwrap()).unwrap();
        let inherits = manifest.split("\n[").any(|section| section.trim() == "lints]\nworkspace = true");
        assert!(inherits, "{} has lints of its own", package["name"]);
    }
}

#[test]
fn only_test_support_may_bring_mocks_and_it_is_never_a_default() {
    for package in packages() {
        let name = package["name"].as_str().unwrap();
        let default = package["features"].get("default").and_then(Value::as_array).map(Vec::len);
        assert_eq!(default.unwrap_or_default(), 0, "{name} has default features");
        for dependency in package["dependencies"].as_array().unwrap().iter().filter(|one| one["kind"].is_null()) {
            let features = dependency["features"].as_array().unwrap();
            assert!(!features.iter().any(|feature| feature == "test-support"), "{name} ships test support");
        }
    }
}

/// Path and text of every source file below a folder of the workspace.
fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect_sources(&workspace().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} has no source");
    found
}

fn collect_sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect_sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

/// Fails for each of these texts outside the named files, and if the named files hold none of them.
fn only_in(files: &[&str], folders: &[&str], texts: &[&str]) {
    let mut allowed = 0;
    for (path, source) in folders.iter().flat_map(|folder| sources(folder)) {
        for (number, line) in source.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
            let Some(text) = texts.iter().find(|text| line.contains(**text)) else { continue };
            assert!(files.iter().any(|file| path.ends_with(file)), "{text} in {}:{}", path.display(), number + 1);
            allowed += 1;
        }
    }
    assert!(allowed > 0, "{texts:?} were found nowhere: has something been renamed?");
}

#[test]
fn only_the_composition_root_names_concrete_adapters() {
    let adapters = [
        "SeaStore",
        "SeaIdentities",
        "ObjectPhotoStore",
        "ImageProcessor",
        "BcryptVerifier",
        "CuidGenerator",
        "SystemClock",
    ];
    only_in(
        &["crm-server/src/wire.rs"],
        &["crates/crm-server/src", "crates/crm-http/src", "crates/crm-domain/src"],
        &adapters,
    );
}

#[test]
fn queries_begin_only_where_they_are_narrowed_to_a_tenant() {
    let beginnings = [
        "::find()",
        "::find_by_id(",
        "::update_many()",
        "::delete_many()",
        "::delete_by_id(",
        "Query::select()",
        "Query::update()",
        "Query::delete()",
    ];
    only_in(&["crm-infra/src/scope.rs", "crm-infra/src/identity.rs"], &["crates/crm-infra/src"], &beginnings);
}

#[test]
fn rows_are_serialised_for_the_trash_alone() {
    // Preferences write the ids of their lists.
    let places = ["crm-infra/src/trash/rows.rs", "crm-infra/src/preferences.rs"];
    only_in(&places, &["crates/crm-infra/src"], &["serde_json::to_", "Json("]);
}

#[test]
fn no_file_grows_beyond_four_hundred_lines() {
    for (path, source) in ["crates", "migration"].into_iter().flat_map(sources) {
        assert!(source.lines().count() <= 400, "{} has more than 400 lines", path.display());
    }
}
