#!/bin/sh
# The number of an incident stays with what remains of it when people detach the row that names it, with and
# without a rebuild, and goes back by undo. Of the bundled incident.
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

incident=INC-2026-0002
USER=mara
export USER
decide() { "$HINDCAST" decide "$@" >"$work/id" 2>"$work/told" && "$HINDCAST" correlate --once >/dev/null; }
numbers() { psql -XAtqc "SELECT string_agg(coalesce(number, '-'), ' ' ORDER BY first_time) FROM correlate.incident WHERE raised"; }
records() { psql -XAtqc "SELECT records FROM correlate.incident WHERE number = '$1'"; }
is() { # NAME WANTED FOUND
    if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: wanted '$2', found '$3'"; fi
}

is "two incidents" 'INC-2026-0001 INC-2026-0002' "$(numbers)"
check "the row that names one is detached" decide detach $incident 14:07:30
cp "$work/id" "$work/detached"
is "what remains keeps the number" 'INC-2026-0001 INC-2026-0002' "$(numbers)"
is "without that row" 821 "$(records $incident)"
"$HINDCAST" correlate --rebuild >/dev/null
is "after a rebuild, too" 'INC-2026-0001 INC-2026-0002' "$(numbers)"
check "and is found by it" "$HINDCAST" timeline $incident
check "undo" decide undo "$(tail -n 1 "$work/detached")"
is "gives the row back" 823 "$(records $incident)"
is "and the number is where it was" 'INC-2026-0001 INC-2026-0002' "$(numbers)"

exit $failed
