#!/bin/sh
# scripts/lint-circles: files that need one another are found, but for those that are named.
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
mkdir "$work/scripts"
cp "$root/scripts/lint-circles" "$work/scripts/"

put() # FILE CODE: written and compiled
{
    mkdir -p "$work/$(dirname "$1")" "$work/build/debug/$(dirname "$1")"
    printf '%s\n' "$2" >"$work/$1"
    "${CC:-cc}" -c -o "$work/build/debug/${1%.c}.o" "$work/$1"
}
lint()
{
    status=0
    "$work/scripts/lint-circles" >"$work/.out" 2>&1 || status=$?
}
printed() # LINE
{
    grep -Fqx -e "$1" "$work/.out"
}

for folder in base ingest store correlate report observe app cmd; do mkdir -p "$work/$folder"; done
put base/a.c 'int b(void); int a(void) { return b(); }'
put base/b.c 'int b(void) { return 1; }'
lint
check "a chain passes" [ "$status" = 0 ]

put base/b.c 'int c(void); int b(void) { return c(); }'
put app/c.c 'int a(void); int c(void) { return a(); }'
put cmd/d.c 'int a(void); int d(void) { return a(); }'
lint
check "a circle fails" [ "$status" = 1 ]
check "its first tie is named" printed 'circle: base/a.c needs of base/b.c: b'
check "and its last" printed 'circle: app/c.c needs of base/a.c: a'
check "who only calls into it is not" sh -c "! grep -q 'cmd/d.c' '$work/.out'"
rm "$work/app/c.c"
lint
check "the object of a file that went does not count" [ "$status" = 0 ]

# Those that detection needs by nature, and one more that joins them.
put ingest/decode/core/detect.c 'int unwrap(void); int detect(void) { return unwrap(); }'
put ingest/decode/core/unwrap.c 'int detect(void); int unwrap(void) { return detect(); }'
lint
check "recursion by nature is let be" [ "$status" = 0 ]
put ingest/decode/core/unwrap.c 'int more(void); int unwrap(void) { return more(); }'
put ingest/decode/core/more.c 'int detect(void); int more(void) { return detect(); }'
lint
check "a file that joins it is not" [ "$status" = 1 ]
put ingest/decode/core/unwrap.c 'int file(void); int detect(void); int unwrap(void) { return file() + detect(); }'
put ingest/source/file.c 'int unwrap(void); int file(void) { return unwrap(); }'
rm "$work/ingest/decode/core/more.c"
lint
check "nor are two that became one" [ "$status" = 1 ]
