#!/bin/sh
# The statements of sql/queries/ are symbols: a name without a file does not compile, and a file that
# nothing in store/ names is told here.
set -eu
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-queries.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
ok() { echo "ok - $1"; }
not_ok() { echo "not ok - $1"; failed=1; }

unused=
for file in sql/queries/*.sql; do
    name=$(basename "$file" .sql)
    grep -rqw --include='*.c' "QUERY_$name" store || unused="$unused $name"
done
if [ -z "$unused" ]; then ok "every statement has a user"; else not_ok "nothing in store/ names$unused"; fi

mkdir -p "$work/embedded"
scripts/embed --names "$work/embedded/queries.def" QUERY sql/queries/*.sql
compiles() # NAME
{
    printf '#include "store/pg/query.h"\nconst char *text(void);\nconst char *\ntext(void)\n{\n    return store_query_text(%s);\n}\n' \
        "$1" >"$work/use.c"
    # shellcheck disable=SC2046 # words
    ${CC:-gcc} -std=gnu17 -Wall -Werror -I. -I"$work" -fsyntax-only "$work/use.c" 2>"$work/messages"
}
if compiles QUERY_casebook_heads; then ok "a name compiles"; else
    not_ok "a name compiles"
    sed 's/^/# /' "$work/messages"
fi
if compiles QUERY_casebook_haeds; then not_ok "a misspelt name does not compile"; else
    ok "a misspelt name does not compile"
fi
if compiles '"casebook_heads"'; then not_ok "nor does a string"; else ok "nor does a string"; fi
exit "$failed"
