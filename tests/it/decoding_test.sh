#!/bin/sh
# Two processes of ingest with other files that start at once on an empty database: one applies its own set,
# both decode with it, and the other one says that its files differ. So they do with what is applied later, and
# no batch that was decoded otherwise is committed any more, while every record is stored once. A newer program
# takes the set over; an older one stops.
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
said() { grep -c "are not those that are applied.*(they differ in $2)" "$1.log" || true; } # NAME WHERE
began() { grep -c 'no decoding options were applied yet: applied those of this process' "$1.log" || true; } # NAME

"$HINDCAST" config --config one.ini >config
check "config shows the digest of its own, and that none is applied" "1 1" \
    "$(grep -c '^# decoding_digest = [0-9a-f]\{64\} # as above' config) $(grep -c '^# applied_decoding_digest = .*none was' config)"
check "and the first worker will apply its own" 1 "$(grep -c 'none was applied yet: the first worker applies its own' config)"

# Both are about to apply theirs when one of them is killed.
produce "$topic" 0 10
mkfifo lock
psql -XAtq <lock >psql.out 2>&1 &
running="$running $!"
exec 3>lock
echo 'BEGIN; LOCK TABLE review.decoding IN EXCLUSIVE MODE;' >&3
waiting() { [ "$(value "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() WHERE NOT l.granted AND l.relation = 'review.decoding'::regclass")" = "$1" ]; }
holding() { [ "$(value "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database AND d.datname = current_database() WHERE l.granted AND l.relation = 'review.decoding'::regclass AND l.mode = 'ExclusiveLock'")" = 1 ]; }
wait_until "the table is locked" holding
start one
wait_until "it waits" waiting 1
start two
wait_until "both wait" waiting 2
check "without a set nothing is stored" 0 "$(records "$topic")"
kill -9 "$one"
wait "$one" 2>/dev/null || true
echo 'COMMIT;' >&3
exec 3>&-
has_set() { [ "$(value 'SELECT count(*) FROM review.decoding')" = 1 ]; }
wait_until "one is applied" has_set
start one
wait_until "both read" both_read
spread 10 400
wait_until "all is read" has_records "$topic" 400
check "that of the killed one, who came first, counts" "one 0" "$(value "SELECT substring(content FROM E'\nscope = ([^\n]*)') FROM review.decoding") $(($(began one) + $(began two)))"
check "as the login that ingests" t "$(value 'SELECT applied_by = session_user FROM analyst.decoding')"
check "both decode with it" 400 "$(lines_of one)"
wait_until "the other one says that its files do not count" grep -q "are not those that are applied" two.log
check "once, and what they differ in" "0 1 1" "$(said one '.*') $(said two '.*') $(said two 'the options scope, service')"
"$HINDCAST" status --offline --config "two.ini" >status || true
check "status says so" 1 "$(grep -c '^decoding options .*; the files of this process have other ones, [0-9a-f]\{12\}, which do not count (hindcast config apply)' status)"
"$HINDCAST" status --offline --config "one.ini" >status || true
check "and nothing to those whose files count" "1 0" "$(grep -c '^decoding options ' status) $(grep -c 'have other ones' status)"

"$HINDCAST" config apply --config shop.ini >applied
check "options are applied" 1 "$(grep -c '^applied the decoding options [0-9a-f]\{64\}; ' applied)"
before=$(value 'SELECT count(*) FROM ingest.log')
spread 400 800
wait_until "all is read" has_records "$topic" 800
check "both decode with what is applied" "$before 400 0" "$(value "SELECT
    count(*) FILTER (WHERE scope IN ('one', 'two')) || ' ' || count(*) FILTER (WHERE scope = 'shop') || ' ' ||
    count(*) FILTER (WHERE scope = 'shop' AND service = 'till') FROM ingest.log")"
spoken() { [ "$(said one 'the options .*') $(said two 'the options .*')" = "$1" ]; }
wait_until "both say that theirs are others" spoken "1 2"

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
check "the correlator's configuration is another one" "1 3" \
    "$(value 'SELECT (SELECT count(*) FROM review.configuration) || $$ $$ || (SELECT count(*) FROM review.decoding)')"

