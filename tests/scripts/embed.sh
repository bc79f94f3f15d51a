#!/bin/sh
# scripts/embed: what a compiled program holds is byte for byte what the files hold.
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

mkdir -p "$work/base" "$work/back"
cat >"$work/base/embedded.h" <<'EOF'
#include <stddef.h>
struct embedded_file { const char *name; const char *text; size_t size; };
extern const struct embedded_file files[];
EOF
cat >"$work/main.c" <<'EOF'
#include "base/embedded.h"
#include <stdio.h>
int main(int argc, char **argv)
{
    for (const struct embedded_file *f = files; argc == 2 && f->name; f++) {
        char path[4096];
        snprintf(path, sizeof(path), "%s/%s", argv[1], f->name);
        FILE *out = fopen(path, "wb");
        if (!out || f->text[f->size] || fwrite(f->text, 1, f->size, out) != f->size || fclose(out))
            return 1;
    }
    return 0;
}
EOF

: >"$work/empty.sql"
printf 'no newline at the end' >"$work/open.sql"
printf 'tri ??= ??/ ??\047 "quotes" \\ back\\n %%s %%d \t tab\r\n\0017\001f\177\n' >"$work/signs.sql"
printf 'Gr\303\274\303\237e \342\206\222 \377\376 \200\n' >"$work/bytes.tsv"
awk 'BEGIN { srand(7); for (i = 0; i < 150000; i++) printf "%c", 1 + int(rand() * 126) }' >"$work/long.txt"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "x" }' >"$work/one_line.txt"
set -- "$work"/*.sql "$work"/*.tsv "$work"/*.txt

"$root/scripts/embed" "$work/files.c" files "$@"
check "compiles without warnings" "${CC:-gcc}" -Wall -Wextra -Werror -Wno-overlength-strings -I "$work" \
    -o "$work/main" "$work/main.c" "$work/files.c"
check "the program writes its files" "$work/main" "$work/back"
for file in "$@"; do
    check "$(basename "$file") comes back" cmp -s "$file" "$work/back/$(basename "$file")"
done

cp "$work/files.c" "$work/first.c"
"$root/scripts/embed" "$work/files.c" files "$@"
check "the same files give the same bytes" cmp -s "$work/first.c" "$work/files.c"

"$root/scripts/embed" --names "$work/names.def" WORD "$work/open.sql" "$work/one_line.txt"
check "names become a list" test "$(sed 1d "$work/names.def")" = "WORD(open)
WORD(one_line)"
unnameable()
{
    ! "$root/scripts/embed" --names "$work/names.def" WORD "$work/open.sql" "$work/No-name.sql" 2>"$work/message" &&
        grep -q 'No-name.sql cannot be a name' "$work/message" && grep -q one_line "$work/names.def"
}
check "what cannot be a name is refused and the old list stays" unnameable

printf 'a\000b' >"$work/nul.bin"
refused()
{
    ! "$root/scripts/embed" "$work/files.c" files "$work/nul.bin" 2>"$work/message" &&
        grep -q 'NUL' "$work/message" && cmp -s "$work/first.c" "$work/files.c"
}
check "a NUL byte is refused and the old output stays" refused
