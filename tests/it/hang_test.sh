#!/bin/sh
# Whatever call of a library does not come back: ten seconds after the first SIGTERM the process has
# ended, with what was read committed and the exit code of a stop; and what ends by itself ends with
# its own exit code and all of its output.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh), and a C compiler.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

of=hang-$$

[ "$(uname -s)" = Linux ] || { ok "libraries that hang # SKIP needs LD_PRELOAD" && exit 0; }
library=$work/hang.so
"${CC:-gcc}" -D_GNU_SOURCE -shared -fPIC -O1 -o "$library" "$root/tests/lib/preload/hang.c" -ldl

own_database hang_test
"$HINDCAST" migrate >"$work/migrate.out"

now_ms() { echo $(($(date +%s%N) / 1000000)); }
ended() { ! kill -0 "$1" 2>/dev/null; }
# The second of two numbers that date(1) gave is at most ten seconds behind the first.
in_time() { [ $(($2 - $1)) -le 10000 ] && echo yes || echo "no: $(($2 - $1)) ms"; }

functions="rd_kafka_destroy rd_kafka_consumer_close rd_kafka_incremental_unassign rd_kafka_consumer_poll
    PQgetResult PQfinish"

# All at once, each on a topic of its own.
for function in $functions; do
    produce "$of-$function" 0 100
    start_ingest "$of-$function" LD_PRELOAD="$library" HANGS="$function" HANGS_WHEN="$work/when" \
        HINDCAST_INGEST_WORKERS=2
    echo "$ingest" >"$work/$function.pid"
done
for function in $functions; do
    wait_until "$function: records are stored" has_records "$of-$function" 100
done
touch "$work/when"
began=$(now_ms)
for function in $functions; do kill -TERM "$(cat "$work/$function.pid")"; done
all_ended() {
    for function in $functions; do ended "$(cat "$work/$function.pid")" || return 1; done
}
wait_until "all end" all_ended
check "they end in time" yes "$(in_time "$began" "$(now_ms)")"
for function in $functions; do
    code=0
    wait "$(cat "$work/$function.pid")" || code=$?
    check "$function hangs: exit code" 0 "$code"
    check "$function hangs: the rows are exactly those that were sent" 0 "$(wrong "$of-$function" 100)"
done
for function in rd_kafka_destroy rd_kafka_consumer_close; do
    check "$function hangs: the summary is printed" "records      100" "$(head -n 1 "$work/$of-$function.out")"
done

touch "$work/when"
code=0
env LD_PRELOAD="$library" HANGS=rd_kafka_destroy HANGS_WHEN="$work/when" "$HINDCAST" status \
    --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$of-PQfinish" >"$work/status.out" 2>&1 || code=$?
wanted=0
"$HINDCAST" status --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$of-PQfinish" >"$work/status.want" 2>&1 || wanted=$?
check "status ends by itself, with its own exit code" "$wanted" "$code"
check "status prints all of it" "$(wc -l <"$work/status.want")" "$(wc -l <"$work/status.out")"
exit "$failed"
