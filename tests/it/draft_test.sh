#!/bin/sh
# `hindcast draft`: the bundled incident twice gives the same bytes and a timeline that tells it; a
# folder without alerts says so and how to declare; a declared incident is drafted; nothing is left
# running. Needs PostgreSQL's programs only. HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

cd "$work"

draft() { # NAME ARGUMENT...: the output goes to NAME.txt
    name=$1
    shift
    "$HINDCAST" draft "$@" >"$work/$name.txt" 2>"$work/$name.err" || {
        not_ok "draft $* ends well"
        tail -5 "$work/$name.err" | sed 's/^/# /'
        return 0
    }
}

XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME
forms='--format json --format confluence --format jira --format gdocs --format slack --format text'
# shellcheck disable=SC2086 # words
draft first --demo --out one $forms
# What the user's own topics need does not touch the draft's.
HINDCAST_INGEST_HEADERS=no
export HINDCAST_INGEST_HEADERS
# shellcheck disable=SC2086 # words
draft second --demo --out two $forms
unset HINDCAST_INGEST_HEADERS
check "a second run gives the same bytes, in every form" diff -r one two
digest=$("$HINDCAST" config | sed -n 's/^# config_digest = \([0-9a-f]*\) .*/\1/p')
check "it says which configuration it worked with" grep -q "^Correlated with the configuration $digest\$" first.txt
digest=$("$HINDCAST" config | sed -n 's/^# decoding_digest = \([0-9a-f]*\) .*/\1/p')
check "and which decoding options" grep -q "^Decoded with the decoding options $digest\$" first.txt
check "no server and no data are left" test ! -d .hindcast/postgres

# The empty database is kept for all drafts, in any folder, and is not needed.
echo '2026-03-04T10:00:00Z INFO started' >one-line.log
set -- "$work"/cache/hindcast/postgres-*
check "an empty database is kept" test -f "$1/PG_VERSION"
: >"$1/global/pg_control"
draft damaged one-line.log
check "a damaged one is noticed, since it is used" grep -q "it is made anew" damaged.err
check "and is made anew" test -s "$1/global/pg_control"
XDG_CACHE_HOME=/proc/nowhere draft uncached one-line.log
check "without a cache a draft works, too" grep -q "What was read" uncached.txt

# The key rows, in this order.
cat >expected <<'EOT'
deployed checkout-api v2.41.0 (4f9c2ab) to production
checkout-api answers 31 % of requests
acknowledged
Declaring an incident
payment provider: their latency
Ruled out
Found it
Rolled back
back to normal
resolved
EOT
at=0
while IFS= read -r words; do
    line=$(sed '1,/^INC-.* checkout-api/d' first.txt | awk -v from="$at" -v words="$words" \
        'NR > from && index($0, words) { print NR; exit }')
    if [ -n "$line" ]; then
        at=$line
        ok "key timeline: $words"
    else
        not_ok "key timeline: $words (after row $at)"
    fi
done <expected
check "20,000 log lines and all else were read" grep -q "0 records could not be read" first.txt
check "the last line is the page that tells most" test "$(tail -n 1 first.txt)" = "  one/2026-03-03-checkout-api/postmortem.html"
for file in postmortem.md summary.md facilitator.md timeline.jsonl timeline.csv; do
    check "$file is written" test -s "one/2026-03-03-checkout-api/$file"
done
check "lint finds nothing in the drafts" "$HINDCAST" report lint one/*/*.md
"$HINDCAST" report lint one/*/*.md | grep -v ': note: .*\[prompt-left\]$' >said || true
check "but what waits for people" test ! -s said
check "the draft cites evidence" grep -q '^\[^1\]: e:[0-9a-f]' one/2026-03-03-checkout-api/postmortem.md

# Somebody else's file in the folder stays.
mkdir quiet
printf '%s\n' 'time=2026-03-04T10:00:00Z level=info service=web msg="hello there"' \
    'time=2026-03-04T10:20:00Z level=error service=web msg="disk is full"' >quiet/web.log
echo mine >one/mine
draft none quiet --out one
check "no incident: says so" grep -q "Nothing in these files looks like an incident" none.txt
check "no incident: shows what was read" grep -q "^  quiet/web.log .*logfmt  *2  *2 2026-03-04 10:00 10:20  *2\$" none.txt
check "no incident: how to declare one" grep -q -- "--from 2026-03-04T10:00:00Z" none.txt
check "foreign files stay" grep -q mine one/mine

draft declared quiet --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --title 'Disk of web' \
    --out declared
