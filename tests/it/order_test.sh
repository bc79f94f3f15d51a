#!/bin/sh
# Promise 1, "same records, same timeline": the records of the demo incident lie in one Kafka topic
# (fixed coordinates) and are read into RUNS fresh databases with other numbers of workers, other batch
# sizes, and kill -9 at failpoints, with the correlator running in between. The first twelve runs have
# each number of workers with each number of crashes, each batch size and each failpoint; those after
# them are drawn at random. The canonical export must be the same bytes every time, also after
# --rebuild. Then the same files are produced in another order into a second topic: equal apart from
# coordinates. And so are records that have names, with many equal times, however they are shuffled
# and repeated.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program (debug build).
# RUNS (default 12) and SEED (default 1) may be set; `make test-order` does hundreds. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
RUNS=${RUNS:-12}
seed=${SEED:-1}
stamp=$$
template=order_template_$stamp
database=order_run_$stamp

finish() {
    psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database" \
        -c "DROP DATABASE IF EXISTS $template" >/dev/null 2>&1 || true
    clean_up
}
trap finish EXIT

# A small linear congruential generator: the same seed gives the same runs on every machine.
random() { # random LIMIT -> $value in 0..LIMIT-1
    seed=$(((seed * 1103515245 + 12345) % 2147483648))
    value=$((seed / 65536 % $1))
}

fresh_database() {
    psql -qX -d postgres -c "DROP DATABASE IF EXISTS $database" \
        -c "CREATE DATABASE $database TEMPLATE $template" >/dev/null 2>&1
    PGDATABASE=$database
    export PGDATABASE
}

# Each attempt is a consumer group of its own: offsets live in PostgreSQL, and a killed member would
# only make the next attempt wait for the group.
attempt=0
ingest() { # ingest TOPIC [NAME=VALUE...] : one attempt; the exit status is the program's
    topic=$1
    shift
    attempt=$((attempt + 1))
    env "$@" "$HINDCAST" ingest --once --kafka-brokers "$HINDCAST_KAFKA" \
        --kafka-topics "$topic" --kafka-group "order-$stamp-$attempt" \
        --ingest-workers "$workers" --ingest-batch-rows "$rows" >>"$work/ingest.log" 2>&1
}

correlate() {
    "$HINDCAST" correlate "$@" >>"$work/correlate.log" 2>&1
}

points="claim_before claim_after commit_before_begin commit_after_begin commit_after_copy_batch
commit_before_update commit_after_update commit_before_commit commit_after_commit"

# How a run goes: $workers, $rows a batch, $crashes; and with next_point, where and at the how manieth
# time the next one comes.
turn=0
crash=0
choose() {
    turn=$((turn + 1))
    if [ "$turn" -le 12 ]; then # 4 and 3 have no common divisor
        workers=$((turn % 4 + 1)) value=$(((turn + turn / 4) % 4)) crashes=$((turn % 3))
    else
        random 3 && crashes=$value
        random 4 && workers=$((value + 1))
        random 4
    fi
    case $value in 0) rows=37 ;; 1) rows=500 ;; 2) rows=3000 ;; *) rows=10000 ;; esac
}
next_point() {
    crash=$((crash + 1))
    if [ "$turn" -le 12 ]; then value=$(((crash + first_point) % 9)); else random 9; fi
    # shellcheck disable=SC2086
    set -- $points
    shift "$value"
    point=$1
    random 5
    [ "$crash" -gt 9 ] || value=0 # the first time surely comes
    times=$((value + 1))
}
random 9
first_point=$value

one_run() { # one_run TOPIC OUT
    fresh_database
    choose
    while [ "$crashes" -gt 0 ]; do
        crashes=$((crashes - 1))
        next_point
        ingest "$1" "HINDCAST_FAILPOINT=$point:$times" || [ $? != 137 ] || echo "$point" >>"$work/ended"
        random 2
        if [ "$value" = 0 ]; then correlate --once || true; fi
    done
    ingest "$1" HINDCAST_TEST_NONE=1 || { tail -5 "$work/ingest.log"; return 1; }
    correlate --once || { tail -5 "$work/correlate.log"; return 1; }
    "$HINDCAST" export >"$2"
}

