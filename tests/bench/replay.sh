#!/bin/sh
# Replays real lines, raw and wrapped, through Kafka, hindcast and PostgreSQL; called by
# tests/bench/run with servers in the environment. REPLAY_LOGS: a directory with SET/raw.log, of
# which nothing is kept. docs/performance.md, "Real lines", tells the rest.
set -eu

logs=${REPLAY_LOGS:?a directory with SET/raw.log}
records=${REPLAY_RECORDS:-1000000}
partitions=${REPLAY_PARTITIONS:-4}
workers=2
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
topic=replay
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
costs=$work/costs.tsv

finish()
{
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

. tests/bench/parts.sh

note() # SIDE ROWS SECONDS
{
    printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$(cat "$work/cost")" >>"$costs"
}

copy_and_note() # SIDE FILES
{
    copy_tables "$work/$2" "$workers" true
    note "$1" "$(sql -c 'SELECT count(*) FROM ingest.log')" "$(cat "$work/said")"
}

ingest_and_note() # SIDE
{
    ingest_topic "$topic" "$workers" true
    # shellcheck disable=SC2046 # two words
    set -- "$1" $(ingest_seconds "$workers")
    note "$1" "$records" "$(scaled "$2" "$3" "$records")"
}

prepare hindcast_replay
say "sending $records records made from $logs"
bytes=$("$tools/wrap_logs" send "$logs" "$HINDCAST_KAFKA" "$topic" "$partitions" "$records" none)
say "the first ingest: makes the partitions, and the rows that COPY is to write"
ingest_and_note hindcast_new_partitions
keep_tables "$work/arrival" 'ORDER BY 1, 2'
keep_tables "$work/sorted"
say "COPY, ingest, COPY"
copy_and_note copy_sorted sorted
copy_and_note copy arrival
ingest_and_note hindcast
say "reading every record back from evidence"
sql -F ' ' -c 'SELECT stream_id, first_offset, next_offset FROM evidence.stream ORDER BY 1' |
    "$tools/wrap_logs" check "$logs" "$records" >"$work/records.tsv"
sql -v records="$work/records.tsv" -v show="$out/replay-rows.txt" \
    -f tests/bench/replay_facts.sql >"$work/facts.json"
adds_up=$(sql -c "SELECT bool_and(adds_up) AND sum(records) = $records FROM analyst.ledger")
copy_and_note copy arrival
copy_and_note copy_sorted sorted
sql -v costs="$costs" -v facts="$work/facts.json" -v bytes="$bytes" -v workers="$workers" \
    -f tests/bench/replay_report.sql | tee "$out/replay.json"
[ "$adds_up" = t ] || {
    say "the ledger does not add up to $records records"
    exit 1
}
