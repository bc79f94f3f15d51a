#!/bin/sh
# `hindcast read`: what files decode to, with no server and nothing written.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-read.XXXXXX")
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
same() # NAME WANTED GOT
{
    if [ "$2" = "$3" ]; then echo "ok - $1"; else
        echo "not ok - $1"
        failed=1
        printf '# wanted: %s\n# got:    %s\n' "$2" "$3"
    fi
}
lines() { "$hindcast" read --format jsonl "$@" 2>err; }

mkdir files
printf '%s\n' '2026-03-01T10:00:00Z INFO started' '' '2026-03-01T10:00:05Z ERROR pool is empty' >files/api.log
# The values of a list that is laid out over lines, and of one with something that is no record.
cat >files/list.json <<'EOF'

[
  {"time": "2026-03-01T10:01:00Z", "level": "warn",
   "msg": "queue grows", "depth": {"now" : 9,
   "text": "a \" b \\ c"}},
  {"time": "2026-03-01T10:01:01Z", "level": "info", "msg": "queue \u2028 shrinks"}, 17
]
EOF

lines files/api.log >out
same "an object for each line that is one, with its place" "api.log 1,api.log 3," \
    "$(sed 's/^{"file":"\([^"]*\)","line":\([0-9]*\),.*/\1 \2/' out | tr '\n' ,)"
same "fields in the words of the event model" \
    '{"file":"api.log","line":3,"format":"text","kind":"log","record_kind":"log","time":"2026-03-01T10:00:05Z","time_source":"native","source_time_text":"2026-03-01T10:00:05Z","precision":"s","severity":"error","severity_text":"ERROR",' \
    "$(sed -n '2s/"title".*//p' out)"

lines files/list.json >out
same "a record of a document lies where it begins" "3 6 6 " \
    "$(sed 's/.*"line":\([0-9]*\).*/\1/' out | tr '\n' ' ')"
same "attributes stand in one line" '"attributes":{"depth":{"now":9,"text":"a \" b \\ c"}}}' \
    "$(sed -n '1s/.*\("attributes"\)/\1/p' out)"
same "what gives no event says why" '{"outcome":"quarantined","reason":"syntax"' \
    "$(sed -n '3s/,"detail".*//p' out)"

printf '\177ELF program' >files/program
lines files >out
same "files of a folder in their order" "api.log list.json program" \
    "$(sed 's/.*"file":"files\/\([^"]*\)".*/\1/' out | uniq | tr '\n' ' ' | sed 's/ $//')"
same "what is not read is told" '{"outcome":"skipped","reason":"a program","file":"files/program"}' "$(tail -n 1 out)"
(cd files && tar -cf ../all.tar api.log list.json)
lines all.tar >out
same "lines of an archive's entry" '"file":"all.tar!api.log","line":3' "$(sed -n '2s/^{\(.*\),"format.*/\1/p' out)"
same "standard input" '"file":"stdin","line":1' "$(lines - <files/api.log | sed -n '1s/^{\(.*\),"format.*/\1/p')"

printf '%s\n' '{' ' "level": "error",' ' "msg": "cut short",' '}' | lines - >out
same "commas that nothing follows" '"severity":"error","severity_text":"error","title":"cut short"' \
    "$(sed 's/.*\("severity":.*\),"body".*/\1/' out)"

# --- entries over many lines
printf '%s\n' 'POST /hook HTTP/1.1' 'Content-Type: application/json' '' '{"level":"error",' '"msg":"one"}' '' \
    'POST /hook HTTP/1.1' 'X-Id: 2' '' '{"level":"info","msg":"two"}' >requests.txt
lines requests.txt >out
same "a record for each request" "1 one,7 two," \
    "$(sed 's/.*"line":\([0-9]*\),.*"title":"\([a-z]*\)".*/\1 \2/' out | tr '\n' ,)"
printf '%s\n' 'commit 4be19c07d2f3' 'Author: Ada <a@example.org>' 'Date:   Tue Mar 10 19:27:40 2026 +0530' '' '    open' '' \
    'commit 77aa01c3b4e5' 'Author: Kim <k@example.org>' 'Date:   Tue Mar 10 05:11:04 2026 -0400' '' '    close' '    commit 4be19c07d2f3' >log.txt
lines log.txt >out
same "a change for each commit" "1 Ada,7 Kim," "$(sed 's/.*"line":\([0-9]*\),.*"actor":"\([A-Za-z]*\)".*/\1 \2/' out | tr '\n' ,)"
printf '%s\n' '# ours' '---' 'apiVersion: pyrra.dev/v1alpha1' 'metadata:' '  name: a' '---' 'apiVersion: openslo/v1' 'metadata:' '  name: b' >slo.yaml
lines slo.yaml >out
same "a note for each document" "1 pyrra,6 openslo," \
    "$(sed 's/.*"line":\([0-9]*\),"format":"\([a-z]*\)","kind":"note".*/\1 \2/' out | tr '\n' ,)"

# --- options

printf '%s\n' 'level=info msg="a b" ts=2026-03-01T10:00:00Z' >logfmt.log
same "what it is read as" logfmt "$(lines logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
same "--as reads it as something else" text "$(lines --as text logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
lines --as txt logfmt.log
same "--as with a format that nobody reads" 3 $?
same "names those that are" 1 "$(grep -c "did you mean 'text'" err)$(grep -q 'formats are hindcast, ' err || :)"
printf '[topic.old]\nformat = text\nservice = billing\n' >hindcast.ini
same "--topic reads as that topic is read" '"format":"text" "service":"billing"' \
    "$(lines --topic old logfmt.log | sed 's/.*\("format":"[^"]*"\).*\("service":"[^"]*"\).*/\1 \2/')"
same "another topic is read as it looks" logfmt "$(lines --topic new logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
rm hindcast.ini
lines
same "no path" 2 $?
lines files/none
same "a path that is not there" 1 $?

mkdir -p around/hindcast-draft/inc
echo '2026-03-01T10:00:00Z INFO started' >around/own.log
echo '2026-03-01T10:00:00Z a draft' >around/hindcast-draft/inc/summary.md
: >around/hindcast-draft/.hindcast-drafts
same "drafts that hindcast wrote are not read" 1 "$(lines around | grep -c '"outcome":"skipped","reason":"drafts that hindcast wrote"')"
same "but the rest is" 1 "$(lines around | grep -c '"time":')"
same "and so are drafts that are named" 1 "$(lines around/hindcast-draft | grep -c '"time":')"
rm -r around

# --- the table

mkdir -p table/sub empty
printf '%s\n' '2026-03-01T10:00:00Z INFO started' 'WARN worker 3 is idle' '2026-03-02T11:00:05Z ERROR pool is empty' >table/own.log
printf '%s\n' '2026-03-01 10:00:00 INFO started' '2026-03-01 10:00:05 WARN slow' >table/sub/local.log
printf '%s\n' '{"a":1}' '{"a":2}' >table/sub/strange.jsonl
printf '{"a": 1,\n "b": [\n' >table/cut.json
printf '<!DOCTYPE html>\n<html><body>Please sign in\n' >table/page.json
printf '\177ELF program' >table/core
: >table/nothing.log
ln -s nowhere table/link
touch -h -d '2026-03-03T00:00:00Z' table/* table/sub/*
"$hindcast" read table >out 2>err
same "the table is fine though files are not" 0 $?
row() { sed -n "s/^\(.\) $1  *//p" out | sed 's/  */ /g'; } # FILE
below() { sed -n "/^. $1 /,/^[^ ]\|^  [^ ]/{//d;p;}" out | sed 's/^ *//' | tr '\n' '|'; } # FILE
same "a row: read as, records, events, first and last time, how many with a severity" \
    "text 3 3 2026-03-01 10:00 03-02 11:00 3" "$(row own.log)"
same "what was inherited" "times: 2 of their own, 1 from the line before|" "$(below own.log)"
same "a zone that is assumed" "times: 2 without a time zone (UTC assumed; --zone tells another)|" "$(below sub.local.log)"
same "is to be looked at" "! sub/local.log" "$(grep -o '^. sub/local.log' out)"
same "what nobody knows" "not recognised: 2 of 2 events are without a time or words that anybody knows|" \
    "$(below sub.strange.jsonl | sed 's/times:.*//')"
same "what looks like JSON" "read as lines of text, though it looks like JSON that is cut or not valid|" \
    "$(below cut.json | sed 's/|.*/|/')"
same "what is quarantined, with its line" "1 record cannot be read (line 1: syntax: begins like JSON but is not valid JSON)" \
    "$(below cut.json | cut -d '|' -f 2)"
same "what looks like a web page" "read as lines of text, though it looks like a web page|" "$(below page.json | sed 's/|.*/|/')"
same "what is not read, and why" "core:not read: a program link:not read: a link that leads nowhere nothing.log:not read: empty " \
    "$(sed -n 's/^- \([^ ]*\)  */\1:/p' out | sort | tr '\n' ' ')"
same "the total" "5 files: 11 records, 10 events, 2026-03-01 10:00 to 2026-03-02 11:00 UTC" "$(grep ' files: ' out)"
same "how many to look at" "4 to look at (!) 3 not read (-) " "$(tail -n 2 out | tr '\n' ' ')"
same "no line is longer than 100 columns" "" "$(LC_ALL=C.UTF-8 awk 'length($0) > 100' out)"
"$hindcast" read --zone 'sub/*=+02:00' --zone +00:00 table/sub table/own.log >out 2>err
same "a zone of files" 1 "$(grep -c '(+02:00 assumed, as told)' out)"
mkdir zones
for request in 11 29 37 41 53 67; do
    printf '2026-03-01T10:%s:00Z INFO request r-90%s17 from 203.0.113.%s\n' "$request" "$request" "$request" >>zones/api.log
    printf '2026-03-01 15:%s:01 WARN 203.0.113.%s: slow\n' "$request" "$request" >>zones/proxy.log
done
sed -i '/:67:/d' zones/*.log
printf '2026-03-01T10:59:00Z INFO request r-905917 from 203.0.113.59\n' >>zones/api.log
"$hindcast" read zones >out
same "a zone that disagrees with a neighbour" \
    "! proxy.log: what it mentions comes 5 h later than in api.log (5 of 5 times): its zone is not UTC, perhaps +05:00 (--zone)" \
    "$(sed -n '/^! proxy.log: /,/^[0-9]/p' out | sed '$d;s/^    / /' | tr -d '\n')"
"$hindcast" read zones --zone 'proxy*=+05:00' >out
same "and one that agrees" 0 "$(grep -c 'what it mentions' out)"
"$hindcast" read --explain table/own.log >out
same "who bids" "line 1: text wins with the highest bid, 1;" "$(below own.log | tr '|' '\n' | sed -n '/^line 1/s/; .*/;/p')"
"$hindcast" read --explain --format jsonl table/own.log >out 2>err
same "but not in JSON Lines" 2 $?
"$hindcast" read empty >out 2>err
same "a folder without files" "1 hindcast: there are no records in empty" "$? $(head -n 1 err)"
"$hindcast" read table/core >out 2>err
same "nothing that can be read" "1 hindcast: there are no records in table/core" "$? $(head -n 1 err)"
same "nothing was written" "all.tar empty err files log.txt logfmt.log out requests.txt slo.yaml table zones" "$(ls | tr '\n' ' ' | sed 's/ $//')"
exit $failed
