#!/bin/sh
# Rows with values that hindcast never writes are left out of a scope, by a run that correlates what is new as by one of the whole,
# and both say how many and where. What is left out once is no part of what is looked up later.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

own_database left_out
check "migrate" "$HINDCAST" migrate
value "INSERT INTO evidence.stream (cluster_id, topic, incarnation, partition, seq, next_offset) VALUES ('c', 'alerts', 1, 0, 0, 0)"

# Alerts of one service, a minute after each other, one for each severity; 25 is none.
come() { # SEVERITY...
    values=$(for severity in "$@"; do printf '%s\n' "$severity"; done | awk '{ printf "%s(%d, %d)", (NR > 1 ? ", " : ""), NR - 1, $1 }')
    value "WITH s AS (UPDATE evidence.stream SET seq = seq + 1, next_offset = next_offset + $# RETURNING stream_id, seq, next_offset - $# AS at),
        b AS (INSERT INTO evidence.batch (stream_id, seq, first_offset, next_offset, records, events, decoder_version, kind, scopes)
            SELECT stream_id, seq, at, at + $#, 0, 0, 1, 'kafka', '{shop}' FROM s)
        INSERT INTO ingest.event (stream_id, record_offset, idx, event_time, scope, kind, record_kind, phase, precision, time_source, format,
            source, service, fingerprint, title, severity, uid)
        SELECT stream_id, at + n, 0, '2026-03-01 10:00+00'::timestamptz + (at + n) * interval '1 minute', 'shop', 'alert', 'alert', 'trigger',
            's', 'native', 'test', 'monitor', 'checkout', 'checkout', 'Errors of checkout', severity, md5((at + n)::text)::uuid
        FROM s, (VALUES $values) v (n, severity)"
}
correlated() { # WHAT: output and errors are in $work/WHAT and $work/WHAT.log
    "$HINDCAST" correlate --once >"$work/$1" 2>"$work/$1.log" || { cat "$work/$1.log" && return 1; }
}
says() { holds "scope shop: left out $1 rows with values that hindcast never writes, the first at stream 1, offset $2, index 0" "$3"; }
counted() { value "SELECT count(*) FROM correlate.member WHERE scope = 'shop'"; }
has() { [ "$(counted)" = "$1" ] || { counted && return 1; }; } # RECORDS

come 17 17
check "a first run computes the whole" correlated first
check "and leaves out nothing" lacks "left out" first.log
come 17 25 17
check "the second run computes the whole again" correlated second
check "which says what it left out" says 1 3 second.log
come 25 17 25
check "the third run computes what is new" correlated third
check "in a part" holds "correlated [0-9]* new events" third
check "and says what it left out of that" says 2 5 third.log
check "the others are there" has 5
come 17
check "the next run looks up what came before" correlated fourth
check "in a part" holds "correlated [0-9]* new events" fourth
check "and the new one is there" has 6
check "and leaves out nothing of what is new" lacks "left out" fourth.log
"$HINDCAST" export >"$work/parts"
check "a rebuild computes the whole" "$HINDCAST" correlate --rebuild
cp "$work/said" "$work/rebuild"
check "which says all that it left out" says 3 3 rebuild
"$HINDCAST" export >"$work/whole"
check "and gives the same" cmp "$work/parts" "$work/whole"
exit $failed
