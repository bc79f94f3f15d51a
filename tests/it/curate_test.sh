#!/bin/sh
# A timeline as text to be edited: what is different becomes decisions, what is left alone or deleted does not, what cannot
# be decided comes back with its reason. On the folder of a draft, whose records are ours: an alert of a shop's checkout
# and chat. The editor runs on a terminal of script(1) where that is there.
#
# Needs PostgreSQL's programs, HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"
unset HINDCAST_KAFKA PGHOST PGPORT PGUSER PGDATABASE VISUAL
USER=mara
export USER
mkdir "$work/in"
cat >"$work/in/records.jsonl" <<'RECORDS'
{"time":"2026-04-02T10:00:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"trigger","text":"checkout answers with errors","id":"a1"}
{"time":"2026-04-02T10:03:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"I think the deploy of checkout broke it","id":"c1"}
{"time":"2026-04-02T10:06:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"lunch anybody?","id":"c3"}
{"time":"2026-04-02T10:09:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ana","text":"rolled back checkout, errors are gone","id":"c2"}
{"time":"2026-04-02T10:12:00Z","kind":"alert","source":"monitor","service":"checkout","severity":"critical","phase":"resolve","text":"checkout answers with errors","id":"a2"}
RECORDS
cd "$work"
draft() { "$HINDCAST" draft "$work/in" >"$work/drafted" 2>"$work/errors" || { cat "$work/errors" && return 1; }; }
folder=hindcast-draft/2026-04-02-checkout
print() { "$HINDCAST" curate "$folder" --print >"$work/text"; }
take() { "$HINDCAST" curate "$folder" --file "$1" >"$work/out" 2>"$work/errors" || { cat "$work/errors" && return 1; }; }
decided() { cat "$folder/decisions.jsonl" 2>/dev/null | wc -l; }
is() { [ "$1" -eq "$2" ] || { echo "wanted $2, got $1" && return 1; }; }
check "a draft" draft
check "its timeline is printed" print
check "a row a line" holds '^row   10:06:00  [0-9a-f]\{12\}  ben  *lunch anybody?' text
check "with its milestones" holds '^key   10:00:00  [0-9a-f]\{12\}  \[.*detected.*\]  checkout' text

# ---- nothing
check "left alone it decides nothing" take text
check "and says so" holds 'nothing is different' out
: >"$work/empty"
check "nor does an empty file" take empty
grep -v -e 'lunch' -e '^title' text >"$work/fewer"
check "nor do lines that are gone" take fewer
check "and it says how to hide them" holds "^1 row is not in the text any more and stays as it is; 'hide' in front of a row" out
check "nothing was decided" is "$(decided)" 0
cp "$work/in/records.jsonl" "$work/before.jsonl"
echo '{"time":"2026-04-02T10:10:00Z","kind":"chat","source":"chat:ops","channel":"ops","actor":"ben","text":"checkout errors at zero for me, too","id":"c4"}' >>"$work/in/records.jsonl"
check "a draft with a row more" draft
check "a text of before" take text
check "lacks no row that came later" lacks 'not in the text any more' out
sed '/^[a-z].*lunch/d' text >"$work/lacking"
check "but one that it had" take lacking
check "which it counts alone" holds '^1 row is not in the text any more' out
mv "$work/before.jsonl" "$work/in/records.jsonl"
check "as it was" draft

# ---- every kind of change
sed -e '/lunch/s/^row /hide/' -e '/^[a-z]* *10:03:00/s/10:03:00/10:02:10/' -e '/^[a-z].*I think/a > she was right' -e '/^title:/s/:.*/: Checkout down/' \
    -e '/^lead:/s/$/ Ines/' -e '/rolled back/s/^[a-z]* /pin /' \
    -e '/^key .*10:00:00/s/\(\[.*\)detected\(.*\]\)/\1acknowledged\2/' text >"$work/edited"
sed -i '/^key.*10:00:00/a note 10:05:10 Tom: support was called, three customers cannot pay' edited
"$HINDCAST" curate "$folder" --file edited --dry-run >"$work/preview"
check "a dry run shows them" holds '^hide 10:06:00: lunch anybody?$' preview
check "a note with its name" holds '^note 10:05:10 Tom: support was called' preview
check "words with what they are about" holds '^annotate 10:03:00: I think the deploy of checkout broke it > she was right$' preview
check "and decides nothing" is "$(decided)" 0
check "they are decided" take edited
cp "$folder/decisions.jsonl" lines
for verb in hide retime annotate title lead pin note milestone; do
    check "among them: $verb" holds "\"verb\":\"$verb\"" lines
done
check "the note has the name that was given" holds '"author":"Tom".*"verb":"note"' lines
check "the time that was printed is not one that was changed" sh -c '[ "$(grep -c retime "$1/lines")" = 1 ]' - "$work"
check "the same again is nothing new to a text of before" draft
print
check "the title is there" holds '^title: Checkout down$' text
check "milestones that nobody touched are" holds '^key   10:00:00  [0-9a-f]*  \[.*impact_started.*\]' text
check "the row stands at its new time" holds '10:02:10  [0-9a-f]*.*I think.*she was right' text
check "the hidden row is at the end" holds '^hide  10:06:00  [0-9a-f]*  lunch anybody?' text
check "the note is one" holds '^note  10:05:10  [0-9a-f]*  Tom  *support was called' text
count=$(decided)

# ---- taking back
sed -e '/lunch/s/^hide/row /' -e '/^note/s/^note/hide/' -e 's/^pin /key /' -e '/^lead:/s/:.*/:/' text >"$work/back"
"$HINDCAST" curate "$folder" --file back --dry-run >"$work/preview"
check "what is taken back is named" holds '^undo of hide by mara 10:06:00: lunch anybody?$' preview
check "a field, too" holds '^undo of lead by mara: Ines$' preview
sed '/lunch/s/^hide/pin /' text >"$work/pinned"
check "what is pinned is shown again, and pinned" sh -c '"$1" curate "$2" --file pinned --dry-run | grep -c "^undo of hide\|^pin 10:06:00: lunch" | grep -qx 2' - "$HINDCAST" "$folder"
check "what was hidden is shown again, a note goes, a pin is one no more" take back
check "by undoing" sh -c '[ "$(tail -n +'$((count + 1))' "$1" | grep -c "\"verb\":\"undo\"")" = 4 ]' - "$folder/decisions.jsonl"
check "a draft" draft
print
check "the row is back" holds '^row   10:06:00 .*lunch' text
check "the note is gone" lacks '^note  10' text
check "the pin is a key row" holds '^key .*rolled back' text

# ---- what cannot be decided
count=$(decided)
{
    sed -e '/^[a-z].*lunch/s/lunch/dinner/' -e '/^[a-z].*rolled back/s/10:09:00/10:99/' -e '/^key.*10:00:00/s/\[/[burned, /' text
    echo 'burn 10:00 12345678 nothing'
} >"$work/wrong"
check "four lines cannot be" fails_with 2 "$HINDCAST" curate "$folder" --file wrong
check "nothing that is true is called nothing" lacks 'nothing is different' out
check "milestones are named" holds "no milestone 'burned': impact_started, detected" errors
check "each is named" sh -c 'grep -q "words of a record stay" "$1" && grep -q "no milestone .burned" "$1" && grep -q "names no row" "$1" && grep -q "10:99" "$1"' - errors
check "with its line" holds 'dinner anybody' errors
check "nothing of it was decided" is "$(decided)" "$count"

{ printf '\357\273\277' && sed 's/$/\r/' text; } >"$work/windows"
check "a byte order mark and other line ends are no change" take windows
check "which it says" holds 'nothing is different' out

sed 's/10:12:00/10:11:50/' text >"$work/everywhere"
check "what was replaced everywhere is a change all the same" sh -c '"$1" curate "$2" --file everywhere --dry-run | grep -q "^retime 10:12:00 to 10:11:50: "' - "$HINDCAST" "$folder"

# ---- times as people write them
sed '/^[a-z].*rolled back/s/10:09:00/2026-04-03 00:01:00/' text >"$work/times"
echo 'note 10:07: third call' >>"$work/times"
"$HINDCAST" curate "$folder" --file times --dry-run >"$work/preview"
check "with a date" holds '^retime 10:09:00 to 2026-04-03 00:01:00: rolled back' preview
check "with a colon behind" holds '^note 10:07:00 mara: third call$' preview
TZ=America/New_York "$HINDCAST" curate "$folder" --print >"$work/abroad"
check "in UTC, wherever one sits" cmp text abroad
TZ=America/New_York "$HINDCAST" curate "$folder" --file times --dry-run >"$work/abroad"
check "both ways" cmp preview abroad

# ---- what others decide in the meantime
print
sed '/I think/s/^[a-z]* /hide/' text >"$work/mine"
check "somebody moves another row" "$HINDCAST" decide retime "$folder" 10:09:00 10:08:00 --by tom
check "and the one that is edited here" "$HINDCAST" decide retime "$folder" 10:02:10 10:02:20 --by tom
count=$(decided)
check "what was edited before is merged" take mine
check "as the one thing that it changed" is "$(decided)" $((count + 1))
check "a draft" draft
print
check "what the other one decided stays" holds '10:08:00 .*rolled back' text
check "and so does this" holds '^hide .*I think' text


# the same row, a note and a field, by two people
check "a note" "$HINDCAST" decide note "$folder" 10:07 "second call" --by tom
check "a lead" "$HINDCAST" decide lead "$folder" Tom --by tom
check "a draft" draft
print
note=$(sed -n 's/.*"id":"\([0-9a-f]*\)".*"second call".*/\1/p' "$folder/decisions.jsonl")
check "somebody takes the note back" "$HINDCAST" decide undo "$folder" "$note"
check "hides a row" "$HINDCAST" decide hide "$folder" 10:12:00 --by tom
check "says who leads instead" "$HINDCAST" decide lead "$folder" Zoe --by zoe
check "and what proves a milestone" "$HINDCAST" decide milestone "$folder" acknowledged 10:08:00 --by tom
sed '/^title:/s/:.*/: Checkout slow/; /^[a-z].*\[.*acknowledged/s/acknowledged//' text >"$work/mine"
count=$(decided)
check "lines that were left alone bring nothing back" take mine
check "one thing was decided" is "$(decided)" $((count + 1))
check "a draft" draft
print
check "the hidden row stays hidden" holds '^hide  10:12:00' text
check "the note stays away" lacks 'second call' text
check "the milestone stays where it was put" holds 'acknowledged.*rolled back' text
"$HINDCAST" curate "$folder" --print >"$work/text"
check "somebody hides another row" "$HINDCAST" decide hide "$folder" 10:08:00 --by tom
sed '/^[a-z].*rolled back/s/10:08:00/10:08:30/' text >"$work/mine"
sed -i '/^[a-z].*rolled back/a > said of the row that was hidden' mine
count=$(decided)
check "what is said of that row is refused" fails_with 2 "$HINDCAST" curate "$folder" --file mine
check "with who hid it" holds 'tom hid the row in the meantime, decision [0-9a-f]*' errors
check "and is said of no other row" holds 'no row that it could be about' errors
check "nothing was decided" is "$(decided)" "$count"
sed '/^lead:/s/:.*/:/' text >"$work/mine"
check "somebody says who leads" "$HINDCAST" decide lead "$folder" Ada --by ada
check "which is not taken back unseen" fails_with 2 "$HINDCAST" curate "$folder" --file mine
check "but told" holds "ada said 'Ada' in the meantime" errors
sed '/^[a-z].*checkout answers/{h;s/10:00:00/10:00:10/;p;g;s/10:00:00/10:00:20/}' text >"$work/mine"
check "two lines that change one row are refused" fails_with 2 "$HINDCAST" curate "$folder" --file mine
check "with the reason" holds 'changed on a line above' errors

# ---- a terminal
check "without one it says what it needs" fails_with 2 "$HINDCAST" curate "$folder"
check "by its options" holds 'print > FILE' errors
if command -v script >/dev/null; then
    cat >"$work/editor" <<'SCRIPT'
#!/bin/sh
[ "$1" = -q ] || exit 3
echo edited >>editors
if [ "$(wc -l <editors)" = 1 ]; then sed -i '/lunch/s/lunch/supper/' "$2"; else
    grep -q '^#! the words of a record stay' "$2" && sed -i '/supper/s/supper/lunch/; /lunch/s/^row /pin /' "$2"; fi
SCRIPT
    chmod +x "$work/editor"
    count=$(decided)
    printf 'e\ny\n' | EDITOR="$work/editor -q" TMPDIR=$work TERM=xterm script -qec "'$HINDCAST' curate '$folder'" "$work/typescript" >/dev/null 2>&1 || true
    check "the editor opens again with the reason" sh -c '[ "$(wc -l <editors)" = 2 ]' -
    check "and what is right then is decided" is "$(decided)" $((count + 1))
    check "no text is left behind" sh -c '! ls "$1"/hindcast-curate-* 2>/dev/null' - "$work"
    count=$(decided)
    printf '#!/bin/sh\nsed -i "/lunch/s/^pin /hide/" "$1"\n' >"$work/editor"
    printf 'n\n' | EDITOR=$work/editor TMPDIR=$work TERM=xterm script -qec "'$HINDCAST' curate '$folder'" "$work/typescript" >/dev/null 2>&1 || true
    check "who gives up decides nothing" is "$(decided)" "$count"
    check "and finds the text" sh -c 'grep -q "^hide.*lunch" "$1"/hindcast-curate-*' - "$work"
    check "whose place is told" grep -q 'what you wrote is in .*/hindcast-curate-' "$work/typescript"
    rm -f "$work"/hindcast-curate-*

    # whatever keeps it from being decided, the text stays
    edit() { # ANSWER FOLDER
        printf '%s\n' "$1" | EDITOR=$work/editor TMPDIR=$work TERM=xterm script -qec "'$HINDCAST' curate '$2'" "$work/typescript" >/dev/null 2>&1 || true
    }
    kept() { grep -q "^hide.*lunch" "$work"/hindcast-curate-* && grep -q 'what you wrote is in .*/hindcast-curate-' "$work/typescript" && rm -f "$work"/hindcast-curate-*; }
    cp -r "$folder" full
    printf '#!/bin/sh\nsed -i "/lunch/s/^pin /hide/" "$1"\nrm -rf full/decisions.jsonl; mkdir full/decisions.jsonl\n' >"$work/editor"
    edit y full
    check "what could not be read again leaves the text" kept
    rm -rf full && cp -r "$folder" full
    head -c 65536 /dev/zero | tr '\0' '\n' >>full/decisions.jsonl
    cp full/decisions.jsonl filled
    printf '#!/bin/sh\nsed -i "/lunch/s/^pin /hide/" "$1"\n' >"$work/editor"
    (ulimit -f 64 && edit y full) # blocks of 512 bytes: enough for the text, too few for the decisions
    check "what could not be written leaves the text" kept
    check "and the decisions as they were" cmp filled full/decisions.jsonl
    printf '#!/bin/sh\nsed -i "/lunch/s/^pin /hide/" "$1"\nexit 1\n' >"$work/editor"
    edit y "$folder"
    check "an editor that fails leaves the text" kept
    printf '#!/bin/sh\nsed -i "/lunch/s/^pin /hide/" "$1"\nkill -INT 0\n' >"$work/editor"
    count=$(decided)
    edit y "$folder"
    check "an interrupt ends the editor and leaves the text" kept
    check "nothing of it was decided" is "$(decided)" "$count"
    printf '#!/bin/sh\nexit 1\n' >"$work/editor"
    edit n "$folder"
    check "what nobody edited is not left behind" sh -c '! ls "$1"/hindcast-curate-* 2>/dev/null' - "$work"
fi
exit $failed
