#!/usr/bin/env bash
# Opens every page in a real browser, over the binary of this tree: tasks by role, accessibility, keyboard, bytes.
# Needs Node.js 20 and Debian's chromium (or CHROMIUM); fetches the browser's driver from npm.
# With TEST_POSTGRES_URL set, the tasks run on PostgreSQL too.
# Its arguments are those of npm: `run speed` measures how soon pages are shown, `run screenshots` takes pictures.
set -euo pipefail
cd "$(dirname "$0")/.."

cargo build --locked --bin crm
export CRM_BINARY=$PWD/target/debug/crm
cd crates/crm-web/browser
npm ci --silent --no-audit --no-fund
exec npm "${@:-test}"
