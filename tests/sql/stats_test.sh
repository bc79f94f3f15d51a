#!/bin/sh
# `hindcast stats` in the world of tests/sql/recipes/world.sql, whose answers were counted by hand.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

own_database stats
export PGDATABASE
check "the migrations run" "$HINDCAST" migrate
check "nothing is told of no incident" sh -c '[ -z "$("$1" stats 2>"$2")" ] && grep -q "no incidents that were raised" "$2"' \
    sh "$HINDCAST" "$work/said"
check "the world can be filled in" psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$root/tests/sql/recipes/world.sql"

answers() { # NAME ARGUMENT... <what is wanted
    name=$1
    shift
    cat >"$work/wanted"
    LC_ALL=C COLUMNS=160 "$HINDCAST" stats "$@" >"$work/told" 2>&1 || echo "exit status $?" >>"$work/told"
    sed -i 's/ *$//' "$work/told"
    check "$name" diff "$work/wanted" "$work/told"
}

answers "all incidents together" <<'END'
TIME TO       N  OF      MEDIAN         P90     LONGEST  IN      <1m <5m 15m <1h <4h <1d >1d
detect       20  21       7 min      16 min      20 min  INC-20   .   5   8   3   .   .   .
acknowledge   2  21       3 min       3 min       3 min  INC-01   .   8   .   .   .   .   .
mitigate      0  21           -           -           -  -
recover      10  21  1 h 00 min  1 h 00 min  1 h 00 min  INC-01   .   .   .   .   8   .   .
resolve       1  21  2 h 00 min  2 h 00 min  2 h 00 min  INC-21   .   .   .   .   8   .   .
END
answers "those of February, by month" --by month --since 2026-02-01T12:00:00Z --until 2026-03-03T23:00:00Z <<'END'
MONTH    TIME TO       N  OF  MEDIAN     P90  LONGEST  IN      <1m <5m 15m <1h <4h <1d >1d
2026-02  detect       10  10  10 min  18 min   20 min  INC-20   .   4   8   5   .   .   .
2026-02  acknowledge   0  10       -       -        -  -
2026-02  mitigate      0  10       -       -        -  -
2026-02  recover       0  10       -       -        -  -
2026-02  resolve       0  10       -       -        -  -
END
answers "by severity, the worst first" --by severity --since 2026-02-10T00:00:00Z <<'END'
SEVERITY  TIME TO      N  OF      MEDIAN         P90     LONGEST  IN      <1m <5m 15m <1h <4h <1d >1d
critical  detect       0   1           -           -           -  -
critical  acknowledge  0   1           -           -           -  -
critical  mitigate     0   1           -           -           -  -
critical  recover      0   1           -           -           -  -
critical  resolve      1   1  2 h 00 min  2 h 00 min  2 h 00 min  INC-21   .   .   .   .   8   .   .
error     detect       1   1      20 min      20 min      20 min  INC-20   .   .   .   8   .   .   .
error     acknowledge  0   1           -           -           -  -
error     mitigate     0   1           -           -           -  -
error     recover      0   1           -           -           -  -
error     resolve      0   1           -           -           -  -
END
"$HINDCAST" stats --by service --since 2026-02-10T00:00:00Z --format jsonl >"$work/rows"
check "JSON Lines: a row for each group and measure" test "$(wc -l <"$work/rows")" = 10
check "JSON Lines: what is not known is null" holds \
    '^{"service":"api","measure":"time_to_mitigate","n":0,"of":1,"median_ms":null,' rows
check "JSON Lines: numbers of incidents" holds \
    '^{"service":"mail","measure":"time_to_resolve","n":1,"of":1,"median_ms":7200000,.*"under_4h":1,.*"incidents":\["INC-21"\],"not_resolved":\[\]}$' rows
psql -Xq -o /dev/null -c "UPDATE correlate.incident SET state = 'firing', started = first_time WHERE number = 'INC-20'"
"$HINDCAST" stats --since 2026-02-10T00:00:00Z >"$work/rows"
check "what is not resolved in the records is named with its last state" holds \
    '^1 of 2 not resolved in the records (last state): INC-20 (firing)$' rows
"$HINDCAST" stats --since 2026-02-10T00:00:00Z --format jsonl >"$work/rows"
check "JSON Lines: so it is there" holds '"not_resolved":\["INC-20 (firing)"\]}$' rows
check "where there is none the command that is named is one for analysts" sh -c \
    'PGOPTIONS="-c role=hindcast_analyst" "$1" stats --since 2099-01-01 2>"$2" && grep -q "hindcast query incidents" "$2" &&
        PGOPTIONS="-c role=hindcast_analyst" "$1" query incidents >"$2"' sh "$HINDCAST" "$work/said"
check "an analyst may ask" env PGOPTIONS='-c role=hindcast_analyst' "$HINDCAST" stats
check "another group is refused" sh -c '! "$1" stats --by weather' sh "$HINDCAST"
exit $failed
