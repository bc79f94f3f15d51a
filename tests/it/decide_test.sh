#!/bin/sh
# What people decide, through a real broker and a real database: every verb on rows and incidents, undo, carrying over,
# what contradicts, rebuilds, who may, and that a correlator that follows applies a decision by itself.
# The records are ours: an alert of a shop's checkout, chat, a deploy and log lines, in hindcast's own event JSON.
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
topic=decide-$$
USER=mara
export USER

own_database decide
trap 'psql -qXd "$first_database" -c "DROP ROLE IF EXISTS decide_$$" >/dev/null 2>&1; clean_up' EXIT

cat >"$work/records.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T10:03:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"I think the deploy of checkout broke it","id":"c1"}
{"time":"2026-04-02T10:04:30Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool 17 exhausted"}
{"time":"2026-04-02T10:04:40Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool 18 exhausted"}
{"time":"2026-04-02T10:06:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"lunch anybody?","id":"c3"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"rolled back checkout, errors are gone","id":"c2"}
{"time":"2026-04-02T10:12:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
{"time":"2026-04-02T09:58:00Z","kind":"deploy","source":"deploys","service":"checkout","actor":"ines","text":"deploy of checkout 3.2 finished","id":"d1"}
RECORDS

decide() { "$HINDCAST" decide "$@" >"$work/id" 2>"$work/told" || { cat "$work/told" && return 1; }; }
derive() { "$HINDCAST" correlate --once >/dev/null; }
shown() { derive && "$HINDCAST" timeline latest --width full "$@" >"$work/shown"; }
export_is() { "$HINDCAST" export >"$work/now" && cmp "$work/$1" "$work/now"; }
last() { tail -n 1 "$work/id"; }

check "migrate" "$HINDCAST" migrate
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic"
check "correlate" derive
"$HINDCAST" export >"$work/before"

# ---- rows
check "hide a row" decide hide latest 10:06:00 --why "not about it"
hidden=$(last)
"$HINDCAST" decide list latest >"$work/list"
check "it is listed at once, and what it waits for" holds "^$hidden .*hide  \[not correlated yet\]  because not about it" list
check "with its row" holds '10:06:00 UTC  lunch' list
check "and carried over" sh -c '"$1" decide list latest --format jsonl | grep -q "\"verb\":\"hide\""' - "$HINDCAST"
check "an editor shows it hidden" sh -c '"$1" curate latest --print | grep -q "^hide  10:06:00 .*lunch"' - "$HINDCAST"
check "an undo that waits, too, is known" decide undo "$hidden"
unhidden=$(last)
"$HINDCAST" decide list latest >"$work/list"
check "and what it takes back" holds "^$hidden .*\[undone by $unhidden\]" list
check "it is undone" decide undo "$unhidden"
check "correlate again" shown
check "it is not shown" lacks 'lunch' shown
check "and counted" holds '1 row hidden by people' shown
check "who misses it is told who hid it" fails_with 1 "$HINDCAST" why latest 10:06:00
check "and how it comes back" holds "hidden by mara, decision $hidden" errors
"$HINDCAST" why-not "records.jsonl:5" >"$work/fate"
check "so is who asks for its record" holds "hidden by mara, decision $hidden: 'hindcast decide undo" fate
"$HINDCAST" decide unkey latest 10:09:00 --dry-run >"$work/preview"
check "a dry run counts it as well" holds '^+ .*rolled back' preview
check "and finds it" lacks 'found no row\|rows;' preview
check "move a row" decide retime latest 10:00:00 09:59:10
check "correlate" shown
check "it stands at its new time, and says its old one" \
    holds '^09:59:10 .*\[moved by mara; the record says 2026-04-02T10:00:00Z\]' shown
check "annotate a row of folded log lines" decide annotate latest records.jsonl:3 "the pool had 20 places"
check "a key row" decide key latest records.jsonl:8
check "a milestone" decide milestone latest detected 10:03:00 --why "she saw it first"
detected=$(last)
check "none of another" decide milestone latest recovered none
check "a note" decide note latest 10:05:10 "phone call, three customers cannot pay"
note=$(last)
check "correlate" shown
check "the annotation stands by the row" holds 'exhausted \[mara: the pool had 20 places\]' shown
check "the deploy is key" holds '^09:58:00 .\* .*deploy of checkout' shown
check "the milestone is where it was put" holds '^10:03:00 .*\[[a-z_, ]*detected\] I think the deploy' shown
check "and nowhere else" lacks '^09:59:10 .*detected' shown
check "the other one is gone" lacks '\[.*recovered' shown
check "the note is there, and a person's" holds '^10:05:10 .\* note  *mara .*cannot pay \[added by mara\]' shown
for format in md csv jsonl; do
    "$HINDCAST" timeline latest --width full --format $format >"$work/$format"
    check "in $format, too" holds 'cannot pay \\*\[added by mara' $format
done
"$HINDCAST" report latest >"$work/report.md"
check "a moment that a person said is told as that" holds "^| Detected | 2026-04-02 10:03 UTC, said by mara (decision $detected) |" report.md
check "and not as a likely one" lacks 'Detected (candidate)\|100 of 100' report.md
"$HINDCAST" why latest 10:03:00 >"$work/why"
check "why says who said it, and why" holds "^  detected, said by mara, decision $detected, because she saw it first" why
"$HINDCAST" why latest 09:59:10 >"$work/why"
check "who moved a row, and from when" holds '^  moved by mara, decision [0-9a-f]*, from 2026-04-02 10:00:00 UTC' why
check "and that its time is that of a person" holds 'its time is what a person said; the record has "2026-04-02T10:00:00Z"' why
"$HINDCAST" why latest 09:58:00 >"$work/why"
check "who made one key" holds '^Why it is key: .*, but a person said so$' why
"$HINDCAST" why latest 10:05:10 >"$work/why"
check "who added one" holds '^Why it is key: .*, but a person added it$' why
"$HINDCAST" why latest >"$work/why"
check "of the incident, too" holds "detected, said by mara, decision $detected, because she saw it first, by entry" why
"$HINDCAST" diff latest 1 >"$work/diff"
check "and between revisions" holds '^+ milestone detected, 2026-04-02 10:03:00 UTC, said by a person, by entry' diff
check "a draft counts what is hidden, and says by whom" holds "^> 1 row is hidden by people: by mara (decision $hidden)\.$" report.md
check "the draft cites the decision" holds "added by a person, decision $note, SHA-256 [0-9a-f]" report.md
"$HINDCAST" report latest --format html >"$work/page.html"
check "so does the page" holds "decision $note" page.html
"$HINDCAST" report latest --format json >"$work/report.json"
check "and the draft as JSON" holds "\"decision\":\"$note\"" report.json
check "verify finds all of it proved" "$HINDCAST" verify latest
value "CREATE TABLE kept AS SELECT scope, content FROM review.decision WHERE decision_id = '$note'; DELETE FROM review.decision WHERE decision_id = '$note'" >/dev/null
check "and names a note whose decision is gone" fails_with 1 "$HINDCAST" verify latest
check "as an entry" holds 'broken: entry [0-9a-f]*: a decision that it rests on is gone' out
value "INSERT INTO review.decision (scope, decision_id, content) SELECT scope, '$note', content FROM kept; DROP TABLE kept" >/dev/null
check "a note is not annotated but undone" fails_with 2 "$HINDCAST" decide annotate latest 10:05:10 more
check "the hint says how" holds "decide undo $note" errors

# ---- the incident
check "title" decide title latest "Checkout down after 3.2"
check "severity" decide severity latest warning
check "status" decide status latest "resolved, review on Friday"
check "lead" decide lead latest "Nora Berg"
check "correlate" shown
check "the title is another one" holds '  Checkout down after 3.2$' shown
check "status and lead are told" holds 'status: resolved, review on Friday (mara)' shown
"$HINDCAST" report latest >"$work/report.md"
check "in the draft, too" holds '| Lead | Nora Berg, said by mara (decision [0-9a-f]*)' report.md
check "and how bad it was" holds '| Severity | warning, said by mara' report.md
"$HINDCAST" report latest --public >"$work/public.md" 2>/dev/null
check "for the public without the names" lacks 'mara\|Nora\|Berg' public.md
"$HINDCAST" decide list latest >"$work/list"
check "the list has all" sh -c '[ "$(grep -c mara "$1/list")" -ge 11 ]' - "$work"
check "the reason, too" holds 'because not about it' list

# ---- contradictions, undo
check "another title" decide title latest "Checkout down"
check "correlate" shown
"$HINDCAST" decide list latest >"$work/list"
check "the later one counts, and says so" holds "Checkout down after 3.2  \[overruled by $(last)\]" list
check "undo of the later one" decide undo "$(last)"
check "correlate" shown
check "the earlier one counts again" holds '  Checkout down after 3.2$' shown
"$HINDCAST" decide undo "$hidden" --dry-run >"$work/preview"
check "a dry run of an undo shows what comes back" holds '^+ 10:06:00 .*lunch' preview
check "and names what it takes back" holds "^undo: hide of $hidden, by mara$" preview
check "undo of the hiding" decide undo "$hidden"
check "correlate" shown
check "the row is back" holds 'lunch' shown
check "undo of what is not there" fails_with 1 "$HINDCAST" decide undo 00000000000000000000

# ---- rebuild, dry run, carrying over
"$HINDCAST" export >"$work/decided"
check "decisions are part of the export" holds '"line":"decision"' decided
"$HINDCAST" correlate --rebuild >/dev/null
check "a rebuild gives the same bytes" export_is decided
"$HINDCAST" decide hide latest 10:06:00 --dry-run >"$work/preview"
check "a dry run shows the row that would go" holds '^- .*lunch' preview
"$HINDCAST" decide retime latest 09:59:10 09:59:00 --dry-run >"$work/preview"
check "and one that would move, with the time of its record" holds '^+ 09:59:00.*the record says 2026-04-02T10:00:00Z' preview
check "nothing changed" sh -c '"$1" correlate --once | grep -q "nothing new"' - "$HINDCAST"
"$HINDCAST" decide list latest --format jsonl >"$work/decisions.jsonl"
check "carrying over what is there" decide --file "$work/decisions.jsonl"
check "who wrote each line needs no other name" env -u USER "$HINDCAST" decide --file "$work/decisions.jsonl"
check "is once" holds 'were there already' told
check "and nothing is new" sh -c '"$1" correlate --once | grep -q "nothing new"' - "$HINDCAST"
value 'TRUNCATE review.decision' >/dev/null
check "without them" sh -c '"$1" correlate --rebuild >/dev/null' - "$HINDCAST"
check "the records tell what they did" export_is before
sort -R "$work/decisions.jsonl" >"$work/shuffled.jsonl" 2>/dev/null || tac "$work/decisions.jsonl" >"$work/shuffled.jsonl"
check "carried over in another order" decide --file "$work/shuffled.jsonl"
check "correlate" derive
check "the bytes are those of before" export_is decided
sed 's/"author":"mara"/"author":"tom"/' "$work/decisions.jsonl" >"$work/forged.jsonl"
check "what was changed is not carried over" fails_with 2 "$HINDCAST" decide --file "$work/forged.jsonl"
check "and the line is named" holds 'line 1: its id is' errors

# ---- by hand, and what is not there
cat >"$work/hand.jsonl" <<'LINES'
{"verb":"pin","incident":"latest","rows":[{"event":"10:09:00"}]}
{"verb":"annotate","incident":"latest","rows":[{"event":"0123456789abcdef0123456789abcdef","time":"2026-04-02T10:08:00Z","text":"what is gone"}],"value":"said of it"}
LINES
check "decisions written by hand" decide --file "$work/hand.jsonl" --by tom
check "correlate" shown
"$HINDCAST" decide list latest >"$work/list"
check "a row that is not there is shown as unmatched" holds 'tom  annotate said of it  \[unmatched\]' list
check "and the timeline says that there is one" holds '1 decision of people found no row' shown
check "with the rows that lie nearest" sh -c 'grep -A 2 unmatched "$1/list" | grep -q "10:09:00 UTC  rolled back"' - "$work"
printf '{"verb":"title","incident":"%s","value":"of nothing"}\n' ffffffffffffffffffffffffffffffff >"$work/lost.jsonl"
check "a decision about an incident that is not there" decide --file "$work/lost.jsonl"
check "correlate" derive
"$HINDCAST" export >"$work/now"
check "is kept and told" holds 'unmatched: no incident holds record f*.*title: of nothing' now
check "it is listed" sh -c '"$1" decide list | grep -q "title: of nothing  .unmatched: no incident holds record fff"' - "$HINDCAST"
check "a verb that is none" fails_with 2 "$HINDCAST" decide burn latest
check "a line that is none" sh -c 'echo "{" | "$1" decide --file - 2>&1 | grep -q "line 1"' - "$HINDCAST"
check "not an incident" decide not-an-incident latest
gone=$(last)
check "correlate" derive
check "it is not listed" sh -c '! "$1" incidents | grep -q INC-2026-0001' - "$HINDCAST"
"$HINDCAST" incidents >"$work/listed" 2>&1
check "as what people decided" holds '1 more is not an incident, as people decided; --all shows it' listed
check "and not by thresholds" lacks threshold listed
"$HINDCAST" timeline INC-2026-0001 >"$work/shown"
check "its timeline says so" holds '^not an incident (mara)$' shown
"$HINDCAST" why INC-2026-0001 >"$work/why"
check "and why does" holds "none and only counted, as said by mara, decision $gone" why
"$HINDCAST" why-not "records.jsonl:1" >"$work/fate"
check "and why-not" holds "which was said to be none by mara, decision $gone: 'hindcast decide undo" fate
check "but kept" sh -c '"$1" incidents --all | grep -q INC-2026-0001' - "$HINDCAST"
check "until that is undone" decide undo "$gone"
check "correlate" derive
check "it is listed" sh -c '"$1" incidents | grep -q INC-2026-0001' - "$HINDCAST"

# ---- which incident
"$HINDCAST" declare --title "The same" --from 2026-04-02T16:00:00Z --to 2026-04-02T16:30:00Z >/dev/null 2>&1
check "correlate" derive
check "another incident" sh -c '"$1" incidents | grep -q "INC-2026-0002.*The same"' - "$HINDCAST"
check "joins the first" decide merge INC-2026-0002 INC-2026-0001
joined=$(last)
check "correlate" derive
"$HINDCAST" timeline INC-2026-0002 >"$work/shown"
check "the smaller number is shown for both names" holds '^INC-2026-0001 ' shown
check "a dry run of an undo says that what moved goes back" sh -c '"$1" decide undo "$2" --dry-run | grep -q "what it moved goes back"' - "$HINDCAST" "$joined"
check "undo" decide undo "$joined"
check "correlate" derive
"$HINDCAST" timeline INC-2026-0002 >"$work/shown"
check "each has its number back" holds '^INC-2026-0002 ' shown
check "the row that names it does not leave" fails_with 2 "$HINDCAST" decide split INC-2026-0001 records.jsonl:7
check "rows leave" decide split INC-2026-0001 records.jsonl:2
split=$(last)
check "correlate" derive
"$HINDCAST" timeline INC-2026-0001 --width full >"$work/shown"
check "what remains keeps the number" holds 'deploy of checkout' shown
check "without what left" lacks 'I think the deploy' shown
check "which is an incident with a number" sh -c '"$1" timeline INC-2026-0003 --width full | grep -q "I think the deploy"' - "$HINDCAST"
check "a dry run of moving them back" sh -c '"$1" decide attach INC-2026-0001 INC-2026-0003/10:03:00 --dry-run | grep -q "I think the deploy"' - "$HINDCAST"
check "they come back" decide attach INC-2026-0001 INC-2026-0003/10:03:00
check "correlate" derive
"$HINDCAST" timeline INC-2026-0001 --width full >"$work/shown"
check "as if nothing had been" holds 'I think the deploy' shown
check "a row leaves for good" decide detach INC-2026-0001 records.jsonl:3
check "correlate" derive
"$HINDCAST" timeline INC-2026-0001 --width full >"$work/shown"
check "it is in no incident" lacks 'exhausted' shown
"$HINDCAST" why-not "records.jsonl:3" >"$work/fate"
check "by the decision of a person" holds "it is in no incident: detached by mara, decision $(last): 'hindcast decide undo $(last)'" fate
check "all of that is the same on a rebuild" sh -c '"$1" export >"$2/one" && "$1" correlate --rebuild >/dev/null && "$1" export | cmp - "$2/one"' - "$HINDCAST" "$work"
check "verify finds all of it proved" "$HINDCAST" verify --all
check "undo" decide undo "$(last)"
check "and of the split" decide undo "$split"
check "correlate" derive
"$HINDCAST" timeline INC-2026-0001 --width full >"$work/shown"
check "all is where it was" holds 'exhausted' shown

# ---- declarations
"$HINDCAST" declare --title "Nothing at all" --from 2026-04-09T10:00:00Z --to 2026-04-09T11:00:00Z >"$work/declared" 2>/dev/null
check "correlate" derive
check "a declared incident" sh -c '"$1" incidents | grep -q "Nothing at all"' - "$HINDCAST"
check "is taken back" decide undeclare "$(cat "$work/declared")"
check "correlate" derive
check "and gone" sh -c '! "$1" incidents --all | grep -q "Nothing at all"' - "$HINDCAST"
undeclared=$(last)
check "the same words do not bring it back unseen" fails_with 1 "$HINDCAST" declare --title "Nothing at all" --from 2026-04-09T10:00:00Z --to 2026-04-09T11:00:00Z
check "but say what does" holds "decide undo $undeclared" errors
check "until that is undone" decide undo "$undeclared"
check "correlate" derive
check "it is there again" sh -c '"$1" incidents | grep -q "Nothing at all"' - "$HINDCAST"

# ---- who may
login=decide_$$
as() { # ROLE...: a login that is a member of these and nothing else
    value "DROP ROLE IF EXISTS $login; CREATE ROLE $login LOGIN IN ROLE $1" >/dev/null
}
may() { env PGUSER="$login" "$HINDCAST" decide "$@" >"$work/id" 2>"$work/told" || { cat "$work/told" && return 1; }; }
may_not() { fails_with 4 env PGUSER="$login" "$HINDCAST" decide "$@"; }
incident=INC-2026-0001
as hindcast_scribe
check "a scribe notes" may note $incident 10:07:00 "second call"
check "takes that back" may undo "$(last)"
check "annotates" may annotate $incident 10:09:00 "confirmed"
check "pins" may pin $incident 10:09:00
check "makes key" may key $incident 10:09:00
check "and not" may unkey $incident 10:09:00
check "marks milestones" may milestone $incident mitigated 10:09:00
for verb in 'hide X 10:09:00' 'retime X 10:09:00 10:08:00' 'title X no' 'severity X info' 'status X no' 'lead X no' \
    'not-an-incident X' 'merge X INC-2026-0002' 'split X 10:09:00' 'attach X 10:09:00' 'detach X 10:09:00' "undeclare $(cat "$work/declared")" "undo $gone"; do
    # shellcheck disable=SC2046,SC2086 # words
    check "a scribe does not: ${verb%% *}" may_not $(echo $verb | sed "s/X/$incident/")
done
as hindcast_responder
for verb in 'hide X 10:09:00' 'retime X 10:09:00 10:08:00' 'title X no' 'severity X info' 'status X no' 'lead X no' \
    'note X 10:07 third' 'annotate X 10:09:00 seen' 'pin X 10:09:00' 'key X 10:09:00' 'unkey X 10:09:00' \
    'milestone X mitigated 10:09:00' 'not-an-incident X' 'merge X INC-2026-0002' 'split X 10:09:00' 'attach X 10:09:00' \
    'detach X 10:09:00' "undeclare $(cat "$work/declared")" "undo $gone"; do
    # shellcheck disable=SC2046,SC2086 # words
    check "a responder does: ${verb%% *}" may $(echo $verb | sed "s/X/$incident/")
done

# of two that contradict the later one counts: nobody may write one that is later than all others for years
ahead() { printf '{"at":"%s","author":"eve","incident":"%s","value":"detected","verb":"milestone"}\n' "$1" ffffffffffffffffffffffffffffffff; }
by_hand() { # LOGIN: the same without the program
    content=$(ahead "2098-01-01T00:00:00Z")
    psql -U "$1" -qXc "INSERT INTO review.decision (scope, decision_id, content) SELECT 'default', left(encode(sha256(convert_to(c, 'UTF8')), 'hex'), 20), c
        FROM (SELECT '$content' AS c) x"
}
for role in hindcast_responder hindcast_scribe; do
    as $role
    ahead 2098-01-01T00:00:00Z >"$work/lines"
    check "$role decides nothing for the future" fails_with 2 env PGUSER="$login" "$HINDCAST" decide --file "$work/lines"
    check "and is told why" holds 'clock has not reached' errors
    check "nor by hand" fails_with 1 by_hand "$login"
    ahead "$(date -u -d '-1 hour' +%Y-%m-%dT%H:%M:%SZ)" >"$work/lines"
    check "but for the past" may --file "$work/lines"
done
as hindcast_responder
check "the login is noted, whatever name is given" may note $incident 10:07:00 "by another name" --by root
check "as it is" sh -c '[ "$1" = "$2" ]' - "$login" "$(value "SELECT login FROM review.decision WHERE decision_id = '$(last)'")"
as hindcast_analyst
check "an analyst decides nothing" fails_with 4 env PGUSER="$login" "$HINDCAST" decide note $incident 10:07:00 no
as hindcast_correlate
check "nor does a correlator" fails_with 4 env PGUSER="$login" "$HINDCAST" decide note $incident 10:07:00 no

# ---- bounds
refused() { fails_with 1 psql -qXc "INSERT INTO review.decision (scope, decision_id, content) SELECT 'default',
    left(encode(sha256(convert_to(c, 'UTF8')), 'hex'), 20), c FROM (SELECT $1 AS c) x"; }
good='{"at":"2026-04-02T12:00:00Z","author":"x","incident":"ffffffffffffffffffffffffffffffff","value":"y","verb":"title"}'
check "a row that is sound is taken" psql -qXc "INSERT INTO review.decision (scope, decision_id, content) SELECT 'default',
    left(encode(sha256(convert_to(c, 'UTF8')), 'hex'), 20), c FROM (SELECT '$good' AS c) x"
loose() { "$HINDCAST" decide list "$@" >"$work/loose"; }
check "what no incident tells of is listed, too" loose
check "before it was correlated" holds 'title: y  .not correlated yet.' loose
check "as lines of JSON" loose --format jsonl
check "of the same content" holds '^{"id":"[0-9a-f]*","at":"2026-04-02T12:00:00Z",.*"verb":"title"}' loose
check "which carry over" decide --file "$work/loose"
check "and are there once" grep -q 'were there already' "$work/told"
check "another verb is not" refused "replace('$good', 'title', 'burn')"
check "nor another year" refused "replace('$good', '2026', '2126')"
check "nor a long text" refused "replace('$good', '\"y\"', '\"' || repeat('y', 1001) || '\"')"
check "nor what is not JSON" refused "'{'"
check "nor an id of other content" fails_with 1 psql -qXc "INSERT INTO review.decision (scope, decision_id, content)
    VALUES ('default', 'abc', '$good')"

# ---- a correlator that follows
"$HINDCAST" correlate --follow --correlate-interval 1h >"$work/follow.log" 2>&1 &
running="$running $!"
follower=$!
wait_until "it follows" sh -c 'grep -q correlated "$1/follow.log"' - "$work"
check "a note" decide note $incident 10:08:00 "seen at once"
wait_until "is seen by itself" sh -c '"$1" timeline "$2" --width full | grep -q "seen at once"' - "$HINDCAST" $incident
ok "a decision wakes the correlator"
kill -TERM "$follower"
exit $failed
