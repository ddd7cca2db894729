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

databases=()
for profiles in "$@"; do
  if [ -n "${TEST_POSTGRES_URL:-}" ]; then
    name=crm_bench_growth_$profiles
    url=${TEST_POSTGRES_URL%/*}/$name?sslmode=disable
    psql -q "$url" -c 'SELECT 1' >/dev/null 2>&1 && is_there=yes || is_there=
    [ -n "$is_there" ] || psql -q "$TEST_POSTGRES_URL" -c "CREATE DATABASE $name"
  else
    url=sqlite://$kept/growth-$profiles.db
    [ -e "$kept/growth-$profiles.db" ] && is_there=yes || is_there=
  fi
  if [ -z "$is_there" ]; then
    began=$(date +%s)
    CRM_DATABASE_URL=$url "$crm" migrate up >/dev/null
    CRM_DATABASE_URL=$url "$crm" seed --profiles "$profiles" --tenants 50 --notes "$profiles" --appointments $((profiles * 10)) >/dev/null
    echo "$profiles profiles seeded in $(($(date +%s) - began)) s"
    [ -z "${TEST_POSTGRES_URL:-}" ] || psql -q "$url" -c 'VACUUM ANALYZE'
  fi
  databases+=("$profiles=$url")
done
node "$bench" "$crm" "$folder" "${databases[@]}"
