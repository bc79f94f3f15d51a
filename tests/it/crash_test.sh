#!/bin/sh
# A few runs of the crash harness, on servers of its own; `make test-crash` does hundreds. These
# meet workers that freeze, zombies, ended backends, rebalances and a PostgreSQL that is restarted.
# HINDCAST = the program, beside which the harness was built. Prints TAP.
set -eu

: "${HINDCAST:?}"
exec tests/crash/run "$(dirname "$HINDCAST")/tests/crash/main" --runs 5 --seed 43
