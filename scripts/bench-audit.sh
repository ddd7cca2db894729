#!/usr/bin/env bash
# What accounting for changes costs: the figures of docs/benchmarks.md. With TEST_POSTGRES_URL set, on PostgreSQL too.
set -euo pipefail
cd "$(dirname "$0")/.."
exec cargo run --release --quiet --locked -p crm-infra --example audit_cost
