#!/bin/sh
# Made-up days of a system of services (tests/calibration/worlds.py): with its service graph the program groups
# them better than without, and alike in any order.
set -eu
program=${HINDCAST:-build/debug/hindcast}
case $program in /*) ;; *) program=$PWD/$program ;; esac
group=$(dirname "$program")/tests/calibration/group
work=$(mktemp -d "${TMPDIR:-/tmp}/hindcast-worlds.XXXXXX")
trap 'rm -rf "$work"' EXIT
failed=0
check() # NAME COMMAND...
{
    name=$1
    shift
    if "$@"; then echo "ok - $name"; else echo "not ok - $name" && failed=1; fi
}

check "the graph tells failures of neighbours from what lies beside them" \
    python3 tests/calibration/worlds.py "$group" --seeds 2 --check

python3 - "$work" <<'PY'
import json, pathlib, random, sys
sys.path.insert(0, "tests/calibration")
import worlds
work = pathlib.Path(sys.argv[1])
world = worlds.World(7, "pairs")
edges = [f"{a},{b}\n" for a, b in world.edges()]
lines = [json.dumps(r) + "\n" for r in world.records]
for name in ("one", "two"):
    (work / f"{name}.csv").write_text("from,to\n" + "".join(edges))
    (work / f"{name}.jsonl").write_text("".join(lines))
    edges += edges[:5]  # told twice
    random.Random(3).shuffle(edges)
    random.Random(4).shuffle(lines)
PY
for name in one two; do "$group" --graph "$work/$name.csv" "$work/$name.jsonl" >"$work/$name.out"; done
check "records and edges in another order are grouped alike" cmp "$work/one.out" "$work/two.out"
check "and there are groups to compare" grep -q "raised" "$work/one.out"
exit "$failed"
