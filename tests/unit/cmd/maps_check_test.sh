#!/bin/sh
# `hindcast formats --check`: what is wrong with a map, and what it makes of files.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-maps-check.XXXXXX")
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
says() { grep -c -F -e "$1" out; }
check() { "$hindcast" formats --check "$@" >out 2>err; }

cat >quay.map <<'EOF_MAP'
[words phase]
trigger = open
ack = seen
resolve = closed
[quay-outage]
bid = 88
when = what, state.name, keeper
kind = alert
phase = state.name > phase | update
time = closed_ms | opened_ms
severity = grade > severity
title = what | name
service = services.0.key
namespace = quay
id = no, state.name
[quay-other]
bid = 70
when = other.thing
kind = note
EOF_MAP
echo '{"no":7731,"what":"Gates stay shut","state":{"name":"Closed"},"grade":"Bad","keeper":{"name":"Ada"},"region":"north","opened_ms":1772359200000,"closed_ms":1772361600000}' >outage.json

check quay.map outage.json
same "a map without faults that reads the file" 0 $?
cat >wanted <<'EOF_OUT'
quay.map          2 shapes, 1 table, no errors
outage.json       quay-outage 88 (line 7); next: none      1 event
      kind        alert                     phase  resolve     state.name = "Closed"
      time        2026-03-01T10:40:00Z      native        closed_ms = 1772361600000 (ms)
      severity    unset                     "Bad" is in no table      <- add a word
      title       Gates stay shut           what
      service     -                         services.0.key: not there
      id          quay: 7731, Closed
      left over (3): keeper.name "Ada", region "north", opened_ms 1772359200000 (looks like a time)
ties: none.  Shapes never used: quay-other.  Words never used: phase.trigger, phase.ack.  Alternatives never used: [quay-outage] phase 2, time 2, severity 1, title 2, service 1.
EOF_OUT
same "what it makes of the file" "$(cat wanted)" "$(cat out)"

printf '%s\n' '[crane]' 'bid = 90' 'when = crane, state' 'kind = alert' 'title = crane' 'paged.trigger = called.*.name' \
    'roles = team.*' 'role_name = what' 'role_person = who' 'namespace = crane' 'id = crane, state' >crane.map
echo '{"crane":"Crane 4 stuck","state":"stuck","called":[{"name":"Ada Quill"},{"name":"Bo Lind"}],
"team":[{"what":"commander","who":"Ada Quill"},{"what":"scribe","who":null}]}' | tr -d '\n' >crane.json
check crane.map crane.json
same "whom it pages, and who has which role" "1 1" "$(says '      paged       Ada Quill; Bo Lind') $(says \
    '      roles       commander: Ada Quill; scribe: nobody')"
echo '{"crane":"Crane 4 stuck","state":"stuck"}' >crane.json
check crane.map crane.json
same "nobody" "1 1" "$(grep -c '^      paged       -$' out) $(grep -c '^      roles       -$' out)"

check quay.map
same "without a file the tables are listed" "0 1" "$? $(says '[words phase] line 1: resolve = closed; trigger = open; ack = seen;')"

echo '{"time":"2026-03-01T10:00:00Z","level":"info","msg":"a gate opens"}' >line.json
check quay.map outage.json line.json
same "a file that others read" "1 1" "$? $(says 'line.json         no shape of the map reads it; json does')"
{ cat outage.json line.json; } >both.jsonl
check quay.map both.jsonl
same "a file that others read in part" "1 1" "$? $(says '; 1 of 2 records are read by others, the first as json')"

printf '%s\n' '[a]' 'bid = 90' 'titel = x' 'kind = alert' 'phase = y > none' >bad.map
check bad.map outage.json
same "errors" 1 $?
same "all are told" "bad.map:3: unknown key titel (title?)|bad.map:5: no table [words none]|bad.map:2: bid without when|bad.map           1 shape, 0 tables, 3 errors|" \
    "$(tr '\n' '|' <out)"

printf '%s\n' '[mine]' 'bid = 92' 'when = action, alert.alertId, alert.message' 'kind = alert' >tie.map
check tie.map
same "a tie with another map" "1 1" "$? $(says 'tie: [mine] (line 3) and [opsgenie-webhook] (opsgenie.map:')"
same "records of others that it would take" 1 "$(says 'remark: [mine] also claims records of jsm_alert_webhook, opsgenie_webhook')"
printf '%s\n' '[a]' 'bid = 50' 'when = own_key=x|y' 'kind = alert' '[b]' 'bid = 50' 'when = own_key, more' 'kind = note' \
    '[c]' 'bid = 50' 'when = own_key=z' 'kind = note' >within.map
check within.map
same "lines that can both hold, but need not, are no tie" "0 ties: none." "$? $(tail -n 1 out)"
printf '%s\n' '[d]' 'bid = 50' 'when = own_key=x*, more' 'kind = note' '[e]' 'bid = 50' 'when = more, own_key' 'kind = note' >within.map
check within.map
same "a line that holds whenever another does is one" "1 1" "$? $(says 'tie: [d] (line 3) and [e] (within.map:7) both bid 50')"

printf '%s\n' '[jira-webhook]' 'bid = 91' 'when = issue.key, webhookEvent' 'kind = alert' 'id = issue.id' >jira.map
check jira.map
same "what it takes the place of" "0 1" "$? $(says '[jira-webhook] takes the place of jira.map:')"
printf '%s\n' '[x]' 'bid = 91' 'when = own_key' 'kind = alert' 'id = issue.id' >name.map
check name.map
same "an id without a namespace is remarked on" "0 1" "$? $(says 'name.map:1: remark: [x] has no namespace')"

check nowhere.map
same "a map that is not there" "3 hindcast: cannot read the map nowhere.map: No such file or directory" "$? $(cat err)"
"$hindcast" formats outage.json >out 2>err
same "files are for --check" 2 $?
exit $failed
