#!/bin/sh
# What correlators that follow cost beside ingest, in three worlds of their own:
#   traffic   BENCH_INFO (500000) INFO lines, to a scope of 1,000 alerts: how many scopes were computed, which is to be none
#   storm     N alerts, N messages of a bot and N deploys of one hour, for each N of BENCH_STORM (8000 16000), correlated at once
#   scopes    BENCH_WAVES (30) of 40 alerts in eight scopes, taken in by one correlator and by two
# build/bench/correlators.json has CPU of the correlators and of their backends, largest sizes, and ratios of the larger storm by the
# smaller one and of two correlators by one. Nothing passes or fails here. Called by tests/bench/run with servers in the environment.
set -eu

info_lines=${BENCH_INFO:-500000}
storms=${BENCH_STORM:-8000 16000}
waves=${BENCH_WAVES:-30}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
work=$(mktemp -d "$out/work.XXXXXX")

. tests/bench/parts.sh
. tests/bench/following.sh

HINDCAST_LOAD_MANIFEST=no
export HINDCAST_LOAD_MANIFEST

own() # LABEL : a database and a topic
{
    PGDATABASE=postgres
    topic=bench-correlators-$1
    prepare "hindcast_bench_correlators_$1"
    say "$1"
}

# start_correlators COUNT : their processes are $correlators, $backend_count of their backends are there
start_correlators()
{
    correlators=''
    n=0
    while [ "$n" -lt "$1" ]; do
        n=$((n + 1))
        follow "correlate-$n" correlate --follow
        correlators="$correlators $!"
    done
    until_is "$1" "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'hindcast' AND datname = current_database()"
}

taken_in() # EVENTS : that many were stored, and are correlated
{
    until_is "$1" 'SELECT count(*) FROM ingest.event'
    until_is 0 "$behind"
    sleep 0.5 # what is left of the last round
}

# So far, of correlators and of their backends.
cpu_so_far()
{
    # shellcheck disable=SC2046,SC2086 # one word each
    echo "$(cpu_us $correlators) $(cpu_us $(backends))"
}

# spent BEFORE : what was spent since then, in us: of correlators, of their backends
spent()
{
    echo "$1 $(cpu_so_far)" | awk '{ print $3 - $1, $4 - $2 }'
}

# Scopes that were computed, by what correlators say and by what they wrote.
rounds() { cat "$work"/correlate-*.log | grep -c '^correlated' || true; }
publications() { sql -c 'SELECT coalesce(sum(last), 0) FROM correlate.publication'; }

traffic()
{
    own traffic
    history 1000 0 1000 e >"$work/history"
    deliver "$work/history"
    start_correlators 1
    taken_in 1000
    until [ "$(rounds)" -gt 0 ]; do sleep 0.1; done
    lines "$info_lines" $((beginning + 1200000)) 3600
    computed=$(rounds)
    published=$(publications)
    before=$(cpu_so_far)
    began=$(date +%s%N)
    ingest_once "$topic-lines"
    took=$((($(date +%s%N) - began) / 1000000))
    sleep 3 # longer than correlate.interval
    spent "$before" | awk -v lines="$info_lines" -v took="$took" -v steps=$(($(rounds) - computed)) -v published=$(($(publications) - published)) '{
        printf "  \"traffic\": {\"lines\": %d, \"lines_a_second\": %d, \"scopes_computed\": %d, \"publications\": %d, \"own_us_a_thousand\": %d, \"postgres_us_a_thousand\": %d},\n", lines, lines * 1000 / took, steps, published, $1 * 1000 / lines, $2 * 1000 / lines
    }' >"$work/traffic.json"
    end_following
}

