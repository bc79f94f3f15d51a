#!/bin/sh
# The wall clock of the machine jumps by hours, weeks and decades, forth and back, under a running
# ingest, `correlate --follow` and `status --watch`: nothing stalls, no record is lost, no partition
# changes hands, retention's view of what is old stays, and the results are the same bytes as those
# of a machine whose clock never jumped. Only the program's own clock jumps (HINDCAST_CLOCK).
# Needs PG*, HINDCAST_KAFKA and HINDCAST, a program with failpoints (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=clock-$$

# Alerts of ROUND, one firing each minute and resolved later, beside the log lines of produce().
produce_alerts() { # TOPIC ROUND
    awk -v round="$2" 'BEGIN { for (i = 0; i < 4; i++)
        printf "{\"time\":\"2026-03-01T1%d:%02d:00Z\",\"kind\":\"alert\",\"id\":\"a%d-%d\",\"service\":\"cart\",\"title\":\"Slow %d\",\"severity\":\"critical\",\"phase\":\"firing\"}\n",
            round, i * 5, round, i, i }' >"$work/alerts-$2.jsonl"
    "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$1" --state "$work/state" "$work/alerts-$2.jsonl" \
        >"$work/load.out" 2>&1 || {
        not_ok "load alerts $2"
        exit 1
    }
}
nodes() { value "SELECT count(*) FROM correlate.node"; }
has_nodes() { [ "$(nodes)" -ge "$1" ]; }
lines() { wc -l <"$1"; }
has_lines() { [ "$(lines "$1")" -gt "$2" ]; } # FILE MORE_THAN
alive() { kill -0 "$1" 2>/dev/null; }

own_database clock_steady
steady=$PGDATABASE
own_database clock_jumping
export PGDATABASE
"$HINDCAST" migrate >"$work/migrate.out"
echo 0 >"$work/clock"
produce "$topic" 0 100
HINDCAST_CLOCK=$work/clock
export HINDCAST_CLOCK
start_ingest "$topic" HINDCAST_METRICS_LISTEN=127.0.0.1:0
reading=$ingest
"$HINDCAST" correlate --follow --correlate-interval 200ms >"$work/follow.out" 2>"$work/follow.log" &
following=$!
"$HINDCAST" status --watch --json --offline >"$work/status.out" 2>"$work/status.log" &
watching=$!
running="$running $following $watching"
wait_until "reading begins" has_records "$topic" 100

sent=100
round=0
found=0
# Three hours, two days, three weeks, then years on either side of what the tables hold.
for jump in 10800 -10800 172800 -1814400 2500000000 -2500000000 0; do
    echo "$jump" >"$work/clock"
    produce "$topic" "$sent" $((sent + 100))
    produce_alerts "$topic" "$round"
    sent=$((sent + 104))
    round=$((round + 1))
    found=$((found + 4))
    wait_until "$jump s: records are read" has_records "$topic" "$sent"
    wait_until "$jump s: incidents follow" has_nodes "$found"
    wait_until "$jump s: status goes on" has_lines "$work/status.out" "$(lines "$work/status.out")"
    sent_lines=$((sent - found))
    ok "the clock is $jump s off, and all three go on"
done
alive "$reading" && alive "$following" && alive "$watching" && ok "none of them ended" || not_ok "none of them ended"
check "no partition changed hands" 1 "$(value "SELECT max(epoch) FROM evidence.stream")"
check "every record is in a segment of today, by the server's clock" 0 \
    "$(value "SELECT count(*) FROM evidence.segment WHERE abs(day - current_date) > 1")"
check "no log line is missing or came twice" "$sent_lines $sent_lines" \
    "$(value "SELECT count(DISTINCT body) || ' ' || count(*) FROM ingest.log")"
check "the ledger adds up" 0 "$(value "SELECT count(*) FROM analyst.ledger WHERE NOT adds_up")"
check "event times are those of the records" 0 \
    "$(value "SELECT count(*) FROM ingest.log WHERE event_time::date <> '2026-03-01' OR time_source <> 'native'")"
for pid in "$reading" "$following" "$watching"; do
    stop_ingest "process $pid stops in order" "$pid"
done

# The same records on a machine whose clock never jumped.
"$HINDCAST" correlate --once >"$work/correlate.out"
"$HINDCAST" export >"$work/jumping.jsonl"
unset HINDCAST_CLOCK
PGDATABASE=$steady
"$HINDCAST" migrate >"$work/migrate.out"
"$HINDCAST" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic-steady" \
    >"$work/steady.out" 2>"$work/steady.log"
"$HINDCAST" correlate --once >"$work/correlate.out"
"$HINDCAST" export >"$work/steady.jsonl"
check "there is something to compare" yes "$([ "$(lines "$work/steady.jsonl")" -gt 20 ] && echo yes)"
if cmp -s "$work/jumping.jsonl" "$work/steady.jsonl"; then
    ok "the results are the same bytes"
else
    not_ok "the results are the same bytes"
    diff "$work/jumping.jsonl" "$work/steady.jsonl" | head -n 4 | cut -c 1-300 | sed 's/^/# /'
fi
exit "$failed"
