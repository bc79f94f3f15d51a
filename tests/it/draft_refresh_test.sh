#!/bin/sh
# A draft that people edited is merged with newer ones: by `hindcast draft` run again, and by `report
# refresh` from a database. Killed at every step, nothing that people wrote is lost, and the next run
# ends in the same bytes. The records are hindcast's own event JSON, written here. Needs PostgreSQL's
# programs only, and a program with failpoints. HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

cd "$work"
XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME

mkdir in
cat >in/a.jsonl <<'EOT'
{"kind":"alert","id":"a1","time":"2026-03-01T10:00:00Z","service":"shop","severity":"critical","title":"shop answers with errors","fingerprint":"a1","source":"watch"}
{"kind":"chat","id":"m1","time":"2026-03-01T10:04:00Z","service":"shop","actor":"Ada","channel":"ops","text":"customers cannot pay","source":"slack:ops"}
{"kind":"alert","id":"a1-end","phase":"resolve","time":"2026-03-01T10:20:00Z","service":"shop","severity":"critical","title":"shop answers with errors","fingerprint":"a1","source":"watch"}
EOT
mkdir more
cp in/a.jsonl more
cat >more/b.jsonl <<'EOT'
{"kind":"alert","id":"b1","time":"2026-03-01T09:58:00Z","service":"till","severity":"error","title":"till is slow","fingerprint":"b1","source":"watch","incident":"one"}
{"kind":"alert","id":"b2","time":"2026-03-01T09:59:00Z","service":"shop","severity":"error","title":"shop is slow","fingerprint":"b2","source":"watch","incident":"one"}
{"kind":"chat","id":"m2","time":"2026-03-01T10:18:00Z","service":"shop","actor":"Bo","channel":"ops","text":"rolled back the shop","source":"slack:ops"}
EOT

draft() { # FILES OUT: what it says is in said.txt and errors.txt
    "$HINDCAST" draft "$1" --out "$2" >said.txt 2>errors.txt || {
        not_ok "draft $1 ends well"
        tail -5 errors.txt | sed 's/^/# /'
    }
}
folder=2026-03-01-shop
text() { printf '%s' "$1/$folder/postmortem.md"; }
md() { grep -q -e "$2" "$1/$folder/postmortem.md" || { cat "$1/$folder/postmortem.md" && return 1; }; }
no_md() { ! grep -e "$2" "$1/$folder/postmortem.md"; }

# Nobody edited it: a newer draft is what a fresh one is.
draft in ours
cp -r ours untouched
draft more untouched
draft more fresh
check "nobody edited it: as a fresh draft" sh -c '
    sed "s/^\[^.*//" untouched/2026-03-01-shop/postmortem.md >a
    sed "s/^\[^.*//" fresh/*/postmortem.md >b
    cmp a b'
check "and no text is put aside" test ! -e untouched/$folder/postmortem.md.before-refresh

# Edited: a reworded sentence, one that is gone, a paragraph and a row of people's own.
awk '
    /^- An alert noticed it at/ { sub(/An alert noticed/, "The watch of the shop noticed") }
    /^\| Duration, from start to end/ { next }
    /what did users feel/ { print "Customers could not pay for twenty minutes."; next }
    { print }
    /^## [0-9]*\. Impact/ { print ""; print "Ada called the bank at 10:06." }
' "$(text ours)" >edited.md
check "the edits are edits" sh -c '! cmp -s edited.md ours/2026-03-01-shop/postmortem.md'
cp edited.md "$(text ours)"
cp -r ours edited
draft more ours
for words in "The watch of the shop noticed" "Customers could not pay for twenty minutes" "Ada called the bank at 10:06"; do
    check "people's words stay: $words" md ours "$words"
done
check "what the records changed is there" md ours "rolled back the shop"
check "what both changed has a note" md ours "Changed by you and by the records"
check "the note has the words of the records" md ours "records now say: “An alert noticed it at"
check "what people removed stays away" no_md ours '^| Duration, from start to end'
check "and is listed at the end" md ours "the records now say “Duration, from start to end, "
check "it is told" grep -q "was edited and is merged" errors.txt
check "the text before is there" cmp edited.md "$(text ours).before-refresh"
cp -r ours merged
draft more ours
check "again: nothing changes" diff -r merged ours

# Lines with CRLF, and none at the end.
cp -r edited crlf
sed 's/$/\r/' edited.md | head -c -2 >"$(text crlf)"
draft more crlf
check "CRLF: the same words" sh -c '
    tr -d "\r" <crlf/2026-03-01-shop/postmortem.md | cmp - merged/2026-03-01-shop/postmortem.md ||
        { tr -d "\r" <crlf/2026-03-01-shop/postmortem.md | diff - merged/2026-03-01-shop/postmortem.md; }'

# Killed anywhere.
killed() { # FAILPOINT OUT
    status=0
    HINDCAST_FAILPOINT=$1 "$HINDCAST" draft more --out "$2" >/dev/null 2>&1 || status=$?
    test "$status" = 137 || { echo "exit code $status" && return 1; }
}
for point in draft_after_identity draft_after_announcement draft_before_document draft_after_document draft_before_base \
    draft_after_base; do
    rm -rf "at-$point"
    cp -r edited "at-$point"
    check "$point: it is killed" killed "$point" "at-$point"
    for words in "The watch of the shop noticed" "Customers could not pay" "Ada called the bank"; do
        check "$point: there is '$words'" md "at-$point" "$words"
    done
    draft more "at-$point"
    check "$point: the next run ends as it would have" cmp "$(text "at-$point")" "$(text merged)"
done
for point in draft_after_identity draft_before_document; do
    check "$point, a new draft: it is killed" killed "$point" "new-$point"
    draft more "new-$point"
    check "$point, a new draft: as a fresh one" sh -c "rm -f new-$point/*/.hindcast-* && diff -r fresh new-$point"
