#!/bin/sh
# `report` notes what it wrote, for whoever may; analysts see that, and whether it is still of the incident as it is.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

own_database documents
export PGDATABASE
check "the migrations run" "$HINDCAST" migrate
check "the world can be filled in" psql -Xq -v ON_ERROR_STOP=1 -o /dev/null -f "$root/tests/sql/recipes/world.sql"
value 'TRUNCATE review.document' >/dev/null
as() { # ROLE...: a login that is a member of these and nothing else
    login=documents_$$
    value "DROP ROLE IF EXISTS $login; CREATE ROLE $login LOGIN IN ROLE $1" >/dev/null
}
trap 'psql -qXd "$first_database" -c "DROP ROLE IF EXISTS documents_$$" >/dev/null 2>&1; clean_up' EXIT
noted() { PGOPTIONS='-c role=hindcast_analyst' value "SELECT string_agg(concat_ws(' ', incident, document, form, current), ',' ORDER BY written_at)
    FROM analyst.documents"; }
same() { [ "$1" = "$2" ] || { echo "wanted '$2', got '$1'" && return 1; }; }

"$HINDCAST" report k01 --format html >/dev/null
"$HINDCAST" report k01 --document summary >/dev/null
check "what was written is noted" same "$(noted)" 'INC-01 postmortem html t,INC-01 summary markdown t'
as 'hindcast_correlate, hindcast_responder'
check "a responder writes a report" env PGUSER="$login" "$HINDCAST" report k03
check "it is noted with the login" same "$(value 'SELECT author FROM review.document ORDER BY document_no DESC LIMIT 1')" "$login"
as hindcast_correlate
PGUSER=$login "$HINDCAST" report k02 >"$work/report" 2>"$work/remarks" || not_ok "who may not note it writes one all the same"
check "it is written" holds '^# Postmortem draft' report
check "nothing is said of that" lacks 'not noted' remarks
check "and nothing is noted" same "$(value 'SELECT count(*) FROM review.document')" 3
value 'TRUNCATE review.document' >/dev/null
"$HINDCAST" report k01 >/dev/null
value "UPDATE correlate.incident SET digest = '\\x02' WHERE incident_no = 1" >/dev/null
check "an incident that changed since is told" same "$(noted)" 'INC-01 postmortem markdown f'
value "UPDATE correlate.member SET incident_no = 3 WHERE incident_no = 1" >/dev/null
check "it is found by members where another incident took them" same "$(noted)" 'INC-03 postmortem markdown t'
value "DELETE FROM correlate.member" >/dev/null
check "and kept where none has them" same "$(noted)" 'postmortem markdown'
check "analysts do not see who wrote" fails_with 1 env PGOPTIONS='-c role=hindcast_analyst' psql -Xqc 'SELECT author FROM review.document'
check "nobody writes under another name" fails_with 1 env PGOPTIONS='-c role=hindcast_responder' psql -Xqc \
    "INSERT INTO review.document (scope, document, form, author, digest, members) VALUES ('default', 'postmortem', 'md', 'x', '', ARRAY[gen_random_uuid()])"
exit $failed