"$HINDCAST" draft --demo --write "$work/demo" >/dev/null
psql -qX -d postgres -c "CREATE DATABASE $template" >/dev/null
PGDATABASE=$template "$HINDCAST" migrate >/dev/null
load() { # load TOPIC PATH...
    topic=$1
    shift
    "$HINDCAST" load --kafka-brokers "$HINDCAST_KAFKA" --load-topic "$topic" \
        --state "$work/$topic.state" "$@" >/dev/null 2>&1
}
# shellcheck disable=SC2046
load "order-$stamp" $(find "$work/demo" -mindepth 1 -maxdepth 1 | LC_ALL=C sort)

if one_run "order-$stamp" "$work/first"; then
    lines=$(wc -l <"$work/first")
    if [ "$lines" -gt 10 ]; then ok "the first run exports $lines lines"; else
        not_ok "the first run exports only $lines lines"
    fi
else
    not_ok "the first run ends well"
fi

run=1
same=1
while [ "$run" -lt "$RUNS" ]; do
    run=$((run + 1))
    if ! one_run "order-$stamp" "$work/next" || ! cmp -s "$work/first" "$work/next"; then
        not_ok "run $run ($workers workers, $rows rows a batch) gives the same bytes"
        diff "$work/first" "$work/next" | head -5 || true
        same=0
        break
    fi
    if [ $((run % 6)) = 0 ]; then
        correlate --rebuild
        "$HINDCAST" export >"$work/rebuilt"
        cmp -s "$work/first" "$work/rebuilt" || {
            not_ok "run $run: rebuild gives the same bytes"
            same=0
            break
        }
    fi
done
if [ "$same" = 1 ] && [ "$RUNS" -ge 12 ]; then
    met=$(LC_ALL=C sort -u "$work/ended" | wc -l)
    if [ "$met" = 9 ]; then ok "each failpoint has ended a worker"; else
        not_ok "each failpoint has ended a worker: $met of 9 did"
    fi
fi
[ "$same" = 0 ] || ok "$RUNS runs with other workers, batches and crashes give the same bytes"

adds_up=$(psql -qXAt -c "SELECT bool_and(adds_up) AND sum(records) > 0 FROM analyst.ledger")
if [ "$adds_up" = t ]; then ok "the ledger adds up"; else not_ok "the ledger adds up"; fi

# Produced in the opposite order of files: other coordinates, the same story.
reversed=$(find "$work/demo" -mindepth 1 -maxdepth 1 | LC_ALL=C sort -r)
# shellcheck disable=SC2086
load "other-$stamp" $reversed
without_coordinates() {
    sed -E 's/"(incarnation|index|offset|partition)":-?[0-9]+,?//g; s/"topic":"[^"]*",?//g; s/"file":"[^"]*",?//g; s/"line":[0-9]+,?//g; s/,\}/}/g'
}
fresh_database
workers=2
rows=10000
if ingest "other-$stamp" HINDCAST_TEST_NONE=1 && correlate --once &&
    "$HINDCAST" export | without_coordinates >"$work/other" &&
    without_coordinates <"$work/first" | cmp -s - "$work/other"; then
    ok "produced in another order: the same export, apart from coordinates"
else
    not_ok "produced in another order: the same export, apart from coordinates"
    without_coordinates <"$work/first" | diff - "$work/other" | cut -c1-1500 | head -6 || true
fi

