#!/bin/sh
# Ingest of Filebeat records from a local Kafka by two workers, against COPY BINARY of the same rows
# into the same (emptied) table by two backends. Called by tests/bench/run with servers in the
# environment. BENCH_RECORDS: how many, default one million.
set -eu

records=${BENCH_RECORDS:-1000000}
program=${HINDCAST:-build/release/hindcast}
out=build/bench
topic=bench-$$
database=hindcast_bench_$$
work=$(mktemp -d)
mkdir -p "$out"

sql()
{
    psql -X -q -At -v ON_ERROR_STOP=1 "$@"
}

finish()
{
    rm -rf "$work"
    PGDATABASE=postgres sql -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" || true
}
trap finish EXIT
trap 'exit 1' HUP INT TERM

now_ms()
{
    date +%s%3N
}

# CPU of all backends that ended so far, in milliseconds: what the postmaster has reaped.
backend_cpu_ms()
{
    ticks=$(getconf CLK_TCK)
    awk -v ticks="$ticks" '{ sub(/^.*\) /, ""); print int(($14 + $15) * 1000 / ticks) }' \
        "/proc/$postmaster/stat"
}

sql -d postgres -c "CREATE DATABASE $database"
export PGDATABASE="$database"
"$program" migrate >&2
postmaster=$(sed 1q "$(sql -c 'SHOW data_directory')/postmaster.pid")

echo "bench: sending $records records" >&2
record_bytes=$(build/release/tests/bench/filebeat "$HINDCAST_KAFKA" "$topic" "$records")

export HINDCAST_KAFKA_BROKERS="$HINDCAST_KAFKA" HINDCAST_KAFKA_TOPICS="$topic"
export HINDCAST_KAFKA_GROUP="$topic" HINDCAST_INGEST_WORKERS=2
sql -c CHECKPOINT
echo "bench: ingest" >&2
times >"$work/times.before"
backend=$(backend_cpu_ms)
began=$(now_ms)
"$program" ingest --once >&2
ingest_ms=$(($(now_ms) - began))
# Second line of `times`: user and system time of the children of this shell.
times >"$work/times"
own_ms=$(awk 'function ms(a,  t) { split(a, t, "m"); sub("s", "", t[2]); return t[1] * 60000 + t[2] * 1000 }
              FNR == 2 { sum[FILENAME] = ms($1) + ms($2) }
              END { print int(sum[ARGV[2]] - sum[ARGV[1]]) }' "$work/times.before" "$work/times")
backend_ms=$(($(backend_cpu_ms) - backend))
rows=$(sql -c 'SELECT count(*) FROM ingest.log')
[ "$rows" = "$records" ] || { echo "bench: $rows rows of $records records" >&2 && exit 1; }

echo "bench: COPY of the same rows" >&2
for half in 0 1; do
    sql -c "COPY (SELECT * FROM ingest.log WHERE record_offset % 2 = $half) TO STDOUT (FORMAT binary)" \
        >"$work/$half"
done
sql -c 'TRUNCATE ingest.log' -c CHECKPOINT
backend=$(backend_cpu_ms)
began=$(now_ms)
sql -c 'COPY ingest.log FROM STDIN (FORMAT binary)' <"$work/0" &
sql -c 'COPY ingest.log FROM STDIN (FORMAT binary)' <"$work/1"
wait
copy_ms=$(($(now_ms) - began))
copy_backend_ms=$(($(backend_cpu_ms) - backend))

awk -v n="$records" -v bytes="$record_bytes" -v im="$ingest_ms" -v om="$own_ms" -v bm="$backend_ms" \
    -v cm="$copy_ms" -v cb="$copy_backend_ms" 'BEGIN {
    printf "{\n  \"records\": %d,\n  \"record_bytes\": %d,\n", n, bytes
    printf "  \"ingest_seconds\": %.2f,\n  \"copy_seconds\": %.2f,\n", im / 1000, cm / 1000
    printf "  \"ingest_records_per_second\": %d,\n", n * 1000 / im
    printf "  \"copy_rows_per_second\": %d,\n", n * 1000 / cm
    printf "  \"ingest_of_copy\": %.3f,\n", cm / im
    printf "  \"own_cpu_us_per_record\": %.2f,\n", om * 1000 / n
    printf "  \"backend_cpu_us_per_record\": %.2f,\n", bm * 1000 / n
    printf "  \"copy_backend_cpu_us_per_row\": %.2f\n}\n", cb * 1000 / n }' | tee "$out/ingest.json"