check "a declared incident is drafted" grep -q "Disk of web" declared/*/postmortem.md
check "its log line is in the timeline" grep -q "disk is full" declared/*/timeline.jsonl

# Talk and changes are enough for a candidate, which says why, in each form.
mkdir talk
cat >talk/chat.jsonl <<'EOF'
{"time":"2026-03-04T10:02:00Z","kind":"chat","source":"slack:acme","channel":"ops","actor":"mia","text":"checkout is down for me, seeing 502s"}
{"time":"2026-03-04T10:04:00Z","kind":"chat","source":"slack:acme","channel":"ops","actor":"tom","text":"users report failed payments"}
{"time":"2026-03-04T10:12:00Z","kind":"chat","source":"slack:acme","channel":"ops","actor":"tom","text":"checkout works again"}
EOF
cat >talk/commits.jsonl <<'EOF'
{"time":"2026-03-04T09:55:00Z","kind":"commit","source":"git:acme/shop","actor":"ana","text":"Raise the pool of checkout","ref":"0a1b2c3d4e"}
{"time":"2026-03-04T10:08:00Z","kind":"commit","source":"git:acme/shop","actor":"ana","text":"Revert \"Raise the pool of checkout\"","ref":"1a1b2c3d4e"}
EOF
draft talk talk --format json --format text --out talked
check "talk opens a candidate" grep -q "^INC-2026-0001 .* candidate .*checkout is down" talk.txt
because="opened from talk in .*#ops, because people told of trouble.*a change of git:acme/shop was taken back"
for file in postmortem.md postmortem.html postmortem.txt; do
    check "the reasons stand in $file" grep -q "$because" talked/2026-03-04-ops/$file
done
check "and as data" grep -q '"text":"people told of trouble"' talked/2026-03-04-ops/postmortem.json
rm talk/chat.jsonl
draft changes talk --out changed
check "changes alone give a candidate" grep -q "opened from records of git:acme/shop" changed/*/postmortem.md

# What tells no time is counted and in no timeline, unless the date of its file is to count.
mkdir times
printf '%s\n' 'ERROR before any time' '2026-03-04T10:20:00Z ERROR disk is full' \
    'ERROR and no time again' >times/web.log
touch -d 2026-03-04T10:30:00Z times/web.log
draft times times --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --out times-out
check "what has no time is told" grep -q "text .* 3 .*, 1 without a time$" times.txt
check "what has no time is in no timeline" \
    sh -c '! grep -q "before any time" times-out/*/timeline.jsonl'
check "a line without a time has that of the line before" sh -c '
    grep "no time again" times-out/*/timeline.jsonl |
        grep "\"time\":\"2026-03-04T10:20:00Z\"" | grep -q "\"time_source\":\"inherited\""'
draft undated times --undated file --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --out undated
check "the date of the file counts where one says so" sh -c '
    grep "before any time" undated/*/timeline.jsonl |
        grep "\"time\":\"2026-03-04T10:30:00Z\"" | grep -q "\"time_source\":\"assumed_date\""'

# What cannot be read is told, and the draft is made of the rest.
gzip -c quiet/web.log | head -c 60 >quiet/cut.log.gz
status=0
"$HINDCAST" draft quiet --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --out partly \
    >partly.txt 2>partly.err || status=$?
check "a cut file: exit code 6" test "$status" = 6
check "a cut file is named" sh -c 'sed -n "/^[-!] cut.log.gz/,+1p" partly.txt | grep -q "break off"'
check "a cut file: it says that not all was read" grep -q "not all of the input" partly.err
check "a cut file: the draft is written" test -s partly/2026-03-04-*/postmortem.md

# A team's template, and the forms that are asked for. One that is wrong ends it before it begins.
mkdir template
printf 'title\ttitle\tOurs: {number}\nheading\ttimeline\tWhat happened\nfill\ttimeline\t\n' >template/postmortem.tsv
draft ours quiet/web.log --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --out ours --report-templates template \
    --format json --format slack --format html
check "the draft is as the template says" grep -q '^# Ours: INC-' ours/2026-03-04-*/postmortem.md
check "and has its sections alone" test "$(grep -c '^## ' ours/2026-03-04-*/postmortem.md)" = 1
check "other documents are as the program has them" grep -q '^# Summary: ' ours/2026-03-04-*/summary.md
check "forms that are asked for are written" sh -c '
    python3 -m json.tool ours/2026-03-04-*/postmortem.json && test -s ours/2026-03-04-*/postmortem.slack.txt'
