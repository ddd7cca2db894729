#!/usr/bin/env bash
# Our server under load beside PostgreSQL under the same statements: the figures of docs/benchmarks.md.
# Makes a database of 100,000 profiles (or as many as said), 3 notes and 10 appointments for each, in 50 tenants of very
# different size. Needs TEST_POSTGRES_URL, wrk, pgbench and Node.js 20.
set -euo pipefail
cd "$(dirname "$0")/.."
profiles=${1:-100000}
: "${TEST_POSTGRES_URL:?names a PostgreSQL server on which databases may be created}"
cargo build --release --quiet --locked --bin crm
crm=$PWD/target/release/crm bench=$PWD/scripts/bench/load.mjs
database=crm_bench_load_$profiles
export CRM_DATABASE_URL=${TEST_POSTGRES_URL%/*}/$database
export CRM_LOG=error NEXTAUTH_SECRET=only-for-this-measurement-0123456789

if ! psql -q "$CRM_DATABASE_URL" -c 'SELECT 1' >/dev/null 2>&1; then
  psql -q "$TEST_POSTGRES_URL" -c "CREATE DATABASE $database"
  "$crm" migrate up
  began=$(date +%s)
  "$crm" seed --profiles "$profiles" --tenants 50 --notes $((profiles * 3)) --appointments $((profiles * 10)) >/dev/null
  echo "seeded in $(($(date +%s) - began)) s"
  psql -q "$CRM_DATABASE_URL" -c 'VACUUM ANALYZE'
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
node "$bench" "$crm" "$CRM_DATABASE_URL" "$folder" "${2:-3}" docs/benchmarks-load.svg
echo "The database $database is kept for the next run; drop it when it is no longer wanted."
