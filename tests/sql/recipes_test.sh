#!/bin/sh
# Each recipe of sql/recipes gives the answers that were counted by hand in a small world (tests/sql/recipes), asked as an
# analyst, and so does the dashboard's panel of flapping alerts; docs/recipes.md is what `make docs` writes.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

world=$root/tests/sql/recipes
first=${PGDATABASE:-postgres}
own_database recipes
export PGDATABASE PGTZ=UTC
check "the migrations run" "$HINDCAST" migrate
check "the world can be filled in" psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$world/world.sql"

for recipe in "$root"/sql/recipes/*.sql; do
    name=$(basename "$recipe" .sql)
    PGOPTIONS='-c role=hindcast_analyst' psql -XqA -P footer=off -v ON_ERROR_STOP=1 -f "$recipe" >"$work/$name.out" 2>&1 || true
    check "$name answers what was counted by hand" diff "$world/$name.out" "$work/$name.out"
done

# The demo, on which grafana_test.sh compares panels with recipes, has no alert that flaps.
(cd "$root" && python3 tests/lib/grafana.py queries 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z INC-01) |
    awk -F '\t' '$2 == "hindcast-noise: Flapping" { print $3 }' >"$work/panel.sql"
PGOPTIONS='-c role=hindcast_analyst' psql -XqAt -v ON_ERROR_STOP=1 -f "$work/panel.sql" >"$work/panel" 2>&1 || true
sed 1d "$world/flapping_alerts.out" >"$work/flapping"
check "the panel of flapping alerts tells what the recipe tells" diff "$work/flapping" "$work/panel"

export HINDCAST
PGDATABASE=$first
"$root/scripts/with-demo" "$root/scripts/docs-recipes" >"$work/recipes.md" || not_ok "each recipe answers on the demo's data"
check "docs/recipes.md is what make docs writes" diff "$root/docs/recipes.md" "$work/recipes.md"
exit $failed
