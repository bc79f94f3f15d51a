#!/bin/sh
# A candidate that talk opened has a number, which an alert that comes later and claims the talk inherits. The
# records are ours and model a checkout that fails, first told by people.
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
topic=candidate-$$

own_database candidate
"$HINDCAST" migrate >/dev/null

# take FILE: load, ingest and correlate it
take()
{
    "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$1" >/dev/null 2>&1 &&
        "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic" >/dev/null 2>&1 &&
        "$HINDCAST" correlate --once >/dev/null
}
incidents() { value "SELECT string_agg(number || ' ' || opened || ' ' || entries, ', ' ORDER BY number) FROM correlate.incident"; }

cat >"$work/talk.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"chat","source":"chat:inc-checkout","channel":"inc-checkout","actor":"ana","text":"Declaring an incident: checkout is down","id":"c1"}
{"time":"2026-04-02T10:02:00Z","kind":"chat","source":"chat:inc-checkout","channel":"inc-checkout","actor":"bo","text":"seeing errors on checkout too, customers report failures","id":"c2"}
{"time":"2026-04-02T10:05:00Z","kind":"chat","source":"chat:inc-checkout","channel":"inc-checkout","actor":"cy","text":"rolling back the deploy","id":"c3"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:inc-checkout","channel":"inc-checkout","actor":"cy","text":"rolled back, error rate is back to normal","id":"c4"}
RECORDS
cat >"$work/alert.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:01:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T10:10:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
RECORDS

check "talk" take "$work/talk.jsonl"
check "opens a candidate with a number" [ "$(incidents)" = "INC-2026-0001 talk 4" ]
check "an alert that comes later" take "$work/alert.jsonl"
check "claims the talk and inherits the number" [ "$(incidents)" = "INC-2026-0001 alert 6" ]
"$HINDCAST" timeline inc-2026-0001 >"$work/timeline"
check "by which it is still found" holds 'Declaring an incident' timeline
"$HINDCAST" correlate --rebuild >/dev/null
check "a rebuild keeps it" [ "$(incidents)" = "INC-2026-0001 alert 6" ]
exit $failed
