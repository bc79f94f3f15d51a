#!/bin/sh
# Values in the frame of a schema registry: without their schema they are set aside, and read again once
# it is there. Needs PG*, HINDCAST_KAFKA and HINDCAST (see tests/lib/ingest.sh).
set -eu
# shellcheck source=tests/lib/ingest.sh
. "$(dirname "$0")/../lib/ingest.sh"

own_database schemas_test
"$HINDCAST" migrate >"$work/migrate.out"
cd "$work"

# A zero, id 18, and the text as Avro writes it; a file holds lines, so Lambda's event carries them.
framed=$(printf '\000\000\000\000\022\052gate 3 opened by hand' | base64)
printf '{"eventSource":"aws:kafka","records":{"gates-0":[{"value":"%s"}]}}\n' "$framed" >records.jsonl
mkdir schemas
printf '[ingest]\nschemas = %s/schemas\n' "$work" >with.ini
: >without.ini

check "read says which schema is missing" 1 \
    "$("$HINDCAST" read --format jsonl records.jsonl 2>read.err | grep -c 'needs schema 18, which is not in ingest.schemas')"
"$HINDCAST" load --brokers "$HINDCAST_KAFKA" --topic framed --state "$work/state" records.jsonl >load.out 2>&1
"$HINDCAST" ingest --once --config without.ini --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics framed \
    --kafka-group framed >ingest.out 2>ingest.log || not_ok "ingest"
check "the record is set aside" "schema_registry" "$(value 'SELECT reason FROM evidence.quarantine')"

echo '"string"' >schemas/18-notes.avsc
"$HINDCAST" ingest --redecode --config with.ini >redecode.out 2>redecode.err || not_ok "redecode"
check "a schema that is not applied does not count" 1 "$(value "SELECT count(*) FROM evidence.quarantine WHERE state = 'open'")"
check "and this is said" 1 "$(grep -c 'which count (they differ in maps, lines or schemas); .hindcast config apply. makes' redecode.err)"
"$HINDCAST" config apply --config with.ini >apply.out
"$HINDCAST" ingest --redecode --config with.ini >redecode.out 2>redecode.err || { sed 's/^/# /' redecode.err && not_ok "redecode"; }
check "with its schema it is read" "gate 3 opened by hand" "$(value 'SELECT body FROM ingest.log')"
check "and no longer set aside" 0 "$(value "SELECT count(*) FROM evidence.quarantine WHERE state = 'open'")"

echo '{"type": "record"' >schemas/19.avsc
code=0
"$HINDCAST" read --config with.ini records.jsonl >broken.out 2>broken.err || code=$?
check "a schema that is broken ends the command" 3 "$code"
check "and is named" 1 "$(grep -c 'schemas/19.avsc: line 2' broken.err)"
