#!/bin/sh
# A stream that was never read before begins where its topic does, not with whatever record happens to
# come first: what the library lost at the start is read again, all of it or a part, with --once and
# without, and the ledger tells no hole. A topic whose start is really empty of records still is read.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh), and a C compiler.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

of=lost-start-$$

[ "$(uname -s)" = Linux ] || { ok "records lost at the start # SKIP needs LD_PRELOAD" && exit 0; }
library=$work/lose.so
"${CC:-gcc}" -D_GNU_SOURCE -shared -fPIC -O1 -o "$library" "$root/tests/lib/preload/lose.c" -ldl

own_database lost_start
"$HINDCAST" migrate >"$work/migrate.out"

# Both what comes after the lost ones, and nothing but the end, may be the first that is seen.
for loses in 2 20; do
    topic=$of-once-$loses
    produce "$topic" 0 20
    code=0
    env LD_PRELOAD="$library" LOSES="$loses" HINDCAST_INGEST_WORKERS=1 "$HINDCAST" ingest --once \
        --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" \
        >"$work/$topic.out" 2>"$work/$topic.log" || code=$?
    check "--once, $loses lost: it ends well" 0 "$code"
    check "--once, $loses lost: the rows are exactly those that were sent" 0 "$(wrong "$topic" 20)"
done
topic=$of-on
produce "$topic" 0 20
start_ingest "$topic" LD_PRELOAD="$library" LOSES=3
wait_until "3 lost: all records are stored" has_records "$topic" 20
check "3 lost: the rows are exactly those that were sent" 0 "$(wrong "$topic" 20)"
check "the ledger has no hole" 0 "$(value "SELECT sum(holes + lost) FROM evidence.stream")"
exit "$failed"
