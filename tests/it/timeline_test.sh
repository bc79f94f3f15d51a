#!/bin/sh
# From a file to a verified timeline through a real broker and a real database: load, ingest,
# correlate, look, verify, export, rebuild; then damage of every kind that verify must name.
# The records are ours: an alert of a shop's checkout, two chat lines, a deploy and a log line, in
# hindcast's own event JSON.
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
topic=timeline-$$

own_database timeline

cat >"$work/records.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T10:03:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"=ana","text":"=HYPERLINK(1) I think the deploy of checkout broke it","id":"c1"}
{"time":"2026-04-02T10:04:30Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool \u001b[31mexhausted","id":"l1"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"rolled back checkout, errors are gone","id":"c2"}
{"time":"2026-04-02T10:12:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
{"time":"2026-04-02T09:58:00Z","kind":"deploy","source":"deploys","service":"checkout","actor":"ines","text":"deploy of checkout 3.2 finished","id":"d1"}
RECORDS

check "migrate" "$HINDCAST" migrate
check "load" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/records.jsonl"
check "ingest" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" \
    --kafka-group "$topic"
check "correlate" "$HINDCAST" correlate --once

"$HINDCAST" incidents >"$work/incidents" 2>&1
check "one incident with a number" holds '^INC-2026-0001 .*checkout' incidents
"$HINDCAST" timeline inc-2026-0001 --width full >"$work/text"
check "the timeline tells the roll back" holds 'rolled back checkout' text
check "and the log line" holds 'pool ' text
check "and where in its file it lies" holds '  records\.jsonl:3$' text
check "no escape sequence of a record reaches the terminal" lacks "$(printf '\033')" text
LC_ALL=C.UTF-8 COLUMNS=90 "$HINDCAST" timeline latest --chart >"$work/blocks"
check "a chart of blocks" holds '^Impact  *█' blocks
check "has the change" holds '^Changes .*◆' blocks
check "and the person" holds '^  =ana .*[·●]' blocks
LC_ALL=C COLUMNS=90 "$HINDCAST" timeline latest --chart --format text >"$work/ascii"
check "of ASCII where the locale has no more" sh -c '! LC_ALL=C grep -q "[^ -~]" "$1"' - "$work/ascii"
check "no line is wider than the terminal" sh -c 'awk "length > 90 { exit 1 }" "$1"' - "$work/ascii"
LC_ALL=C.UTF-8 "$HINDCAST" timeline latest --chart --style ascii --format text >"$work/styled"
check "or where it is asked for" holds '^Impact  *=' styled
check "a chart of blocks is text" fails_with 2 "$HINDCAST" timeline latest --chart --format csv
check "in a style that there is" fails_with 2 "$HINDCAST" timeline latest --chart --style braille
"$HINDCAST" why latest >"$work/why"
check "why: what holds it together" holds '^      shares .* from the episode of 2026-04-02 10:00:00 UTC' why
check "and what proves its milestones" holds '  mitigated, .*, by entry .*"rolled back checkout' why
"$HINDCAST" why latest records.jsonl:4 >"$work/row"
check "why a row, named by file and line, is in it" holds '^  record records.jsonl:4$' row
check "and what its score is made of" holds '^  +[0-9.]*  rollback_done: ' row
check "and what it proves" holds '^  mitigated, .* of 100 such moments' row
check "the same by its time" sh -c '"$HINDCAST" why latest 10:09:00 | cmp -s - "$1"' - "$work/row"
check "a time that fits several rows lists them" fails_with 2 "$HINDCAST" why latest 10:0
check "what fits none is an error" fails_with 1 "$HINDCAST" why latest nothing-such
"$HINDCAST" why latest 10:09:00 --format jsonl >"$work/row.jsonl"
check "for programs, too" holds '"proves":\[{"milestone":"mitigated"' row.jsonl
"$HINDCAST" timeline latest --format csv >"$work/csv"
check "no cell is a formula" lacks '\(^\|,\)"\{0,1\}=' csv
"$HINDCAST" timeline latest --format jsonl >"$work/jsonl"
check "rows carry evidence" holds '"evidence":\[{[^]]*"topic":"'"$topic"'"' jsonl
check "and its line of the file" holds \
    '"text":"rolled back.*"evidence":\[{"file":"records.jsonl","incarnation":1,"index":0,"line":4,' jsonl
check "rows carry reasons" holds '"reasons":\[\[' jsonl
check "verify" "$HINDCAST" verify latest
value "SELECT uid FROM ingest.event UNION SELECT uid FROM ingest.log" >"$work/uids"
check "each record has a uid" test "$(grep -c . "$work/uids")" = 6
while read -r uid; do
    "$HINDCAST" timeline "$uid" --width full >"$work/named" 2>&1 || true
    check "the uid of a record names its incident" cmp "$work/text" "$work/named"
    check "and so does how it begins, for every command" "$HINDCAST" verify \
        "$(printf %s "$uid" | tr -d - | cut -c1-8)"
done <"$work/uids"

"$HINDCAST" export >"$work/before"
rows="SELECT sum(xmin::text::bigint) FROM correlate.entry"
value "$rows" >"$work/versions"
check "correlate again" "$HINDCAST" correlate --once
value "$rows" >"$work/versions.now"
check "nothing new: no row was written" cmp "$work/versions" "$work/versions.now"
check "rebuild" "$HINDCAST" correlate --rebuild
"$HINDCAST" export >"$work/after"
check "a rebuild gives the same bytes" cmp "$work/before" "$work/after"
check "and the export is not empty" test -s "$work/after"
"$HINDCAST" incidents >"$work/incidents" 2>&1
check "and the number stays" holds '^INC-2026-0001 ' incidents

same_export() { "$HINDCAST" export >"$work/after" && cmp "$work/before" "$work/after"; }
HINDCAST_FAILPOINT=correlate_after_drop
export HINDCAST_FAILPOINT
check "a rebuild is killed at work" fails_with 137 "$HINDCAST" correlate --rebuild
unset HINDCAST_FAILPOINT
check "and what was there is there" same_export
value "CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS
     'BEGIN RAISE ''no room'' USING ERRCODE = ''disk_full''; END';
     CREATE TRIGGER refuse BEFORE INSERT ON correlate.milestone
     FOR EACH ROW EXECUTE FUNCTION public.refuse()"
check "a rebuild fails" fails_with 4 "$HINDCAST" correlate --rebuild
check "and says why" holds 'no room' errors
value "DROP TRIGGER refuse ON correlate.milestone"
check "and what was there is still there" same_export
value "INSERT INTO correlate.entry SELECT (e).* FROM (SELECT jsonb_populate_record(e,
     '{\"scope\":\"gone\"}') AS e FROM correlate.entry e LIMIT 1) one"
