//! Documents that the code writes, and what the OpenAPI document promises.
//!
//! `BLESS=1 cargo test -p crm-server --test documents` writes them anew.
#![expect(clippy::unwrap_used, reason = "a helper that fails must stop the test")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

use crm_domain::access::{Action, Grant, Role, policy};
use crm_http::openapi;
use crm_http::problem::ErrorCode;
use crm_http::routes::{Access, ENDPOINTS, Endpoint};
use serde_json::Value;

/// Pages for people, which the document of the API leaves out.
const PAGES: [&str; 2] = ["GET /", "GET /sign-in"];

fn compare(file: &str, rendered: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs").join(file);
    if env::var_os("BLESS").is_some() {
        fs::write(&path, rendered).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let advice = "run `BLESS=1 cargo test -p crm-server --test documents`";
    assert!(committed == rendered, "docs/{file} is out of date: {advice}");
}

#[test]
fn the_access_matrix_is_up_to_date() {
    compare("access-matrix.md", &access_matrix());
}

#[test]
fn the_list_of_errors_is_up_to_date() {
    compare("errors.md", &errors());
}

#[test]
fn the_openapi_document_is_up_to_date() {
    compare("openapi.json", &format!("{}\n", openapi::document().to_pretty_json().unwrap()));
}

const MATRIX_INTRODUCTION: &str = "\
<!-- Generated from crates/crm-domain/src/access/policy.rs by `BLESS=1 cargo test -p crm-server --test documents`. -->

# Access matrix

Every action is confined to one tenant; a SUPERADMIN chooses theirs by `X-Tenant-Id`.
Anything of another tenant does not exist: 404.
What somebody may read but not change answers 403; what they may not read answers 404.

| Mark | Means |
|---|---|
| ✔ | everything of the tenant |
| own | a CLIENT: their own profile and what belongs to it; staff: the notes they wrote |
| – | nothing |

A note is readable by its author, and by whoever may read its type and, if it is private, private notes.
Changing or deleting a note requires being able to read it.
";

fn access_matrix() -> String {
    let mut text = format!("{MATRIX_INTRODUCTION}\n## Actions\n\n| Action |");
    for role in Role::ALL {
        write!(text, " {role} |").unwrap();
    }
    write!(text, "\n|---|{}", ":-:|".repeat(Role::ALL.len())).unwrap();
    for action in Action::ALL {
        write!(text, "\n| {} |", words(action)).unwrap();
        for role in Role::ALL {
            write!(text, " {} |", mark(policy::grant(role, action))).unwrap();
        }
    }
    text.push_str("\n\n## Routes\n\n");
    text.push_str("A page under `/ui` asks for what the routes ask for that answer or change the same. ");
    text.push_str("`/api/docs/` and `/api/openapi.json` ask for nothing.\n\n| Route | Asks for |\n|---|---|\n");
    for endpoint in ENDPOINTS {
        let asks = match endpoint.access {
            Access::Public => "nothing".to_owned(),
            Access::Session => "a session".to_owned(),
            Access::Action(action) => words(action),
        };
        writeln!(text, "| `{}` | {asks} |", name(endpoint)).unwrap();
    }
    text
}

fn mark(grant: Grant) -> &'static str {
    match grant {
        Grant::Always => "✔",
        Grant::Own => "own",
        Grant::Never => "–",
    }
}

/// `CreateNote` as `create note`.
fn words(action: Action) -> String {
    let mut words = String::new();
    for letter in format!("{action:?}").chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

fn errors() -> String {
    let mut text = String::from(
        "<!-- Generated from crates/crm-http/src/problem by `BLESS=1 cargo test -p crm-server --test documents`. -->\n\n\
         # Errors\n\n\
         Every failure is `{\"success\": false, \"error\", \"code\", \"fields\"?, \"requestId\"}`.\n\
         Programs go by `code`, which never changes its meaning; `error` is a sentence for people, in Spanish unless \
         `Accept-Language` prefers English.\n\
         `fields` names every wrong field of an `invalid_input` at once, and a file that is refused.\n\
         `requestId` finds the request in the log.\n\n\
         | Code | Status | Spanish | English |\n|---|---|---|---|\n",
    );
    for code in ErrorCode::ALL {
        let status = code.status().as_u16();
        writeln!(text, "| `{}` | {status} | {} | {} |", code.as_str(), code.spanish(), code.english()).unwrap();
    }
    text
}

#[test]
fn every_error_has_a_code_and_sentences_of_its_own() {
    let unique = |texts: Vec<&str>| texts.into_iter().collect::<BTreeSet<_>>().len();
    assert_eq!(unique(ErrorCode::ALL.map(ErrorCode::as_str).to_vec()), ErrorCode::ALL.len());
    assert_eq!(unique(ErrorCode::ALL.map(ErrorCode::spanish).to_vec()), ErrorCode::ALL.len());
    assert_eq!(unique(ErrorCode::ALL.map(ErrorCode::english).to_vec()), ErrorCode::ALL.len());
}

fn name(endpoint: &Endpoint) -> String {
    format!("{} {}", endpoint.method, endpoint.path)
}

fn document() -> Value {
    serde_json::to_value(openapi::document()).unwrap()
}

/// Every operation under its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    let of_path = |(path, item): (&String, &'_ Value)| {
        let item = item.as_object().unwrap();
        item.keys().map(|method| format!("{} {path}", method.to_uppercase())).collect::<Vec<_>>()
    };
    let names = paths.iter().flat_map(of_path);
    let operations = paths.values().flat_map(|item| item.as_object().unwrap().values());
    names.zip(operations).collect()
}

