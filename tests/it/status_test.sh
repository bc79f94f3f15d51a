#!/bin/sh
# `hindcast status` and /metrics beside a real broker and a database of the test's own, which it stops
# and starts: the numbers are those of the tables, of each other, and of what was sent; readiness
# follows the database, health does not; exit codes name what needs attention.
#
# Needs HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"

scripts=$root/scripts
brokers=$HINDCAST_KAFKA
unset HINDCAST_KAFKA
topic=status-$$

finish() {
    end_running
    "$scripts/postgres" stop --private --dir "$work/postgres" >/dev/null 2>&1 || true
    clean_up
}
trap finish EXIT

check() { # check NAME COMMAND...: the command succeeds
    name=$1
    shift
    if "$@" >"$work/said" 2>&1; then echo "ok - $name"; else
        echo "not ok - $name"
        for file in said status.out status.err; do
            [ ! -s "$work/$file" ] || tail -5 "$work/$file" | cut -c1-400 | sed "s/^/# $file: /"
        done
        failed=1
    fi
}
# Waits for a condition, at most a minute; nothing is assumed about how long things take.
until_true() {
    tries=0
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 600 ] || return 1
        sleep 0.1 # between two looks
    done
}
status() { # status CODE OPTION...: it exits with CODE
    wanted=$1
    shift
    code=0
    "$HINDCAST" status --kafka-topics "$topic" --ingest-batch-time 100ms "$@" \
        >"$work/status.out" 2>"$work/status.err" || code=$?
    [ "$code" = "$wanted" ]
}
online() { code_wanted=$1 && shift && status "$code_wanted" --kafka-brokers "$brokers" "$@"; }
holds() { grep -q -e "$1" "$work/status.out"; }
# The value of an expression over the JSON of the last status, `j`.
json() {
    printf 'SELECT %s FROM (SELECT :'"'doc'"'::jsonb AS j) d\n' "$1" |
        psql -qXAt -v ON_ERROR_STOP=1 -v doc="$(cat "$work/status.out")"
}
json_is() { [ "$(json "$1")" = "$2" ]; }
page() { # page ADDRESS PATH: the body goes to stdout, the code to $work/code
    curl -s -m 20 -o - -w '%{stderr}%{http_code}' "http://$1$2" 2>"$work/code"
}
answers() { page "$1" "$2" >"$work/page" && [ "$(cat "$work/code")" = "$3" ]; }
metric() { # metric ADDRESS PATTERN: the sum of the samples that match
    page "$1" /metrics | awk -v p="^$2[ {]" '$0 ~ p { sum += $NF; any = 1 } END { if (any) print sum }'
}
metric_is() { [ "$(metric "$1" "$2")" = "$3" ]; }
serve() { # serve NAME ARGUMENT...: started in the background; its address is in $work/NAME.at
    name=$1
    shift
    "$HINDCAST" "$@" --metrics-listen 127.0.0.1:0 --metrics-interval 200ms >"$work/$name.out" 2>"$work/$name.err" &
    echo $! >"$work/$name.pid"
    running="$running $!"
    until_true grep -q 'serving http' "$work/$name.err"
    sed -n 's|^hindcast: serving http://\(.*\)/metrics$|\1|p' "$work/$name.err" >"$work/$name.at"
}
serve_ingest() {
    serve ingest ingest --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic" \
        --ingest-format hindcast --ingest-batch-time 100ms \
        --database-conninfo "dbname=status user=status_ingest"
    ingest=$(cat "$work/ingest.at")
}
load() { "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" --state "$work/state" "$1" \
    >/dev/null 2>&1; }
records() { # records COUNT SERVICE
    awk -v n="$1" -v s="$2" 'BEGIN { for (i = 0; i < n; i++) printf(                                \
        "{\"time\":\"2026-04-02T10:%02d:%02dZ\",\"kind\":\"alert\",\"service\":\"%s\",\"severity\":\"error\",\"text\":\"it failed\",\"id\":\"%s%d\"}\n", \
        i / 60 % 60, i % 60, s, s, i) }'
}

eval "$("$scripts/postgres" start --private --dir "$work/postgres")"
PGDATABASE=postgres value "CREATE DATABASE status"
export PGDATABASE=status
check "without a schema: the database's exit code" status 4
"$HINDCAST" migrate >/dev/null
value "CREATE ROLE status_ingest LOGIN IN ROLE hindcast_ingest;
     CREATE ROLE status_correlate LOGIN IN ROLE hindcast_correlate;
     CREATE ROLE status_nobody LOGIN"

