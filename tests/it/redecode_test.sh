#!/bin/sh
# Reading stored records again: rows become those that a fresh ingest would write, to the byte of the
# export; the ledger adds up; former uids lead on; ingest may write meanwhile, and a kill leaves whole
# batches. Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database redecode_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"

# Records of several kinds, read at first by the decoder of JSON that nobody knows.
{
    echo '{"receiver":"ops","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"CartSlow","service":"cart","severity":"critical"},"annotations":{"summary":"cart answers slowly"},"startsAt":"2026-03-01T10:00:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"00000000000000a1"},{"status":"firing","labels":{"alertname":"CartDown","service":"cart","severity":"critical"},"annotations":{"summary":"cart is down"},"startsAt":"2026-03-01T10:01:00Z","endsAt":"0001-01-01T00:00:00Z","fingerprint":"00000000000000a2"}],"groupLabels":{},"commonLabels":{},"commonAnnotations":{},"externalURL":"http://am","version":"4","groupKey":"g","truncatedAlerts":0}'
    echo '{"time":"2026-03-01T10:02:00Z","kind":"note","service":"cart","text":"restarted cart by hand"}'
    echo '{"time":"2026-03-01T10:03:00Z","kind":"log","service":"cart","severity":"error","text":"cannot reach the database"}'
    echo '{"time": broken'
    awk 'BEGIN { for (i = 0; i < 1500; i++) printf "2026-03-01T10:%02d:%02dZ cart %s request %d\n", i / 60 % 60, i % 60, i % 100 ? "INFO" : "ERROR", i }'
} >records.log
printf '[topic.again]\nformat = json\n' >json.ini
: >detect.ini
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic again --state "$work/state" records.log >load.out 2>&1

once() { # CONFIG GROUP
    "$HINDCAST" ingest --once --config "$1" --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics again \
        --kafka-group "$2" >"ingest.$2.out" 2>"ingest.$2.log" || not_ok "ingest $2"
}
redecode() { # NAME CONFIG [NAME=VALUE...]: with its options, which are applied first
    name=$1 config=$2
    shift 2
    "$HINDCAST" config apply --config "$config" >"$name.applied"
    env "$@" "$HINDCAST" ingest --redecode --config "$config" >"$name.out" 2>"$name.err" || { tail -3 "$name.err" | sed 's/^/# /' && return 1; }
}
adds_up() { value "SELECT count(*) FROM analyst.ledger WHERE NOT adds_up OR empty < 0 OR quarantined < 0"; }
lines() { # all that ingest wrote, but for what is in no result
    value "SELECT r FROM (
        SELECT (to_jsonb(l) - 'ingest_time' - 'stream_id')::text AS r FROM ingest.log l UNION ALL
        SELECT (to_jsonb(e) - 'ingest_time' - 'stream_id')::text FROM ingest.event e UNION ALL
        SELECT (to_jsonb(q) - 'stream_id')::text FROM evidence.quarantine q UNION ALL
        SELECT (to_jsonb(s) - 'stream_id' - 'seq' - 'epoch' - 'owner_pid' - 'owner_start' - 'owner_name' - 'tail_verified' - 'max_event_time')::text
        FROM evidence.stream s WHERE records > 0) x ORDER BY r COLLATE \"C\""
}
rows() { lines | sha256sum | cut -c1-64; }

counts_differ() { psql -XAtqf "$root/tests/lib/counts_differ.sql"; }
once json.ini first
check "counts are those of the rows" 0 "$(counts_differ)"
"$HINDCAST" correlate --once >correlate.log 2>&1 || sed "s/^/# /" correlate.log
check "all is JSON at first, or in quarantine" "json 1501" \
    "$(value "SELECT (SELECT string_agg(DISTINCT format, ' ') FROM (SELECT format FROM ingest.log UNION SELECT format FROM ingest.event) f) || ' ' || (SELECT count(*) FROM evidence.quarantine)")"
value "UPDATE evidence.quarantine SET state = 'dismissed' WHERE record_offset IN (3, 4)"
before=$(rows)

redecode same json.ini
check "with the same decoders nothing is different" "$before" "$(rows)"
check "nothing is renamed" 0 "$(value 'SELECT count(*) FROM correlate.renamed')"

