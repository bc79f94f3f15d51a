#!/bin/sh
# sql/operate/analyst_logins.sql: logins of analysts get a limit on statements, others keep theirs.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

own_database logins
check "migrate" "$HINDCAST" migrate
reader=reads_$$ both=both_$$ other=other_$$
value "CREATE ROLE $reader LOGIN IN ROLE hindcast_analyst; CREATE ROLE other_$$ LOGIN;
    CREATE ROLE $both LOGIN IN ROLE hindcast_analyst, hindcast_responder"
setting() { PGUSER=$1 value "SHOW statement_timeout"; } # LOGIN
workers() { PGUSER=$1 value "SHOW max_parallel_workers_per_gather"; } # LOGIN
operate() { psql -Xq -v ON_ERROR_STOP=1 "$@" -f "$root/sql/operate/analyst_logins.sql"; }
is() { [ "$("$3" "$2")" = "$1" ]; } # WANTED ARGUMENT COMMAND

check "it runs" operate
check "an analyst's statements end after a while" is 30s "$reader" setting
check "and take one processor each" is 0 "$reader" workers
check "not those of a responder" is 0 "$both" setting
check "who take what the server gives" is "$(value "SHOW max_parallel_workers_per_gather")" "$both" workers
check "nor those of others" is 0 "$other" setting
check "it takes another limit" operate -v timeout=2s
check "which counts from then on" is 2s "$reader" setting
check "an endless statement is ended" fails_with 1 env PGUSER="$reader" psql -Xq -v ON_ERROR_STOP=1 \
    -c "SET statement_timeout = '20ms'" -c 'SELECT count(*) FROM generate_series(1, 1000000000)'
value "DROP ROLE $reader; DROP ROLE $both; DROP ROLE $other"
exit $failed
