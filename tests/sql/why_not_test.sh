#!/bin/sh
# What became of a record that somebody misses, of the bundled incident: held, attached to nothing, a line below WARN, without a time,
# in quarantine, not read yet, of another delivery.
#
# Needs HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

if [ "${1:-}" != inside ]; then
    export HINDCAST
    exec "$root/scripts/with-demo" "$0" inside
fi

value() { psql -XAtqc "$1"; }
why_not() { "$HINDCAST" why-not "$@" >"$work/out" 2>&1; }

why_not demo/chat/inc-checkout/2026-03-03.json:189
check "a message that an incident holds" holds '^  it is in INC-2026-0002, checkout-api answers' out
why_not demo/chat/deploys/2026-03-03.json:2
check "a message that nothing holds" holds '^  nothing near it in time shares enough' out
check "has what it could share" holds '^  it has channel deploys$' out
check "and the nearest incidents" holds '^    INC-2026-0001, .*: 4 h 29 min earlier; services mail-relay$' out
why_not demo/logs/checkout-api.jsonl:1
check "a line below WARN" holds 'a log line below WARN takes no part' out
why_not demo/chat/inc-checkout/2026-03-03.json:189 --format jsonl
check "for programs" holds '^{"fate":"incident",.*"incident":"INC-2026-0002"' out
uid=$(value "SELECT uid FROM ingest.event WHERE kind = 'alert' ORDER BY uid LIMIT 1")
why_not "$uid"
check "by its uid" holds '^  it is in INC-2026-000' out
why_not "$(value "SELECT s.topic || '/' || s.partition || '/' || record_offset FROM ingest.log JOIN evidence.stream s USING (stream_id)
                  WHERE severity >= 17 ORDER BY record_offset LIMIT 1")"
check "a line that nothing names, by its place" holds '^  it is in INC-2026-0002' out
why_not "$(value "SELECT s.topic || '/' || s.partition || '/' || record_offset FROM ingest.event JOIN evidence.stream s USING (stream_id)
                  WHERE record_kind = 'manifest' ORDER BY s.partition, record_offset LIMIT 1")"
check "what load wrote about a file" holds '^  it tells what became of a file that was loaded' out
check "which nobody is to give a time" lacks 'nobody tells its time' out
last=$(value "SELECT topic || '/' || partition || '/' || next_offset FROM evidence.stream WHERE next_offset > 0 ORDER BY partition LIMIT 1")
why_not "$last"
check "what is not read yet" holds '^  ingest is not there yet: it goes on at offset' out

value "INSERT INTO evidence.quarantine (stream_id, record_offset, reason, format_guess)
       SELECT stream_id, next_offset, 'not_json', 'alertmanager' FROM evidence.stream WHERE next_offset > 0 ORDER BY partition LIMIT 1" >/dev/null
why_not "$last"
check "what is in quarantine" holds '^  it is in quarantine: not_json, looked like alertmanager$' out
value "UPDATE correlate.incident SET raised = false WHERE number = 'INC-2026-0002'" >/dev/null
why_not demo/chat/inc-checkout/2026-03-03.json:189
check "what is only counted" holds 'below the thresholds for records' out
value "UPDATE correlate.node SET reason = 'opens nothing: watchdog', incident_no = NULL WHERE kind = 'alert';
       DELETE FROM correlate.member WHERE uid = '$uid'" >/dev/null
why_not "$uid"
check "what opens nothing" holds '^  such an alert opens nothing: watchdog' out
value "DELETE FROM correlate.member; DELETE FROM correlate.node; DELETE FROM correlate.cursor" >/dev/null
why_not demo/chat/deploys/2026-03-03.json:2
check "what was not taken in" holds "has not taken everything in" out
value "UPDATE ingest.event SET event_time = '-infinity', time_source = 'none' WHERE uid = '$uid'" >/dev/null
value "INSERT INTO correlate.cursor SELECT 'default', stream_id, seq FROM evidence.stream" >/dev/null
why_not "$uid"
check "what has no time" holds 'nobody tells its time' out

check "what was never read" fails_with 1 "$HINDCAST" why-not nowhere.json:3
check "what is in no topic" fails_with 1 "$HINDCAST" why-not nowhere/0/3
for name in nonsense a/b a/b/c a/-1/2 x: x:0 :3 /1/2; do
    check "'$name' names no record" fails_with 2 "$HINDCAST" why-not "$name"
done
check "an analyst may not" fails_with 4 env PGOPTIONS='-c role=hindcast_analyst' "$HINDCAST" why-not "$uid" --database-correlate-role hindcast_analyst
exit $failed
