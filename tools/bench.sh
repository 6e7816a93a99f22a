#!/usr/bin/env bash
# Runs the benches and writes docs/benchmarks.md. REVIEWS, REQUESTS and SIZES make it smaller.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=src
python=.venv/bin/python
sizes=${SIZES:-"100000 1000000"}
out=docs/benchmarks.md
part=$(mktemp)
{
  echo "# Figures"
  echo
  echo "Measured by \`make bench\` on $(nproc) cores of a$(grep -m1 'model name' /proc/cpuinfo | cut -d: -f2 | sed 's/(R)//g'), Python $($python -c 'import platform; print(platform.python_version())'). Run it on yours; the calibration line lets the two be compared."
  echo
  echo "## Reading, digesting and masking (one core)"
  echo
  $python tests/bench/import_rates.py $sizes | sed 's/^/    /'
  echo
  echo "## Stored end to end, SQLite"
  echo
  $python tests/bench/import_rate.py --formats slack,CSV $sizes | sed 's/^/    /'
  echo
  echo "## Stored end to end, PostgreSQL"
  echo
  $python tools/with_postgres.py $python tests/bench/import_rate.py --formats slack,CSV $sizes | sed 's/^/    /'
  echo
  echo "## Script"
  echo
  $python tests/bench/script_sizes.py
  echo
  echo "## Pages"
  echo
  $python tests/bench/pages.py --reviews "${REVIEWS:-10000}" --requests "${REQUESTS:-1000}"
  echo
  $python tools/with_postgres.py $python tests/bench/pages.py --reviews "${REVIEWS:-10000}" --requests "${REQUESTS:-1000}"
  echo
  echo "## Lanes, frames while panning"
  echo
  $python tests/bench/lanes.py || echo "The bar was missed."
} | tee "$part"
mv "$part" "$out"