HINDCAST_FAILPOINT=correlate_after_commit:1:stop "$HINDCAST" correlate --rebuild \
    >"$work/stopped" 2>&1 &
pid=$!
while [ "$(ps -o stat= -p $pid | cut -c1)" != T ]; do
    kill -0 $pid 2>/dev/null || break
done
kill -TERM $pid
kill -CONT $pid
check "a rebuild that is stopped between two scopes" fails_with 1 wait $pid
check "says that it did not finish" holds 'stopped after 1 scopes' stopped
check "a rebuild removes a scope of which nothing is left" "$HINDCAST" correlate --rebuild
check "and nothing else" same_export
check "for good" test "$(value "SELECT (SELECT count(*) FROM correlate.entry WHERE scope = 'gone') +
     (SELECT count(*) FROM correlate.cursor WHERE scope = 'gone')")" = 0

# While a rebuild stands still with what it computed, another correlator takes in a record that came
# later; the rebuild must not save its older state over that.
cat >"$work/later.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:10:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"checkout is fine again here","id":"c3"}
RECORDS
HINDCAST_FAILPOINT=correlate_before_save:1:stop "$HINDCAST" correlate --rebuild >"$work/old" 2>&1 &
pid=$!
while [ "$(ps -o stat= -p $pid | cut -c1)" != T ]; do
    kill -0 $pid 2>/dev/null || break
