#!/usr/bin/env bash
# Compares the photo pipeline with sharp (libvips) and uploads 32 photos at once; the figures of docs/benchmarks.md.
# Needs node and npm, dpkg and apt-get for two photographs, and nasm for a decoder with SIMD.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v nasm >/dev/null || echo 'nasm is missing: the JPEG decoder is built without SIMD'
cargo build --release --quiet --locked
cargo build --release --quiet --locked -p crm-infra --example photo_worker
root=$PWD
folder=$root/target/bench-photos
mkdir -p "$folder" && cd "$folder"

# Two photographs from a package of wallpapers.
if [ ! -d wallpapers ]; then
  apt-get download -qq lomiri-wallpapers-16.04
  dpkg -x lomiri-wallpapers-16.04_*.deb wallpapers
fi
photographs=(wallpapers/usr/share/backgrounds/{picosdeeuropa,life}_by_Aitzol_Berasategi.jpg)
[ -d node_modules/sharp ] || npm install --silent --no-save --no-audit --no-fund --prefix . sharp@0.35 ssim.js@3
cp "$root"/scripts/bench/*.mjs .

echo "## The pipeline"
echo
node photos.mjs "$root/target/release/examples/photo_worker" "${photographs[@]}"

echo
echo "## 32 uploads at once"
echo
data=$(mktemp -d)
CRM_DATA_DIR=$data CRM_LISTEN=127.0.0.1:0 CRM_LOG=warn "$root/target/release/crm" >"$data/started" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null || true; wait $server 2>/dev/null || true; rm -rf "$data"' EXIT
until grep -q 'listens on' "$data/started"; do kill -0 $server; sleep 0.1; done
node uploads.mjs "$(sed -n 's/.* listens on //p' "$data/started")" $server "${photographs[0]}"
