#!/bin/sh
# The service graph from end to end: derived from spans and from fields that name a dependency, loaded, shown,
# applied; what it changes in the incidents, and that it is all taken back with it. Who may do what. The records
# are ours: alerts of a shop's services, spans of a call between two of them, a log line that names a dependency.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

brokers=$HINDCAST_KAFKA
unset HINDCAST_KAFKA
topic=graph-$$
own_database graph

cat >"$work/records.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"stock","phase":"trigger","text":"stock is down","id":"a1"}
{"time":"2026-04-02T10:06:00Z","kind":"alert","source":"monitor","service":"basket","phase":"trigger","text":"basket answers slowly","id":"a2"}
{"time":"2026-04-02T10:08:00Z","kind":"alert","source":"monitor","service":"mail","phase":"trigger","text":"mail queue grows","id":"a3"}
{"time":"2026-04-02T09:00:00Z","kind":"log","source":"app","service":"mail","text":"started","attributes":{"depends_on":["smtp","mail","smtp"]}}
{"time":"2026-04-02T09:01:00Z","kind":"log","source":"app","service":"basket","text":"called","attributes":{"peer.service":"stock"}}
{"time":"2026-04-02T09:02:00Z","kind":"log","source":"app","service":"web","text":"GET /basket","trace_id":"t1","attributes":{"span_id":"s1"}}
{"time":"2026-04-02T09:02:00Z","kind":"log","source":"app","service":"basket","text":"serve","trace_id":"t1","attributes":{"span_id":"s2","parent_span_id":"s1"}}
{"time":"2026-04-02T09:02:01Z","kind":"log","source":"app","service":"basket","text":"query","trace_id":"t1","attributes":{"span_id":"s3","parent_span_id":"s2"}}
{"time":"2026-04-02T09:02:01Z","kind":"log","source":"app","service":"stock","text":"serve","trace_id":"t2","attributes":{"span_id":"s4","parent_span_id":"s3"}}
RECORDS
check "migrate" "$HINDCAST" migrate
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic"
check "correlate" "$HINDCAST" correlate --once

incidents() { value "SELECT string_agg(services, ' | ' ORDER BY first_time) FROM (
    SELECT array_to_string(services, ' ') AS services, first_time FROM analyst.incidents WHERE raised) i"; }
same() { [ "$1" = "$2" ] || { echo "wanted '$2', got '$1'" && return 1; }; }
tells() { # PATTERN COMMAND...: it succeeds and says that
    wanted=$1
    shift
    "$@" >"$work/told" 2>&1 || { cat "$work/told" && return 1; }
    holds "$wanted" told
}
plain() { tr -d '\r' <"$1"; }

check "without a graph the scope joins them" same "$(incidents)" "basket mail stock"
"$HINDCAST" export >"$work/before"
check "that there is none is said" tells 'no service graph is applied' "$HINDCAST" graph show

# --- derived

"$HINDCAST" graph derive >"$work/derived.csv" 2>"$work/derived.said"
check "spans and fields tell edges" same "$(plain "$work/derived.csv" | tr '\n' ' ')" \
    "from,to,seen basket,stock,1 mail,smtp,1 web,basket,1 "
check "what is derived does not count" holds 'only what .*graph load.* applies counts' derived.said
"$HINDCAST" graph derive --format jsonl --since 2026-04-02T09:02Z 2>/dev/null >"$work/derived.jsonl"
check "of a time, as JSON Lines" same "$(cat "$work/derived.jsonl")" '{"from":"web","to":"basket","seen":1}'

# --- loaded

