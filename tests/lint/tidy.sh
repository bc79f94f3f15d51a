#!/bin/sh
# clang-tidy finds nothing. With 50000 states a function the analyzer takes a quarter of the time that clang's
# own 225000 take, which `make lint` has, and comes to all but a few blocks of the longest functions.
set -eu
cd "$(dirname "$0")/../.."
TIDY_NODES=${TIDY_NODES:-50000}
export TIDY_NODES
said=$(scripts/lint-tidy "$(dirname "$HINDCAST")" 2>&1) || { printf '%s\nnot ok - tidy\n' "$said" && exit 0; }
case $said in *skipped:*) echo "ok - tidy # skip ${said##*skipped: }" ;; *) echo "ok - tidy" ;; esac
