#!/bin/sh
# What another configuration would change of the bundled incident: told, and nothing written.
#
# Needs HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

if [ "${1:-}" != inside ]; then
    export HINDCAST
    exec "$root/scripts/with-demo" "$0" inside
fi

state() { psql -XAtqc "SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM $1 t"; }
before=$(state correlate.entry)$(state correlate.incident)$(state review.configuration)$(state review.revision)

printf '[grouping]\nweight_scope = 100\n' >"$work/split.ini"
printf '[correlate]\nkey_rows_most = 8\n' >"$work/rows.ini"
printf '[correlate]\nleast_records = 5\n' >"$work/lost.ini"
printf '[grouping]\nno_such = 1\n' >"$work/wrong.ini"
: >"$work/empty.ini"

"$HINDCAST" correlate --what-if "$work/empty.ini" >"$work/out" 2>"$work/told"
check "what is applied changes nothing" holds '^2 same, 0 changed, 0 gained, 0 lost, 0 merged, 0 split$' out
check "what it needs is told first" holds '^scope default: [0-9]* events; both correlations need about [0-9]* MB' told
"$HINDCAST" correlate --what-if "$work/split.ini" >"$work/out" 2>"$work/told"
check "a setting that differs is named" holds '^grouping.weight_scope: 500 -> 100$' told
check "an incident would be split" holds '^1 same, .* 1 split$' out
check "it is shown by its number" holds '^    INC-2026-0002  2026-03-03 14:04:30' out
"$HINDCAST" correlate --what-if "$work/rows.ini" --format jsonl >"$work/out" 2>/dev/null
check "key rows would be others" holds '"fate":"changed",.*"from":"key","to":"standard"' out
"$HINDCAST" correlate --what-if "$work/lost.ini" >"$work/out" 2>/dev/null
check "an incident would be lost" holds '^  - INC-2026-0001' out
"$HINDCAST" correlate --what-if "$work/lost.ini" --since 2026-03-03T12:00Z >"$work/out" 2>/dev/null
check "which is not asked about" holds '^1 same, 0 changed, 0 gained, 0 lost' out
check "an option that is not known" fails_with 3 "$HINDCAST" correlate --what-if "$work/wrong.ini"
check "a file that is not there" fails_with 3 "$HINDCAST" correlate --what-if "$work/none.ini"
check "one thing at a time" fails_with 2 "$HINDCAST" correlate --once --what-if "$work/empty.ini"
check "--since alone" fails_with 2 "$HINDCAST" correlate --once --since 2026-03-03
check "nothing was written" [ "$before" = "$(state correlate.entry)$(state correlate.incident)$(state review.configuration)$(state review.revision)" ]
exit $failed