check "their files are named" grep -q "timeline.csv, postmortem.json, postmortem.slack.txt$" ours.txt
printf 'title\ttitle\tSheet: {number}\n' >template/facilitator.tsv
draft sheet quiet/web.log --from 2026-03-04T10:00Z --to 2026-03-04T11:00Z --out sheet --report-templates template
check "a team's template of another document" grep -q '^# Sheet: ' sheet/2026-03-04-*/facilitator.md
printf 'fill\tsumary\t\n' >>template/postmortem.tsv
check "a wrong template: exit code 3" fails_with 3 "$HINDCAST" draft quiet --report-templates template
check "it is named with its line" holds "template/postmortem.tsv:4: the program fills in no section 'sumary'" errors
check "config says so, too" fails_with 3 "$HINDCAST" config --report-templates template

# Nothing to read: nothing is started for it.
mkdir nothing
check "an empty folder: exit code 1" fails_with 1 "$HINDCAST" draft nothing
check "an empty folder: it is named" holds "no records in nothing" errors
check "an empty folder: no server was started" lacks PostgreSQL errors
check "an empty folder: load says so, too" fails_with 1 "$HINDCAST" load --brokers 127.0.0.1:1 nothing

# A pipe that nobody writes to: the first SIGTERM ends it, and the private server with it.
mkfifo pipe
"$HINDCAST" draft pipe >pipe.txt 2>pipe.err &
child=$!
tries=0
until grep -q "reading 1 file, " pipe.err || [ "$tries" = 600 ]; do
    tries=$((tries + 1))
    sleep 0.1 # between looks
done
kill -TERM "$child"
status=0
wait "$child" || status=$?
check "a pipe without a writer: SIGTERM ends it with 1" test "$status" = 1
check "a pipe without a writer: no server is left" test ! -d .hindcast/postgres

# What --keep left is not removed by the draft after it.
mkdir keeps
echo '2026-03-01T10:00:00Z ERROR it broke' >keeps/a.log
status=0
"$HINDCAST" draft --keep keeps >/dev/null 2>kept.err || status=$?
check "--keep: exit code 0" test "$status" = 0
check "--keep: the database is there" test -f .hindcast/postgres/data/PG_VERSION
status=0
"$HINDCAST" draft keeps >/dev/null 2>again.err || status=$?
check "the draft after --keep refuses" test "$status" = 1
check "and says what is in its way" grep -q "was kept in .hindcast/postgres" again.err
check "and leaves it alone" test -f .hindcast/postgres/data/PG_VERSION
rm -r .hindcast/postgres
status=0
"$HINDCAST" draft keeps >/dev/null 2>&1 || status=$?
check "once it is removed, the next draft goes on" test "$status" = 0

