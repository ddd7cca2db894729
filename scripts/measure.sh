#!/usr/bin/env bash
# Prints how long the release binary takes to its first answer, and how much memory it uses, with the demo data on SQLite.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --release --quiet --locked
binary=$PWD/target/release/crm
address=127.0.0.1:8098

folder=$(mktemp -d)
trap 'kill $server 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"

start() {
  local began answered
  began=$(date +%s%N)
  CRM_LISTEN=$address CRM_LOG=warn "$binary" >started 2>&1 &
  server=$!
  until curl -s -o /dev/null "http://$address/health/live"; do kill -0 $server; done
  answered=$(date +%s%N)
  echo "$1: $(((answered - began) / 1000000)) ms to the first answer"
}
stop() {
  kill -TERM $server
  wait $server || true
}
memory() { echo "$1: $(awk '/VmRSS/ {print int($2 / 1024)}' /proc/$server/status) MB resident"; }

start 'first start, with migration and demo data'
stop
for _ in 1 2 3 4 5; do
  start 'start on an existing database'
  stop
done
start 'start on an existing database'
memory 'idle'
token=$(curl -s "http://$address/sign-in" -H 'Content-Type: application/json' \
  -d '{"email":"admin@bellavita.example","password":"citaplanner-demo"}' | sed 's/.*"token":"\([^"]*\)".*/\1/')
for _ in $(seq 200); do
  curl -s -o /dev/null -H "Authorization: Bearer $token" "http://$address/api/clients/profiles?search=a"
done
memory 'after 200 searches'
stop
