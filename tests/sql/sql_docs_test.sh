#!/bin/sh
# docs/sql.md says what the comments of the schema say, and its answers are those of the demo: `make docs` renews it.
#
# Needs HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

export HINDCAST
"$root/scripts/with-demo" "$root/scripts/docs-sql" >"$work/sql.md" || not_ok "each view has an example that answers"
check "docs/sql.md is what make docs writes" diff "$root/docs/sql.md" "$work/sql.md"
exit $failed
