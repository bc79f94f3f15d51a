#!/bin/sh
# Clocks that are off, from end to end: a host calls two others, and the clock of one of them is 90 s ahead. `clocks` bounds the offset, `timeline --aligned` shows the rows in another order,
# and nothing that is stored changes. The records are ours: spans of 30 calls in OTLP's JSON, a failing span, an alert.
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
topic=clocks-$$
own_database clocks
same() { [ "$1" = "$2" ] || { echo "wanted '$2', got '$1'" && return 1; }; }

# The clock of `db-1` is 90 s ahead of that of `web-1`: a call takes 20 ms there and 10 ms here.
python3 - >"$work/records.jsonl" <<'PY'
import json
T = 1775124000  # 2026-04-02T10:00:00Z
def span(host, service, trace, id, parent, kind, begin, took, error=None):
    s = {"traceId": f"{trace:032x}", "spanId": f"{id:016x}", "name": f"{service} query", "kind": kind,
         "startTimeUnixNano": str(begin), "endTimeUnixNano": str(begin + took)}
    if parent:
        s["parentSpanId"] = f"{parent:016x}"
    if error:
        s["status"] = {"code": 2, "message": error}
    text = lambda k, v: {"key": k, "value": {"stringValue": v}}
    print(json.dumps({"resourceSpans": [{"resource": {"attributes": [text("service.name", service), text("host.name", host)]},
                                         "scopeSpans": [{"spans": [s]}]}]}))
MS = 10**6
for i in range(1, 31):
    at = (T + 2 * i) * 1000 * MS
    error = "connection refused" if i == 20 else None
    span("web-1", "shop", i, 2 * i, 0, 3, at, 20 * MS)
    span("cache-1", "shop", i, 1000 + i, 2 * i, 2, at + 3 * MS, MS)
    span("db-1", "shop", i, 2 * i + 1, 2 * i, 2, at + 90000 * MS + 5 * MS, 10 * MS, error)
print(json.dumps({"time": "2026-04-02T10:01:10Z", "kind": "alert", "source": "monitor", "host": "web-1", "service": "shop",
                  "phase": "trigger", "text": "shop answers with errors", "id": "a1"}))
PY
check "migrate" "$HINDCAST" migrate
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic"
check "correlate" "$HINDCAST" correlate --once
"$HINDCAST" export >"$work/before"

"$HINDCAST" clocks --format jsonl >"$work/clocks" 2>"$work/clocks.said"
check "the interval holds the offset, by half the time a call takes" same \
    "$(python3 -c 'import json, sys
for line in sys.stdin:
    clock = json.loads(line)
    if clock["clock"] == "db-1":
        print(89990000 < clock["from_us"] <= 90000000 <= clock["to_us"] < 90010000, clock["applies"], clock["samples"])' <"$work/clocks")" \
    "True True 60"
check "whose clock is taken for the true one is said" holds 'the clock of web-1 is taken for the true one' clocks.said
"$HINDCAST" clocks >"$work/text" 2>/dev/null
check "the same for people" holds '^ *8999[0-9.]* *9000[0-9.]* *[0-9.]* *60  db-1$' text
check "of a time without records there is nothing" sh -c '"$1" clocks --since 2026-05-01T00:00Z 2>&1 | grep -q "no two times to compare"' sh "$HINDCAST"

"$HINDCAST" timeline latest --format csv --width full >"$work/raw"
"$HINDCAST" timeline latest --format csv --width full --aligned >"$work/aligned" 2>"$work/told"
check "as told, the database failed after the alert" sh -c 'sed -n 2p "$1/raw" | grep -q "answers with errors" && sed -n 3p "$1/raw" | grep -q refused' sh "$work"
check "aligned, it failed before" sh -c 'sed -n 2p "$1/aligned" | grep -q refused && sed -n 3p "$1/aligned" | grep -q "answers with errors"' sh "$work"
check "at its own time" holds '^"*2026-04-02T10:00:40' aligned
check "what was corrected is said" holds 'the clock of db-1 is off by 90000.000 ms (from 8999' told
check "and nothing else" lacks 'the clock of cache-1' told
"$HINDCAST" report latest >"$work/draft.md"
"$HINDCAST" report latest --clocks >"$work/clocks.md"
check "as told, a draft has the two in this order" holds '^| 10:02 .*refused' draft.md
check "by what the clocks may be off, that is open" holds '^| ± 10:02 .*refused' clocks.md
"$HINDCAST" export >"$work/after"
check "nothing that is stored changed" cmp "$work/before" "$work/after"

login=clocks_$$
trap 'PGDATABASE=$first_database psql -qX -c "DROP ROLE IF EXISTS clocks_$$" >/dev/null 2>&1; clean_up' EXIT
value "CREATE ROLE $login LOGIN IN ROLE hindcast_responder" >/dev/null
check "a responder reads the timeline as told" env PGUSER="$login" "$HINDCAST" timeline latest
check "not aligned: that needs the records" fails_with 4 env PGUSER="$login" "$HINDCAST" timeline latest --aligned
check "and is told who may" holds 'hindcast_correlate' errors
check "nor a draft by clocks" fails_with 4 env PGUSER="$login" "$HINDCAST" report latest --clocks
check "nor the clocks" fails_with 4 env PGUSER="$login" "$HINDCAST" clocks
exit $failed
