#!/bin/sh
# What a rebuild in pieces costs beside one of the whole: histories of BENCH_EVENTS (20000 100000) alerts and changes at a constant rate
# (tests/bench/history.awk); build/bench/rebuild.json has, of each, CPU of the program and of its backend per event and the peak of memory in
# both ways, and ratios: of the pieces by the whole, and of the largest by the smallest history. Beyond BENCH_WHOLE_MAX (100000) events
# only pieces are measured, and compared with the last whole. Nothing passes or fails here but that both leave the same export. Called by
# tests/bench/run with servers in the environment.
set -eu

histories=${BENCH_EVENTS:-20000 100000}
whole_max=${BENCH_WHOLE_MAX:-100000}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

. tests/bench/parts.sh

HINDCAST_LOAD_MANIFEST=no
export HINDCAST_LOAD_MANIFEST
: >"$work/lines"
whole="0 0 0"
for events in $histories; do
    topic=bench-rebuild-$events
    prepare "hindcast_bench_rebuild_$events"
    say "a history of $events"
    awk -v events="$events" -v from=0 -v count="$events" -v name=e -f tests/bench/history.awk >"$work/history"
    "$program" load --kafka-brokers "$HINDCAST_KAFKA" --load-topic "$topic" "$work/history" >"$work/load.log" 2>&1
    "$program" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" >"$work/ingest.log" 2>&1
    sql -c 'VACUUM ANALYZE'
    if [ "$events" -le "$whole_max" ]; then
        "$program" correlate --once >"$work/correlate.log"
        sql -c 'VACUUM ANALYZE'
        measured "$program" correlate --rebuild
        whole="$events $(cut -f 2,3,6 "$work/cost" | tr '\t' ' ')"
        "$program" export >"$work/export"
    fi
    measured "$tools/rebuild_pieces" default
    "$program" export >"$work/pieces"
    [ "$events" -gt "$whole_max" ] || cmp "$work/export" "$work/pieces"
    echo "$events $(cut -f 2,3,6 "$work/cost" | tr '\t' ' ') $whole $(cat "$work/said")" >>"$work/lines"
done
awk '
{
    pieces_own = $2 / $1; pieces_pg = $3 / $1
    whole_own = ($5 > 0 ? $6 / $5 : 0); whole_pg = ($5 > 0 ? $7 / $5 : 0)
    both = pieces_own + pieces_pg
    if (NR == 1) { first = both; first_peak = $4 }
    printf "%s    {\"events\": %d, \"own_us_each\": %.1f, \"postgres_us_each\": %.1f, \"peak_kb\": %d, \"arena_bytes\": %d, \"pieces\": %d, \"batches\": %d, ", (NR > 1 ? ",\n" : "{\n  \"histories\": [\n"), $1, pieces_own, pieces_pg, $4, $11, $9, $10
    printf "\"whole_events\": %d, \"whole_own_us_each\": %.1f, \"whole_postgres_us_each\": %.1f, \"whole_peak_kb\": %d, \"cpu_by_whole\": %.2f, \"peak_by_whole\": %.2f}", $5, whole_own, whole_pg, $8, (whole_own + whole_pg > 0 ? both / (whole_own + whole_pg) : 0), ($8 > 0 ? $4 / $8 : 0)
    last = both; last_peak = $4
}
END { printf "\n  ],\n  \"ratios\": {\"cpu_each\": %.2f, \"peak\": %.2f}\n}\n", last / first, last_peak / first_peak }' "$work/lines" | tee "$out/rebuild.json"
