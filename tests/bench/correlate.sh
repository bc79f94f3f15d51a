#!/bin/sh
# What one new alert costs in a history of BENCH_EVENTS (10000 100000) alerts and changes at a constant rate, with the same services and
# hosts, so that only the span grows: at its start, in its middle and at its end, through load, ingest and `correlate --once`.
# build/bench/correlate.json has the medians of BENCH_ALERTS (9) alerts each (CPU of the correlator and of its backend, rows read, peak
# of memory) and ratios of the largest by the smallest history; and what the first correlation of each cost. Nothing passes or fails
# here. Called by tests/bench/run with servers in the environment.
set -eu

histories=${BENCH_EVENTS:-10000 100000}
alerts=${BENCH_ALERTS:-9}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
work=$(mktemp -d "$out/work.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM

. tests/bench/parts.sh

# history EVENTS FROM COUNT NAME : alerts every 20 minutes of one of 24 services, each 20th a deploy; from number FROM on
history()
{
    awk -v events="$1" -v from="$2" -v count="$3" -v name="$4" 'BEGIN {
        srand(from + 1)
        for (i = from; i < from + count; i++) {
            s = int(rand() * 24)
            h = int(rand() * 3)
            at = strftime("%Y-%m-%dT%H:%M:%SZ", 1500000000 + i * 1200 + int(rand() * 1200), 1)
            if (i % 20 == 7)
                printf "{\"time\":\"%s\",\"kind\":\"deploy\",\"source\":\"cd\",\"service\":\"s%d\",\"text\":\"deployed s%d v%d\",\"id\":\"%s%d\"}\n", at, s, s, i, name, i
            else
                printf "{\"time\":\"%s\",\"kind\":\"alert\",\"source\":\"am\",\"service\":\"s%d\",\"host\":\"s%d-%d\",\"severity\":\"critical\",\"phase\":\"trigger\",\"dedup_key\":\"%d\",\"text\":\"errors in s%d\",\"id\":\"%s%d\"}\n", at, s, s, h, i, s, name, i
        }
    }'
}

deliver() # FILE
{
    "$program" load --kafka-brokers "$HINDCAST_KAFKA" --load-topic "$topic" "$1" >"$work/load.log" 2>&1
    "$program" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" >"$work/ingest.log" 2>&1
}

rows_read()
{
    sql -c "SELECT coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0) FROM pg_stat_user_tables WHERE schemaname IN ('correlate', 'ingest', 'review')"
}

# alert EVENTS NUMBER NAME : one line, what it cost
alert()
{
    history "$1" "$2" 1 "$3" | sed 's/"kind":"deploy"/"kind":"alert","severity":"critical","host":"s1-1"/' >"$work/alert"
    deliver "$work/alert"
    before=$(rows_read)
    measured "$program" correlate --once
    sleep 1 # backends hand in what they counted when they end
    echo "$(($(rows_read) - before)) $(cat "$work/cost")"
}

median() # COLUMN FILE
{
    cut -d ' ' -f "$1" "$2" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

HINDCAST_LOAD_MANIFEST=no
export HINDCAST_LOAD_MANIFEST
: >"$work/lines"
for events in $histories; do
    topic=bench-correlate-$events
    prepare "hindcast_bench_correlate_$events"
    say "a history of $events"
    history "$events" 0 "$events" e >"$work/history"
    deliver "$work/history"
    measured "$program" correlate --once
    first=$(cut -f 2 "$work/cost")
    alert "$events" 3 warm >"$work/warm" # keeps the groups
    sql -c 'VACUUM ANALYZE'
    for place in start middle end; do
        case $place in start) at=10 ;; middle) at=$((events / 2)) ;; end) at=$events ;; esac
        : >"$work/$place"
        n=0
        while [ "$n" -lt "$alerts" ]; do
            n=$((n + 1))
            alert "$events" "$((at + 3 * n))" "$place" | tr '\t' ' ' >>"$work/$place"
        done
        echo "$events $place $(median 1 "$work/$place") $(median 3 "$work/$place") $(median 4 "$work/$place") $(median 7 "$work/$place") $first" >>"$work/lines"
    done
done
awk '
{
    printf "%s    {\"events\": %d, \"place\": \"%s\", \"rows_read\": %d, \"own_us\": %d, \"postgres_us\": %d, \"peak_kb\": %d, \"first_own_us\": %d}", (NR > 1 ? ",\n" : "{\n  \"alerts\": [\n"), $1, $2, $3, $4, $5, $6, $7
    if (!($2 in least)) least[$2] = $0
    most[$2] = $0
}
END {
    printf "\n  ],\n  \"ratios\": {"
    split("start middle end", place, " ")
    split("rows_read own postgres peak", name, " ")
    for (p = 1; p <= 3; p++) {
        split(least[place[p]], a, " ")
        split(most[place[p]], b, " ")
        for (i = 1; i <= 4; i++)
            printf "%s\"%s_%s\": %.2f", (p + i > 2 ? ", " : ""), place[p], name[i], (a[i + 2] > 0 ? b[i + 2] / a[i + 2] : 0)
    }
    print "}\n}"
}' "$work/lines" | tee "$out/correlate.json"
