#!/usr/bin/env bash
# What pages cost in a tenant with very many clients (100,000, or as many as said), over the release binary. With
# TEST_POSTGRES_URL set, on PostgreSQL too.
# Prints the figures of docs/benchmarks.md. Needs Node.js 20.
set -euo pipefail
cd "$(dirname "$0")/.."
profiles=${1:-100000}
cargo build --release --quiet --locked --bin crm
crm=$PWD/target/release/crm bench=$PWD/scripts/bench/pages.mjs
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export CRM_LOG=error NEXTAUTH_SECRET=only-for-this-measurement-0123456789

measure() {
  "$crm" migrate up >/dev/null
  "$crm" seed --profiles "$profiles" --tenants 1 --notes $((profiles / 2)) --appointments $((profiles * 3)) >/dev/null 2>&1
  if [ "$1" = PostgreSQL ]; then psql -q "$CRM_DATABASE_URL" -c 'VACUUM ANALYZE'; fi
  node "$bench" "$crm" "$CRM_DATABASE_URL" "$folder" "$1"
}

CRM_DATABASE_URL=sqlite://$folder/crm.db measure SQLite
if [ -n "${TEST_POSTGRES_URL:-}" ]; then
  database=crm_bench_pages
  psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database"
  CRM_DATABASE_URL=${TEST_POSTGRES_URL%/*}/$database measure PostgreSQL
  psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE $database"
fi
