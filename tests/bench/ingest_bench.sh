#!/bin/sh
# The ingest benchmark: hindcast, plain COPY BINARY of the rows it wrote, and rsyslog, side by side.
# Called by tests/bench/run with servers in the environment. BENCH_RECORDS, BENCH_CASES, BENCH_ROUNDS,
# BENCH_PARTITIONS, BENCH_CODEC: see docs/performance.md.
set -eu

records=${BENCH_RECORDS:-1000000}
rounds=${BENCH_ROUNDS:-3}
partitions=${BENCH_PARTITIONS:-4}
codec=${BENCH_CODEC:-none}
program=${HINDCAST:-build/release/hindcast}
tools=build/release/tests/bench
out=build/bench
all="ecs-2 ecs-2-declared ecs-2-evidence ecs-1 ecs-1-evidence"
all="$all syslog-2 syslog-2-declared syslog-2-evidence syslog-1 syslog-1-evidence"
rsyslogs="rsyslog-1-1024 rsyslog-4-1024 rsyslog-4-4096"
all="$all $rsyslogs"
cases=$(echo "${BENCH_CASES:-$all}" | tr ',' ' ' | sed "s/rsyslog\( \|\$\)/$rsyslogs /")
for case in $cases; do
    case " $all " in *" $case "*) ;; *)
        echo "bench: no such case: $case; there are: $all" >&2
        exit 2
        ;;
    esac
done
mkdir -p "$out"
work=$(mktemp -d "$out/work.XXXXXX")
results=$work/results.tsv
: >"$results"

finish()
{
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

. tests/bench/parts.sh

note() # ROUND CASE SIDE ROWS SECONDS: one line of results
{
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "$4" "$5" "$(cat "$work/cost")" >>"$results"
}

# --- the parts of a case's name -----------------------------------------------------------------

form_of() { case $1 in rsyslog-*) echo ecs ;; *) echo "${1%%-*}" ;; esac; }
workers_of() { echo "$1" | sed 's/^[a-z]*-\([0-9]*\).*/\1/'; }
evidence_of() { case $1 in *-evidence) echo true ;; *) echo false ;; esac; }

# Where the configuration says what the topic holds: nothing is detected, no headers are read.
settings_of() # CASE
{
    case $1 in
    ecs-*-declared) echo "HINDCAST_INGEST_FORMAT=ecs HINDCAST_INGEST_HEADERS=no" ;;
    syslog-*-declared) echo "HINDCAST_INGEST_FORMAT=syslog5424 HINDCAST_INGEST_HEADERS=no" ;;
    esac
}

topic_of() # FORM
{
    echo "bench-$1"
}

send() # FORM: fills the topic, once
{
    [ ! -f "$work/sent.$1" ] || return 0
    say "sending $records records of the form $1"
    "$tools/send_records" "$1" "$HINDCAST_KAFKA" "$(topic_of "$1")" "$partitions" "$records" \
        "$codec" >"$work/sent.$1"
}

# --- hindcast -----------------------------------------------------------------------------------

check_rows() # EVIDENCE: every record has its row and, with evidence, its place in a segment
{
    rows=$(sql -c 'SELECT count(*) FROM ingest.log')
    kept=$(sql -c 'SELECT coalesce(sum(records), 0) FROM evidence.segment')
    wanted=0
    [ "$1" = false ] || wanted=$records
    [ "$rows $kept" = "$records $wanted" ] || {
        say "$rows rows and $kept records in segments, of $records records"
        exit 1
    }
}

ingest() # CASE: into emptied tables
{
    (
        for setting in $(settings_of "$1"); do export "${setting?}"; done
        ingest_topic "$(topic_of "$(form_of "$1")")" "$(workers_of "$1")" "$(evidence_of "$1")"
    )
    check_rows "$(evidence_of "$1")"
}

# --- COPY ---------------------------------------------------------------------------------------

keep_rows() # FORM EVIDENCE: what an ingest wrote; once
{
    [ ! -f "$work/$1-$2.0.log" ] || return 0
    say "one ingest for the rows that COPY is to write: $1, evidence $2"
    ingest "$1-2$([ "$2" = false ] || echo -evidence)"
    keep_tables "$work/$1-$2"
}

copy() # CASE: the same rows, and segments, by as many backends as there are workers
{
    copy_tables "$work/$(form_of "$1")-$(evidence_of "$1")" "$(workers_of "$1")" "$(evidence_of "$1")"
    check_rows "$(evidence_of "$1")"
}

# --- one case of one round ----------------------------------------------------------------------

copy_and_note() # ROUND CASE
{
    copy "$2"
    note "$1" "$2" copy "$records" "$(cat "$work/said")"
}

# COPY before and after: what the machine does meanwhile meets both sides.
compare() # ROUND CASE
{
    copy_and_note "$1" "$2"
    ingest "$2"
    # shellcheck disable=SC2046 # two words
    set -- "$1" "$2" $(ingest_seconds "$(workers_of "$2")")
    note "$1" "$2" hindcast "$records" "$(scaled "$3" "$4" "$records")"
    copy_and_note "$1" "$2"
}

. tests/bench/rsyslog.sh

# --- all ----------------------------------------------------------------------------------------

prepare hindcast_bench

for case in $cases; do
    send "$(form_of "$case")"
    case $case in rsyslog-*) ;; *) keep_rows "$(form_of "$case")" "$(evidence_of "$case")" ;; esac
done
round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    for case in $cases; do
        say "round $round of $rounds: $case"
        case $case in
        rsyslog-*) run_rsyslog "$round" "$case" ;;
        *) compare "$round" "$case" ;;
        esac
    done
done
sql -v partitions="$partitions" -v codec="$codec" -v results="$results" \
    -v ecs_bytes="$(cat "$work/sent.ecs" 2>/dev/null || true)" \
    -v syslog_bytes="$(cat "$work/sent.syslog" 2>/dev/null || true)" \
    -f tests/bench/ingest_report.sql | tee "$out/ingest.json"
