#!/bin/sh
# How an incident came to be what it is, as people see it: records that come late, a declaration, another configuration and a
# rebuild; each revision is listed with its cause, shown as it was told then, and compared. The records are ours and model a
# checkout that fails after a deploy.
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
topic=revisions-$$

own_database revisions
"$HINDCAST" migrate >/dev/null

# take FILE: load, ingest and correlate it
take()
{
    "$HINDCAST" load --kafka-brokers "$brokers" --load-topic "$topic" "$1" >/dev/null 2>&1 &&
        "$HINDCAST" ingest --once --kafka-brokers "$brokers" --kafka-topics "$topic" --kafka-group "$topic" >/dev/null 2>&1 &&
        "$HINDCAST" correlate --once >/dev/null
}

# rows N: the timeline as it was at revision N
rows() { "$HINDCAST" timeline latest --width full --format jsonl --revision "$1" 2>/dev/null; }

cat >"$work/first.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"rolled back checkout, errors are gone","id":"c2"}
RECORDS
cat >"$work/late.jsonl" <<'RECORDS'
{"time":"2026-04-02T09:58:00Z","kind":"deploy","source":"deploys","service":"checkout","actor":"ines","text":"deploy of checkout 3.2 finished","id":"d1"}
{"time":"2026-04-02T10:12:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
RECORDS

check "the first records" take "$work/first.jsonl"
"$HINDCAST" timeline latest --width full --format jsonl >"$work/one"
"$HINDCAST" revisions latest >"$work/list" 2>"$work/remark"
check "make one revision" holds '^ *1  .*  first  *2  *2  *0  *0  ' list
check "which is provisional" holds 'provisional: records are read up to 2026-04-02' remark
check "there is nothing to compare" fails_with 1 "$HINDCAST" diff latest
between=$(psql -XAtqc "SELECT clock_timestamp() AT TIME ZONE 'UTC'" | tr ' ' T)Z

check "late ones" take "$work/late.jsonl"
"$HINDCAST" timeline latest --width full --format jsonl >"$work/two"
"$HINDCAST" revisions latest --format jsonl >"$work/list" 2>/dev/null
check "make a second one" holds '"revision":2,.*"causes":\["records"\],"entries":4,"added":2,' list
rows 1 >"$work/old"
check "the first is told as it was" cmp "$work/old" "$work/one"
rows 2 >"$work/new"
check "and the second as it is" cmp "$work/new" "$work/two"
"$HINDCAST" timeline latest --width full --format jsonl --as-of "$between" >"$work/as-of" 2>"$work/remark"
check "as of then it was the first" cmp "$work/as-of" "$work/one"
check "which is said" holds '^revision 1 of 2, published ' remark
"$HINDCAST" diff latest >"$work/diff"
check "the deployment came" holds '^+ 2026-04-02 09:58:00 UTC  ines: deploy of checkout' diff
check "and it is counted" holds '^2 entries added, 0 removed, [0-9]* changed$' diff
"$HINDCAST" diff latest 2 1 >"$work/diff"
check "the other way round it went" holds '^- 2026-04-02 09:58:00 UTC  ines: deploy of checkout' diff
"$HINDCAST" diff latest 1 2 --format jsonl >"$work/diff"
check "for programs, too" holds '^{"entry_id":"[^"]*","is":{"time":"2026-04-02T09:58:00Z"' diff

check "a rebuild" "$HINDCAST" correlate --rebuild
check "makes no revision" [ "$("$HINDCAST" revisions latest --format jsonl | wc -l)" = 2 ]
"$HINDCAST" declare --from 2026-04-02T09:50:00Z --to 2026-04-02T10:30:00Z --title "Checkout down" --service checkout >/dev/null
"$HINDCAST" correlate --once >/dev/null
"$HINDCAST" revisions latest --format jsonl >"$work/list"
check "a declaration does" holds '"revision":3,.*"declaration".*"title":"Checkout down"' list
rows 1 >"$work/old"
check "and the first is still told as it was" cmp "$work/old" "$work/one"

check "no such revision" fails_with 1 "$HINDCAST" timeline latest --revision 99
check "no number" fails_with 2 "$HINDCAST" timeline latest --revision soon
check "before all" fails_with 1 "$HINDCAST" timeline latest --as-of 2026-01-01
check "one of the two" fails_with 2 "$HINDCAST" timeline latest --as-of 2026-01-01 --revision 1
check "no chart of what was" fails_with 2 "$HINDCAST" timeline latest --chart --revision 1
check "a responder sees them" env PGOPTIONS='-c role=hindcast_responder' "$HINDCAST" revisions latest --database-correlate-role hindcast_responder
exit $failed