# A newer program: what runs is older, and leaves the records to it.
version=$("$HINDCAST" --version | sed -n '1s/^hindcast //p')
apply_of() { # VERSION
    value "SELECT review.apply_decoding(regexp_replace(content, E'\\nprogram = [^ ]*', E'\\nprogram = $1')) FROM analyst.decoding WHERE counts" >number
}
apply_of 99.0.0
produce "$topic" 6000 6010
stop() { ! kill -0 "$one" 2>/dev/null && ! kill -0 "$two" 2>/dev/null; }
wait_until "older ones stop" stop
codes=
for pid in $one $two; do
    code=0
    wait "$pid" || code=$?
    codes="$codes $code"
done
check "with the exit code of a database that is too new" " 4 4" "$codes"
check "and say why" "1 1" "$(grep -c "of hindcast 99.0.0, and this program ($version) might" one.log) $(grep -c "of hindcast 99.0.0, and this program ($version) might" two.log)"
check "and decode nothing otherwise" 6000 "$(records "$topic")"
code=0
once() { # NAME [OPTION...]
    once=$1
    shift
    "$HINDCAST" ingest --once "$@" --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" --kafka-group "$topic" >"$once.out" 2>"$once.log"
}
once older --config one.ini || code=$?
check "nor does one that starts" "4 6000" "$code $(records "$topic")"

# An older program applied what counts: this one carries options and files on as its own.
apply_of 0.0.1
store=$(lines_of store)
once newer --config one.ini || not_ok "ingest --once: $(tail -1 newer.log)"
check "a newer one takes over" "6010 $version 1" "$(records "$topic") $(value "SELECT split_part(split_part(content, E'\n', 2), ' ', 3) FROM analyst.decoding WHERE counts") $(grep -c 'were of an older program: applied them again' newer.log)"
check "with the options that were applied" $((store + 10)) "$(lines_of store)"

# Of this version, but with other decoders: neither is the newer one.
counts=$(value "SELECT review.apply_decoding(regexp_replace(content, E'\\nprogram = ([^ ]*) [^\\n]*', E'\\nprogram = \\\\1 ' || repeat('0', 64))) FROM analyst.decoding WHERE counts")
produce "$topic" 6010 6020
code=0
once other --config one.ini || code=$?
check "another program of this version stops too" "4 6010 $counts" "$code $(records "$topic") $(value 'SELECT decoding_no FROM analyst.decoding WHERE counts')"
check "and says what to do" 1 "$(grep -c "'hindcast config apply' of this one makes its own count" other.log)"
"$HINDCAST" config apply --config store.ini >applied
once other --config store.ini || not_ok "ingest --once: $(tail -1 other.log)"
check "done so it goes on" 6020 "$(records "$topic")"

# Options that this program cannot decode with.
value "SELECT review.apply_decoding(replace(content, 'format = ', 'format = of_later')) FROM analyst.decoding WHERE counts" >number
produce "$topic" 6020 6030
code=0
once later --config store.ini || code=$?
check "who cannot decode with them stops" "3 6020" "$code $(records "$topic")"
check "and says which options those are" 1 "$(grep -c "the applied decoding options: ingest.format: 'of_later' is not a format" later.log)"
bad() { # WHAT CONTENT MESSAGE: a set written by hand
    value "SELECT review.apply_decoding(E'hindcast decoding 3\\nprogram = $version $digest\\n' || $2)" >number
    code=0
    once bad --config store.ini || code=$?
    check "a set by hand: $1" "3 1 6020" "$code $(grep -c "the applied decoding options: $3" bad.log) $(records "$topic")"
}
digest=$(value "SELECT split_part(split_part(content, E'\n', 2), ' ', 4) FROM analyst.decoding WHERE counts")
bad "not a line of options" "'scope'" "'scope' cannot be read"
bad "a value that is too long" "'scope = ' || repeat('x', 5000)" 'ingest.scope: .* longer than'
bad "a zone that nobody knows" "'assumed_zone = Mars/Olympus'" "ingest.assumed_zone: 'Mars/Olympus' is not"
bad "a name for a terminal" "E'colour\\x1b[31m = x'" "'colour[^ ]* = x' cannot be read"
bad "a file that is cut" "E'file a.map 9223372036854775807 text\\n[a]\\n'" "'a.map 9223372036854775807 text' cannot"
bad "a file outside" "E'file /etc/a.map 1 text\\n#\\n'" "'/etc/a.map' names neither"
check "none of them holds bytes for a terminal" 0 "$(LC_ALL=C grep -c "$(printf '\033')" bad.log || true)"
exit "$failed"
