#!/bin/sh
# `hindcast draft --public`: records of real tools carry secrets and names wherever these tools have
# them, and no byte in the folder has one of them; a folder with other files is refused; a policy that
# is wrong is told. Needs PostgreSQL's programs only. HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

cd "$work"
unset HINDCAST_LOAD_MANIFEST # names of files are told, too

# ---- records: an alert with labels, a chat, logs, a deployment, an event of our own ----

mkdir -p in/zoltan-files in/chan-canary
cat >in/zoltan-files/alertmanager.json <<'EOT'
{"receiver":"web","status":"firing","alerts":[{"status":"firing","labels":{"alertname":"DiskFull","severity":"critical",
"service":"checkout","instance":"canary-host-7:9100","owner":"zoltan.quibblecanary@example.org","token":"ghp_canarycanarycanary01"},
"annotations":{"summary":"disk of canary-host-7 is full for Zorblatt, says Zoltan Quibblecanary","description":"password=hunter2canary"},
"startsAt":"2026-03-01T10:00:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":"https://canary-link.example/graph?token=hunter2canary",
"fingerprint":"c0ffee0123456789"}],"groupLabels":{"alertname":"DiskFull"},"commonLabels":{"alertname":"DiskFull"},"commonAnnotations":{},
"externalURL":"https://canary-link.example","version":"4","groupKey":"{}:{alertname=\"DiskFull\"}"}
EOT
cat >in/users.json <<'EOT'
[{"id":"U0CANARY1","name":"zoltan","real_name":"Zoltan Quibblecanary","profile":{"display_name":"zoltan","real_name":"Zoltan Quibblecanary"}},
 {"id":"U0CANARY2","name":"ottilie","real_name":"Ottilie Brandcanary","profile":{"display_name":"ottilie","real_name":"Ottilie Brandcanary"}}]
EOT
echo '[{"id":"C1","name":"chan-canary"}]' >in/channels.json
cat >in/chan-canary/2026-03-01.json <<'EOT'
[{"type":"message","user":"U0CANARY1","text":"I am the incident commander. <@U0CANARY2> please look at canary-host-7, Zorblatt called","ts":"1772359260.000100"},
 {"type":"message","user":"U0CANARY2","text":"Found it: Bearer canarybearer0123 is refused, card 4111 1111 1111 1111, call +49 30 55512345","ts":"1772359320.000200"},
 {"type":"message","user":"U0CANARY1","text":"thanks Ottilie, rolled back by Ottilie Brandcanary, see <https://canary-link.example/x|the wiki> and 10.77.66.55","ts":"1772359380.000300"}]
EOT
cat >in/zoltan-files/canary-file.jsonl <<'EOT'
{"time":"2026-03-01T10:01:00Z","level":"error","service":"checkout","host":"canary-host-7","message":"disk is full, password=hunter2canary for zoltan","user":"ottilie","trace_id":"ghp_canarycanarycanary01"}
{"time":"2026-03-01T10:02:00Z","level":"error","service":"checkout","host":"canary-host-7","message":"eyJjanaryX.eyJhIjoxfQ.x AKIAQCANARY0000EXAM Cookie: sid=canary-cookie fd00:77::c4","user":"ottilie"}
EOT
cat >in/deploy.json <<'EOT'
{"kind":"change","time":"2026-03-01T09:58:00Z","title":"deploy of checkout by Ottilie Brandcanary: rotate ghp_canarycanarycanary01","service":"checkout","actor":"Ottilie Brandcanary","url":"https://canary-link.example/deploy","host":"canary-host-7"}
EOT
cat >policy.ini <<'EOT'
[customers]
names = Zorblatt
[evidence]
excerpts = yes
EOT

canaries='hunter2canary ghp_canary quibblecanary brandcanary zoltan ottilie canary-host canary-link
zorblatt chan-canary canary-file canarybearer 4111 55512345 eyjjanary akiaq canary-cookie fd00:77
10.77.66.55 u0canary'
found_in() { # FOLDER: canaries that are there
    for canary in $canaries; do
        if grep -rqiaF -e "$canary" "$1"; then echo "$canary"; fi
    done
}
none_in() { # FOLDER
    found_in "$1" >found
    [ ! -s found ] || { cat found && return 1; }
}

check "a draft for the public is made" sh -c '"$1" draft in --public --report-redaction policy.ini \
    --title "Disk full at Zorblatt, says Zoltan" --from 2026-03-01T09:50Z --to 2026-03-01T10:20Z >out.txt 2>err.txt' sh "$HINDCAST"
check "no byte of the folder has a canary" none_in hindcast-public
check "the folder has every form" sh -c 'test -s hindcast-public/index.html &&
    for f in postmortem.md postmortem.html timeline.jsonl timeline.csv; do
        ls hindcast-public/2026-*/$f >/dev/null || exit 1; done'
check "people have roles or pseudonyms" sh -c 'cat hindcast-public/2026-*/postmortem.md | grep -q "Person 1" &&
    cat hindcast-public/2026-*/timeline.jsonl | grep -q "host-1"'
check "it is told what was replaced" grep -q "for the public, replaced: .*people" out.txt
check "and written beside" grep -q "^INC-2026-0001: .*secrets" hindcast-public/redaction.txt
check "the terminal shows no secret" sh -c '! grep -e hunter2canary -e ghp_canary -e canarybearer out.txt err.txt'

"$HINDCAST" draft in --out plain --from 2026-03-01T09:50Z --to 2026-03-01T10:20Z \
    --title "Disk full at Zorblatt, says Zoltan" >plain.txt 2>&1
found_in plain >found
check "without --public they are there" sh -c 'test "$(wc -l <found)" -ge 18'

# ---- folders and policies ----

check "a folder with other files is refused" fails_with 1 "$HINDCAST" draft in --public --out plain
check "and why is told" holds "not written with --public" errors
check "a folder for the public is written again" sh -c '"$1" draft in --public --report-redaction policy.ini \
    --from 2026-03-01T09:50Z --to 2026-03-01T10:20Z >again.txt 2>&1' sh "$HINDCAST"
check "still no canary" none_in hindcast-public
printf '[people]\nshow = never\n' >wrong.ini
check "a wrong policy is an error of the configuration" fails_with 3 "$HINDCAST" draft in --public \
    --out other --report-redaction wrong.ini
check "with file and line" holds "wrong.ini:2: 'never' is none of roles" errors
check "and nothing is written" test ! -e other
check "so is one that is not there" fails_with 1 "$HINDCAST" draft in --public --out other \
    --report-redaction nowhere.ini
check "which is named" holds "nowhere.ini" errors

exit "$failed"
