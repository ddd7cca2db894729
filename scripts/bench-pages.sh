#!/usr/bin/env bash
# What pages cost in a tenant with very many clients (100,000, or as many as said), over the release binary. With
# TEST_POSTGRES_URL set, on PostgreSQL too.
# Prints the figures of docs/benchmarks.md. Needs Node.js 20.
set -euo pipefail
cd "$(dirname "$0")/.."
profiles=${1:-100000}
cargo build --release --quiet --locked --bin crm
crm=$PWD/target/release/crm bench=$PWD/scripts/bench/pages.mjs
address=127.0.0.1:8097
folder=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
export CRM_LISTEN=$address CRM_LOG=error CRM_SIGN_IN=true CRM_SEED_DEMO=false
export NEXTAUTH_SECRET=only-for-this-measurement-0123456789

# The server compares its projection when it starts. That is over when neither it nor the database has had anything to do
# for three seconds.
settle() {
  local before now idle=0 active=0
  before=$(cut -d' ' -f14 /proc/$server/stat)
  while [ $idle -lt 3 ]; do
    sleep 1
    now=$(cut -d' ' -f14 /proc/$server/stat)
    if [ "$1" = PostgreSQL ]; then
      active=$(psql -At "$CRM_DATABASE_URL" -c "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state = 'active' AND pid <> pg_backend_pid()")
    fi
    if [ $((now - before)) -lt 5 ] && [ "$active" = 0 ]; then idle=$((idle + 1)); else idle=0; fi
    before=$now
  done
}

measure() {
  "$crm" migrate up >/dev/null
  "$crm" seed --profiles "$profiles" --tenants 1 --notes $((profiles / 2)) --appointments $((profiles * 3)) >/dev/null 2>&1
  if [ "$1" = PostgreSQL ]; then psql -q "$CRM_DATABASE_URL" -c 'VACUUM ANALYZE'; fi
  "$crm" serve >served 2>&1 &
  server=$!
  until curl -s -o /dev/null "http://$address/health/live"; do kill -0 $server; done
  settle "$1"
  node "$bench" "http://$address" "$1" admin@bellavita.example citaplanner-demo
  kill $server
  wait $server || true
}

measure SQLite
if [ -n "${TEST_POSTGRES_URL:-}" ]; then
  database=crm_bench_pages
  psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database"
  CRM_DATABASE_URL=${TEST_POSTGRES_URL%/*}/$database measure PostgreSQL
  psql -q "$TEST_POSTGRES_URL" -c "DROP DATABASE $database"
fi
