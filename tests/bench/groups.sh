#!/bin/sh
# What one more alert costs among kept groups of BENCH_NODES nodes (10000 100000 1000000), at the start, in the middle and at the
# end of their span: build/bench/groups.json has the means of 100 alerts each and, of the largest by the smallest, ratios. Nothing
# passes or fails here. Called by tests/bench/run within a private PostgreSQL.
set -eu

PGDATABASE=hindcast_groups
export PGDATABASE
PGDATABASE=postgres psql -qXc 'CREATE DATABASE hindcast_groups'
"$HINDCAST" migrate >build/bench/groups.log
for nodes in ${BENCH_NODES:-10000 100000 1000000}; do
    build/release/tests/bench/groups_growth fill "$nodes"
done
psql -qXc 'VACUUM ANALYZE correlate.group_node, correlate.group_key, correlate.group_record'
for nodes in ${BENCH_NODES:-10000 100000 1000000}; do
    build/release/tests/bench/groups_growth step "$nodes"
done | awk '
{ lines = lines (NR > 1 ? ",\n    " : "") $0 }
{ gsub(/[^0-9. ]+/, " "); for (i = 1; i <= NF; i++) value[NR, i] = $i; count = NF }
END {
    split("nodes start_read start_written start_statements start_cpu start_postgres middle_read middle_written middle_statements " \
          "middle_cpu middle_postgres end_read end_written end_statements end_cpu end_postgres peak_kb", name, " ")
    print "{\n  \"scopes\": [\n    " lines "\n  ],"
    printf "  \"ratios\": {"
    for (i = 2; i <= count; i++)
        printf("%s\"%s\": %.2f", (i > 2 ? ", " : ""), name[i], (value[1, i] > 0 ? value[NR, i] / value[1, i] : 0))
    print "}\n}"
}' | tee build/bench/groups.json
