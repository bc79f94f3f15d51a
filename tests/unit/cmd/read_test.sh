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

# --- options

printf '%s\n' 'level=info msg="a b" ts=2026-03-01T10:00:00Z' >logfmt.log
same "what it is read as" logfmt "$(lines logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
same "--as reads it as something else" text "$(lines --as text logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
lines --as nonsense logfmt.log
same "--as with a format that nobody reads" 3 $?
printf '[topic.old]\nformat = text\nservice = billing\n' >hindcast.ini
same "--topic reads as that topic is read" '"format":"text" "service":"billing"' \
    "$(lines --topic old logfmt.log | sed 's/.*\("format":"[^"]*"\).*\("service":"[^"]*"\).*/\1 \2/')"
same "another topic is read as it looks" logfmt "$(lines --topic new logfmt.log | sed 's/.*"format":"\([^"]*\)".*/\1/')"
rm hindcast.ini
lines
same "no path" 2 $?
lines files/none
same "a path that is not there" 1 $?
same "nothing was written" "all.tar err files logfmt.log out" "$(ls | tr '\n' ' ' | sed 's/ $//')"
exit $failed