# ---- nothing read yet ----
check "a new database is fine" online 0
check "and says that nothing was read" holds 'nothing was read yet'
# Each file is a key, so they spread over the partitions.
for n in 1 2 3 4 5 6 7; do
    records $((n * 10)) "shop$n" >"$work/first$n.jsonl"
    echo 'no JSON at all' >>"$work/first$n.jsonl"
    load "$work/first$n.jsonl"
done
echo '{"kind":"nonsense","time":"2026-04-02T10:00:00Z","text":"x"}' >"$work/odd.jsonl"
load "$work/odd.jsonl"
check "records that nobody reads need attention" online 1 --json
check "as having no owner" json_is "j->'attention'->0->>'problem'" no_owner
check "and all of them wait" json_is "(SELECT sum((p->>'lag')::int) FROM jsonb_array_elements(j->'partitions') p)" 288
check "kafka.start=latest would leave them alone" online 0 --kafka-start latest

# ---- ingest and correlate run ----
serve_ingest
check "ingest becomes ready" until_true answers "$ingest" /readyz 200
check "ingest is healthy" answers "$ingest" /healthz 200
check "all is read" until_true metric_is "$ingest" hindcast_stream_records_total 288
check "status finds nothing" online 0 --json --max-lag 0 --max-age 0
check "no lag" json_is "(SELECT sum((p->>'lag')::int) + sum((p->>'event_lag_ms')::bigint) FROM jsonb_array_elements(j->'partitions') p)" 0
check "the ledger is that of what was sent" json_is "(SELECT sum((p->>'records')::int) || ' ' || sum((p->>'stored')::int) || ' ' || sum((p->>'quarantined')::int) || ' ' || bool_and((p->>'adds_up')::bool) FROM jsonb_array_elements(j->'partitions') p)" '288 280 8 true'
check "rates are those of the last minutes" json_is "(SELECT round(sum((p->>'events_per_second_10m')::numeric) * 600) FROM jsonb_array_elements(j->'partitions') p)" \
    "$(value "SELECT sum(events) FROM evidence.batch WHERE committed_at > now() - interval '9 min'")"
places="string_agg(concat_ws(' ', p->>'partition', p->>'stored_offset', p->>'end_offset'), ',' ORDER BY (p->>'partition')::int)"
check "offsets are those of the table and of the broker" json_is "(SELECT $places FROM jsonb_array_elements(j->'partitions') p)" \
    "$(value "SELECT string_agg(concat_ws(' ', partition, next_offset, coalesce(next_offset, 0)), ',' ORDER BY partition) FROM evidence.stream WHERE topic = '$topic'")"
# A partition that moves from one worker to the other has no owner for a moment.
connected="(SELECT bool_and((p->>'owner_connected')::bool) FROM jsonb_array_elements(j->'partitions') p)"
all_connected() { online 0 --json "$@" && json_is "$connected AND jsonb_array_length(j->'quarantine') > 1" t; }
check "all owners are connected" until_true all_connected
example="concat_ws('|', q->>'reason', q->>'records', q->'example'->>'partition', q->'example'->>'offset', q->'example'->>'detail')"
check "quarantine has one example each, that of the smallest coordinates" json_is "(SELECT string_agg($example, ';' ORDER BY q->>'reason') FROM jsonb_array_elements(j->'quarantine') q)" \
    "$(value "SELECT string_agg(concat_ws('|', reason, n, partition, record_offset, detail), ';' ORDER BY reason)
            FROM (SELECT DISTINCT ON (reason) reason, count(*) OVER (PARTITION BY reason) n, partition, record_offset, detail
                  FROM evidence.quarantine JOIN evidence.stream USING (stream_id) ORDER BY reason, partition, record_offset) x")"
check "there are reasons" json_is "jsonb_array_length(j->'quarantine') > 1" t
for role in ingest correlate; do
    check "a login of hindcast_$role may ask" online 0 --json --database-conninfo "dbname=status user=status_$role"
    check "and sees the same" until_true all_connected --database-conninfo "dbname=status user=status_$role"
done
check "another may not" online 4 --database-conninfo "dbname=status user=status_nobody"
check "a limit on quarantine" online 1 --max-quarantine 7
check "that names itself" holds '^  quarantine  8 records, limit 7'

