#!/bin/sh
# What readers cost ingest: the rate of one ingest alone, and beside READERS analysts who ask the views, the recipes,
# searches and timelines of a database with incidents: `paced`, one question a second each, as dashboards do, and `loop`, one
# after the other without a pause. Alone before and after each. Called by tests/bench/run with servers in the
# environment; the result is build/bench/readers.json. docs/performance.md lists the variables.
set -eu

records=${BENCH_RECORDS:-500000}
rounds=${BENCH_ROUNDS:-3}
partitions=${BENCH_PARTITIONS:-4}
incidents=${BENCH_INCIDENTS:-5000}
readers=${BENCH_READERS:-8}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
work=$(mktemp -d "$out/work.XXXXXX")
results=$work/results.tsv
: >"$results"
asking=
tab=$(printf '\t')

finish()
{
    stop_readers
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

. tests/bench/parts.sh

# --- readers ------------------------------------------------------------------------------------

# One line each: what to ask, in SQL or as a command of psql.
list_questions()
{
    grep -v '^#' tests/bench/queries/asked.tsv | while IFS=$tab read -r _ _ query; do echo "$query;"; done
    for recipe in sql/recipes/*.sql; do grep -v '^--' "$recipe" | tr '\n' ' ' && echo; done
    for quarter in 1 2 3 4; do
        key=$(printf 'k%07d' $((incidents * quarter / 4)))
        echo "\\! PGUSER=bench_responder '$(realpath "$program")' timeline $key >'$work/timeline' </dev/null || echo ERROR: timeline >&2"
    done
}

# Each reader begins at another question.
start_readers() # SECONDS: between two questions of a reader
{
    reader=0
    while [ "$reader" -lt "$readers" ]; do
        reader=$((reader + 1))
        awk -v at="$reader" -v of="$readers" -v pause="$1" '
            { line[NR] = $0 }
            END {
                print "\\timing on"
                for (i = 0; i < NR; i++) {
                    print line[(int(NR * at / of) + i) % NR + 1]
                    if (pause > 0)
                        print "\\! sleep " pause " </dev/null"
                }
            }' "$work/questions" >"$work/reader.$reader"
        while cat "$work/reader.$reader" 2>/dev/null; do :; done |
            psql -X -q -U bench_reader -o /dev/null -f - >>"$work/answers" 2>>"$work/complaints" &
        asking="$asking $!"
    done
}

stop_readers()
{
    # shellcheck disable=SC2086 # a list of processes
    [ -z "$asking" ] || kill $asking 2>/dev/null || true
    for process in $asking; do wait "$process" 2>/dev/null || true; done
    [ -z "$asking" ] || sql -c "SELECT count(pg_terminate_backend(pid, 10000)) FROM pg_stat_activity
                                WHERE usename IN ('bench_reader', 'bench_responder')" >/dev/null
    asking=
}

# --- one measurement ----------------------------------------------------------------------------

# What the last ingest wrote goes, and what readers ask stays: it is of other days and of stream 1.
empty()
{
    sql -f tests/bench/readers_empty.sql -c CHECKPOINT >"$work/emptied"
}

ingest() # ROUND SIDE
{
    say "round $1 of $rounds: $2"
    : >"$work/answers"
    : >"$work/complaints"
    case $2 in paced) start_readers 1 ;; loop) start_readers 0 ;; esac
    ingest_topic bench-readers 2 true
    stop_readers
    if grep -q ERROR "$work/complaints"; then cat "$work/complaints" >&2 && exit 1; fi
    rows=$(sql -c "SELECT count(*) FROM ingest.log WHERE stream_id <> 1")
    [ "$rows" = "$records" ] || { say "$rows rows of $records records" && exit 1; }
    # shellcheck disable=SC2046 # two words
    set -- "$1" "$2" $(ingest_seconds 2)
    sed -n 's/^Time: \([0-9.]*\) ms.*/\1/p' "$work/answers" | sort -n >"$work/times"
    # Readers ask as long as the whole process runs, which is longer than from its first commit to its last.
    awk -v OFS='\t' -v round="$1" -v side="$2" -v rows="$3" -v seconds="$4" -v wall="$(cut -f 1 "$work/cost")" '
        { ms[NR] = $1; sum += $1 }
        END { print round, side, rows, seconds, NR * 1e6 / wall, NR ? ms[int((NR + 1) / 2)] : 0, NR ? ms[int((9 * NR + 9) / 10)] : 0 }
        ' "$work/times" >>"$results"
}

# --- all ----------------------------------------------------------------------------------------

prepare hindcast_bench_readers
say "filling a database with $incidents incidents"
sql -v incidents="$incidents" -f tests/bench/queries/fill.sql >"$work/filled"
"$program" retention >"$work/filled" # closed days get their indexes
sql -c "CREATE ROLE bench_reader LOGIN IN ROLE hindcast_analyst" -c "CREATE ROLE bench_responder LOGIN IN ROLE hindcast_responder"
sql -v timeout=60s -f sql/operate/analyst_logins.sql >"$work/logins"
list_questions >"$work/questions"
say "sending $records records"
"$tools/send_records" ecs "$HINDCAST_KAFKA" bench-readers "$partitions" "$records" none >"$work/sent"

ingest 0 alone # creates the partitions; does not count
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for side in alone paced alone loop alone; do ingest "$round" "$side"; done
done
sql -v results="$results" -v readers="$readers" -v incidents="$incidents" -v records="$records" \
    -v questions="$(wc -l <"$work/questions")" -f tests/bench/readers_report.sql | tee "$out/readers.json"
