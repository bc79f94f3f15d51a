#!/bin/sh
# The wall clock of the machine jumps by weeks, forth and back, under a running ingest: its timers do
# not notice, no record is lost, no partition changes hands, and event times are what they were.
# Only the program's own clock jumps (tests/lib/preload); librdkafka's waits go by the true one.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh), and a C compiler.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

stamp=$$
database=clock_test_$stamp
topic=clock-$stamp
before=${PGDATABASE:-postgres}

finish() {
    end_ingest
    PGDATABASE=$before psql -qX -c "DROP DATABASE IF EXISTS $database WITH (FORCE)" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT

[ "$(uname -s)" = Linux ] || { ok "a clock that jumps # SKIP needs LD_PRELOAD" && exit 0; }
library=$work/wallclock.so
"${CC:-gcc}" -shared -fPIC -O1 -o "$library" "$root/tests/lib/preload/wallclock.c"

value "CREATE DATABASE $database"
PGDATABASE=$database
export PGDATABASE
"$HINDCAST" migrate >"$work/migrate.out"
echo 0 >"$work/clock"
produce "$topic" 0 500
start_ingest "$topic" LD_PRELOAD="$library" WALLCLOCK="$work/clock"
wait_until "reading begins" has_records "$topic" 500
sent=500
for jump in 20 -20 0; do
    echo $((jump * 86400)) >"$work/clock"
    produce "$topic" "$sent" $((sent + 500))
    sent=$((sent + 500))
    wait_until "the clock is $jump days off" has_records "$topic" "$sent"
    ok "the clock is $jump days off, and reading goes on"
done
stop_ingest "ingest stops in order" "$ingest"
check "the rows are exactly those that were sent" 0 "$(wrong "$topic" "$sent")"
check "the jumps were seen: segments of three days" 3 \
    "$(value "SELECT count(DISTINCT day) FROM evidence.segment")"
check "no partition changed hands" 1 "$(value "SELECT max(epoch) FROM evidence.stream")"
check "event times are those of the records" 0 \
    "$(value "SELECT count(*) FROM ingest.log WHERE event_time::date <> '2026-03-01' OR time_source <> 'native'")"
exit "$failed"
