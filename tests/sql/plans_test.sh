#!/bin/sh
# What the natural questions to analyst.* read, in a small database whose planner is told not to read whole tables: each must
# find its rows by an index. `make bench-queries` asks the same of 25,000 incidents where the planner is free.
#
# Needs PG* (scripts/with-servers), HINDCAST = the program. Prints TAP.
set -eu

# shellcheck source=tests/lib/program.sh
. "$(dirname "$0")/../lib/program.sh"
# shellcheck source=tests/lib/commands.sh
. "$(dirname "$0")/../lib/commands.sh"

export PGOPTIONS='-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'
check "each question reads few rows" "$root/tests/bench/queries/run" 600
exit $failed