done
check "a later record" "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$work/later.jsonl"
check "is ingested" "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" \
    --kafka-group "$topic"
check "and correlated" "$HINDCAST" correlate --once
"$HINDCAST" export >"$work/before"
check "it is in the timeline" holds 'fine again' before
kill -CONT $pid
check "the rebuild that began before it computes again" wait $pid
check "and loses nothing" same_export

"$HINDCAST" declare --title 'Slow mail' --from 2026-04-02T12:00:00Z --to 2026-04-02T13:00:00Z \
    >"$work/first" 2>/dev/null
"$HINDCAST" declare --title 'Slow mail' --from 2026-04-02T12:00:00Z --to 2026-04-02T13:00:00Z \
    >"$work/second" 2>/dev/null
check "declaring twice gives one id" cmp "$work/first" "$work/second"
check "correlate the declared" "$HINDCAST" correlate --once
"$HINDCAST" incidents >"$work/incidents" 2>&1
check "the declared incident is listed" holds 'Slow mail' incidents

value "CREATE TABLE kept AS SELECT * FROM evidence.segment"
restore() { value "DELETE FROM evidence.segment; INSERT INTO evidence.segment SELECT * FROM kept"; }
value "UPDATE evidence.segment SET root = set_byte(root, 0, get_byte(root, 0) # 1)"
check "a changed root breaks the proof" fails_with 1 "$HINDCAST" verify inc-2026-0001
check "and is named" holds 'Merkle root' out
restore
value "UPDATE evidence.segment SET data = set_byte(data, 40, get_byte(data, 40) # 1)"
check "changed bytes break the proof" fails_with 1 "$HINDCAST" verify inc-2026-0001
check "with the line of the file and the coordinates" holds \
    "entry [0-9a-f]*, record records\.jsonl:[1-6], $topic incarnation 1 partition" out
restore
value "CREATE TABLE cited AS SELECT * FROM correlate.entry; UPDATE correlate.entry
     SET evidence = jsonb_set(evidence, '{0,line}', '7') WHERE evidence @> '[{\"line\": 4}]'"
check "another line breaks the proof" fails_with 1 "$HINDCAST" verify inc-2026-0001
check "and is named" holds 'headers name another file or line' out
value "UPDATE correlate.entry e SET evidence = c.evidence FROM cited c WHERE c.entry_id = e.entry_id"
value "DELETE FROM evidence.segment"
check "a missing record breaks the proof" fails_with 1 "$HINDCAST" verify inc-2026-0001
check "and is named too" holds 'raw record is not stored' out
in_order() { sed -n 's/.* partition \([0-9]*\) offset \([0-9]*\) .*/\1 \2/p' "$work/out" | sort -c -n -k1,1 -k2,2; }
check "each is, in the order in which records lie" in_order
restore
value "UPDATE correlate.entry SET evidence = jsonb_set(evidence, '{0,sha256}',
     to_jsonb(repeat('0', 64)))
     WHERE entry_id = (SELECT entry_id FROM analyst.timeline WHERE position = 0 LIMIT 1)"
check "another digest breaks the proof" fails_with 1 "$HINDCAST" verify inc-2026-0001
check "and both are shown" holds 'the entry cites 0000' out
check "a rebuild repairs what was derived" "$HINDCAST" correlate --rebuild
check "then all holds again" "$HINDCAST" verify --all

check "an unknown incident is told" fails_with 1 "$HINDCAST" timeline INC-2026-0099
check "an unknown format is a usage error" fails_with 2 "$HINDCAST" timeline latest --format pdf
check "correlate needs a mode" fails_with 2 "$HINDCAST" correlate
exit $failed