# storm_records N : one hour of it
storm_records()
{
    awk -v n="$1" -v beginning="$beginning" 'BEGIN {
        srand(7)
        for (i = 0; i < n; i++) {
            s = int(rand() * 24)
            at = strftime("%Y-%m-%dT%H:%M:%SZ", beginning + int(i * 3600 / n), 1)
            printf "{\"time\":\"%s\",\"kind\":\"alert\",\"source\":\"am\",\"service\":\"s%d\",\"host\":\"h%d\",\"severity\":\"critical\",\"phase\":\"trigger\",\"text\":\"errors in s%d\",\"id\":\"a%d\"}\n", at, s, int(rand() * 72), s, i
            printf "{\"time\":\"%s\",\"kind\":\"chat\",\"source\":\"chat:ops\",\"channel\":\"ops\",\"actor\":\"alertmanager\",\"text\":\"[FIRING] errors in s%d\",\"id\":\"m%d\"}\n", at, s, i
            printf "{\"time\":\"%s\",\"kind\":\"deploy\",\"source\":\"cd\",\"service\":\"s%d\",\"text\":\"deployed s%d v%d\",\"id\":\"d%d\"}\n", at, s, s, i, i
        }
    }'
}

storm() # N
{
    own "storm_$1"
    storm_records "$1" >"$work/storm"
    deliver "$work/storm"
    measured "$program" correlate --once
    echo "$1 $(cut -f 2,3,6 "$work/cost" | tr '\t' ' ')" >>"$work/storms"
}

# wave NUMBER : five alerts in each of eight scopes
wave()
{
    awk -v number="$1" -v beginning="$beginning" 'BEGIN {
        srand(number + 1)
        for (i = 0; i < 40; i++) {
            s = int(rand() * 24)
            at = strftime("%Y-%m-%dT%H:%M:%SZ", beginning + number * 7200 + int(rand() * 7200), 1)
            printf "{\"time\":\"%s\",\"kind\":\"alert\",\"source\":\"am\",\"service\":\"s%d\",\"host\":\"h%d\",\"severity\":\"critical\",\"phase\":\"trigger\",\"text\":\"errors in s%d\",\"tenant\":\"t%d\",\"id\":\"w%d-%d\"}\n", at, s, int(rand() * 72), s, i % 8, number, i
        }
    }'
}

# scopes CORRELATORS
scopes()
{
    own "scopes_$1"
    rm -f "$work"/correlate-*.log
    HINDCAST_INGEST_SCOPE_BY=attribute:tenant HINDCAST_INGEST_SCOPES='t0 t1 t2 t3 t4 t5 t6 t7'
    export HINDCAST_INGEST_SCOPE_BY HINDCAST_INGEST_SCOPES
    follow_ingest
    unset HINDCAST_INGEST_SCOPE_BY HINDCAST_INGEST_SCOPES
    start_correlators "$1"
    warm=10 # connections have planned their statements
    n=0
    while [ "$n" -lt $((warm + waves)) ]; do
        [ "$n" != "$warm" ] || { before=$(cpu_so_far) && published=$(publications); }
        wave "$n" >"$work/wave"
        produce "$work/wave"
        n=$((n + 1))
        taken_in $((40 * n))
    done
    echo "$1 $(spent "$before") $(($(publications) - published))" >>"$work/scopes"
    end_following
}

traffic
for n in $storms; do
    storm "$n"
done
scopes 1
scopes 2
{
    echo '{'
    cat "$work/traffic.json"
    awk '{
        printf "%s    {\"alerts\": %d, \"own_us\": %d, \"postgres_us\": %d, \"peak_kb\": %d}", (NR > 1 ? ",\n" : "  \"storms\": [\n"), $1, $2, $3, $4
        cpu[NR] = $2 + $3
        peak[NR] = $4
    }
    END { printf "\n  ],\n  \"storm_cpu_ratio\": %.2f, \"storm_peak_ratio\": %.2f,\n", cpu[NR] / cpu[1], peak[NR] / peak[1] }' "$work/storms"
    awk -v events=$((40 * waves)) '{
        printf "%s    {\"correlators\": %d, \"own_us_an_event\": %d, \"postgres_us_an_event\": %d, \"publications\": %d}", (NR > 1 ? ",\n" : "  \"scopes\": [\n"), $1, $2 / events, $3 / events, $4
        cpu[NR] = $2 + $3
    }
    END { printf "\n  ],\n  \"two_to_one_cpu_ratio\": %.2f\n}\n", cpu[2] / cpu[1] }' "$work/scopes"
} | tee "$out/correlators.json"
