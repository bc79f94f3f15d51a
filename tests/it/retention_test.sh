#!/bin/sh
# Retention on the demo incident: with every partition old enough to go, killed at each of its steps,
# beside a reader that does not let go and an ingest that brings late lines: the export keeps its
# bytes, also after a rebuild, and verify finds every record.
#
# Needs PG* and HINDCAST_KAFKA (scripts/with-servers), HINDCAST = the program (debug build). TAP.
set -eu

: "${HINDCAST_KAFKA:?}"
# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

login=retention_login_$$
topic=retention-$$
reader=

finish() {
    exec 3>&- || true
    [ -z "$reader" ] || wait "$reader" || true
    clean_up
    psql -qX -d postgres -c "DROP ROLE IF EXISTS $login" >/dev/null 2>&1 || true
}
trap finish EXIT

is() { found=$(value "$2"); [ "$found" = "$1" ] || { echo "$2 gave $found"; return 1; }; }
same_export() { "$HINDCAST" export >"$work/now" && cmp "$work/before" "$work/now"; }
retention() { "$HINDCAST" retention --retention-logs 30d --retention-evidence 30d "$@"; }
attempt=0
ingest() {
    attempt=$((attempt + 1))
    "$HINDCAST" ingest --once --kafka-brokers "$HINDCAST_KAFKA" --kafka-topics "$topic" \
        --kafka-group "$topic-$attempt" --ingest-workers 1
}
load() {
    "$HINDCAST" load --kafka-brokers "$HINDCAST_KAFKA" --load-topic "$topic" \
        --state "$work/state" "$@"
}
# What was written today was written long ago: whole partitions of it.
age_segments() {
    value "SELECT evidence.ensure_partitions('{}', ARRAY[current_date - 40]);
         UPDATE evidence.segment SET day = current_date - 40 WHERE day > current_date - 30" \
        >/dev/null
}
old="SELECT count(*) FROM evidence.partition WHERE hi <= current_date - 30"

own_database retention
"$HINDCAST" draft --demo --write "$work/demo" >/dev/null
"$HINDCAST" migrate >/dev/null
check "load the demo" load "$work/demo"
check "ingest it" ingest
check "correlate it" "$HINDCAST" correlate --once
"$HINDCAST" export >"$work/before"
check "the export has incidents" holds '"incident' before
check "verify before" "$HINDCAST" verify --all
age_segments
check "there are old partitions of both" is 2 "SELECT count(DISTINCT parent) FROM evidence.partition
    WHERE hi <= current_date - 30"
value "$old" >"$work/partitions"
check "there are lines that no result reads" is t "SELECT count(*) > 100 FROM ingest.log
    WHERE severity < 13 AND format <> 'hindcast'"

# Nothing is removed unless a limit says so, nor by a dry run.
check "retention without limits" "$HINDCAST" retention
check "removes nothing" is "$(cat "$work/partitions")" "$old"
check "but made partitions ahead" is t "SELECT count(*) = 16 FROM evidence.partition
    WHERE lo >= current_date AND hi <= current_date + 8"
check "and froze the days that are over" is t "SELECT bool_and(frozen) FROM evidence.partition
    WHERE hi < current_date"
traces="FROM pg_index JOIN pg_inherits ON inhrelid = indrelid AND inhparent = 'ingest.log'::regclass
    WHERE indexrelid::regclass::text LIKE '%\_trace'"
indexed="SELECT count(*) = (SELECT count(*) FROM evidence.partition WHERE parent = 'ingest.log' AND hi < current_date)
    $traces AND indisvalid"
check "log lines of those are found by trace" is t "$indexed"
value "UPDATE pg_index SET indisvalid = false WHERE indexrelid = (SELECT min(indexrelid) $traces);
    UPDATE evidence.partition SET frozen = false WHERE parent = 'ingest.log'"
check "an index that was not ended" is f "$indexed"
words="SELECT count(*) = (SELECT count(*) FROM evidence.partition WHERE parent = 'ingest.log' AND hi < current_date)
    FROM pg_index JOIN pg_inherits ON inhrelid = indrelid AND inhparent = 'ingest.log'::regclass
    WHERE indexrelid::regclass::text LIKE '%\_words' AND indisvalid"
