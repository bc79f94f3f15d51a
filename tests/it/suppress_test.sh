#!/bin/sh
# Suppression from end to end: rules are applied, what they suppress opens no incident, is counted and shown, and
# comes back byte for byte when they go; the same rules from the start give the same. Who may see it. The records
# are ours: alerts of a shop's database, of what needs it, of planned work, and one that flaps.
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
topic=suppress-$$
own_database suppress
same() { [ "$1" = "$2" ] || { echo "wanted '$2', got '$1'" && return 1; }; }
tells() { # PATTERN COMMAND...: it succeeds and says that
    wanted=$1
    shift
    "$@" >"$work/told" 2>&1 || { cat "$work/told" && return 1; }
    holds "$wanted" told
}

python3 - >"$work/records.jsonl" <<'PY'
import json
def alert(time, service, title, phase, id):
    print(json.dumps({"time": f"2026-04-02T{time}Z", "kind": "alert", "source": "monitor", "service": service, "title": title,
                      "text": title, "fingerprint": f"{title} {service}", "phase": phase, "id": id,
                      "attributes": {"labels": {"cluster": "eu"}}}))
alert("10:00:00", "stock", "DatabaseDown", "trigger", "a1")
alert("10:02:00", "basket", "Slow", "trigger", "a2")
alert("10:03:00", "web", "Slow", "trigger", "a3")
alert("10:04:00", "stock", "DatabaseDown", "resolve", "a4")
alert("14:10:00", "mail", "QueueGrows", "trigger", "b1")
for i in range(4):
    alert(f"18:{10 * i:02}:00", "cache", "Evictions", "trigger", f"c{i}")
    alert(f"18:{10 * i + 2:02}:00", "cache", "Evictions", "resolve", f"d{i}")
PY
printf '%s\t' inhibit database-down name=DatabaseDown 'name=Slow,service!=web' >"$work/rules.tsv"
printf 'cluster\n# planned\n' >>"$work/rules.tsv"
printf 'window\tpatching\t2026-04-02T14:00Z\t2026-04-02T15:00Z\tservice=mail\nflapping\tchatty\t2\t1h\t*\n' >>"$work/rules.tsv"

check "migrate" "$HINDCAST" migrate
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic"
check "correlate" "$HINDCAST" correlate --once
"$HINDCAST" export >"$work/before"
raised() { value "SELECT count(*) FROM analyst.incidents WHERE raised"; }
alone() { value "SELECT count(*) FROM analyst.episodes WHERE incident_key IS NULL"; }
check "without rules every alert is in an incident" same "$(alone)" 0
without=$(raised)
check "nothing is suppressed" tells 'no alert is suppressed' "$HINDCAST" suppressed

# --- applied

printf 'inhibit\tx\tname=A\n' >"$work/broken.tsv"
check "a rule that cannot be read is refused" fails_with 3 "$HINDCAST" config apply --correlate-suppress "$work/broken.tsv"
check "with its line" holds 'suppression, line 1: inhibit needs a name' errors
check "rules are applied" tells 'every scope is correlated anew' "$HINDCAST" config apply --correlate-suppress "$work/rules.tsv"
check "what they leave" tells '^correlated ' "$HINDCAST" correlate --once
check "is fewer incidents" test "$(raised)" -lt "$without"
"$HINDCAST" suppressed >"$work/suppressed"
check "what an alert inhibits is shown" holds \
    '^1 alert suppressed by database-down (inhibit): 1 record, 2026-04-02 10:02:00 UTC to 2026-04-02 10:02:00 UTC; 1 told in' suppressed
check "what a window does" holds '^1 alert suppressed by patching (window): 1 record, .*; 0 told' suppressed
check "what flaps" holds '^2 alerts suppressed by chatty (flapping): 4 records, 2026-04-02 18:20:00' suppressed
check "for programs" same "$("$HINDCAST" suppressed --format jsonl --since 2026-04-02T17:00Z)" \
    '{"rule":"chatty","kind":"flapping","alerts":2,"records":4,"first_time":"2026-04-02T18:20:00Z","last_time":"2026-04-02T18:32:00Z","told":0}'
incident=$(value "SELECT incident FROM analyst.episodes WHERE title = 'DatabaseDown'")
check "of one incident" same "$("$HINDCAST" suppressed "$incident" | cut -d: -f1)" '1 alert suppressed by database-down (inhibit)'
check "no record went" same "$(value 'SELECT sum(records) FROM analyst.episodes')" 13
"$HINDCAST" export >"$work/with"
check "a rebuild tells the same" sh -c '"$1" correlate --rebuild && "$1" export >"$2/again" && cmp "$2/with" "$2/again"' sh "$HINDCAST" "$work"

# --- taken back

check "rules are taken away" tells 'every scope is correlated anew' "$HINDCAST" config apply
check "and everything is as it was" sh -c '"$1" correlate --once && "$1" export >"$2/after" && cmp "$2/before" "$2/after"' sh "$HINDCAST" "$work"
cat >"$work/try.ini" <<INI
[correlate]
suppress = $work/rules.tsv
INI
check "what they would change can be asked before" tells 'applied is ' "$HINDCAST" correlate --what-if "$work/try.ini"

# --- from the start, in another database and another order

shuf --random-source="$work/records.jsonl" "$work/records.jsonl" >"$work/shuffled.jsonl"
episodes() { value "SELECT md5(string_agg(concat_ws(' ', node_key, records, reason, incident_key), '|' ORDER BY node_key)) FROM analyst.episodes"; }
"$HINDCAST" config apply --correlate-suppress "$work/rules.tsv" >/dev/null
"$HINDCAST" correlate --once >/dev/null
one=$(episodes)
first_of_test=$PGDATABASE
own_database suppress2
"$HINDCAST" migrate >/dev/null
check "rules that were there from the start" "$HINDCAST" config apply --correlate-suppress "$work/rules.tsv"
check "other order" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic-2" "$work/shuffled.jsonl"
check "ingest again" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic-2" --kafka-group "$topic-2"
check "correlate again" "$HINDCAST" correlate --once
check "give the same" same "$(episodes)" "$one"
PGDATABASE=$first_of_test

# --- drafts

cd "$work"
check "a draft with rules" sh -c '"$1" draft --correlate-suppress rules.tsv --out ./drafts records.jsonl >draft.txt' sh "$HINDCAST"
check "tells what they suppressed" holds '^2 alerts suppressed by chatty (flapping): 4 records' draft.txt

# --- who may

login=suppress_$$
trap 'PGDATABASE=$first_database psql -qX -c "DROP ROLE IF EXISTS suppress_$$" >/dev/null 2>&1; clean_up' EXIT
for role in hindcast_analyst hindcast_responder hindcast_correlate; do
    value "DROP ROLE IF EXISTS $login; CREATE ROLE $login LOGIN IN ROLE $role" >/dev/null 2>&1
    check "$role may see what is suppressed" env PGUSER="$login" "$HINDCAST" suppressed
    [ "$role" = hindcast_correlate ] ||
        check "and may apply no rules" fails_with 4 env PGUSER="$login" "$HINDCAST" config apply --correlate-suppress "$work/rules.tsv"
done
exit $failed
