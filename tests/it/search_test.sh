#!/bin/sh
# What people remember of an incident finds it: search and similar after load, ingest and correlate,
# through a real broker; bad input, no database, empty answers, terminals, readers that go away. The
# records are ours: three incidents of a shop in hindcast's own event JSON.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

brokers=$HINDCAST_KAFKA
unset HINDCAST_KAFKA
topic=search-$$

own_database search
check "migrate" "$HINDCAST" migrate
"$HINDCAST" search pool >"$work/found" 2>"$work/told"
check "nothing is found before anything is there" test ! -s "$work/found"
check "and it says so" holds 'no incident found' told

# An alert, two messages and its end; day, service, alert, message.
incident() {
    cat <<RECORDS
{"time":"2026-0$1T10:00:00Z","kind":"alert","source":"monitor","service":"$2","severity":"critical","phase":"trigger","text":"$3","id":"a$1","fingerprint":"$2 $3"}
{"time":"2026-0$1T10:03:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"$4","id":"c$1"}
{"time":"2026-0$1T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"$2 is back, thanks","id":"d$1"}
{"time":"2026-0$1T10:12:00Z","kind":"alert","source":"monitor","service":"$2","severity":"critical","phase":"resolve","text":"$3","id":"a$1","fingerprint":"$2 $3"}
RECORDS
}
{
    incident 4-02 checkout-api 'checkout-api answers with errors' 'checkout-api: the connection pool is \u001b[31mexhausted'
    incident 5-02 billing 'billing is slow' 'billing: Störung beim Bezahldienst, pool of workers is empty'
    incident 6-02 checkout-api 'checkout-api answers with errors' 'checkout-api: again, as in April'
} >"$work/records.jsonl"
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" \
    --kafka-group "$topic"
check "correlate" "$HINDCAST" correlate --once
check "three incidents" test "$("$HINDCAST" incidents --format jsonl | grep -c .)" = 3

"$HINDCAST" search connection pool >"$work/found"
check "what is remembered finds the incident" holds '^1\. INC-2026-0001 .*checkout-api answers' found
check "with the line, its place and where the words are" holds \
    'chat_message, records\.jsonl:2  \[connection, pool in text\]$' found
check "and why it stands there" holds '^   score .* = connection .*(1 line) + pool .* + best line ' found
check "no other one is found" lacks '^2\.' found
check "no escape sequence of a record reaches the terminal" lacks "$(printf '\033')" found
"$HINDCAST" search stoerung --tz Europe/Berlin >"$work/found"
check "umlauts as people type them" holds 'ana: billing: Störung' found
check "times in the zone asked for" holds '2026-05-02 12:03:00 +02:00\|2026-05-02 12:03:00 CEST' found
"$HINDCAST" search pool --format jsonl >"$work/found"
check "an object for each incident" test "$(grep -c '^{"place":' "$work/found")" = 2
check "evidence in each hit" holds '"evidence":\[{"topic":"'"$topic"'","incarnation":1,' found
"$HINDCAST" search pool --service billing --kind alert --limit 1 \
    --since 2026-05-01T00:00:00Z --until 2026-06-01T00:00:00Z >"$work/found" 2>"$work/told"
check "filters leave out" test ! -s "$work/found"
"$HINDCAST" search pool --actor ana --kind chat --limit 1 \
    --since 2026-05-01T00:00:00Z --until 2026-06-01T00:00:00Z >"$work/found"
check "and let through" holds '^1\. INC-2026-0002' found
"$HINDCAST" search pool --kind chat --until 2026-03-01T00:00:00Z >"$work/found" 2>"$work/told"
check "or nothing" test ! -s "$work/found"
check "which is told" holds 'no incident found' told
"$HINDCAST" search pool zookeeper >"$work/found" 2>"$work/told"
check "a word that is nowhere is told" holds 'no line and no title holds zookeeper' told
check "and what is shown without it" holds '; without zookeeper$' found
"$HINDCAST" search -- pool -connection >"$work/found"
check "words are left out" lacks 'INC-2026-0001' found

"$HINDCAST" similar INC-2026-0003 >"$work/similar" 2>"$work/told"
check "the same alert was there before" holds '^1\. INC-2026-0001' similar
check "which is the first reason" holds '^     alerts: checkout-api answers with errors .*(in 1)$' similar
check "and the service" holds '^     services: checkout-api .*(in 1)$' similar
"$HINDCAST" similar latest --format jsonl --limit 1 >"$work/found" 2>"$work/told"
check "reasons as JSON" holds '"reasons":\[{"kind":"alert","key":"' found
"$HINDCAST" similar INC-2026-0001 >"$work/found" 2>"$work/told"
check "nothing was before the first one" test ! -s "$work/found"
check "which is told, too" holds 'no earlier incident' told

check "help of search" "$HINDCAST" search --help
"$HINDCAST" search --help >"$work/told"
check "has its examples" holds 'hindcast search connection pool' told
check "help of similar" "$HINDCAST" similar --help
for wrong in 'search' 'search *** --limit 5' 'search -- -pool' 'search pool --kind pools' 'search pool --limit 0' \
    'search pool --limit 101' 'search pool --since yesterday' 'search pool --format csv' 'search pool --tz Nowhere' \
    'similar' 'similar INC-2026-0001 INC-2026-0002' 'similar latest --limit x'; do
    # shellcheck disable=SC2086 # a list of words
    check "usage: $wrong" fails_with 2 "$HINDCAST" $wrong
    check "nothing on stdout: $wrong" test ! -s "$work/out"
done
check "too many words" fails_with 2 "$HINDCAST" search a b c d e f g h i j k l m n o p q
check "are counted" holds 'at most 16 words' errors
check "what is not UTF-8" fails_with 2 "$HINDCAST" search "$(printf '\377')"
check "no such incident" fails_with 1 "$HINDCAST" similar INC-1999-0001
check "is named" holds "there is no incident 'INC-1999-0001'" errors
PGDATABASE=nowhere_$$ check "search without a database" fails_with 4 "$HINDCAST" search pool
PGDATABASE=nowhere_$$ check "similar without a database" fails_with 4 "$HINDCAST" similar latest

# Whoever has seen enough is no failure.
{ "$HINDCAST" search pool --format jsonl || echo "exit code $?" >"$work/closed"; } | true
check "a reader who goes away" test ! -s "$work/closed"

# An analyst's own login finds masked text, and no more.
analyst=search_analyst_$$
value "CREATE ROLE $analyst LOGIN; GRANT hindcast_analyst TO $analyst" >/dev/null
PGUSER=$analyst "$HINDCAST" search connection >"$work/found" 2>"$work/told" || true
check "an analyst searches" holds '^1\. INC-2026-0001' found
check "and is told that text is masked" holds 'this is masked text' told
PGUSER=$analyst "$HINDCAST" similar INC-2026-0003 >"$work/found" 2>"$work/told" || true
check "and finds similar ones" holds '^1\. INC-2026-0001' found
value "DROP ROLE $analyst" >/dev/null

exit $failed
