#!/bin/sh
# Maps, formats of lines and schemas belong to the decoding options that are applied: a worker that has none
# of them, or others, decodes with the applied ones, takes up others while it runs, and stops where it cannot
# read them. Stored records are read again with one set alone, also where another is applied meanwhile.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database decoding_files_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"
topic=lamps-$$

folder() { # NAME SERVICE: maps and lines that give this service, and a file that tells of the folder
    mkdir -p "$1"
    printf '%s\n' '[lamp]' 'bid = 90' 'when = lamp, n' 'kind = log' 'title = "line {n}"' "service = \"$2\"" \
        'time = at' 'namespace = lamp' >"$1/lamp.map"
    printf '%s\n' '[tide]' 'bid = 90' 'first = t' 'line = tide (?<number>\d+) %{iso:time}' \
        "service = $2 | $2" 'message = line {number}' >"$1/tide.lines"
    printf '[ingest]\nmaps = %s\n' "$1" >"$1.ini"
}
folder one first
folder two second
: >none.ini

send() { # FROM TO: every fifth is a line of text
    awk -v from="$1" -v to="$2" 'BEGIN { for (i = from; i < to; i++) {
        at = sprintf("2026-03-01T10:%02d:%02dZ", int(i / 60) % 60, i % 60)
        if (i % 5) printf "{\"lamp\":\"L-9\",\"n\":%d,\"at\":\"%s\"}\n", i, at
        else printf "tide %d %s\n", i, at } }' >"part-$1.log"
    "$HINDCAST" load --config none.ini --brokers "$HINDCAST_KAFKA" --topic "$topic" --state state "part-$1.log" \
        >load.out 2>&1 || not_ok "load $1 $2"
}
start() { # NAME CONFIG
    HINDCAST_INGEST_WORKERS=1 HINDCAST_INGEST_BATCH_ROWS=50 "$HINDCAST" ingest --config "$2.ini" \
        --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" >"$1.out" 2>"$1.log" &
    running="$running $!"
    eval "$1=$!"
}
apply() { "$HINDCAST" config apply --config "$1.ini" >applied; }
count() { value "SELECT count(*) FROM ingest.log WHERE $1"; }
said() { grep -c "$2" "$1.log" || true; } # NAME WORDS

start bare none
send 0 100
wait_until "all is read" has_records "$topic" 100
check "the first worker says that it applied its own" 1 "$(said bare 'no decoding options were applied yet: applied those of this process, [0-9a-f]\{12\}, which every')"
check "a worker without files that applied its own knows neither" 0 "$(count "format IN ('lamp', 'tide')")"

apply one
check "the set holds the text of the files" "1 1 1" "$(value "SELECT (content LIKE E'%\nfile lamp.map % text\n[lamp]\n%')::int
    || ' ' || (content LIKE E'%\nfile tide.lines %')::int || ' ' || (content LIKE E'hindcast decoding 3\n%')::int FROM analyst.decoding WHERE counts")"
send 100 200
wait_until "all is read" has_records "$topic" 200
check "once they are applied it decodes with them, while it runs" "80 20 0" \
    "$(count "format = 'lamp' AND service = 'first'") $(count "format = 'tide' AND service = 'first'") $(count "format NOT IN ('lamp', 'tide') AND body LIKE 'line %'")"
wait_until "it says so" grep -q 'which count (they differ in maps, lines or schemas)' bare.log
check "batches say with which set" "1 2" "$(value "SELECT string_agg(DISTINCT decoding_no::text, ' ' ORDER BY decoding_no::text) FROM evidence.batch")"
check "and with which decoders" 2 "$(value 'SELECT count(DISTINCT decoders) FROM evidence.batch')"

start other two
both_read() { [ "$(value "SELECT count(DISTINCT owner_pid) || ' ' || count(*) - count(owner_pid) FROM evidence.stream WHERE topic = '$topic'")" = "2 0" ]; }
wait_until "both read" both_read
send 200 400
wait_until "all is read" has_records "$topic" 400
check "a worker with other files decodes with the applied ones" "300 0" "$(count "service = 'first'") $(count "service = 'second'")"
check "as one with the same decoders" 2 "$(value 'SELECT count(DISTINCT decoders) FROM evidence.batch')"

# In the midst of it.
at_least() { [ "$(records "$topic")" -ge "$1" ]; }
send 400 5000 &
wait_until "it is being read" at_least 600
apply two
first=$(count "service = 'first'")
wait $!
wait_until "all is read" has_records "$topic" 5000
check "no batch of the ones before came later" "$first" "$(count "service = 'first'")"
check "the rest is decoded with the new ones" "$((4900 - first))" "$(count "service = 'second'")"
check "the ledger adds up" 0 "$(value 'SELECT count(*) FROM analyst.ledger WHERE NOT adds_up')"
uses() { [ "$(value "SELECT partitions > 0 AND partitions_behind = $1 FROM analyst.decoding_use")" = t ]; }
wait_until "all workers use it" uses 0
apply one
wait_until "and take up others, also where there is nothing to read" uses 0
send 5000 5400
wait_until "all is read" has_records "$topic" 5400
apply two

# Bytes that no worker can read: it stops, and decodes nothing otherwise.
value "SELECT review.apply_decoding(replace(content, E'[lamp]\nbid = 90', E'[lamp]\nbid = xx')) FROM analyst.decoding WHERE counts" >number
send 5400 5500
both_stop() { ! kill -0 "$bare" 2>/dev/null && ! kill -0 "$other" 2>/dev/null; }
wait_until "who cannot read them stops" both_stop
send 5500 5600
code=0
wait "$bare" || code=$?
check "as where a configuration is wrong" 3 "$code"
check "and names the line" 1 "$(said bare 'cannot read the applied maps, lines and schemas: (applied) lamp.map:2: ')"
check "nothing was decoded otherwise" 5400 "$(records "$topic")"
apply two