check "and by words" is t "$words"
value "UPDATE evidence.partition SET searchable = false WHERE parent = 'ingest.log'"
check "killed before that is noted" fails_with 137 env HINDCAST_FAILPOINT=retention_after_index "$HINDCAST" retention
check "retention after that" "$HINDCAST" retention
check "has one index of words each" is t "$words AND (SELECT bool_and(searchable) FROM evidence.partition
    WHERE parent = 'ingest.log' AND hi < current_date)"
check "is made anew" is t "$indexed"
retention --dry-run >"$work/dry"
check "a dry run lists them" holds '^would remove ingest.log_' dry
check "and removes nothing" is "$(cat "$work/partitions")" "$old"
"$HINDCAST" retention --dry-run >"$work/dry"
check "where everything is kept a dry run says so" holds '^nothing is due: retention.logs and retention.evidence keep everything$' dry
"$HINDCAST" retention --dry-run --retention-logs 3000d >"$work/dry"
check "or that nothing is old enough" holds '^nothing is due$' dry
check "less than two days is refused" fails_with 3 "$HINDCAST" retention --retention-logs 1d

# Only a login that may act as the owner.
value "CREATE ROLE $login LOGIN"
check "another login is refused" fails_with 4 env PGUSER="$login" "$HINDCAST" retention
check "and told what it lacks" holds "GRANT hindcast_owner TO $login" errors
value "GRANT hindcast_owner TO $login"
check "a member of hindcast_owner may" env PGUSER="$login" "$HINDCAST" retention

# Killed at each step: nothing is missing in between, and the next run goes on.
for point in retention_after_close retention_before_kept retention_after_keep \
    retention_after_detach retention_after_drop; do
    check "killed at $point" fails_with 137 env HINDCAST_FAILPOINT=$point "$HINDCAST" retention \
        --retention-logs 30d --retention-evidence 30d
    "$HINDCAST" correlate --rebuild >/dev/null
    check "then a rebuild gives the same bytes" same_export
done
check "retention goes on to the end" retention
check "no old partition is left" is 0 "$old"
check "nor a table of one" is 0 "SELECT count(*) FROM pg_class WHERE relkind = 'r'
    AND relname ~ '^(log|segment)_[dmy]' AND to_regclass(oid::regclass::text) NOT IN
    (SELECT to_regclass(name) FROM evidence.partition)"
check "no segment is left" is 0 "SELECT count(*) FROM evidence.segment"
check "only lines that results read are left" is 0 "SELECT count(*) FROM (SELECT * FROM ingest.log
    UNION ALL SELECT * FROM ingest.log_kept) l WHERE severity < 13 AND format <> 'hindcast'"
check "the export is the same" same_export
check "correlate --rebuild" "$HINDCAST" correlate --rebuild
check "the export is the same after it" same_export
check "verify after" "$HINDCAST" verify --all
check "a second run has nothing to do" retention

# Late lines for a day that is gone, and a reader that holds on while they come.
line() { # line ID TIME
    echo "{\"time\":\"$2\",\"kind\":\"log\",\"source\":\"app\",\"service\":\"late\",\"severity\":\"error\",\"text\":\"late line $1\",\"id\":\"$1\"}"
}
line one 2001-01-07T10:00:00Z >"$work/one.jsonl"
check "load a late line" load "$work/one.jsonl"
check "its partition is made again" ingest
check "it is in its partition" is 1 "SELECT count(*) FROM ingest.log WHERE service = 'late'"
"$HINDCAST" correlate --once >/dev/null
"$HINDCAST" export >"$work/before"

mkfifo "$work/in"
psql -qXAt <"$work/in" >"$work/reader" 2>&1 &
reader=$!
exec 3>"$work/in"
echo "BEGIN; DECLARE c CURSOR FOR SELECT body FROM ingest.log WHERE service = 'late';
SELECT count(*) FROM ingest.log; FETCH 1 FROM c; SELECT 'reading';" >&3
until grep -q reading "$work/reader"; do kill -0 "$reader"; done

check "retention gives up while somebody reads" fails_with 4 retention --retention-wait 1s
check "and says so" holds 'still in use' errors
check "it detaches without locking readers out" is 1 "SELECT count(*) FROM pg_inherits
    WHERE inhdetachpending"
