#!/bin/sh
# Names and texts from outside never reach a terminal raw: names of files, folders, archive entries,
# topics and arguments in summaries, lists and errors, and products that are shown on one. Needs PG*,
# HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh), and for the last part script(1).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=terminal-$$
own_database terminal_test
cd "$work"

# ESC, C1 in UTF-8, a byte that is not UTF-8, DEL, direction, no width, a tag character, a soft hyphen,
# line ends that could forge.
bad=$(printf 'x\033[2Jy\302\2331mz\377\177\342\200\256\342\200\213\363\240\201\201\302\255\342\200\250\nsent 9')
mark=$(printf '\357\267\222') # what the program marks its own colours with
harmless() { # NAME FILE...: what a terminal would obey is not there, and no line was forged
    name=$1
    shift
    if LC_ALL=C grep -aq "$(printf '[\001-\010\013-\037\177]')" "$@" ||
        LC_ALL=C grep -aq "$(printf '\302[\200-\237]\|\342\200\256\|\342\200\213\|\342\200\250\|\302\255\|\363\240\|\377')" "$@" ||
        grep -aq '^sent 9' "$@"; then
        not_ok "$name"
        cat "$@" | od -c | head -20 | sed 's/^/# /'
    else
        ok "$name"
    fi
}
told() { # NAME WORDS FILE
    if grep -q "$2" "$3"; then ok "$1"; else not_ok "$1: '$2' is not there" && sed 's/^/# /' "$3"; fi
}
try() { # NAME ARGUMENT...
    name=$1
    shift
    "$HINDCAST" "$@" >out.raw 2>err || true
    sed "s/$(printf '\r')\$//" out.raw >out # CSV ends its lines so
    harmless "$name" out err
}

mkdir -p "$bad/inner"
: >"$bad/$bad.log"
printf 'line\n' >"$bad/inner/$bad.txt"
tar -cf entries.tar "$bad"
try "a file's name in the summary" load --brokers "$HINDCAST_KAFKA" --topic "$topic" --state state "$bad"
told "a file's name in the summary: it is told" "^- .*sent 9.*not read: empty" out
try "an entry's name in the summary" load --brokers "$HINDCAST_KAFKA" --topic "$topic" --state state entries.tar
told "an entry's name in the summary: it is told" "^- .*sent 9.*not read: empty" out
for place in load 'report --out' 'timeline' 'load --state' 'correlate --once --correlate-rules' \
    'load --topic' 'status --tz' 'timeline x --tz' 'timeline x --format' 'declare --title t --from' \
    'formats' 'config' 'verify' 'draft --demo --write' '--config' '' \
    'config --rdkafka' 'config --database-ingest-role' 'load x --brokers'; do
    # shellcheck disable=SC2086 # words
    try "an argument: $place" $place "$bad"
done
HINDCAST_KAFKA_GROUP=$bad try "a setting of the environment" config
"$HINDCAST" migrate >/dev/null

# What the database holds: texts of records, and names that a broker would not take.
printf '{"time":"2026-03-01T10:00:00Z","kind":"alert","severity":"critical","phase":"trigger","service":"pay\\u009b1m","text":"a\\u001b[2J \\u202e \\u200b \\ufdd2 b","id":"one"}\n' >alert.json
cat alert.json alert.json >alerts.jsonl
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic-2" --state state alerts.jsonl >/dev/null
"$HINDCAST" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic-2" \
    --kafka-group "$topic-2" >/dev/null 2>err || not_ok "ingest"
"$HINDCAST" correlate --once >/dev/null
psql -qX -v ON_ERROR_STOP=1 -v bad="$(printf 'x\033[2Jy\302\2331mz\177\342\200\256\342\200\213\363\240\201\201\302\255\342\200\250\nsent 9')" <<'SQL'
UPDATE evidence.stream SET topic = :'bad';
UPDATE correlate.delivery SET topic = :'bad';
SQL
for command in duplicates incidents 'timeline latest' 'timeline latest --format md' \
    'timeline latest --format csv' 'status --offline' 'verify --all' 'report latest'; do
    # shellcheck disable=SC2086 # words
    try "what the database holds: $command" $command
    [ -s out ] || not_ok "$command says something"
    [ "$command" != duplicates ] || told "duplicates name the topic" '\[2Jy' out
done

if ! command -v script >/dev/null 2>&1; then
    ok "products on a terminal # SKIP there is no script(1)"
    exit "$failed"
fi
for command in 'export' 'timeline latest --format jsonl' 'incidents --format jsonl' \
    'status --offline --json' 'config'; do
    HINDCAST_PAGER='' TERM=xterm HINDCAST_KAFKA_GROUP=$bad script -qec "'$HINDCAST' $command" /dev/null </dev/null 2>&1 |
        tr -d '\r' >out
    harmless "on a terminal: $command" out
    [ -s out ] || not_ok "on a terminal: $command says something"
done
for command in incidents 'timeline latest' 'status --offline' duplicates; do
    HINDCAST_PAGER='' TERM=xterm script -qec "'$HINDCAST' $command" /dev/null </dev/null 2>&1 |
        tr -d '\r' >out.raw
    esc=$(printf '\033')
    sed "s/$esc\[\(0\|1\|33\|1;31\)m//g" out.raw >out
    harmless "on a terminal, but for colours of its own: $command" out
    [ "$command" = duplicates ] || grep -q "$esc\[1m" out.raw || not_ok "$command has colours"
done
# A record that holds the mark of a colour gives none.
HINDCAST_PAGER='' TERM=xterm script -qec "'$HINDCAST' export" /dev/null </dev/null >out 2>&1
if grep -q "$(printf '\033')" out; then not_ok "a mark in a record is no colour"; else
    ok "a mark in a record is no colour"
fi
"$HINDCAST" export >out
if grep -aqF "$mark" out; then ok "and stays in a file"; else not_ok "and stays in a file"; fi
printf '\342\200\256' >mark
if LC_ALL=C grep -aqF "$(cat mark)" out; then ok "a product in a file is what it is"; else
    not_ok "a product in a file is what it is"
fi
exit "$failed"
