#!/usr/bin/env bash
# Writes every generated document anew: docs/openapi.json, docs/errors.md, docs/access-matrix.md,
# docs/CONFIGURATION.md and .env.example.
set -euo pipefail
cd "$(dirname "$0")/.."
BLESS=1 cargo test --quiet -p crm-server --lib -- config
BLESS=1 cargo test --quiet -p crm-server --test documents
git status --short docs .env.example
