#!/usr/bin/env bash
# Our server under load beside its database under the same statements: the figures of docs/benchmarks.md.
# Makes a database of 100,000 profiles (or as many as said), 3 notes and 10 appointments for each, in 50 tenants of very
# different size: on PostgreSQL with TEST_POSTGRES_URL, beside pgbench, else on SQLite, beside a bare loop.
# Needs wrk and Node.js 20. The second argument is the number of rounds. BENCH_ROUTES, a regular expression, picks routes.
set -euo pipefail
cd "$(dirname "$0")/.."
profiles=${1:-100000} rounds=${2:-3}
cargo build --release --quiet --locked --bin crm
crm=$PWD/target/release/crm bench=$PWD/scripts/bench/load.mjs
export CRM_LOG=error NEXTAUTH_SECRET=only-for-this-measurement-0123456789
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

seed() {
  "$crm" migrate up >/dev/null
  began=$(date +%s)
  "$crm" seed --profiles "$profiles" --tenants 50 --notes $((profiles * 3)) --appointments $((profiles * 10)) >/dev/null
  echo "seeded in $(($(date +%s) - began)) s"
}

if [ -n "${TEST_POSTGRES_URL:-}" ]; then
  database=crm_bench_load_$profiles server=${TEST_POSTGRES_URL%/*}
  if ! psql -q "$server/$database" -c 'SELECT 1' >/dev/null 2>&1; then
    # It has its name when it is full: what an interrupted run has left is made again.
    psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS ${database}_filling" -c "CREATE DATABASE ${database}_filling"
    CRM_DATABASE_URL=$server/${database}_filling seed
    psql -q "$server/${database}_filling" -c 'VACUUM ANALYZE'
    psql -q "$TEST_POSTGRES_URL" -c "ALTER DATABASE ${database}_filling RENAME TO $database"
  fi
  export CRM_DATABASE_URL=$server/$database
  node "$bench" "$crm" "$CRM_DATABASE_URL" "$folder" "$rounds" docs/benchmarks-load.svg
  echo "The database $database is kept for the next run; drop it when it is no longer wanted."
else
  loop=$(cargo bench --workspace --locked --bench sqlite_limit --no-run --message-format short 2>&1 | sed -n 's/.*Executable.*(\(.*sqlite_limit-[^)]*\)).*/\1/p')
  export CRM_DATABASE_URL=sqlite://$folder/crm.db
  seed
  node "$bench" "$crm" "$CRM_DATABASE_URL" "$folder" "$rounds" docs/benchmarks-load-sqlite.svg "$PWD/$loop"
fi
