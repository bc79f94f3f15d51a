#!/bin/sh
# The optimizing build, which `make demo` gives to people, compiles without a warning and drafts the demo to the same bytes as
# the program under test.
set -eu
cd "$(dirname "$0")/../.."
case $HINDCAST in /*) ;; *) HINDCAST=$PWD/$HINDCAST ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# Without what the make around this one was told.
env -u MAKEFLAGS -u MFLAGS -u MODE -u BUILD make --no-print-directory -j2 all >"$work/said" 2>&1 || {
    grep -B 1 -A 5 'error' "$work/said" | head -n 40
    echo 'not ok - release: it compiles' && exit 0
}
echo 'ok - release: it compiles'
release=$PWD/build/release/hindcast
for program in "$HINDCAST" "$release"; do
    (cd "$work" && "$program" draft --demo --out "drafts-$(basename "$(dirname "$program")")") >"$work/said" 2>&1 || {
        tail -n 5 "$work/said"
        echo 'not ok - release: it drafts the demo' && exit 0
    }
done
if diff -r "$work"/drafts-*; then echo 'ok - release: the demo is drafted to the same bytes'; else
    echo 'not ok - release: the demo is drafted to the same bytes'
fi
