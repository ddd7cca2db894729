#!/usr/bin/env bash
# How answers grow with the data: 10,000, 100,000 and 1,000,000 profiles (or as many as said) in 50 tenants of very different
# size, a note and ten appointments for each. On PostgreSQL with TEST_POSTGRES_URL, else on SQLite. Needs wrk and Node.js 20.
# Databases are kept in PostgreSQL or in the folder named by BENCH_DIR, and used again by the next run.
# BENCH_ROUTES, a regular expression, picks routes.
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 10000 100000 1000000
cargo build --release --quiet --locked --bin crm
crm=$PWD/target/release/crm bench=$PWD/scripts/bench/growth.mjs
export CRM_LOG=error NEXTAUTH_SECRET=only-for-this-measurement-0123456789
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
kept=${BENCH_DIR:-$folder}

# Databases have their name when they are full: what an interrupted run has left is made again.
fill() {
  local began
  began=$(date +%s)
  CRM_DATABASE_URL=$1 "$crm" migrate up >/dev/null
  CRM_DATABASE_URL=$1 "$crm" seed --profiles "$2" --tenants 50 --notes "$2" --appointments $(($2 * 10)) >/dev/null
  echo "$2 profiles seeded in $(($(date +%s) - began)) s"
}

databases=()
for profiles in "$@"; do
  if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    name=crm_bench_growth_$profiles server=${TEST_POSTGRES_URL%/*}
    url=$server/$name?sslmode=disable
    if ! psql -q "$url" -c 'SELECT 1' >/dev/null 2>&1; then
      psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS ${name}_filling" -c "CREATE DATABASE ${name}_filling"
      fill "$server/${name}_filling?sslmode=disable" "$profiles"
      psql -q "$server/${name}_filling" -c 'VACUUM ANALYZE'
      psql -q "$TEST_POSTGRES_URL" -c "ALTER DATABASE ${name}_filling RENAME TO $name"
    fi
  else
    # A folder, because SQLite keeps what is new in a second file.
    full=$kept/growth-$profiles
    url=sqlite://$full/crm.db
    if [ ! -e "$full" ]; then
      rm -rf "$full.filling"
      mkdir -p "$full.filling"
      fill "sqlite://$full.filling/crm.db" "$profiles"
      mv "$full.filling" "$full"
    fi
  fi
  databases+=("$profiles=$url")
done
node "$bench" "$crm" "$folder" "${databases[@]}"
