#!/bin/sh
# The Makefile: what is built from a list of files is built again when the list changes, also when a
# file goes. Builds a tiny tree of the same shape, so that it takes a moment. And it tries all rules of the code.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name"; fi
}
no() { ! "$@"; }

mkdir -p "$work/tree"
cd "$work/tree"
mkdir -p base ingest store cmd observe correlate/rules report/templates app/demo sql/migrations sql/queries scripts tests
cp "$root/Makefile" .
cp "$root/scripts/embed" "$root/scripts/postgres" scripts/
cp "$root/base/embedded.h" base/
for name in stays goes; do
    echo "int $name(void); int $name(void) { return 0; }" >base/$name.c
done
for folder in sql/migrations:sql sql/queries:sql correlate/rules:tsv report/templates:md app/demo:txt; do
    for name in stays goes; do
        echo "$name" >"${folder%:*}/$name.${folder#*:}"
    done
done
build()
{
    env -u MAKEFLAGS -u MAKELEVEL make --no-print-directory MODE=debug BUILD=out "$@" >"$work/make.out" 2>&1 ||
        { cat "$work/make.out" && return 1; }
}
embedded="out/embedded/migrations.c out/embedded/queries.c out/embedded/rules.c out/embedded/templates.c out/embedded/demo.c"
# shellcheck disable=SC2086 # a list
build $embedded out/libhindcast.a
members() { ar t out/libhindcast.a; }
check "the library has both objects" test "$(members | grep -cE '^(goes|stays)\.o$')" = 2
touch "$work/before"
# shellcheck disable=SC2086
build $embedded out/libhindcast.a
check "the same files build nothing again" test -z "$(find out -type f -newer "$work/before")"

rm base/goes.c sql/migrations/goes.sql sql/queries/goes.sql correlate/rules/goes.tsv report/templates/goes.md app/demo/goes.txt
# shellcheck disable=SC2086
build $embedded out/libhindcast.a
for file in $embedded; do
    check "$file forgets a file that went" no grep -q goes "$file"
    check "$file keeps the other" grep -q stays "$file"
done
check "the library forgets an object whose source went" test "$(members | grep -E '^(goes|stays)\.o$')" = stays.o

rules() { env -u MAKEFLAGS -u MAKELEVEL -u RULES make -C "$root" -n --no-print-directory "$@" 2>/dev/null | grep -o 'tests/lint/[a-z]*\.sh' | sort -u; }
rules run-lint >"$work/tried"
check "make test tries rules of the code" test -s "$work/tried"
check "which are there" sh -c 'while read -r rule; do test -f "$1/$rule" || exit 1; done <"$2"' - "$root" "$work/tried"
(cd "$root" && ls tests/lint/*.sh) >"$work/rules"
rules run-lint RULES="$(sed -n 's/^RULES_ALL := //p' "$root/Makefile")" >"$work/tried"
check "all of lint are all rules" cmp "$work/rules" "$work/tried"
sed -n "s/.*RULES='\(.*\)'.*/\1/p" "$root/.ci/run" | tr ' ' '\n' | sed 's|.*|tests/lint/&.sh|' | sort >"$work/tried"
check "and so are those of continuous integration" cmp "$work/rules" "$work/tried"