redecode again detect.ini
check "records are recognised" 3 "$(value 'SELECT count(*) FROM ingest.event')"
check "what is broken is in quarantine" 1 "$(value "SELECT count(*) FROM evidence.quarantine WHERE reason = 'syntax'")"
check "counts are those of the rows again" 0 "$(counts_differ)"
check "dismissed where it still is" "3 dismissed" \
    "$(value "SELECT string_agg(record_offset || ' ' || state, ', ') FROM evidence.quarantine")"
value "UPDATE evidence.quarantine SET state = 'open'"
check "the ledger adds up" 0 "$(adds_up)"
check "and says what became of them" "1503 0 1 1504" \
    "$(value "SELECT stored || ' ' || empty || ' ' || quarantined || ' ' || records FROM evidence.stream WHERE records > 0")"
check "batches say so, and with which decoders" t \
    "$(value "SELECT count(*) > 0 AND count(*) = count(decoders) FROM evidence.batch WHERE kind = 'redecode'")"
after=$(rows)
lines >again.rows
"$HINDCAST" correlate --once >correlate.log 2>&1 || sed "s/^/# /" correlate.log
"$HINDCAST" export >export.again
check "there is an incident now" 1 "$("$HINDCAST" incidents 2>/dev/null | grep -c '^INC-')"

# What a former uid leads to.
former=$(value "SELECT former FROM correlate.renamed r JOIN correlate.member m ON m.uid = r.uid AND m.scope = r.scope LIMIT 1")
check "a line that something may cite is found by its former uid" 0 \
    "$("$HINDCAST" timeline "$former" >found.out 2>&1; echo $?)"

# A fresh ingest of the same topic with the same decoders.
own_database redecode_fresh_test
"$HINDCAST" migrate >migrate.out
once detect.ini fresh
lines >fresh.rows
diff again.rows fresh.rows | head -6 | cut -c1-900 | sed 's/^/# /' || true
check "as a fresh ingest would write it" "$(rows)" "$after"
"$HINDCAST" correlate --once >correlate.log 2>&1 || sed "s/^/# /" correlate.log
"$HINDCAST" export >export.fresh
check "to the byte of the export" same "$(cmp -s export.again export.fresh && echo same || echo different)"

# Back and forth, killed at each place: whole batches only, and the end is the same.
for place in redecode_after_take:2 redecode_before_update:2 redecode_before_commit:3; do
    redecode killed json.ini HINDCAST_FAILPOINT="$place" && not_ok "$place kills" || ok "$place kills"
    check "$place: the ledger adds up" 0 "$(adds_up)"
done
redecode whole json.ini
redecode back detect.ini
check "there and back is where it was" "$after" "$(rows)"

# Ingest goes on beside it: both write batches of the same stream.
start_ingest again HINDCAST_CONFIG=detect.ini HINDCAST_INGEST_BATCH_ROWS=50 HINDCAST_INGEST_BATCH_TIME=5ms
beside=$ingest
awk 'BEGIN { for (i = 0; i < 20000; i++) printf "2026-03-01T11:%02d:%02dZ cart INFO more %d\n", i / 60 % 60, i % 60, i }' >more.log
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic again --state "$work/state" more.log >load.out 2>&1 &
load=$!
wait_until "ingest has begun" sh -c "[ \"\$(psql -XAtc \"SELECT sum(records) FROM evidence.stream\")\" -gt 1504 ]"
for i in 1 2 3; do redecode "beside$i" detect.ini || { not_ok "redecode beside ingest"; tail -3 "beside$i.err" | sed 's/^/# /'; }; done
wait "$load"
wait_until "all is stored" has_records again 21504
stop_ingest "ingest ends well" "$beside"
check "nothing is lost or doubled" "21503" "$(value 'SELECT (SELECT count(*) FROM ingest.log) + (SELECT count(*) FROM ingest.event) - 1')"
check "the ledger still adds up" 0 "$(adds_up)"
check "counts are still those of the rows" 0 "$(counts_differ)"
"$HINDCAST" correlate --once >correlate.log 2>&1 || sed "s/^/# /" correlate.log
check "and once they are folded" "0 0" "$(counts_differ) $(value "SELECT count(*) FROM evidence.delta")"
check "numbers of batches have no holes" 0 \
    "$(value 'SELECT count(*) FROM (SELECT stream_id, max(seq) - count(*) AS missing FROM evidence.batch GROUP BY 1) b WHERE missing <> 0')"
exit "$failed"
