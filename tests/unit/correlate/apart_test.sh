#!/bin/sh
# The incidents of the demo, each told from its own nodes and what lies around them, are told as in their whole scope.
set -eu
program=${HINDCAST:-build/debug/hindcast}
tell=$(dirname "$program")/tests/calibration/tell
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-apart.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name" && failed=1; fi
}

"$tell" app/demo/*.jsonl >"$work/whole"
"$tell" --apart app/demo/*.jsonl >"$work/apart"
check "the demo tells an incident" grep -q '"milestone"' "$work/whole"
check "an incident of the demo alone is told as in the whole" cmp "$work/whole" "$work/apart"
exit "$failed"
