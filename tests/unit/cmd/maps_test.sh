#!/bin/sh
# Maps of a folder: ingest.maps is heeded by whatever decodes, what is wrong is told with file and line.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-maps.XXXXXX")
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
field() { sed 's/.*"'"$1"'":"\([^"]*\)".*/\1/' out | tr '\n' ' ' | sed 's/ $//'; }

mkdir maps
cat >maps/lamp.map <<'EOF'
[lamp-webhook]
bid = 90
when = lamp.serial, state, since
kind = alert
phase = state > lights | update
time = since
title = "lamp in {lamp.room?} is {state}"
namespace = lamp
id = lamp.serial, state, since
EOF
# A table for all maps of the folder, whatever the order of the names.
printf '%s\n' '[words lights]' 'trigger = out' 'resolve = lit' >maps/common.map
echo '{"lamp":{"serial":"L-9","room":"hall"},"state":"out","since":1772359200}' >lamp.json

"$hindcast" read --format jsonl lamp.json >out 2>err
same "without the map it is JSON" json "$(field format)"
"$hindcast" read --format jsonl --ingest-maps maps lamp.json >out 2>err
same "a map of the folder reads it" "lamp_webhook trigger 2026-03-01T10:00:00Z lamp in hall is out" \
    "$(field format) $(field phase) $(field time) $(field title)"
HINDCAST_INGEST_MAPS=maps "$hindcast" read --format jsonl lamp.json >out2 2>err
same "the environment says the same" "$(cat out)" "$(cat out2)"
printf '[ingest]\nmaps = maps\n' >hindcast.ini
"$hindcast" read --format jsonl lamp.json >out2 2>err
same "so does the file" "$(cat out)" "$(cat out2)"
same "formats lists it" 1 "$("$hindcast" formats --format jsonl | grep -c '"format":"lamp_webhook"')"
rm hindcast.ini

# One of the same name takes the place of ours, and keeps what its events are named by.
grep -q '^\[jira-webhook\]' "$root/ingest/decode/maps/jira.map" || exit 1
cat >maps/jira.map <<'EOF'
[jira-webhook]
bid = 91
when = issue.key, webhookEvent
kind = change
title = "{issue.key}: {issue.fields.summary}"
time = timestamp
id = "{issue.id}/{timestamp}", webhookEvent
namespace = another
EOF
echo '{"timestamp":1772359200000,"webhookEvent":"jira:issue_updated","issue":{"id":"10017","key":"PIER-17","fields":{"summary":"Reader reboots","project":{"key":"PIER"}}}}' >jira.json
"$hindcast" read --format jsonl jira.json >out
ours=$(field identity)
"$hindcast" read --format jsonl --ingest-maps maps jira.json >out
same "a shape of the same name replaces ours" "change PIER-17: Reader reboots" "$(field kind) $(field title)"
same "what it names events by stays" "$ours" "$(field identity)"
same "and the namespace too" jira \
    "$("$hindcast" formats --ingest-maps maps --format jsonl | sed -n 's/.*"format":"jira_webhook","identity":"\([^"]*\)".*/\1/p')"

# All errors, and nothing is used of a folder that has some.
printf '%s\n' '[a]' 'bid = 90' 'titel = x' 'when = y' 'kind = alert' >maps/a.map
printf '%s\n' '[lamp-webhook]' 'kind = alert' >maps/z.map
"$hindcast" read --format jsonl --ingest-maps maps lamp.json >out 2>err
same "errors of a configuration have its code" 3 $?
same "all are told, with file and line" \
    "maps/a.map:3: unknown key titel (title?)|maps/z.map:1: [lamp-webhook] is there twice, first in maps/lamp.map:1|hindcast: maps, formats of lines and schemas have 2 errors|" \
    "$(tr '\n' '|' <err)"
same "nothing is read" 0 "$(wc -c <out | tr -d ' ')"
"$hindcast" read --format jsonl --ingest-maps nowhere lamp.json >out 2>err
same "a folder that is not there is an error" \
    "3 hindcast: cannot read the folder of maps nowhere: No such file or directory" "$? $(cat err)"
exit $failed
