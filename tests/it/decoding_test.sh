#!/bin/sh
# Two processes of ingest with other files read one topic: without applied options each decodes with its
# own; once some are applied both decode with those, say that theirs are others, and no batch that was
# decoded otherwise is committed any more, while every record is stored once.
# Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database decoding_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"
topic=decoding-$$

printf '[ingest]\nscope = one\n' >one.ini
printf '[ingest]\nscope = two\nservice = till\n' >two.ini
printf '[topic.%s]\nscope = shop\n' "$topic" >shop.ini
printf '[topic.%s]\nscope = store\n' "$topic" >store.ini

start() { # NAME: with its files, one worker
    HINDCAST_INGEST_WORKERS=1 HINDCAST_INGEST_BATCH_ROWS=50 "$HINDCAST" ingest --config "$1.ini" \
        --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" >"$1.out" 2>"$1.log" &
    running="$running $!"
    eval "$1=$!"
}
spread() { # FROM TO: as produce(), in ten files, each of which goes to a partition of its own choice
    mkdir "part-$1"
    for file in 0 1 2 3 4 5 6 7 8 9; do
        awk -v from=$(($1 + ($2 - $1) * file / 10)) -v to=$(($1 + ($2 - $1) * (file + 1) / 10)) 'BEGIN {
            for (i = from; i < to; i++) printf "{\"time\":\"2026-03-01T10:%02d:%02dZ\",\"kind\":\"log\",\"service\":" \
                "\"cart\",\"text\":\"line %d\"}\n", int(i / 60) % 60, i % 60, i }' >"part-$1/$file.jsonl"
    done
    "$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic "$topic" --state state "part-$1" >load.out 2>&1 ||
        not_ok "load $1 $2"
}
lines_of() { # SCOPE
    value "SELECT count(*) FROM ingest.log WHERE scope = '$1'"
}
both_read() { # each has partitions, and none is without a worker
    [ "$(value "SELECT count(DISTINCT owner_pid) || ' ' || count(*) - count(owner_pid)
        FROM evidence.stream WHERE topic = '$topic'")" = "2 0" ]
}
at_least() { [ "$(records "$topic")" -ge "$1" ]; }
said() { grep -c 'are not those that are applied' "$1.log" || true; } # NAME

produce "$topic" 0 10
start one
start two
wait_until "both read" both_read
spread 10 400
wait_until "all is read" has_records "$topic" 400
check "where none is applied each decodes with its own" "400 0" "$(value "SELECT
    count(*) FILTER (WHERE scope IN ('one', 'two')) || ' ' || (count(DISTINCT scope) < 2)::int FROM ingest.log")"
check "and has nothing to say" "0 0" "$(said one) $(said two)"
"$HINDCAST" config --config one.ini >config
check "config shows the digest of its own, and that none is applied" "1 1" \
    "$(grep -c '^# decoding_digest = [0-9a-f]\{64\} # as above' config) $(grep -c '^# applied_decoding_digest = .*none was' config)"

"$HINDCAST" config apply --config shop.ini >applied
check "options are applied" 1 "$(grep -c '^applied the decoding options [0-9a-f]\{64\}; ' applied)"
before=$(value 'SELECT count(*) FROM ingest.log')
spread 400 800
wait_until "all is read" has_records "$topic" 800
check "both decode with what is applied" "$before 400 0" "$(value "SELECT
    count(*) FILTER (WHERE scope IN ('one', 'two')) || ' ' || count(*) FILTER (WHERE scope = 'shop') || ' ' ||
    count(*) FILTER (WHERE scope = 'shop' AND service = 'till') FROM ingest.log")"
spoken() { [ "$(said one) $(said two)" = "1 1" ]; }
wait_until "both say that theirs are others" spoken

# In the midst of it. What was decoded with the ones before is not committed once others are applied.
spread 800 6000 &
wait_until "it is being read" at_least 1200
"$HINDCAST" config apply --config store.ini >applied
shop=$(lines_of shop)
wait $!
wait_until "all is read" has_records "$topic" 6000
check "no batch of the ones before came later" "$shop" "$(lines_of shop)"
check "the rest is decoded with the new ones" 0 "$(value "SELECT count(*) - $before - $shop - $(lines_of store) FROM ingest.log")"
check "some is" yes "$([ "$(lines_of store)" -gt 0 ] && echo yes)"
check "every record is stored once" 0 "$(wrong "$topic" 6000)"
check "applying the same again" 1 "$("$HINDCAST" config apply --config store.ini | grep -c '^the decoding options .* are applied already')"
check "the correlator's configuration is another one" "1 2" \
    "$(value 'SELECT (SELECT count(*) FROM review.configuration) || $$ $$ || (SELECT count(*) FROM review.decoding)')"

# Options that this program cannot decode with, as a later one may apply them.
value "SELECT review.apply_decoding(replace(content, 'format = ', 'format = of_later')) FROM analyst.decoding WHERE counts" >number
produce "$topic" 6000 6010
stops() { ! kill -0 "$one" 2>/dev/null || ! kill -0 "$two" 2>/dev/null; }
wait_until "who cannot decode with them stops" stops
check "and nothing was decoded otherwise" 6000 "$(records "$topic")"
exit "$failed"
