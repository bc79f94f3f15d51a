#!/bin/sh
# Failpoints cost nothing in release builds: what is compiled without HINDCAST_FAILPOINTS neither
# holds their names nor calls anything. The same files with the macro do both, so this can fail.
set -eu

work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-failpoint.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }

names=$(sed -n 's/^FAILPOINT(\(.*\))$/\1/p' include/hindcast/failpoints.def)
[ "$(echo "$names" | wc -w)" -ge 25 ] || not_ok "failpoints.def lists failpoints"
mkdir -p "$work/embedded"
scripts/embed --names "$work/embedded/queries.def" QUERY sql/queries/*.sql
flags="-std=gnu17 -D_GNU_SOURCE -I. -Iinclude -I$work -O2 -c $(pkg-config --cflags libpq)"
files=$(grep -rl --include='*.c' 'FAILPOINT_\(HERE\|AT\)' store)
[ "$(echo "$files" | wc -w)" -ge 4 ] || not_ok "files have failpoints"
for file in $files store/failpoint.c; do
    name=$(basename "$file" .c)
    # shellcheck disable=SC2086
    ${CC:-gcc} $flags -o "$work/$name.release.o" "$file"
    # shellcheck disable=SC2086
    ${CC:-gcc} $flags -DHINDCAST_FAILPOINTS -o "$work/$name.debug.o" "$file"
    if nm "$work/$name.debug.o" | grep -q failpoint_hit; then ok "$file: failpoints in a debug build"
    else not_ok "$file: failpoints in a debug build"; fi
    if nm "$work/$name.release.o" | grep -q failpoint; then not_ok "$file: none in a release build"
    else ok "$file: none in a release build"; fi
done

holds_names() { # FILE
    for name in $names; do
        ! LC_ALL=C grep -aqF "$name" "$1" || return 0
    done
    return 1
}
if holds_names "$work/failpoint.debug.o"; then ok "the names are in a debug build"
else not_ok "the names are in a debug build"; fi
set -- "$work"/*.release.o
# Without its debug information, which names every enum.
if [ -n "$(find build/release/hindcast -newer store/failpoint.c 2>/dev/null)" ]; then
    strip -g -o "$work/hindcast" build/release/hindcast
    set -- "$@" "$work/hindcast"
fi
for file in "$@"; do
    if holds_names "$file"; then not_ok "no name in $(basename "$file")"
    else ok "no name in $(basename "$file")"; fi
done
exit $failed
