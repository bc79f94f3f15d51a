#!/bin/sh
# What is printed or written arrives whole or is told: every command into a full device, with more
# and with less than a buffer; a reader who goes away is no failure; files that do not fit leave no
# part. Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh), and /dev/full.
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=output-$$
[ -c /dev/full ] || { ok "full devices # SKIP there is no /dev/full" && exit 0; }

own_database output_test
cd "$work"
"$HINDCAST" draft --demo --write demo >/dev/null
# One incident of many rows, which came twice; it has a word in common with the demo's.
awk 'BEGIN { for (i = 0; i < 900; i++) printf "{\"time\":\"2026-03-05T10:%02d:%02dZ\",\"kind\":\"alert\"," \
    "\"source\":\"probe-%d\",\"service\":\"billing\",\"severity\":\"critical\",\"phase\":\"trigger\"," \
    "\"text\":\"check %d of billing fails%s\",\"id\":\"alert %d\"}\n", i / 60, i % 60, i, i, (i ? "" : ", as checkout"), i }' >rows.jsonl
HINDCAST_LOAD_TOPIC=$topic
HINDCAST_KAFKA_TOPICS=$topic
HINDCAST_KAFKA_GROUP=$topic
export HINDCAST_LOAD_TOPIC HINDCAST_KAFKA_TOPICS HINDCAST_KAFKA_GROUP

# Ends with 1, and says why. These do their work first: what is lost is what they say of it.
full() { # ARGUMENT...
    code=0
    "$HINDCAST" "$@" >/dev/full 2>err || code=$?
    if [ "$code" = 1 ] && grep -q 'cannot write the output: No space left' err; then ok "full: $*"; else
        not_ok "full: $*: ended with $code"
        sed 's/^/# /' err
    fi
}
# Prints so much that stdio writes before the end.
long() { # ARGUMENT...
    size=$("$HINDCAST" "$@" 2>/dev/null | wc -c)
    if [ "$size" -gt 65536 ]; then ok "long: $*"; else not_ok "long: $*: only $size bytes"; fi
    full "$@"
}

full migrate
full load --state state demo
full load --state state rows.jsonl
full load --state state2 rows.jsonl
full ingest --once
full correlate --once
full correlate --rebuild
full declare --title 'By hand' --from 2026-03-03T15:00:00Z
full incidents
full incidents --format jsonl
full search billing
full search billing --format jsonl
full similar latest
full stats
full stats --by month --format jsonl
full query
full query incidents --format csv
long timeline latest --width full
long timeline latest --format jsonl --width full
full why latest
full why-not rows.jsonl:3
full revisions latest
full diff latest 1 1
full decide list latest
full curate latest --print
full clocks
full graph show
full report INC-2026-0001
full report latest
full verify --all
long duplicates
full status --offline
full status --offline --json
full status --offline --watch 1
full retention --dry-run --retention-logs 7d
long export
full formats
full formats --format md
full read demo
full read --format jsonl demo
full config
full config --format md
printf 'window\tnight\t2026-03-05T00:00Z\t2026-03-06T00:00Z\tservice=billing\n' >rules.tsv
"$HINDCAST" config apply --correlate-suppress "$PWD/rules.tsv" >/dev/null 2>&1
"$HINDCAST" correlate --once >/dev/null 2>&1
full suppressed
full --help
full help
full help --format md
full completion bash
full --version
full draft --demo --write again
full draft --demo --out drafts
sed -n 's/^COMMAND(\([a-z]*\)).*/\1/p' "$root/cmd/commands.def" >commands
while read -r command; do
    full "$command" --help
    grep -q "^full $command\|^long $command" "$root/tests/it/output_test.sh" || not_ok "$command was tried"
done <commands

# Whoever closed standard output is told as well, and nothing else gets its number.
code=0
"$HINDCAST" export >&- 2>err || code=$?
check "standard output that is closed" "1 1" "$code $(grep -c 'cannot write the output: Bad file' err)"

silent() { # ARGUMENT...: the reader takes a byte and goes
    { "$HINDCAST" "$@" 2>err || echo "$?" >code; } | head -c 1 >/dev/null
    check "a reader who goes away: $*" "" "$(cat err code 2>/dev/null)"
    rm -f code
}
silent export
silent timeline latest --format jsonl --width full
silent status --offline --watch 0
silent config

# A file that does not fit: what was there stays, and no part of the new one is left.
mkdir out
fits_not() { # NAME LIMIT-IN-BLOCKS-OF-512 ARGUMENT...
    name=$1 limit=$2
    shift 2
    code=0
    (ulimit -f "$limit" && exec "$HINDCAST" "$@") >said 2>err || code=$?
    check "$name: exit code" 1 "$code"
    if grep -q 'File too large' err; then ok "$name: says why"; else
        not_ok "$name: says why"
        sed 's/^/# /' err
    fi
}
fits_not "a new draft" 1 report INC-2026-0001 --out out/draft.md
check "a new draft: nothing is left" "" "$(ls -A out)"
echo mine >out/draft.md
fits_not "an old draft" 1 report INC-2026-0001 --out out/draft.md
check "an old draft: it stays, alone" "draft.md mine" "$(ls -A out) $(cat out/draft.md)"
fits_not "the demo" 1 draft --demo --write out/demo
check "the demo: no part is left" "" "$(find out/demo -name '*.part' -o -name '*.log')"
fits_not "the output itself" 16 export
mkdir few
awk 'BEGIN { for (i = 0; i < 40; i++) print "line" >("few/" i ".log") }'
fits_not "the state of load" 1 load --state out/state few
check "the state of load: no part is left" "draft.md" "$(ls -A out | grep -v demo)"
if "$HINDCAST" report INC-2026-0001 --out /dev/full >/dev/null 2>err; then
    not_ok "--out of a full device"
else
    ok "--out of a full device"
fi
check "--out of a full device: it stays" "yes" "$([ -c /dev/full ] && echo yes)"

exit "$failed"
