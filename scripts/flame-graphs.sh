#!/usr/bin/env bash
# Where the server's time goes on its hottest routes: a table, and a flame graph of each in docs/flame-graphs.
# Uses the database that scripts/bench-load.sh keeps in PostgreSQL (TEST_POSTGRES_URL), for 100,000 profiles or as many as
# said. Needs psql, wrk, Node.js 20, perf (Debian's linux-perf) and leave to read the kernel's stacks with it, and installs
# inferno, which draws, in target/inferno.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${TEST_POSTGRES_URL:?names the PostgreSQL server on which scripts/bench-load.sh has left a database}"
cargo build --release --quiet --locked --bin crm
CARGO_TARGET_DIR=target/inferno cargo install inferno --version 0.12.8 --locked --no-default-features --features cli --quiet --root target/inferno
export PATH=$PWD/target/inferno/bin:$PATH
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node scripts/bench/flames.mjs "$PWD/target/release/crm" "${TEST_POSTGRES_URL%/*}/crm_bench_load_${1:-100000}?sslmode=disable" "$folder" docs/flame-graphs
