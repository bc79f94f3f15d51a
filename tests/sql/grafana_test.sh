#!/bin/sh
# The dashboards of packaging/grafana against the demo's data: every query of every panel, annotation and variable, with
# Grafana's macros put in as its documentation tells, run by the login that Grafana gets. Fields and files of
# the dashboards, and what docker-compose.yml mounts. No Grafana runs here.
#
# Needs HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"
cd "$root"

# --- the queries; with-demo calls this script again, within its database ---------------------------

# What the demo has nothing of: gaps, what cannot be read, alerts that come and go.
rarely="hindcast-ingest: Gaps|hindcast-ingest: Quarantine|hindcast-noise: Flapping"

ask() { psql -qXAt -F ' ' -U grafana_reader -v ON_ERROR_STOP=1 "$@"; }
# The columns of the query in $work/sql, "name type" of each.
columns() { { cat "$work/sql" && echo ' \gdesc'; } | ask; }

try_query() { # KIND NAME
    if ! ask -f "$work/sql" >"$work/rows" 2>"$work/errors"; then
        not_ok "$2: $(head -1 "$work/errors")"
        return
    fi
    if [ ! -s "$work/rows" ] && ! printf '%s' "$2" | grep -qE "^($rarely)\$"; then
        not_ok "$2: no row"
        return
    fi
    columns >"$work/columns"
    case $1 in
    annotation)
        check "$2: time, timeend, text, tags" sh -c "! grep -vE \
            '^(time|timeend) timestamp with time zone\$|^(text|tags) text\$' '$work/columns' &&
            grep -q '^time ' '$work/columns' && grep -q '^text ' '$work/columns'"
        ;;
    time_series)
        check "$2: a series by time" sh -c "head -1 '$work/columns' | grep -qE '^time (numeric|double precision)\$' &&
            cut -d' ' -f1 '$work/rows' | sort -n -c"
        ;;
    variable) check "$2: one column" [ "$(wc -l <"$work/columns")" = 1 ] ;;
    table) ok "$2" ;;
    esac
}

# Compares what a panel tells with what a recipe or a command tells: COLUMNS of its query, sorted, with standard input.
tells_the_same() { # NAME COLUMNS
    sql=$(awk -F '\t' -v name="$1" '$2 == name { print $3 }' "$work/queries")
    ask -F '|' -c "SELECT $2 FROM ($sql) panel" | LC_ALL=C sort >"$work/panel"
    LC_ALL=C sort >"$work/told"
    check "$1: what psql and hindcast tell, too" [ -s "$work/told" ]
    check "$1: the same numbers" cmp "$work/panel" "$work/told"
}
recipe() { psql -qXAt -F '|' -v ON_ERROR_STOP=1 -f "sql/recipes/$1.sql"; }

if [ "${1:-}" = --queries ]; then
    check "the login is made" psql -qX -v login=grafana_reader -v password="it's" -f packaging/grafana/login.sql
    check "and made again" psql -qX -v login=grafana_reader -v password=another -f packaging/grafana/login.sql
    incident=$(value "SELECT incident FROM analyst.incidents WHERE raised ORDER BY alerts DESC, first_time LIMIT 1")
    python3 tests/lib/grafana.py queries 2026-01-01T00:00:00Z 2027-01-01T00:00:00Z "$incident" >"$work/queries"
    while IFS='	' read -r kind name sql; do
        printf '%s' "$sql" >"$work/sql"
        try_query "$kind" "$name"
    done <"$work/queries"
    check "there were queries" [ "$(wc -l <"$work/queries")" -gt 30 ]
    "$HINDCAST" stats --format jsonl |
        sed 's/.*"time_\([a-z_]*\)","n":\([0-9]*\),.*"median_ms":\([0-9]*\),"p90_ms":\([0-9]*\),.*/\1|\2|\3|\4/; s/_/ /' |
        tells_the_same "hindcast-reliability: Median times" 'step, n, (median * 1000)::bigint, (p90 * 1000)::bigint'
    recipe change_failures | cut -d '|' -f 2-4,6 |
        tells_the_same "hindcast-reliability: Deployments followed by an incident within an hour" \
            'service, deployments, followed, "taken back"'
    recipe noisy_rules | cut -d '|' -f 1,3,5,6 |
        tells_the_same "hindcast-noise: Noisy rules" 'rule, alerts, "in incidents", "acted on"'
    check "the login reads nothing but the views" sh -c \
        "! psql -qX -U grafana_reader -c 'SELECT text FROM correlate.entry' 2>/dev/null"
    check "and no question runs for long" [ "$(ask -c 'SHOW statement_timeout')" = 30s ]
    exit $failed
fi

# --- the files -----------------------------------------------------------------------------------

nothing() { said=$("$@") && [ -z "$said" ] || { echo "$said" && return 1; }; }
check "each field is one that Grafana documents" nothing python3 tests/lib/grafana.py fields
mounted=$(sed -n 's/.*[ "]\(\.\/packaging\/[^:]*\):.*/\1/p' docker-compose.yml)
check "docker-compose.yml mounts what there is" sh -c "ls $(echo "$mounted" | tr '\n' ' ')"
dashboards=$(sed -n 's/^ *- \.\/packaging\/grafana\/dashboards:\([^:]*\):.*/\1/p' docker-compose.yml)
check "and the dashboards where they are looked for" grep -q "path: $dashboards\$" packaging/grafana/dashboards.yml
unversioned() { grep -E '^ *image: ' docker-compose.yml | grep -vE ':v?[0-9][0-9.]*$|: hindcast:local$' || true; }
check "images have a version" nothing unversioned
if command -v docker-compose >/dev/null 2>&1; then
    check "docker-compose takes the file" docker-compose --profile grafana -f docker-compose.yml config -q
else
    echo "ok - docker-compose takes the file # SKIP there is no docker-compose"
fi

export HINDCAST
scripts/with-demo sh "$root/tests/sql/grafana_test.sh" --queries || failed=1
exit $failed