#[test]
fn the_document_describes_exactly_the_routes() {
    let document = document();
    let described: BTreeSet<_> = operations(&document).into_iter().map(|(name, _)| name).collect();
    let routed: BTreeSet<_> = ENDPOINTS.iter().map(name).filter(|name| !PAGES.contains(&name.as_str())).collect();
    assert_eq!(described, routed);
    for page in PAGES {
        assert!(ENDPOINTS.iter().any(|endpoint| name(endpoint) == page), "{page} is no route any more");
    }
}

#[test]
fn every_operation_can_be_named_grouped_and_answered() {
    let document = document();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1."), "{}", document["openapi"]);
    let mut ids = BTreeSet::new();
    for (name, operation) in operations(&document) {
        let id = operation["operationId"].as_str().unwrap_or_default();
        assert!(!id.is_empty() && ids.insert(id.to_owned()), "{name}: the operation id {id:?} is missing or taken");
        assert!(operation["tags"].as_array().is_some_and(|tags| !tags.is_empty()), "{name}: no tag");
        assert!(operation["summary"].as_str().is_some_and(|text| !text.is_empty()), "{name}: no summary");
        let responses = operation["responses"].as_object().unwrap();
        assert!(responses.keys().any(|status| status.starts_with(['2', '3'])), "{name}: no success");
        for (status, response) in responses {
            assert!(response["description"].is_string(), "{name}: {status} is not described");
        }
    }
}

/// Generators of clients, and the documentation page, ask for a file only where it is described as one.
#[test]
fn an_upload_is_a_form_with_a_file() {
    let document = document();
    let content = &document["paths"]["/api/clients/upload-photo"]["post"]["requestBody"]["content"];
    let reference = content["multipart/form-data"]["schema"]["$ref"].as_str().unwrap();
    let form = document.pointer(reference.trim_start_matches('#')).unwrap();
    assert_eq!(
        (&form["properties"]["file"]["type"], &form["properties"]["userId"]["type"]),
        (&"string".into(), &"string".into())
    );
    assert_eq!(form["properties"]["file"]["format"], "binary");
    assert_eq!(form["required"], serde_json::json!(["file", "userId"]));
    assert_eq!(content.as_object().unwrap().len(), 1);
}

#[test]
fn every_operation_that_needs_a_session_says_so_and_no_other_does() {
    let document = document();
    let default = &document["security"];
    for (name, operation) in operations(&document) {
        let access = ENDPOINTS.iter().find(|endpoint| self::name(endpoint) == name).unwrap().access;
        let documented = operation.get("security").unwrap_or(default).as_array().unwrap();
        let needs_session = documented.iter().all(|one| one.as_object().is_some_and(|schemes| !schemes.is_empty()));
        assert_eq!(needs_session && !documented.is_empty(), access != Access::Public, "{name}: {documented:?}");
        let has_401 = operation["responses"].get("401").is_some();
        assert!(has_401 || access == Access::Public, "{name}: the answer without a session is not described");
    }
}

#[test]
fn every_reference_of_the_document_leads_somewhere() {
    let document = document();
    let mut references = BTreeSet::new();
    collect_references(&document, &mut references);
    assert!(references.contains("#/components/schemas/Failure"), "{references:?}");
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leaves the document"));
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
    for requirement in document["security"].as_array().unwrap() {
        for scheme in requirement.as_object().unwrap().keys() {
            assert!(document["components"]["securitySchemes"].get(scheme).is_some(), "{scheme} is not explained");
        }
    }
}

fn collect_references(value: &Value, references: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            references.extend(fields.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned));
            fields.values().for_each(|field| collect_references(field, references));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, references)),
        _ => {}
    }
}

#[test]
fn the_parameters_of_every_path_are_described() {
    let document = document();
    for (name, operation) in operations(&document) {
        let in_path: BTreeSet<_> = name.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect();
        let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
        let described: BTreeSet<_> =
            parameters.iter().filter(|one| one["in"] == "path").map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(described, in_path, "{name}");
    }
}