# Records that have names, hundreds of them at a handful of times, produced in other orders and, some,
# twice: the whole export is the same, apart from coordinates.
named_records() {
    awk 'BEGIN {
        srand(7)
        split("checkout is down|rolling back now|mitigated|error rate is normal|looking into it|it is the pool", say, "|")
        split("alert|chat|deploy|log|note|incident|commit|status", kinds, "|")
        for (i = 1; i <= 300; i++) {
            stamp = sprintf("2026-03-01T10:%02d:%02d", int(rand() * 5) * 7, int(rand() * 2))
            text = say[1 + int(rand() * 6)]
            form = int(rand() * 6)
            if (form == 0)
                printf "{\"type\":\"message\",\"ts\":\"1772359%03d.%06d\",\"user\":\"U%d\",\"text\":\"%s\",\"channel\":\"C1\"}\n",
                    200 + int(rand() * 4), i * 100, i % 3, text
            else if (form == 1)
                printf "{\"status\":\"%s\",\"labels\":{\"alertname\":\"A%d\",\"service\":\"checkout\",\"instance\":\"h%d:1\"},\"annotations\":{},\"startsAt\":\"%sZ\",\"endsAt\":\"2026-03-01T10:40:00Z\"}\n",
                    i % 3 ? "firing" : "resolved", i % 4, i % 5, stamp
            else {
                printf "{\"time\":\"%s%s\",\"kind\":\"%s\",\"source\":\"s%d\",\"text\":\"%s\",\"service\":\"checkout\"",
                    stamp, i % 4 ? "Z" : ".000200Z", kinds[1 + int(rand() * 8)], i % 2, text
                if (form < 4) printf ",\"id\":\"e%d\"", i
                else printf ",\"host\":\"h%d\",\"kept\":{\"number\":%d}", i % 3, i
                if (i % 7 == 0) printf ",\"incident\":\"INC-%d\"", i % 2
                print "}"
            }
        }
    }' | grep -v '"kind":"log".*"kept"'
}

# Lines in an order that N decides; from the second on with every fifth line again.
shuffled() { # shuffled N
    awk -v n="$1" 'BEGIN { srand(n) } { print rand() "\t" $0 } n > 1 && NR % 5 == 0 { print rand() "\t" $0 }' |
        LC_ALL=C sort -n | cut -f2-
}

named_records >"$work/named.jsonl"
workers=2
same=1
for n in 1 2 3 4; do
    mkdir -p "$work/named.$n"
    shuffled "$n" <"$work/named.jsonl" >"$work/named.$n/all.jsonl"
    split -l 97 -a 1 "$work/named.$n/all.jsonl" "$work/named.$n/part-"
    for part in "$work/named.$n"/part-*; do # topics of their own, so other coordinates
        load "named-$stamp-$n-${part##*-}" - <"$part"
    done
    fresh_database
    topics=$(for part in "$work/named.$n"/part-*; do printf ',named-%s-%s-%s' "$stamp" "$n" "${part##*-}"; done)
    random 2 && rows=$((value * 9963 + 37))
    ingest "${topics#,}" HINDCAST_TEST_NONE=1 || tail -5 "$work/ingest.log"
    correlate --once || tail -5 "$work/correlate.log"
    "$HINDCAST" export | without_coordinates >"$work/named.export.$n"
    cmp -s "$work/named.export.1" "$work/named.export.$n" || { same=0 && break; }
done
entries=$(grep -c '"line":"entry"' "$work/named.export.1" || true)
if [ "$same" = 1 ] && [ "$entries" -gt 100 ]; then
    ok "produced in other orders: the whole export ($entries rows) is the same"
else
    not_ok "produced in other orders: the whole export ($entries rows) is the same"
    diff "$work/named.export.1" "$work/named.export.$n" | cut -c1-1500 | head -6 || true
fi
# Messages of one second are told in the order of the source's counter, which the database keeps.
grep '"line":"entry"' "$work/named.export.1" | grep '"source":"slack:C1"' |
    grep -o '"source_time_text":"[0-9.]*"' >"$work/stamps"
if [ "$(wc -l <"$work/stamps")" -gt 20 ] && LC_ALL=C sort -c "$work/stamps"; then
    ok "a source's own sequence orders its seconds"
else
    not_ok "a source's own sequence orders its seconds"
fi
exit "$failed"
