#!/bin/sh
# `hindcast load` into a real Kafka: the demo's files, once; a second load has nothing to send; a
# changed file is sent again; --again sends all; standard input works. Needs
# HINDCAST_KAFKA; HINDCAST = the program. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"

topic=load-test-$$
load() { # ARGUMENT...: the summary goes to $work/out
    "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic" --state "$work/state" "$@" \
        >"$work/out" 2>"$work/err" || {
        not_ok "load $* ends well"
        tail -3 "$work/err" | sed 's/^/# /'
    }
}
sent() { # NUMBER NAME
    if grep -q "^sent  *$1 records*," "$work/out"; then ok "$2"; else
        not_ok "$2"
        sed 's/^/# /' "$work/out"
    fi
}

"$HINDCAST" draft --demo --write "$work/demo" >/dev/null
# The expected number is counted without the program: lines, and elements of JSON arrays.
lines=$(cat "$work"/demo/logs/* "$work"/demo/late/* "$work"/demo/changes/* \
    "$work"/demo/alerts/*.jsonl | wc -l)
messages=$(cat "$work"/demo/chat/*/*.json | grep -c '"ts": .*,*$' || true)
edits=$(cat "$work"/demo/chat/*/*.json | grep -c '"edited": ' || true)
replies=$(cat "$work"/demo/chat/*/*.json | grep -c '"replies": ' || true)
expected=$((lines + 1 + messages - edits - replies))
load "$work/demo"
sent "$expected" "all $expected records of the demo are sent"
load "$work/demo"
sent 0 "a second load sends nothing"
if grep -q "^sent before  $expected records" "$work/out"; then ok "and says what was sent before"; else
    not_ok "and says what was sent before"
fi
echo '<134>1 2026-03-03T15:10:00Z edge-1 edge-proxy 811 - - one more' >>"$work/demo/logs/edge-proxy.log"
load "$work/demo"
sent 5001 "a file that changed is sent again, the others are not"
load --again "$work/demo"
sent $((expected + 1)) "--again sends everything"
printf 'a\nb\n' | "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic" --state "$work/s2" - \
    >"$work/out" 2>"$work/err" || true
sent 2 "standard input"

status=0
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" /nonexistent >/dev/null 2>"$work/err" || status=$?
if [ "$status" = 1 ] && grep -q /nonexistent "$work/err"; then ok "a missing path is an error"; else
    not_ok "a missing path is an error"
fi
status=0
HINDCAST_TOPIC_HEADERS=$topic=no "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic" \
    --state "$work/s3" "$work/demo" >/dev/null 2>"$work/err" || status=$?
if [ "$status" = 3 ] && grep -q "headers of $topic" "$work/err"; then
    ok "a topic whose headers are not read is not loaded into"
else
    not_ok "a topic whose headers are not read is not loaded into"
    sed 's/^/# /' "$work/err"
fi
echo 'no state' >"$work/bad"
status=0
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --state "$work/bad" "$work/demo" >/dev/null \
    2>"$work/err" || status=$?
if [ "$status" = 1 ] && grep -q "not a state file" "$work/err"; then ok "a foreign state file"; else
    not_ok "a foreign state file is refused"
fi
exit "$failed"
