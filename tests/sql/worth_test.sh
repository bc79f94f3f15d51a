#!/bin/sh
# `hindcast incidents` shows first what is worth a look, and counts the rest; in the world of tests/sql/recipes/world.sql.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

own_database worth
export PGDATABASE
check "the migrations run" "$HINDCAST" migrate
check "the world can be filled in" psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$root/tests/sql/recipes/world.sql"
set_rank() { # INCIDENT RANK WORTH REASON
    psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -c "UPDATE correlate.incident SET rank = $2, worth = $3, rank_reasons = '{\"$4\"}',
        state = 'acknowledged', state_time = first_time, ended = NULL WHERE number = '$1'"
}
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -c "UPDATE correlate.incident SET rank = 1, worth = false, started = first_time, state = 'resolved',
    ended = last_time"
all=$(psql -XqAtc 'SELECT count(*) FROM correlate.incident WHERE raised')

"$HINDCAST" incidents >"$work/told" 2>"$work/rest"
check "where none is worth a look all that are raised are shown" test "$(grep -c '^INC-' "$work/told")" = "$all"

set_rank INC-03 9 true 'critical (+9)'
set_rank INC-02 12 true '3 services (+12)'
COLUMNS=160 "$HINDCAST" incidents >"$work/told" 2>"$work/rest"
sed -n 's/^\(INC-[0-9]*\) *\([0-9]*\) .*/\1 \2/p' "$work/told" >"$work/shown"
printf '%s\n' 'INC-02 12' 'INC-03 9' >"$work/wanted"
check "those worth a look, the highest rank first" diff "$work/wanted" "$work/shown"
check "with its reasons and its open end" holds \
    '^ *not resolved in the records; last state: acknowledged at .*; 3 services (+12)$' told
check "an open end has no duration" holds '^INC-02 .* not resolved ' told
check "the rest is counted, with how to see it" holds \
    "^$((all - 2)) more are not worth a look by their rank, [0-9]* did not meet the thresholds; --all shows them\$" rest
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -c "UPDATE correlate.incident SET worth = number IS DISTINCT FROM 'INC-03'"
"$HINDCAST" incidents >"$work/told" 2>"$work/rest"
check "one is told as one" holds "^1 more is not worth a look by its rank, " rest
psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -c "UPDATE correlate.incident SET worth = coalesce(number, '') IN ('INC-02', 'INC-03')"
"$HINDCAST" incidents --all >"$work/told" 2>"$work/rest"
check "--all shows them, and those below the thresholds" test "$(grep -c ' UTC  ' "$work/told")" -gt "$all"
check "and counts none" test ! -s "$work/rest"
"$HINDCAST" incidents --format jsonl >"$work/told" 2>/dev/null
check "JSON Lines have all that are raised" test "$(grep -c . "$work/told")" = "$all"
check "with rank and reasons" holds '"incident":"INC-02",.*"rank":12,"worth":true,"rank_reasons":\["3 services (+12)"\],' told
check "an analyst may ask" env PGOPTIONS='-c role=hindcast_analyst' "$HINDCAST" query incidents --format csv
psql -Xqt -c "SET ROLE hindcast_analyst" -c "SELECT rank, worth, rank_reasons FROM analyst.incidents WHERE incident = 'INC-03'" >"$work/told"
check "in SQL, too" holds '9 | t     | {"critical (+9)"}' told
psql -Xqt -c "SET ROLE hindcast_responder" -c "SELECT rank, worth, state FROM responder.incidents WHERE incident = 'INC-03'" >"$work/told"
check "and as a responder" holds '9 | t     | acknowledged' told
exit $failed