# The chart has what the logs counted, for a page and alone.
"$HINDCAST" draft --demo --out demo.out >demo.txt 2>&1
page=$(grep -l 'checkout-api answers' demo.out/*/postmortem.html | head -1)
check "the chart shows errors a minute" grep -q '>Errors a minute</text>' "$page"
check "of the log lines of its services" sh -c "[ \"\$(grep -o 'class=\"failed\"' '$page' | wc -l)\" -gt 10 ]"

# Log lines of other days are not stored where the incident's time is told; other records are.
mkdir far
cat >far/api.log <<'TEXT'
2026-02-20T10:00:00Z api ERROR long before
2026-02-28T09:59:59Z api ERROR a second too early
2026-02-28T10:00:00Z api ERROR a day before
2026-03-01T10:30:00Z api ERROR within
2026-03-02T11:00:00Z api ERROR a day after
2026-03-02T11:00:01Z api ERROR a second too late
TEXT
printf '%s\n' '{"time":"2026-02-20T10:00:00Z","kind":"note","text":"long before, by hand"}' >far/notes.jsonl
"$HINDCAST" draft far --from 2026-03-01T10:00Z --to 2026-03-01T11:00Z --title far --out far.out --tz UTC >far.txt 2>&1
check "log lines far from --from and --to are skipped and counted" grep -q \
    '^  skipped 3 log lines more than 24 h outside --from and --to: before 2026-02-28 10:00:00 UTC or after 2026-03-02 11:00:00 UTC$' far.txt
check "others are stored" grep -q 'What was read: 7 records, 4 events, 0 records could not be read' far.txt
check "the draft says so" grep -rqE '^> - skipped: 3 log lines before 2026-02-28T10:00:00Z or after 2026-03-02T11:00:00Z, ' far.out
"$HINDCAST" draft far --from 2026-03-01T10:00Z --title far --out far.out >far.txt 2>&1
check "without an end nothing is too late" grep -q '^  skipped 2 log lines .*: before [^,]*$' far.txt
"$HINDCAST" draft far >far.txt 2>&1
check "without --from nothing is skipped" sh -c "! grep -q skipped far.txt"

# What deserves a draft: the outage (critical, two services, acknowledged), not the lone warning, nor the one that ended.
mkdir several
{
    printf '{"time":"2026-03-05T%s:00Z","kind":"alert","source":"am","title":"%s","text":"%s","service":"%s","severity":"%s","fingerprint":"%s","phase":"%s"%s}\n' \
        01:00 'Disk at 80 %' 'Disk at 80 %' web warning disk trigger '' \
        03:00 'Certificate ends' 'Certificate ends' mail warning cert trigger '' \
        03:40 'Certificate ends' 'Certificate ends' mail warning cert resolve '' \
        10:00 'Checkout down' 'Checkout down' checkout critical down trigger '' \
        10:02 'Payments slow' 'Payments slow' payments error slow trigger '' \
        10:04 'Checkout down' 'Checkout down' checkout critical down ack ',"actor":"Ada"'
} >several/alerts.jsonl
draft several several --out several.out
written() { find "$1" -name postmortem.md | sed 's|/postmortem.md$||; s|.*/2026-03-05-||' | sort | tr '\n' ' '; }
check "only what is worth a look is written" test "$(written several.out)" = 'checkout '
check "the others are listed and counted, with how to get them" grep -q \
    '^Not written: 2 more, 1 of them of one row; --all writes all, --incident NUMBER one of them$' several.txt
check "with what makes their rank" sh -c "grep -A1 'Certificate ends' several.txt | grep -q 'warning (+1), 40 min (+1)'"
check "and stand in the index without a link" grep -q '<td>INC-2026-0001 Disk at 80 % (web) <span class="quiet">(not written)</span>' several.out/index.html
check "an open end is said in the list" grep -q '^ *not resolved in the records; last state: acknowledged at 2026-03-05 10:04:00 UTC; critical (+3)' several.txt
check "in the index" grep -q 'not resolved in the records; last state: acknowledged' several.out/index.html
check "in the draft" grep -q '^| End | not resolved in the records; last state: acknowledged at 2026-03-05 10:04 UTC |' several.out/*/postmortem.md
check "in its summary" grep -q '^- It is not resolved in the records; last state: acknowledged' several.out/*/summary.md
check "on its page" grep -q 'not resolved in the records; last state: acknowledged at' several.out/*/postmortem.html
check "the start is the same in list, index, draft and incident.json" sh -c "grep -q '^INC-2026-0003 .* 2026-03-05 10:00:00 UTC ' several.txt &&
    grep -q 'datetime=\"2026-03-05T10:00:00Z\"' several.out/index.html && grep -q '^| Start of impact (candidate) | 2026-03-05 10:00 UTC' several.out/*/postmortem.md &&
    grep -q '\"started\":\"2026-03-05T10:00:00Z\",\"ended\":null,\"state\":\"acknowledged\",\"rank\":' several.out/*/incident.json"
draft one-of several --out several.one --incident inc-2026-0001
check "--incident writes one of them" test "$(written several.one)" = 'web '
draft every several --out several.all --all
check "--all writes all" test "$(written several.all)" = 'checkout mail web '
check "and then none is left" sh -c "! grep -q 'Not written' every.txt"
draft again several --out several.one
check "what has a folder goes on there" sh -c "[ \"\$(find several.one -name postmortem.md | wc -l)\" = 2 ] && grep -q '^  several.one/2026-03-05-web/postmortem.md' again.txt"
status=0
"$HINDCAST" draft several --out several.none --incident INC-2026-0007 >/dev/null 2>none.err || status=$?
check "a name that none has is refused" sh -c "[ $status = 1 ] && grep -q \"no incident of these files is called 'INC-2026-0007'\" none.err"
draft declared-one several --out several.declared --from 2026-03-05T09:30Z --to 2026-03-05T11:00Z --title 'Checkout is down'
check "with --from the declared one is written alone" sh -c "[ \"\$(find several.declared -name postmortem.md | wc -l)\" = 1 ] &&
    grep -q 'Checkout is down' several.declared/*/postmortem.md"
grep 01:00 several/alerts.jsonl >lone.jsonl
draft lone lone.jsonl --out lone.out
check "one row is written where nothing else is there" test "$(written lone.out)" = 'web '

status=0
"$HINDCAST" draft /nonexistent >/dev/null 2>missing.err || status=$?
check "a missing path: exit code 1" test "$status" = 1
check "a missing path is named" grep -q /nonexistent missing.err
status=0
"$HINDCAST" draft >/dev/null 2>&1 || status=$?
check "no path: a usage error" test "$status" = 2
exit "$failed"
