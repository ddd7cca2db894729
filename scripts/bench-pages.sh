#!/usr/bin/env bash
# What the queries behind pages cost in a tenant with very many clients (100,000, or as many as said): the figures of
# docs/benchmarks.md. With TEST_POSTGRES_URL set, on PostgreSQL too.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo run --release --quiet --locked -p crm-infra --example pages_cost -- "$@"
