#!/usr/bin/env bash
# Runs the tour of the README as a newcomer would paste it, against a first start in an empty folder.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo build --quiet --locked
binary=$PWD/target/debug/crm
readme=$PWD/README.md

folder=$(mktemp -d)
cd "$folder"
touch started
# The tour sends a picture of the clone.
ln -s "$(dirname "$readme")/docs" docs
CRM_LISTEN=127.0.0.1:0 CRM_LOG=warn "$binary" >started &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null || true; rm -rf "$folder"' EXIT
until grep -q 'Demo accounts' started; do kill -0 $server && sleep 0.1; done
address=$(sed -n 's/.* listens on //p' started)

# The block under "A tour with curl", with the address of this server.
awk '/^## A tour with curl/ {tour = 1} tour && /^```$/ {exit} block {print} tour && /^```sh/ {block = 1}' "$readme" |
  sed "s|^crm=.*|crm=$address|" >tour
bash -euo pipefail tour >answers
successes=$(grep -c '^{"success":true' answers)
mistakes=$(grep '^{"success":false' answers)
echo "$successes answers succeeded; the mistakes were reported as: $mistakes"
[ "$successes" -eq 7 ]
[ "$(grep -o '"field":' <<<"$mistakes" | wc -l)" -eq 3 ]
