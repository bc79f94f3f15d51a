#!/bin/sh
# Folders of `hindcast draft` do not move: a draft of more files goes into the folder that an incident
# has, whatever its key, first time, first service and number are now; merged and split incidents;
# what is somebody else's stays. The records are hindcast's own event JSON, written here. Needs
# PostgreSQL's programs only. HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

cd "$work"
XDG_CACHE_HOME=$work/cache
export XDG_CACHE_HOME

alert() { # FILE ID TIME SERVICE [INCIDENT]
    mkdir -p in
    printf '{"kind":"alert","id":"%s","time":"2026-03-01T%sZ","service":"%s","severity":"critical","title":"%s fails","fingerprint":"%s","source":"watch"%s}\n' \
        "$2" "$3" "$4" "$4" "$2" "${5:+,\"incident\":\"$5\"}" >>"in/$1"
}
drafts=0
draft() { # the files in in/, into out/; what it says is in said.txt
    drafts=$((drafts + 1))
    if ! "$HINDCAST" draft in --all --out out >said.txt 2>errors.txt; then
        not_ok "draft $drafts ends well"
        tail -5 errors.txt | sed 's/^/# /'
    fi
}
folders() { for path in out/*/; do basename "$path"; done | LC_ALL=C sort | paste -sd " "; }
member() { sed -n "s/.*\"$1\":\"\\([^\"]*\\)\".*/\\1/p" "out/$2/incident.json"; } # NAME FOLDER
names() { grep -c "$2" "out/$1/postmortem.md" >"$work/count" || true; [ "$(cat "$work/count")" -gt 0 ]; }

# Two incidents of one day and service, and one of another day's service whose name is not portable.
alert a.jsonl a1 10:00:00 checkout-api
alert a.jsonl a2 10:01:00 checkout-api
alert b.jsonl b1 20:00:00 checkout-api
alert c.jsonl c1 15:00:00 'Über Search/V2..'
draft
check "folders are named by date and first service" test "$(folders)" = \
    "2026-03-01-ber-search-v2 2026-03-01-checkout-api 2026-03-01-checkout-api-2"
check "the earlier one has no suffix" names 2026-03-01-checkout-api "10:00 UTC"
check "the index leads to them" grep -q 'href="2026-03-01-checkout-api-2/postmortem.html"' out/index.html
check "incident.json names the members" sh -c \
    'grep -q "\"members\":\[\"[0-9a-f]\{32\}\",\"[0-9a-f]\{32\}\"\]" out/2026-03-01-checkout-api/incident.json'
digest=$(sha256sum <out/2026-03-01-checkout-api/postmortem.md | cut -c1-64)
check "and the digest of the document" test "$(member document_digest 2026-03-01-checkout-api)" = "$digest"
check "and the configuration" grep -q "configuration $(member configuration_digest 2026-03-01-checkout-api)\$" said.txt
check "and the decoding options" grep -q "options $(member decoding_digest 2026-03-01-checkout-api)\$" said.txt
cp -r out first
draft
check "the same files again: the same bytes" diff -r first out

# An earlier alert of another service: another key, first time, first service and number.
key=$(member incident 2026-03-01-checkout-api)
number=$(member number 2026-03-01-checkout-api)
alert d.jsonl d1 09:58:00 billing-db
alert d.jsonl d2 09:59:00 checkout-api
alert d.jsonl e1 01:00:00 login
draft
check "an earlier alert: the incident has another key" test "$(member incident 2026-03-01-checkout-api)" != "$key"
check "and keeps its folder" names 2026-03-01-checkout-api "09:5[89] UTC"
check "and its number" test "$(member number 2026-03-01-checkout-api)" = "$number"
check "no other incident takes the number" test "$(cat out/*/incident.json | grep -c "\"number\":\"$number\"")" = 1
check "the other one of that name keeps its folder" names 2026-03-01-checkout-api-2 "20:00 UTC"
check "the new one has its own" names 2026-03-01-login "01:00 UTC"
check "the index follows" grep -q 'href="2026-03-01-login/postmortem.html"' out/index.html

# Two incidents become one by an explicit id that both have; then two again.
rm -r out in
alert a.jsonl a1 10:00:00 shop
alert a.jsonl a2 10:01:00 shop
alert b.jsonl b1 20:00:00 pay
draft
cp -r out parted
cp -r in parted-in
rm -r in
alert a.jsonl a1 10:00:00 shop one
alert a.jsonl a2 10:01:00 shop one
alert b.jsonl b1 20:00:00 pay one
draft
check "merged: the folder with most members goes on" names 2026-03-01-shop "20:00 UTC"
check "merged: the other one says where" test "$(member merged_into 2026-03-01-pay)" = 2026-03-01-shop
check "merged: its document ends with it" names 2026-03-01-pay "now part of another one:.*(../2026-03-01-shop/postmortem.md)"
check "merged: the draft says so, too" grep -q "out/2026-03-01-pay is now part of 2026-03-01-shop" said.txt
check "merged: the index has one" test "$(grep -o 'href="2026' out/index.html | wc -l)" = 1
cp -r out merged
draft
check "merged: again the same bytes" diff -r merged out
rm -r in
cp -r parted-in in
draft
check "split: the part with most members keeps the folder" names 2026-03-01-shop "10:01 UTC"
check "split: the other part has its own again" names 2026-03-01-pay "20:00 UTC"
check "split: its document does not say so any more" sh -c '! grep "now part of" out/2026-03-01-pay/postmortem.md'
check "split: nothing points elsewhere" test -z "$(member merged_into 2026-03-01-pay)"
for folder in 2026-03-01-shop 2026-03-01-pay; do
    check "split: the index has $folder" grep -q "href=\"$folder/" out/index.html
done

# What is somebody else's is left alone.
rm -r out
mkdir -p out/2026-03-01-shop out/2026-03-01-pay out/broken
echo mine >out/2026-03-01-shop/postmortem.md
echo '{' >out/broken/incident.json
draft
check "a folder of somebody else stays" grep -qx mine out/2026-03-01-shop/postmortem.md
check "the incident has another one" names 2026-03-01-shop-2 "10:01 UTC"
check "an empty folder is taken" names 2026-03-01-pay "20:00 UTC"
check "a damaged one is named" grep -q "out/broken/incident.json is damaged" errors.txt
exit "$failed"