check "nothing is lost meanwhile" is 1 "SELECT count(DISTINCT record_offset) FROM
    (SELECT * FROM ingest.log UNION ALL SELECT * FROM ingest.log_kept) l WHERE service = 'late'"
line two 2001-01-07T11:00:00Z >"$work/two.jsonl"
line three "$(date -u +%Y-%m-%dT%H:%M:%SZ)" >"$work/three.jsonl"
check "load more" load "$work/two.jsonl" "$work/three.jsonl"
check "ingest goes on, also on the day that is going" ingest
check "the late line is kept" is 1 "SELECT count(*) FROM ingest.log_kept WHERE body = 'late line two'"

# Retention waits; a new day, readers and ingest do not.
retention --retention-wait 1h >"$work/waiting" 2>&1 &
waiting=$!
line five "$(date -u -d '-20 days' +%Y-%m-%dT%H:%M:%SZ)" >"$work/five.jsonl"
check "load a line of a new day" load "$work/five.jsonl"
check "its partition is made while others read and wait" ingest
check "it is there" is 1 "SELECT count(*) FROM ingest.log WHERE body = 'late line five'"
check "readers do not wait" is 4 "SET lock_timeout = '2s'; SELECT count(DISTINCT record_offset) FROM
    (SELECT * FROM ingest.log UNION ALL SELECT * FROM ingest.log_kept) l WHERE service = 'late'"
check "correlate does not wait" "$HINDCAST" correlate --once
"$HINDCAST" export >"$work/before"
check "another retention is told" fails_with 4 retention
check "that one runs" holds 'another retention' errors
check "retention still waits" kill -0 "$waiting"
echo "FETCH ALL FROM c; COMMIT; SELECT 'over';" >&3
until grep -q over "$work/reader"; do kill -0 "$reader"; done
check "the reader was never disturbed" holds '^over' reader
check "nor refused" sh -c "! grep ERROR '$work/reader'"
check "then retention ends" wait "$waiting"
exec 3>&-
wait "$reader"
reader=
check "no old partition is left" is 0 "$old"
"$HINDCAST" correlate --rebuild >/dev/null
check "the export is the same" same_export
check "verify" "$HINDCAST" verify --all

# Damage to what was kept has a name.
check "all of it is kept" is t "SELECT count(*) > 50 FROM evidence.kept"
value "CREATE TABLE copy AS SELECT * FROM evidence.kept"
restore() { value "DELETE FROM evidence.kept; INSERT INTO evidence.kept SELECT * FROM copy"; }
flip() { value "UPDATE evidence.kept SET $1 = set_byte($1, 3, get_byte($1, 3) # 1)
    WHERE length($1) > 3"; }
flip value
check "a changed value breaks the proof" fails_with 1 "$HINDCAST" verify --all
check "and is named" holds 'the value of the kept record' out
restore
flip merkle_path
check "a changed path breaks the proof" fails_with 1 "$HINDCAST" verify --all
check "and is named" holds 'the Merkle path of the kept record' out
restore
flip root
check "a changed root breaks the proof" fails_with 1 "$HINDCAST" verify --all
check "and is named" holds 'does not lead to its root' out
restore
for change in "headers = headers || '{h,v}'::bytea[]" "key = coalesce(key, '') || 'k'" \
    "kafka_time = kafka_time + interval '1 ms'"; do
    value "UPDATE evidence.kept SET $change"
    check "${change%% *} that changed breaks the proof" fails_with 1 "$HINDCAST" verify --all
    check "and is named" holds 'does not lead to its root' out
    restore
done
value "UPDATE evidence.kept SET merkle_path = substr(merkle_path, 2) WHERE length(merkle_path) > 0"
check "a cut path is named" fails_with 1 "$HINDCAST" verify --all
check "as what it is" holds 'its Merkle path cannot be read' out
value "DELETE FROM evidence.kept"
check "a record that was not kept" fails_with 1 "$HINDCAST" verify --all
check "names retention" holds 'retention removed the raw record' out
restore
check "then all holds again" "$HINDCAST" verify --all
check "the ledger adds up" is t "SELECT bool_and(adds_up) FROM analyst.ledger"
exit $failed
