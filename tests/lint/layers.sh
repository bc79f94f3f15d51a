#!/bin/sh
# The rules of the tree hold.
set -eu
cd "$(dirname "$0")/../.."
git rev-parse --git-dir >/dev/null 2>&1 || { echo "ok - layers # skip no git" && exit 0; }
if scripts/lint-layers; then echo "ok - layers"; else echo "not ok - layers"; fi
