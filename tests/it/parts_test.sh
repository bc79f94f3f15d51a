#!/bin/sh
# What is new is correlated by what is new: random alerts, lines and changes of five weeks come in batches, late, twice and in several
# versions; after each batch `correlate` computes what the batch touches, and the export is that of a copy of the database that is
# rebuilt. All records are made up by a seed.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program. RUNS (2 feeds) and SEED may be set. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

brokers=$HINDCAST_KAFKA
unset HINDCAST_KAFKA
RUNS=${RUNS:-2}
SEED=${SEED:-1}
BATCHES=8

# feed SEED KINDS : $work/batch.N
feed()
{
    awk -v seed="$1" -v kinds="$2" -v batches="$BATCHES" -v out="$work/batch." 'BEGIN {
        srand(seed)
        many = split(kinds, kind, " ")
        split("checkout cart search mail", service, " ")
        split("errors rise|disk is full|queue grows|certificate ends", title, "|")
        for (b = 1; b <= batches; b++)
            for (i = 0; i < 14; i++) {
                # most of it near three moments, some anywhere in five weeks
                day = rand() < 0.7 ? 3 + 9 * int(rand() * 3) : int(rand() * 35)
                minute = rand() < 0.7 ? 600 + int(rand() * 120) : int(rand() * 1440)
                at = sprintf("2026-0%d-%02dT%02d:%02d:%02dZ", 3 + int(day / 28), 1 + day % 28, int(minute / 60), minute % 60, int(rand() * 3) * 20)
                k = kind[1 + int(rand() * many)]
                s = service[1 + int(rand() * 4)]
                line = sprintf("{\"time\":\"%s\",\"kind\":\"%s\",\"source\":\"s%d\",\"service\":\"%s\",\"host\":\"h%d\"", at, k, int(rand() * 2), s, int(rand() * 3))
                line = line sprintf(",\"severity\":\"%s\",\"text\":\"%s\"", rand() < 0.8 ? "critical" : "warning", title[1 + int(rand() * 4)])
                if (k == "alert") line = line sprintf(",\"phase\":\"%s\",\"dedup_key\":\"%s-%d\"", rand() < 0.7 ? "trigger" : "resolve", s, int(rand() * 3))
                if (rand() < 0.05) line = line sprintf(",\"incident\":\"INC-%d\"", int(rand() * 3))
                if (rand() < 0.8) line = line sprintf(",\"id\":\"e%d\",\"version\":%d", int(rand() * 90), int(rand() * 3))
                print line "}" >(out b)
            }
    }'
}

rebuilt() # FILE : the export of a copy that is rebuilt
{
    value "SELECT 1" >/dev/null
    copy=${PGDATABASE}_copy
    psql -qX -d postgres -c "DROP DATABASE IF EXISTS $copy" -c "CREATE DATABASE $copy TEMPLATE $PGDATABASE" >/dev/null 2>&1
    PGDATABASE=$copy "$HINDCAST" correlate --rebuild >>"$work/rebuild.log" 2>&1
    PGDATABASE=$copy "$HINDCAST" export >"$1"
    psql -qX -d postgres -c "DROP DATABASE $copy" >/dev/null 2>&1
}

# replay SEED KINDS NAME
replay()
{
    topic=parts-$$-$1
    own_database "parts$1"
    "$HINDCAST" migrate >/dev/null
    feed "$1" "$2"
    : >"$work/correlate.log"
    batch=0
    same=yes
    while [ "$batch" -lt "$BATCHES" ] && [ "$same" = yes ]; do
        batch=$((batch + 1))
        "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/batch.$batch" >"$work/load.log" 2>&1
        "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic" >"$work/ingest.log" 2>&1
        "$HINDCAST" correlate --once >>"$work/correlate.log" 2>&1 || { same=no && tail -3 "$work/correlate.log"; }
        "$HINDCAST" export >"$work/export"
        rebuilt "$work/rebuilt"
        cmp -s "$work/export" "$work/rebuilt" || same=no
    done
    check "$3: after each of $BATCHES batches the export is that of a rebuild" [ "$same" = yes ] || {
        echo "# SEED=$1, batch $batch"
        diff "$work/export" "$work/rebuilt" | cut -c1-600 | head -6 | sed 's/^/# /'
    }
    parts=$(grep -c 'correlated [0-9]* new events' "$work/correlate.log" || true)
    # The first computes the scope, the second keeps its groups.
    check "$3: all but two of them were computed by what is new" [ "$parts" = "$((BATCHES - 2))" ]
}

run=0
while [ "$run" -lt "$RUNS" ]; do
    replay "$((SEED + 2 * run))" alert "feed $run of alerts"
    replay "$((SEED + 2 * run + 1))" "alert alert log deploy chat" "feed $run of alerts, lines, changes and talk"
    run=$((run + 1))
done
exit $failed