# --once takes the files up before it reads.
"$HINDCAST" ingest --once --config none.ini --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" \
    --kafka-group "$topic" >once.out 2>once.log || not_ok "ingest --once: $(tail -1 once.log)"
check "--once too" "5600 200" "$(records "$topic") $(count "service = 'second' AND substr(body, 6)::int >= 5400 AND body LIKE 'line %'")"

# Reading again, with a set that another one replaces in the midst of it.
HINDCAST_FAILPOINT=redecode_before_begin:3:stop "$HINDCAST" ingest --redecode --config one.ini >again.out 2>again.log &
again=$!
stopped() { [ "$(sed 's/.*) //' "/proc/$again/stat" 2>/dev/null | cut -c1)" = T ]; }
wait_until "it stands still" stopped
check "some of it is read again already" t "$(value "SELECT count(*) = 2 FROM evidence.batch WHERE kind = 'redecode'")"
apply one
kill -CONT "$again"
code=0
wait "$again" || code=$?
check "it ends well" 0 "$code"
check "and says that it began anew" 1 "$(said again 'other decoding options were applied meanwhile')"
check "all of it is as the new ones say" "5600 0" "$(count "service = 'first'") $(count "service IS DISTINCT FROM 'first'")"
check "the ledger adds up" 0 "$(value 'SELECT count(*) FROM analyst.ledger WHERE NOT adds_up')"

# A set that is too large to be applied is refused, and what was applied counts on.
mkdir large
for id in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17; do
    awk 'BEGIN { printf "{\"type\":\"record\",\"name\":\"A\",\"fields\":[],\"doc\":\""
        for (i = 0; i < 40000; i++) printf "%0100d", i
        print "\"}" }' >"large/$id.avsc"
done
counts=$(value 'SELECT decoding_no FROM analyst.decoding WHERE counts')
code=0
"$HINDCAST" config apply --ingest-schemas large >large.out 2>large.log || code=$?
check "a set of more than 64 MiB is refused" "6 1" \
    "$code $(grep -c 'the decoding options have 64 MiB with maps, lines and schemas; 64 MiB are the most' large.log)"
check "and changes nothing" "$counts" "$(value 'SELECT decoding_no FROM analyst.decoding WHERE counts')"
rm -r large

# Who may do what: everyone who reads sees the set, nobody but the correlator's role applies one. Who ingests
# may write the first one, and have it count as a newer program's.
as() { psql -XAtq -c "SET ROLE $1" -c "$2" 2>&1; } # ROLE SQL
program="program = 9.9.9 $(printf '%064d' 0)"
counts=$(value 'SELECT decoding_no FROM analyst.decoding WHERE counts')
before=$(value "SELECT md5(regexp_replace(content, E'\nprogram = [^\n]*', '')) FROM analyst.decoding WHERE counts")
check "hindcast_ingest applies no second one" 0 "$(as hindcast_ingest "SELECT evidence.begin_decoding('x')")"
check "nor takes over from one that no longer counts" 0 "$(as hindcast_ingest "SELECT evidence.take_over_decoding('$program', $counts - 1)")"
for line in 'program = 9.9.9' 'program = 9.9 00' "$program\nscope = x" "scope = x" "" "$program " "$(printf %.300000d 0)"; do
    check "nor writes another line than a program's" 1 "$(printf "SET ROLE hindcast_ingest;SELECT evidence.take_over_decoding(E'%s', %d)" "$line" "$counts" | psql -XAtq 2>&1 | grep -c 'ERROR:')"
done
check "but as a newer program" "$((counts + 1))" "$(as hindcast_ingest "SELECT evidence.take_over_decoding('$program', $counts)")"
check "whose line alone is another one" "$before $program" "$(value "SELECT md5(regexp_replace(content, E'\nprogram = [^\n]*', '')) || ' ' || split_part(content, E'\n', 2) FROM analyst.decoding WHERE counts")"
check "the same one takes over once" 1 "$(as hindcast_ingest "SELECT evidence.take_over_decoding('$program', $((counts + 1)))" | grep -c ERROR:)"
for role in hindcast_correlate hindcast_responder hindcast_analyst; do
    check "$role takes nothing over" 1 "$(as "$role" "SELECT evidence.take_over_decoding('$program', 1)" | grep -c 'permission denied')"
    check "$role begins none" 1 "$(as "$role" "SELECT evidence.begin_decoding('x')" | grep -c 'permission denied')"
done
for role in hindcast_ingest hindcast_responder hindcast_analyst; do
    check "$role reads the set" 1 "$(value "SET ROLE $role; SELECT count(*) FROM analyst.decoding WHERE counts AND content LIKE '%lamp.map%'" | tail -1)"
    check "$role sees who uses it" 1 "$(value "SET ROLE $role; SELECT count(*) FROM analyst.decoding_use" | tail -1)"
    check "$role applies none" 1 "$(psql -XAtq -c "SET ROLE $role" -c "SELECT review.apply_decoding('x')" 2>&1 | grep -c 'permission denied')"
    check "$role writes none" 1 "$(psql -XAtq -c "SET ROLE $role" -c "INSERT INTO review.decoding VALUES (99, sha256('x'), 'x')" 2>&1 | grep -c 'permission denied')"
done
exit "$failed"