check "deltas are folded where metrics are served" until_true sh -c "[ \"\$(psql -qXAtc 'SELECT count(*) FROM evidence.delta')\" = 0 ]"
serve correlate correlate --follow --kafka-brokers "$brokers" --kafka-topics "$topic" \
    --correlate-interval 200ms --database-conninfo "dbname=status user=status_correlate"
correlate=$(cat "$work/correlate.at")
check "correlate becomes ready" until_true answers "$correlate" /readyz 200
check "it takes everything in" until_true metric_is "$correlate" hindcast_scope_batches_behind 0
check "status finds it so" online 0 --json
truth=$(value "SELECT extract(epoch FROM min(max_event_time))::bigint FROM evidence.stream")
check "the watermark is that of the partition furthest back" json_is \
    "extract(epoch FROM (j->'scopes'->0->>'watermark')::timestamptz)::bigint" "$truth"
check "the same in both processes" until_true metric_is "$ingest" hindcast_scope_watermark_timestamp_seconds "$truth"
check "(and the other)" metric_is "$correlate" hindcast_scope_watermark_timestamp_seconds "$truth"

# ---- /metrics says what status says ----
check "records of this process" metric_is "$ingest" hindcast_ingest_records_total 288
check "quarantined records of it" metric_is "$ingest" hindcast_ingest_quarantined_total 8
check "quarantine by reason" metric_is "$ingest" hindcast_quarantine_open 8
check "its partitions" until_true metric_is "$ingest" hindcast_ingest_assigned_partitions "$(json "jsonb_array_length(j->'partitions')")"
for pair in "stream_stored_offset stored_offset" "stream_end_offset end_offset" "stream_lag_records lag"; do
    page "$ingest" /metrics |
        sed -n "s/^hindcast_${pair% *}{.*partition=\"\([0-9]*\)\"} /\1 /p" | sort >"$work/by-metrics"
    json "(SELECT string_agg(concat_ws(' ', p->>'partition', p->>'${pair#* }'), E'\n') FROM jsonb_array_elements(j->'partitions') p WHERE p->>'${pair#* }' IS NOT NULL)" | sort >"$work/by-status"
    check "${pair#* } of each partition is the same" cmp "$work/by-metrics" "$work/by-status"
done
sum_of() { page "$ingest" /metrics | awk -v name="$1" 'index($0, name "{") == 1 { sum += $NF } END { print sum + 0 }'; }
check "what was read of topics is what partitions have" sh -c "[ '$(sum_of hindcast_topic_events_total)' = '$(sum_of hindcast_stream_events_total)' ]"
check "and what is in quarantine" sh -c "[ '$(sum_of hindcast_topic_quarantined_total)' = 8 ]"
check "status says the same" json_is "(SELECT sum((r->>'native')::int + (r->>'assumed_zone')::int + (r->>'kafka')::int + (r->>'none')::int) || ' ' || sum((r->>'quarantined')::int) FROM jsonb_array_elements(j->'read') r)" \
    "$(sum_of hindcast_topic_events_total) 8"
check "the text format is named" sh -c "curl -s -D - -o /dev/null 'http://$ingest/metrics' | grep -qi '^content-type: text/plain; version=0.0.4'"
check "another page is not there" answers "$ingest" /other 404
check "another method is not allowed" sh -c "[ \"\$(curl -s -o /dev/null -w '%{http_code}' -X POST -d x 'http://$ingest/metrics')\" = 405 ]"

# ---- a worker that does not work ----
pid=$(cat "$work/ingest.pid")
kill -STOP "$pid"
records 5 frozen >"$work/second.jsonl"
load "$work/second.jsonl"
check "a frozen worker is told" online 1 --json --stalled 1ms --max-lag 0
check "as stalled, and as lagging" json_is "(SELECT string_agg(DISTINCT a->>'problem', ' ' ORDER BY a->>'problem') FROM jsonb_array_elements(j->'attention') a)" 'lag stalled'
kill -CONT "$pid"
check "it goes on" until_true metric_is "$ingest" hindcast_stream_records_total 293
check "and nothing is left" online 0 --max-lag 0