done

# Without its base an edited text is kept beside the new one; a damaged base is told.
cp -r edited baseless
rm "baseless/$folder/.base.json"
draft more baseless
check "no base: the text is kept" cmp edited.md "$(text baseless).kept-1"
cp -r edited damaged
sed -i 's/noticed/notified/' "damaged/$folder/.base.json"
draft more damaged
check "a damaged base is told" grep -q "is damaged and not used" errors.txt
check "and the text is kept" cmp edited.md "$(text damaged).kept-1"

# From a database: the same merge, by file and by folder.
mkdir kept
cd kept
"$HINDCAST" draft ../more --keep --out ignored >/dev/null 2>&1 || not_ok "draft --keep ends well"
eval "$("$root/scripts/postgres" start --private --dir .hindcast/postgres)"
cd ..
cp -r edited from-folder
check "report refresh of a folder" "$HINDCAST" report refresh "from-folder/$folder/"
check "the words of people are there" md from-folder "Ada called the bank"
check "so are those of the records" md from-folder "rolled back the shop"
check "and what is beside it" grep -q "rolled back the shop" "from-folder/$folder/timeline.csv"
cp -r edited from-file
check "report refresh of a file" "$HINDCAST" report refresh "$(text from-file)"
check "gives the same text" cmp "$(text from-file)" "$(text from-folder)"
cp "$(text from-file)" once.md
check "report refresh again" "$HINDCAST" report refresh "$(text from-file)"
check "changes nothing" cmp once.md "$(text from-file)"
check "a draft of report" "$HINDCAST" report latest --out written.md
sed -i 's/^## \(.*\)Impact/## \1Impact on people/' written.md
cp written.md before.md
check "is refreshed, too" "$HINDCAST" report refresh written.md
check "and is as it was" cmp before.md written.md
check "a file without a base" fails_with 1 "$HINDCAST" report refresh once.md
check "says what it lacks" holds "nothing is kept beside once.md" errors
check "no file" fails_with 1 "$HINDCAST" report refresh nowhere.md
check "says so" holds "there is no draft nowhere.md" errors
sed 's/"members":\[[^]]*\]/"members":["0123456789abcdef0123456789abcdef"]/; s/"attached":\[[^]]*\]/"attached":[]/' \
    .base.json >other.json
mkdir other
mv other.json other/.base.json
cp written.md other
check "records of no incident" fails_with 1 "$HINDCAST" report refresh other/written.md
check "are told" holds "no incident of this database holds the records" errors
"$root/scripts/postgres" stop --private --dir kept/.hindcast/postgres >/dev/null
exit "$failed"
