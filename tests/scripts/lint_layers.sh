#!/bin/sh
# scripts/lint-layers: each rule finds its breach, at its line, and nothing else.
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
command -v git >/dev/null 2>&1 || { echo "ok - lint-layers # skip no git" && exit 0; }
git init -q "$work"
put() # FILE: from standard input
{
    mkdir -p "$work/$(dirname "$1")"
    cat >"$work/$1"
}
found() # LINE_OF_OUTPUT
{
    grep -Fqx -e "$1" "$work/.out"
}

put base/ok.c <<'EOF'
/* strcpy(a, b) in a comment, "SELECT 1 FROM t" too
   sprintf(x) */
#include "base/ok.h"
#include <string.h>
static const char *text = "strcpy(a, b)"; // strtok(x)
EOF
put base/sha256.c <<'EOF'
#include <openssl/evp.h>
EOF
put store/ok.c <<'EOF'
#include <libpq-fe.h>
#include "hindcast/store.h"
#include "base/ok.h"
EOF
put ingest/source/kafka/consumer.c <<'EOF'
#include <librdkafka/rdkafka.h>
EOF
put tests/it/any.c <<'EOF'
#include <libpq-fe.h>
#include "ingest/worker/worker.h"
static const char *query = "SELECT n FROM t";
EOF
echo '.out' >"$work/.gitignore"
status=0
"$root/scripts/lint-layers" "$work" >"$work/.out" 2>&1 || status=$?
check "a clean tree passes" [ "$status" = 0 ]
check "and nothing is printed" [ ! -s "$work/.out" ]

put ingest/bad.c <<'EOF'
#include "correlate/group.h"
#include <libpq-fe.h>
#include <librdkafka/rdkafka.h>
#include "../base/ok.h"
#include <microhttpd.h>
static const char *query = "INSERT INTO t VALUES (1)";
static void f(char *a, const char *b) { strcpy(a, b); }
static void g(void) { h("atoi(", 1); sprintf(0, 0); } /* lint: allow (a stand-in) */
static long t(void) { return k_time(1) + time(NULL); }
EOF
put base/bad.c <<'EOF'
#include "hindcast/event.h"
#include <jansson.h>
#include <openssl/evp.h>
EOF
printf '#include "hindcast/store.h"\n' | put correlate/bad.c
put observe/bad.c <<'EOF'
static const char *role(void) { return config_text(config, OPT_database_ingest_role); }
EOF
printf 'void p(void) { printf("%%s", x); }\nvoid q(void) { snprintf(a, 1, "printf("); }\n' | put cmd/bad.c
printf 'void *a = memory_calloc(1, 2);\nvoid *b = (calloc (1, 2));\n' | put report/bad.c
awk 'BEGIN { for (i = 0; i < 601; i++) print "int x;" }' | put app/long.c
awk 'BEGIN { for (i = 0; i < 151; i++) print "int x;" }' | put cmd/long.c
awk 'BEGIN { for (i = 0; i < 150; i++) print "int x;" }' | put cmd/short.c
printf 'see /ho''me/somebody/x\n' | put docs/path.md
status=0
"$root/scripts/lint-layers" "$work" >"$work/.out" 2>&1 || status=$?
check "breaches fail" [ "$status" = 1 ]
check "rooms apart" found 'ingest/bad.c:1: ingest/ may not include correlate/: correlate/group.h'
check "libpq" found 'ingest/bad.c:2: only store/ may include libpq-fe.h'
check "librdkafka" found 'ingest/bad.c:3: only ingest/source/kafka/ may include librdkafka/rdkafka.h'
check "roles" found 'observe/bad.c:1: who a connection is comes from store_options_for()'
check "no ../" found 'ingest/bad.c:4: write includes from the root of the tree, not with ../'
check "clocks" found 'ingest/bad.c:9: clocks are read by base/clock.h, so that tests can let them jump'
check "the HTTP server" found 'ingest/bad.c:5: only observe/ may include microhttpd.h'
check "SQL text" found 'ingest/bad.c:6: SQL text belongs in sql/queries/'
check "banned call" found 'ingest/bad.c:7: banned call: strcpy'
check "one way to a terminal" found 'cmd/bad.c:1: what people read is printed with visible_line()'
check "one place that asks for memory" \
    found 'report/bad.c:2: memory comes from base/memory.h, which knows what to do when there is none'
check "and its own calls are not meant" sh -c "! grep -q 'report/bad.c:1' '$work/.out'"
check "and other calls are not meant" sh -c "! grep -q 'cmd/bad.c:2' '$work/.out'"
check "an exception with a reason" sh -c "! grep -q 'bad.c:8' '$work/.out'"
check "pure rooms without a store" \
    found 'correlate/bad.c:1: correlate/ takes what it works on as arguments: no hindcast/store.h'
check "base includes base" found 'base/bad.c:1: base/ may not include include/: hindcast/event.h'
check "base knows no JSON" found 'base/bad.c:2: base/ may not include jansson.h'
check "OpenSSL" found 'base/bad.c:3: base/ knows OpenSSL only in sha256.c'
check "long files" found 'app/long.c: 601 lines, 600 at most'
check "long commands" found 'cmd/long.c: 151 lines, 150 at most'
check "a path of somebody's machine" grep -q '^docs/path.md:1:' "$work/.out"
