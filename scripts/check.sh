#!/usr/bin/env bash
# The whole gate, in order, stopping at the first failure. Runs offline once dependencies are fetched.
# With TEST_POSTGRES_URL set, the tests run on PostgreSQL too; with TEST_POSTGRES_REQUIRED=1 they must.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step 'format'
cargo fmt --all --check
# Modules declared through a macro are invisible to cargo fmt.
git ls-files 'crates/crm-server/tests/*.rs' | xargs rustfmt --check --edition 2024

step 'clippy, warnings denied'
cargo clippy --workspace --all-targets --locked -- -D warnings

step 'documentation, warnings denied'
RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --locked --quiet

step 'purity: crm-domain depends on no framework, database or network'
impure=$(cargo tree --locked -p crm-domain -e normal --prefix none |
  grep -E '^(actix|sea-orm|sea-query|sqlx|object_store|tokio|hyper|reqwest|mockall)[^ ]* ' || true)
if [ -n "$impure" ]; then
  printf 'crm-domain must not depend on:\n%s\n' "$impure"
  exit 1
fi

step 'tests (the command of the README)'
cargo test --workspace --locked

step 'generated documents are current'
# Their tests have just compared them with the code; here the binary says the same of itself.
diff <(cargo run --quiet --locked -- openapi) docs/openapi.json

step 'the example of another service runs'
cargo run --quiet --locked -p crm-domain --example reminders >/dev/null

step 'the tour of the README works as pasted'
scripts/tour.sh

printf '\nAll checks passed.\n'
