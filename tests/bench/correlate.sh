#!/bin/sh
# What one new alert costs in a history of BENCH_EVENTS (10000 100000) alerts and changes at a constant rate, with the same services and
# hosts, so that only the span grows, the largest with BENCH_LINES (0) INFO lines of its last month as well: at its start, in its middle
# and at its end, BENCH_ALERTS (9) each, once through `correlate --once` and once beside `ingest` and `correlate --follow`.
# build/bench/correlate.json has the medians (of CPU beside --follow the means: CPU of the correlator and of its backend, rows read and written, peak of memory; from the
# moment of producing to the commit of the batch and to that of the timeline), ratios of the largest by the smallest history; and what the
# first correlation of each cost. Nothing passes or fails here. Called by tests/bench/run with servers in the environment.
set -eu

histories=${BENCH_EVENTS:-10000 100000}
info_lines=${BENCH_LINES:-0}
alerts=${BENCH_ALERTS:-9}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
work=$(mktemp -d "$out/work.XXXXXX")

. tests/bench/parts.sh
. tests/bench/following.sh

one_alert() # EVENTS NUMBER NAME
{
    history "$1" "$2" 1 "$3" | sed 's/"kind":"deploy"/"kind":"alert","severity":"critical","host":"s1-1"/' >"$work/alert"
}

# newest ID : SQL of the row of that record, one of the newest of each stream
newest()
{
    echo "(SELECT e.* FROM evidence.stream s CROSS JOIN LATERAL (
               SELECT *, xmin AS stored_by FROM ingest.event e WHERE e.stream_id = s.stream_id ORDER BY record_offset DESC LIMIT 1) e
           WHERE e.identity ~ '^$1[^0-9]') e"
}

# alert EVENTS NUMBER NAME : what it cost: rows read, rows written, measure's numbers
alert()
{
    one_alert "$@"
    produce "$work/alert"
    until_is 1 "SELECT count(*) FROM $(newest "$3$2")"
    before=$(rows_read)
    wrote=$(rows_written)
    measured "$program" correlate --once
    sleep 0.2 # backends hand in what they counted when they end
    echo "$(($(rows_read) - before)) $(($(rows_written) - wrote)) $(cat "$work/cost")"
}

# followed EVENTS NUMBER NAME : ms to the commit of its batch and to that of its timeline
followed()
{
    row="$(newest "$3$2") JOIN correlate.member m ON m.uid = e.uid AND m.scope = e.scope"
    one_alert "$@"
    produce "$work/alert"
    until_is 1 "SELECT count(*) FROM $row"
    sleep 0.3 # what is left of its round
    sql -F ' ' -c "SELECT round(1000 * extract(epoch FROM pg_xact_commit_timestamp(e.stored_by) - e.kafka_time)),
                   round(1000 * extract(epoch FROM pg_xact_commit_timestamp(m.xmin) - e.kafka_time)) FROM $row"
}

place_of() # EVENTS PLACE : number of its first alert
{
    case $2 in start) echo 10 ;; middle) echo $(($1 / 2)) ;; end) echo "$1" ;; esac
}

fill() # EVENTS
{
    say "a history of $1"
    one_alert "$1" 3 warm # whoever correlates a second time keeps groups
    deliver "$work/alert"
    "$program" correlate --once >"$work/said"
    history "$1" 0 "$1" e >"$work/history"
    deliver "$work/history"
    if [ "$1" = "${histories##* }" ] && [ "$info_lines" -gt 0 ]; then
        lines "$info_lines" $((beginning + $1 * 1200 - 2592000)) 2592000
        ingest_once "$topic-lines"
    fi
    rm -f "$work/history"
}

HINDCAST_LOAD_MANIFEST=no
export HINDCAST_LOAD_MANIFEST
: >"$work/lines"
for events in $histories; do
    topic=bench-correlate-$events
    prepare "hindcast_bench_correlate_$events"
    fill "$events"
    measured "$program" correlate --once
    first="$(cut -f 2,3,6 "$work/cost" | tr '\t' ' ')"
    follow_ingest
    say "correlated: $first (CPU us of the correlator, of PostgreSQL, peak KB)"
    sql -c 'VACUUM ANALYZE'
    for place in start middle end; do
        at=$(place_of "$events" "$place")
        n=0
        while [ "$n" -lt "$alerts" ]; do
            n=$((n + 1))
            alert "$events" "$((at + 3 * n))" "$place" | tr '\t' ' ' >>"$work/$events.$place"
        done
    done
    follow correlate correlate --follow
    correlator=$!
    until_is 1 "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hindcast' AND datname = current_database() AND query LIKE '%LISTEN%'"
    backend=$(backends | tail -n 1)
    followed "$events" 5 warm >"$work/warm"
    for place in start middle end; do
        at=$(place_of "$events" "$place")
        own=$(cpu_us "$correlator")
        theirs=$(cpu_us "$backend")
        n=0
        while [ "$n" -lt "$alerts" ]; do
            n=$((n + 1))
            followed "$events" "$((at + 3 * (alerts + n)))" "$place" >>"$work/$events.$place.followed"
        done
        from=$work/$events.$place
        echo "$events $place $(median 1 "$from") $(median 2 "$from") $(median 4 "$from") $(median 5 "$from") $(median 8 "$from") $(median 1 "$from.followed") $(median 2 "$from.followed") $((($(cpu_us "$correlator") - own) / alerts)) $((($(cpu_us "$backend") - theirs) / alerts)) $first" >>"$work/lines"
    done
    end_following
    PGDATABASE=postgres
    sql -c "DROP DATABASE hindcast_bench_correlate_$events WITH (FORCE)"
done
awk '
BEGIN {
    count = split("rows_read rows_written own_us postgres_us peak_kb batch_ms timeline_ms following_own_us following_postgres_us", name, " ")
    print "{\n  \"alerts\": ["
}
{
    printf "%s    {\"events\": %d, \"place\": \"%s\"", (NR > 1 ? ",\n" : ""), $1, $2
    for (i = 1; i <= count; i++)
        printf ", \"%s\": %d", name[i], $(i + 2)
    printf ", \"first_own_us\": %d, \"first_postgres_us\": %d, \"first_peak_kb\": %d}", $12, $13, $14
    if (!($2 in least)) least[$2] = $0
    most[$2] = $0
}
END {
    printf "\n  ],\n  \"ratios\": {"
    split("start middle end", place, " ")
    for (p = 1; p <= 3; p++) {
        split(least[place[p]], a, " ")
        split(most[place[p]], b, " ")
        for (i = 1; i <= count; i++)
            printf "%s\"%s_%s\": %.2f", (p + i > 2 ? ", " : ""), place[p], name[i], (a[i + 2] > 0 ? b[i + 2] / a[i + 2] : 0)
    }
    print "}\n}"
}' "$work/lines" | tee "$out/correlate.json"
