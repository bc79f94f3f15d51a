#!/bin/sh
# docs/formats.md is what `hindcast formats --format md` prints, and has what is read as data and as
# code: maps, lines, talk, envelopes, and the schemas of a folder.
set -u
root=$(cd "$(dirname "$0")/../../.." && pwd)
hindcast=${HINDCAST:-build/debug/hindcast}
case $hindcast in /*) ;; *) hindcast=$root/$hindcast ;; esac
page=$(mktemp "${TMPDIR:-/tmp}/hindcast-formats.XXXXXX")
trap 'rm -f "$page"' EXIT
failed=0
result() # STATUS NAME
{
    if [ "$1" = 0 ]; then echo "ok - $2"; else
        echo "not ok - $2"
        failed=1
    fi
}

"$hindcast" formats --format md >"$page"
diff "$root/docs/formats.md" "$page" >/dev/null
result $? "the page is current (make docs)"

missing=
for name in $(sed -n 's/^\[\([a-z0-9_]*\)\]$/\1/p' "$root"/ingest/decode/lines/*.lines | grep -v '^patterns$') \
    $(sed -n 's/^DECODER(\(.*\))$/\1/p' "$root/include/hindcast/decoders.def"); do
    grep -q "^| \`$name\` |" "$page" || missing="$missing $name"
done
[ -z "$missing" ]
result $? "each format of lines and of code has a row:$missing"

missing=
for name in pagerduty grafana_webhook irc_irssi pasted_chat aws_sns_envelope http_dump; do
    grep -q "^| \`$name\` |" "$page" || missing="$missing $name"
done
[ -z "$missing" ]
result $? "maps, talk and envelopes have rows:$missing"

grep -q 'ingest.schemas' "$page"
result $? "schemas of a folder are told"
exit "$failed"
