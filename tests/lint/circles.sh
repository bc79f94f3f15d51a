#!/bin/sh
# No files need one another but those that are known to.
set -eu
cd "$(dirname "$0")/../.."
if scripts/lint-circles "$(dirname "$HINDCAST")"; then echo "ok - circles"; else echo "not ok - circles"; fi