# ---- the database does not answer in time ----
psql -qX -c "BEGIN; LOCK TABLE correlate.cursor; SELECT pg_sleep(3600)" >/dev/null 2>&1 &
running="$running $!"
check "not ready while the database does not answer" until_true answers "$ingest" /readyz 503
check "the reason is a time-out" grep -q 'statement timeout\|lock timeout' "$work/page"
check "nobody waits for it: healthy" answers "$ingest" /healthz 200
check "(and the numbers)" metric_is "$ingest" hindcast_stream_records_total 293
value "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(3600)%' AND pid <> pg_backend_pid()" >/dev/null
check "ready when it does" until_true answers "$ingest" /readyz 200

# ---- the database goes away ----
"$scripts/postgres" stop --private --keep --dir "$work/postgres" >/dev/null 2>&1
check "not ready without the database" until_true answers "$ingest" /readyz 503
check "with a reason of one line" [ "$(wc -l <"$work/page")" = 1 ]
check "but healthy" answers "$ingest" /healthz 200
check "/metrics answers" until_true metric_is "$ingest" hindcast_database_up 0
check "with the last numbers" metric_is "$ingest" hindcast_stream_records_total 293
check "correlate too" until_true answers "$correlate" /readyz 503
check "(healthy)" answers "$correlate" /healthz 200
check "status has the database's exit code" online 4
"$scripts/postgres" start --private --dir "$work/postgres" >/dev/null 2>&1
records 7 again >"$work/third.jsonl"
load "$work/third.jsonl"
check "ready again" until_true answers "$ingest" /readyz 200
check "correlate as well" until_true answers "$correlate" /readyz 200
check "what came meanwhile is read" until_true metric_is "$ingest" hindcast_stream_records_total 300

# ---- --watch ----
"$HINDCAST" status --watch 100ms --kafka-brokers "$brokers" --kafka-topics "$topic" \
    >"$work/watch.out" 2>&1 &
watcher=$!
running="$running $watcher"
three_looks() { [ "$(grep -c 'the broker answers' "$work/watch.out")" -ge 3 ]; }
check "--watch looks again" until_true three_looks
kill -INT "$watcher"
code=0
wait "$watcher" || code=$?
check "Ctrl-C ends it well" [ "$code" = 0 ]
check "no terminal, no escape sequences" sh -c "! grep -q '$(printf '\033')' '$work/watch.out'"

lines=$("$HINDCAST" status --watch 100ms --offline 2>/dev/null | head -n 1 | wc -l)
check "--watch ends when nobody reads what it writes" [ "$lines" = 1 ]

# ---- nobody reads ----
kill -9 "$pid"
records 3 alone >"$work/fourth.jsonl"
load "$work/fourth.jsonl"
check "a killed worker leaves records without an owner" until_true online 1
check "which is named" holds '^  no_owner .* nobody reads them'
check "and its owner is gone" holds '(gone)'

# ---- the broker goes away ----
check "without the broker: its exit code" status 5 --kafka-brokers 127.0.0.1:1 --json
check "stored offsets are still told" json_is "(SELECT sum((p->>'stored_offset')::int) FROM jsonb_array_elements(j->'partitions') p)" \
    "$(value "SELECT sum(next_offset) FROM evidence.stream")"
check "end offsets are unknown" json_is "(SELECT count(p->>'end_offset') FROM jsonb_array_elements(j->'partitions') p)" 0
check "--offline does not ask" status 0 --kafka-brokers 127.0.0.1:1 --offline
check "no broker is configured: not asked" status 0
check "(and says so)" holds 'no broker is configured'

# ---- what must never be ----
value "INSERT INTO evidence.source_gap SELECT min(stream_id), 1, 3, 'retention', now() - interval '2 days' FROM evidence.stream"
check "an old gap is history" status 0
check "unless one looks so far back" status 1 --gaps 3d
check "(named)" holds '^  gap  .*offsets 1 to before 3, retention'
value "ALTER TABLE evidence.stream DROP CONSTRAINT every_offset_is_accounted_for;
     UPDATE evidence.stream SET lost = lost + 1 WHERE records > 0"
check "a ledger that does not add up" status 1 --json
check "(named)" json_is "j->'attention'->0->>'problem'" ledger
check "an unknown option is a usage error" status 2 --nonsense
check "a limit that is no number too" status 2 --max-lag many

kill -TERM "$(cat "$work/correlate.pid")"
code=0
wait "$(cat "$work/correlate.pid")" || code=$?
check "correlate ends well" [ "$code" = 0 ]
check "its port is closed" sh -c "! curl -s -m 5 'http://$correlate/healthz'"
exit $failed
