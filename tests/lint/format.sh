#!/bin/sh
# clang-format would change nothing.
set -eu
cd "$(dirname "$0")/../.."
said=$(scripts/lint-format 2>&1) || { printf '%s\nnot ok - format\n' "$said" && exit 0; }
case $said in *skipped:*) echo "ok - format # skip ${said#*skipped: }" ;; *) echo "ok - format" ;; esac
