#!/bin/sh
# What `hindcast load` writes about each file: whatever the format of its topic it says what became of the
# file, also of one that was not read; it is in no timeline; the same file has one, however often it is
# loaded; a draft names the files. Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

topic=manifest-$$
own_database manifest_test
HINDCAST_KAFKA_BROKERS=$HINDCAST_KAFKA
HINDCAST_KAFKA_TOPICS=$topic
HINDCAST_KAFKA_GROUP=$topic
HINDCAST_LOAD_TOPIC=$topic
HINDCAST_LOAD_MANIFEST=yes
export HINDCAST_KAFKA_BROKERS HINDCAST_KAFKA_TOPICS HINDCAST_KAFKA_GROUP HINDCAST_LOAD_TOPIC
cd "$work"
"$HINDCAST" migrate >/dev/null
read_on() { "$HINDCAST" ingest --once "$@" >/dev/null 2>&1 && "$HINDCAST" correlate --once >/dev/null; }

mkdir -p inc/sub
printf '%s\n' '2026-03-01T10:00:00Z INFO started' '2026-03-01T10:00:05Z ERROR pool is empty' >inc/api.log
printf '2026-03-01 10:00:00 INFO started\n' >inc/sub/local.log
printf '\177ELF program' >inc/core
ln -s nowhere inc/link
printf '{"a": 1,\n "b": [\n' >inc/cut.json
printf '{"time":"2026-03-01T10:01:00Z","kind":"alert","severity":"critical","phase":"trigger","service":"pay","text":"pay is down","id":"1"}\n' \
    >inc/alerts.jsonl
tar -cf inc/more.tar -C inc api.log core
"$HINDCAST" load --state state inc >out
check "one about each file and entry" 8 "$(sed -n 's/^manifest  *\([0-9]*\) records*[ ,].*/\1/p' out)"
"$HINDCAST" load --state one inc/api.log --topic "$topic-one" >one.out 2>&1
check "one is told as one" 1 "$(grep -c '^manifest  *1 record, one about each file or entry$' one.out)"
check "they are not among the records of files" 8 "$(sed -n 's/^sent  *\([0-9]*\) records*[ ,].*/\1/p' out)"
read_on --per-topic "$topic.format=text"

check "what became of each file" \
    "inc/alerts.jsonl read f,inc/api.log read f,inc/core not_read f,inc/cut.json read t,inc/link not_read f,inc/more.tar!api.log read f,inc/more.tar!core not_read f,inc/sub/local.log read t" \
    "$(value "SELECT string_agg(concat_ws(' ', file, outcome, look), ',' ORDER BY file COLLATE \"C\") FROM analyst.files")"
check "the digest of its bytes, and how many" "$(sha256sum inc/api.log | cut -d ' ' -f 1)|$(wc -c <inc/api.log)" \
    "$(value "SELECT sha256, attributes->>'bytes' FROM analyst.files WHERE file = 'inc/api.log'")"
check "and of what was not read" "$(sha256sum inc/core | cut -d ' ' -f 1)" \
    "$(value "SELECT sha256 FROM analyst.files WHERE file = 'inc/more.tar!core'")"
check "what a person should look at" \
    "inc/sub/local.log: read as text|times: 1 without a time zone (UTC assumed; --zone tells another)" \
    "$(value "SELECT replace(said, E'\\n', '|') FROM analyst.files WHERE file = 'inc/sub/local.log'")"
check "none is in a timeline" 0 "$(value "SELECT count(*) FROM correlate.entry WHERE record_kind = 'manifest'")"
check "none is an event that lacks a time" 0 "$(value "SELECT count(*) FROM analyst.untimed WHERE kind = 'note'")"
"$HINDCAST" export >before

"$HINDCAST" load --state state --again inc >out
read_on --per-topic "$topic.format=text"
check "loaded again: each file has one still" 8 "$(value 'SELECT count(*) FROM analyst.files')"
check "since they are the same" "8|16" \
    "$(value "SELECT count(DISTINCT uid), count(*) FROM ingest.event WHERE record_kind = 'manifest'")"
"$HINDCAST" export >after
if cmp -s before after; then ok "and nothing that is derived has changed"; else not_ok "and nothing that is derived has changed"; fi
"$HINDCAST" load --state state inc >out
check "a load that has nothing to send writes none" "" "$(sed -n 's/^manifest  *\([0-9]*\) records*[ ,].*/\1/p' out)"
HINDCAST_LOAD_MANIFEST=no "$HINDCAST" load --state other inc >out
check "nor does one that is told not to" "" "$(sed -n 's/^manifest  *\([0-9]*\) records*[ ,].*/\1/p' out)"

"$HINDCAST" report latest >draft.md
check "the draft counts the files" "> - files near this incident: 5 read (2 to look at), 3 not read" "$(grep 'files near' draft.md)"
check "and names those to look at" 1 "$(grep -c '^> - inc/sub/local.log: read as text; times: 1 without a time zone' draft.md)"
check "and those that were not read" 1 "$(grep -c '^> - inc/core: not read: a program' draft.md)"
check "and the others" 1 "$(grep -c '^> - inc/alerts.jsonl: read as ' draft.md)"
check "and says what of which file was read" 1 "$(grep -c '^> - inc/api.log: read as [a-z0-9_, ]*; [0-9]* event' draft.md)"
check "and of which topic" 1 "$(grep -c "^> - topic $topic: [0-9]* events as " draft.md)"
check "no record about a file is among those read" "$(value "SELECT sum(events) FROM analyst.reading WHERE kind = 'manifest'")" \
    "$(($(value "SELECT sum(records) FROM evidence.stream") - $(sed -n 's/.*whole store: \([0-9]*\) records read.*/\1/p' draft.md)))"
exit "$failed"