check "a file with a bad line is refused" fails_with 6 "$HINDCAST" graph load - <<'EDGES'
from,to
basket,stock
basket
EDGES
check "with its number" holds 'line 3: not as many cells' errors
check "and nothing of it is applied" same "$("$HINDCAST" graph show 2>/dev/null | tr -d '\r')" "from,to"
check "what was derived can be loaded" tells 'applied a service graph of 3 edges' "$HINDCAST" graph load "$work/derived.csv"
"$HINDCAST" graph load "$work/derived.jsonl" >/dev/null
check "another file replaces it as a whole" same "$("$HINDCAST" graph show | tr -d '\r' | tr '\n' ' ')" "from,to web,basket "
"$HINDCAST" graph load "$work/derived.csv" >/dev/null
"$HINDCAST" graph show >"$work/shown.csv"
check "what is shown is what was loaded" tells 'these 3 edges is applied already' "$HINDCAST" graph load "$work/shown.csv"
check "correlators take it up" tells '^correlated ' "$HINDCAST" correlate --once
check "nobody is told that his files differ" lacks 'is not the one that is applied' told
check "neighbours are one incident, what has other edges is not of it" same "$(incidents)" "basket stock | mail"
value "SELECT string_agg(reason, ' ') FROM correlate.node" >"$work/reasons"
check "with that reason" holds 'edge basket>stock (500), 360000 ms from' reasons
digest=$(value "SELECT config_digest FROM analyst.configuration WHERE counts")
"$HINDCAST" export >"$work/with"
check "the export has its digest" holds "\"config_digest\":\"$digest\"" with
check "config tells that nothing differs" same \
    "$("$HINDCAST" config | sed -n 's/^# config_digest = \([0-9a-f]*\) .*/\1/p')" "$digest"
check "and applying its files keeps the graph" tells "the configuration $digest is applied already" "$HINDCAST" config apply
check "with another option, too" "$HINDCAST" config apply --grouping-gap-host 11m
check "the graph is there" same "$("$HINDCAST" graph show | grep -c ,)" 4
check "the option taken back" "$HINDCAST" config apply
check "a rebuild tells the same" sh -c '"$1" correlate --rebuild && "$1" export >"$2/again" && cmp "$2/with" "$2/again"' sh "$HINDCAST" "$work"

# --- taken back

: >"$work/empty.csv"
check "an empty file leaves no edges" "$HINDCAST" graph load "$work/empty.csv"
check "everything is told as before" sh -c '"$1" correlate --once && "$1" export >"$2/after" && cmp "$2/before" "$2/after"' sh "$HINDCAST" "$work"

# --- drafts

folders() { find "$1" -mindepth 1 -maxdepth 1 -type d | wc -l; }
cd "$work"
check "a draft without a graph" sh -c '"$1" draft --all --out ./one records.jsonl >one.txt' sh "$HINDCAST"
check "has one incident" same "$(folders one)" 1
check "a draft with edges" sh -c '"$1" draft --all --graph derived.csv --out ./two records.jsonl >two.txt' sh "$HINDCAST"
check "tells them apart" same "$(folders two)" 2
check "and names another configuration" sh -c "! grep -q \"\$(grep '^Correlated with' one.txt)\" two.txt"
check "a draft with no edges refuses them" fails_with 6 "$HINDCAST" draft --graph records.jsonl --out ./three records.jsonl

# --- who may

login=graph_$$
trap 'PGDATABASE=$first_database psql -qX -c "DROP ROLE IF EXISTS graph_$$" >/dev/null 2>&1; clean_up' EXIT
for role in hindcast_analyst hindcast_responder hindcast_correlate; do
    value "DROP ROLE IF EXISTS $login; CREATE ROLE $login LOGIN IN ROLE $role" >/dev/null
    check "$role may read the graph" env PGUSER="$login" "$HINDCAST" graph show
    if [ "$role" = hindcast_correlate ]; then
        check "$role may derive it" env PGUSER="$login" "$HINDCAST" graph derive
        check "and load it" env PGUSER="$login" "$HINDCAST" graph load "$work/derived.csv"
    else
        check "$role may not derive it" fails_with 4 env PGUSER="$login" "$HINDCAST" graph derive
        check "nor load it" fails_with 4 env PGUSER="$login" "$HINDCAST" graph load "$work/derived.csv"
        check "and is told who may" holds 'hindcast_correlate' errors
    fi
done
check "misuse is one line" fails_with 2 "$HINDCAST" graph
check "of what it needs" holds "needs one of 'load FILE', 'show' and 'derive'" errors
check "bounds are of derive" fails_with 2 "$HINDCAST" graph show --since 2026-04-02T09:02Z
exit $failed
