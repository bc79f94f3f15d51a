#!/bin/sh
# Correlators that follow share the scopes: what one computes another leaves to it, and takes over when it is gone. Eight scopes with an
# alert each; the records are ours.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program, with failpoints. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

brokers=$HINDCAST_KAFKA
unset HINDCAST_KAFKA
scopes='s1 s2 s3 s4 s5 s6 s7 s8'

own_database claims
"$HINDCAST" migrate >/dev/null
topics='' settings=''
for scope in $scopes; do
    topics=$topics,claims-$$-$scope
    settings="$settings --per-topic claims-$$-$scope.scope=$scope"
done

# deliver PHASE MINUTE: a record for each scope
deliver()
{
    for scope in $scopes; do
        echo '{"time":"2026-04-02T10:0'"$2"':00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"'"$1"'","text":"errors","id":"'"$1"'"}' >"$work/$scope.jsonl"
        "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "claims-$$-$scope" "$work/$scope.jsonl" >"$work/load.log" 2>&1
    done
    # shellcheck disable=SC2086 # one word each
    "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "${topics#,}" --kafka-group "claims-$$" $settings >"$work/ingest.log" 2>&1
}

is() { [ "$(value "$2")" = "$1" ]; } # VALUE SQL

held="SELECT count(*) FROM correlate.claim"
told="SELECT count(DISTINCT scope) FROM correlate.incident"
deliver trigger 0

HINDCAST_FAILPOINT=correlate_before_save:1:stop "$HINDCAST" correlate --follow --correlate-interval 200ms >"$work/first.log" 2>&1 &
first=$! running="$running $!"
wait_until "one computes a scope, and stands still" is 1 "$held"
scope=$(value "SELECT scope FROM correlate.claim")
"$HINDCAST" correlate --follow --correlate-interval 200ms >"$work/second.log" 2>&1 &
second=$! running="$running $!"
wait_until "the other computes the others" is 7 "$told"
check "and leaves that one to it" [ "$(value "SELECT count(*) FROM correlate.incident WHERE scope = '$scope'") $(value "$held")" = "0 1" ]
kill -KILL "$first"
wait "$first" 2>/dev/null || true
wait_until "until it is gone" is 8 "$told"
wait_until "then nothing is claimed" is 0 "$held"

"$HINDCAST" correlate --follow --correlate-interval 200ms >"$work/first.log" 2>&1 &
first=$! running="$running $!"
before=$(awk '/^correlated/ { n += $2 } END { print n + 0 }' "$work/second.log")
deliver resolve 5
wait_until "both together take everything in" is 8 "SELECT count(*) FROM correlate.incident WHERE records = 2"
wait_until "and release it" is 0 "$held"
kill -TERM "$first" "$second"
wait "$first" || not_ok "the first ends well"
wait "$second" || not_ok "the second ends well"

after=$(cat "$work/first.log" "$work/second.log" | awk '/^correlated/ { n += $2 } END { print n + 0 }')
check "each new record is computed once, alone: 8 scopes of 1" [ "$((after - before))" = 8 ]
exit $failed
