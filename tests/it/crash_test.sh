#!/bin/sh
# A few runs of the crash harness, on servers of its own; `make test-crash` does hundreds. These
# meet zombies, rebalances and a topic that is made again, beside correlators that are killed.
# HINDCAST = the program, beside which the harness was built. Prints TAP.
set -eu

: "${HINDCAST:?}"
exec tests/crash/run "$(dirname "$HINDCAST")/tests/crash/main" --runs 4 --seed 44
