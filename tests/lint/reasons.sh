#!/bin/sh
# Each reason that the correlator gives a row has its meaning in report/why/reasons.tsv, and none is there that it never gives.
set -eu
cd "$(dirname "$0")/../.."
given=$(cat correlate/story/*.c correlate/decide/*.c | tr '\n;' ' \n' | grep -o '\(row_add\|row_note\|add_reason\)(.*' | grep -o 'SV("[a-z_]*")' | cut -d'"' -f2 | sort -u)
kept=$(cut -f1 report/why/reasons.tsv | grep -v '^#' | grep -v '^phrase rules\|^also_' | sort -u)
failed=0
[ -n "$given" ] || failed=1
for name in $given; do
    echo "$kept" | grep -qx "$name" || { echo "# $name has no line in report/why/reasons.tsv" && failed=1; }
done
for name in $kept; do
    echo "$given" | grep -qx "$name" || { echo "# nothing gives the reason $name" && failed=1; }
done
if [ $failed = 0 ]; then echo "ok - reasons"; else echo "not ok - reasons" && exit 1; fi
