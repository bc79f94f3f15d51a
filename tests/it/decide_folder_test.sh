#!/bin/sh
# Decisions in the folder of a draft: made there, applied by the next draft, also of more files, and carried over to
# another folder. The records are ours: an alert of a shop's checkout, chat and log lines of two files.
#
# Needs PostgreSQL's programs, HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"
unset HINDCAST_KAFKA PGHOST PGPORT PGUSER PGDATABASE
USER=mara
export USER
mkdir "$work/in"
cat >"$work/in/records.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T09:58:00Z","kind":"deploy","source":"deploys","service":"checkout","actor":"ines","phase":"succeeded","environment":"production","text":"production success","id":"d1"}
{"time":"2026-04-02T10:03:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"I think the deploy of checkout broke it","id":"c1"}
{"time":"2026-04-02T10:04:30Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool 17 exhausted"}
{"time":"2026-04-02T10:04:40Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool 18 exhausted"}
{"time":"2026-04-02T10:06:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"lunch anybody?","id":"c3"}
{"time":"2026-04-02T10:12:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
RECORDS
cd "$work"
draft() { "$HINDCAST" draft "$work/in" >"$work/drafted" 2>"$work/errors" || { cat "$work/errors" && return 1; }; }
decide() { "$HINDCAST" decide "$@" >"$work/id" 2>"$work/told" || { cat "$work/told" && return 1; }; }
folder=hindcast-draft/2026-04-02-checkout
check "a draft" draft
check "makes the folder" test -f "$folder/incident.json"
check "a row is hidden there" decide hide "$folder" 10:06:00 --why "not about it"
hidden=$(cat "$work/id")
check "one moves" decide retime "$folder" 10:03:00 10:02:10
check "a folded row of log lines is annotated" decide annotate "$folder" 10:04:30 "of 20 places"
check "and a note is added" decide note "$folder" 10:05:10 "three customers cannot pay"
check "all of it stands beside the document" sh -c '[ "$(grep -c "\"author\":\"mara\"" "$1/decisions.jsonl")" = 4 ]' - "$folder"
"$HINDCAST" decide hide "$folder" 10:12:00 --dry-run >"$work/preview"
check "a dry run shows what would go" holds '^- .*10:12:00.*errors' preview
check "and decides nothing" sh -c '[ "$(wc -l <"$1/decisions.jsonl")" = 4 ]' - "$folder"
TZ=America/New_York "$HINDCAST" decide hide "$folder" 10:12:00 --dry-run >"$work/abroad"
check "wherever one sits" cmp preview abroad
"$HINDCAST" decide retime "$folder" 12:12:00 12:11:30 --tz Europe/Berlin --dry-run >"$work/zone"
check "in a zone as that zone prints it" holds '^+ 12:11:30 .*the record says 2026-04-02T10:12:00Z' zone
check "of other rows it says nothing" lacks '10:00:00\|09:58:00' preview
check "what was hidden before is counted" holds '^+ .*; 2 rows hidden by people$' preview
cat >"$work/in/more.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:04:10Z","kind":"log","source":"app","service":"checkout","host":"web-1","severity":"error","text":"pool 16 exhausted"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"rolled back checkout, errors are gone","id":"c2"}
RECORDS
check "a draft with one more file" draft
check "tells of the decisions" holds '4 decisions of people' drafted
check "and that each found its row" lacks 'found no row' drafted
check "into the same folder" sh -c '[ "$(ls -d hindcast-draft/2026* | wc -l)" = 1 ]' -
cp "$folder/timeline.jsonl" "$work/rows"
check "the hidden row is not there" lacks lunch rows
check "the moved one is" holds '"time":"2026-04-02T10:02:10Z".*the record says 2026-04-02T10:03:00Z' rows
check "the annotation stands by the longer row" holds 'exhausted \[mara: of 20 places\]' rows
check "so does the note" holds 'cannot pay \[added by mara\]' rows
cp "$folder/postmortem.md" "$work/document"
check "the document cites it" holds 'added by a person, decision' document
"$HINDCAST" decide undo "$folder" "$hidden" --dry-run >"$work/preview"
check "a dry run of an undo names what it takes back" holds "^undo: hide of $hidden, by mara$" preview
check "and shows what comes" holds '^+ 10:06:00 .*lunch' preview
check "an undo in the folder" decide undo "$folder" "$hidden"
check "once" fails_with 2 "$HINDCAST" decide undo "$folder" "$hidden"
check "and another draft" draft
cp "$folder/timeline.jsonl" "$work/rows"
check "brings the row back" holds lunch rows
check "the folder lists what was decided" sh -c '"$1" decide list "$2" | grep -q "mara  hide"' - "$HINDCAST" "$folder"
check "two at once" sh -c '"$1" decide key "$2" 10:09:00 >/dev/null 2>&1 & "$1" decide pin "$2" 10:12:00 >/dev/null 2>&1 & wait' - "$HINDCAST" "$folder"
check "are both there" sh -c '[ "$(wc -l <"$1/decisions.jsonl")" = 7 ]' - "$folder"
check "the same row again" decide key "$folder" 10:09:00
"$HINDCAST" decide list "$folder" >"$work/list"
check "which says what counts" sh -c '[ "$(grep -c "mara  key  .overruled by $(tail -n 1 "$1/id").$" "$1/list")" = 1 ]' - "$work"
cp "$folder/decisions.jsonl" "$work/kept"
printf '{"verb":"burn"}\n' >>"$folder/decisions.jsonl"
check "a line that is none stops a draft" fails_with 2 "$HINDCAST" draft "$work/in"
check "before anything is read, by file and line" holds 'decisions.jsonl: line 9: there is no verb' errors
cp "$work/kept" "$folder/decisions.jsonl"
check "it carries over to another folder" sh -c 'mkdir other && cd other && "$1" draft ../in >/dev/null 2>&1 && cp "../$2/decisions.jsonl" "$2/" && "$1" draft ../in >/dev/null 2>&1' - "$HINDCAST" "$folder"
check "and gives the same rows" sh -c '"$1" draft in >/dev/null 2>&1 && cmp "$2/timeline.csv" "other/$2/timeline.csv"' - "$HINDCAST" "$folder"

# ---- a change is told in words of our own: what people say stands behind those
check "words beside a change" decide annotate "$folder" 09:58:00 "on half of the hosts"
check "which moves" decide retime "$folder" 09:58:00 09:57:30
check "a draft" draft
check "they are read where it is told" holds '^09:57:30 .* deployed checkout to production, by ines \[moved by mara; the record says .*\] \[mara: on half of the hosts\]\|^09:57:30 .* deployed checkout to production, by ines \[mara: on half of the hosts\] \[moved' drafted
cp "$folder/postmortem.md" "$work/document"
check "and in the document" holds 'by ines .*on half of the hosts' document

check "no row proves a moment" decide milestone "$folder" recovered none
check "the list says none" sh -c '"$1" decide list "$2" | grep -q "milestone recovered none"' - "$HINDCAST" "$folder"

# ---- rows leave, and come back
check "rows leave" decide split "$folder" 10:02:10 10:09:00
check "a draft" draft
other_folder=$(ls -d hindcast-draft/2026* | grep -v "^$folder$")
check "what left has a folder of its own" test -f "$other_folder/incident.json"
check "what remains keeps its folder" sh -c 'grep -q "checkout answers" "$1/timeline.jsonl" && ! grep -q "I think the deploy" "$1/timeline.jsonl"' - "$folder"
check "and its decisions" sh -c '"$1" decide list "$2" | grep -q "mara  split"' - "$HINDCAST" "$folder"
check "a row of the other folder is named by that" decide attach "$folder" "$other_folder/10:02:10"
check "a draft" draft
check "and is back" sh -c 'grep -q "I think the deploy" "$1/timeline.jsonl"' - "$folder"

# ---- what is not the folder of a draft
for path in hindcast-draft . "$folder/postmortem.md"; do
    check "not one: $path" fails_with 2 "$HINDCAST" decide list "$path"
    check "says so" holds 'is not the folder of a draft' errors
done

# ---- a file that another program wrote
cp "$folder/decisions.jsonl" "$work/kept"
{ printf '\357\273\277' && sed 's/$/\r/' "$work/kept"; } >"$folder/decisions.jsonl"
check "a byte order mark and line ends of another system are read" sh -c '"$1" decide list "$2" >/dev/null && "$1" decide pin "$2" 10:09:00 2>/dev/null && "$1" decide list "$2" >list' - "$HINDCAST" "$folder"
check "all of it" sh -c '[ "$(grep -c "^[0-9a-f]\{20\} " list)" = $(($(wc -l <"$1/kept") + 1)) ]' - "$work"
rm "$folder/decisions.jsonl"
mkfifo "$folder/decisions.jsonl"
check "a pipe is not waited for" fails_with 1 "$HINDCAST" decide list "$folder"
check "but told" holds 'is not a regular file' errors
rm "$folder/decisions.jsonl"
cp "$work/kept" "$folder/decisions.jsonl"

# ---- what was decided of an incident that is not in the files
mkdir "$work/elsewhere"
cat >"$work/elsewhere/records.jsonl" <<'RECORDS'
{"time":"2026-04-05T10:00:00Z","kind":"alert","source":"monitor","service":"mail","severity":"critical","phase":"trigger","text":"mail queue is long","id":"m1"}
RECORDS
check "a draft of other files into the same place" sh -c '"$1" draft elsewhere >drafted 2>errors' - "$HINDCAST"
check "says how many decisions wait for their incident" holds '^[1-9][0-9]* decisions of people found no incident in these files' drafted
exit $failed
