#!/usr/bin/env bash
# Where the server's time goes on its hottest routes: a table, and a flame graph of each in docs/profiles.
# Uses the database that scripts/bench-load.sh keeps in PostgreSQL (TEST_POSTGRES_URL), for 100,000 profiles or as many as
# said. Needs wrk, Node.js 20, perf (Debian's linux-perf) and leave to use it; installs inferno, which draws, in a folder of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${TEST_POSTGRES_URL:?names the PostgreSQL server on which scripts/bench-load.sh has left a database}"
cargo build --release --quiet --locked --bin crm
CARGO_TARGET_DIR=target/inferno cargo install inferno --version 0.12.8 --locked --no-default-features --features cli --quiet --root target/inferno
export PATH=$PWD/target/inferno/bin:$PATH CRM_LOG=error NEXTAUTH_SECRET=only-for-this-measurement-0123456789
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node scripts/bench/profile.mjs "$PWD/target/release/crm" "${TEST_POSTGRES_URL%/*}/crm_bench_load_${1:-100000}?sslmode=disable" "$folder" docs/profiles
