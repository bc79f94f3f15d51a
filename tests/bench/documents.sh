#!/bin/sh
# What the documents of a long incident cost beside its correlation: CPU and memory of `correlate
# --rebuild`, then of each form of `report`, each document, and each form of `timeline`. Called by
# tests/bench/run with HINDCAST set; the result is build/bench/documents.json. BENCH_ROWS: rows of the
# incident (100,000), BENCH_ROUNDS: rounds (3), of which the median counts.
set -eu

rows=${BENCH_ROWS:-100000}
rounds=${BENCH_ROUNDS:-3}
program=$(realpath "${HINDCAST:-build/release/hindcast}")
root=$PWD
tools=$root/build/release/tests/bench
mkdir -p build/bench
work=$(mktemp -d "$root/build/bench/work.XXXXXX")
results=$work/results.tsv

finish()
{
    [ ! -d "$work/.hindcast/postgres" ] ||
        "$root/scripts/postgres" stop --private --dir "$work/.hindcast/postgres" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' HUP INT TERM
say() { echo "bench: $*" >&2; }

cd "$work"
mkdir in
awk -v ROWS="$rows" -f "$root/tests/bench/long_incident.awk" >in/long.jsonl
say "drafting an incident of $rows rows"
XDG_CACHE_HOME=$work/cache "$program" draft --keep --from 2026-03-01T00:00:00Z --to 2026-03-03T00:00:00Z \
    --title "Long" in >said 2>&1 || { cat said >&2 && exit 1; }
eval "$("$root/scripts/postgres" start --private --dir .hindcast/postgres)"
postmaster=$(head -n 1 "$(psql -Atc "SHOW data_directory")/postmaster.pid")
entries=$("$program" timeline latest --format jsonl | wc -l)
[ "$entries" -ge $((rows * 9 / 10)) ] || { say "the incident has $entries rows only" && exit 1; }

# NAME COMMAND...: name, CPU of the command, of PostgreSQL for it, its largest resident size, bytes written
cost()
{
    name=$1
    shift
    "$tools/measure" cost "$postmaster" 0 "$@" >out 2>errors || { cat errors >&2 && exit 1; }
    awk -v OFS='\t' -v name="$name" -v bytes="$(wc -c <out)" '{ print name, $2, $3, $6, bytes }' cost >>"$results"
}

round=0
while [ "$round" -lt "$rounds" ]; do
    round=$((round + 1))
    say "round $round of $rounds"
    cost correlate "$program" correlate --rebuild
    for form in markdown html json confluence jira gdocs slack text; do
        cost "report.$form" "$program" report latest --format "$form"
    done
    cost report.summary "$program" report latest --document summary
    cost report.facilitator "$program" report latest --document facilitator
    cost report.public "$program" report latest --public
    for form in text csv jsonl svg; do
        cost "timeline.$form" "$program" timeline latest --format "$form"
    done
    cost timeline.chart "$program" timeline latest --chart
done

# The median of an odd number of rounds is one of them.
sort -t "$(printf '\t')" -k1,1 -k2,2n "$results" | awk -F '\t' -v entries="$entries" -v rounds="$rounds" '
    $1 != name { name = $1; at = 0 }
    ++at == int((rounds + 1) / 2) { own[name] = $2; server[name] = $3; peak[name] = $4; bytes[name] = $5; names[++count] = name }
    END {
        printf "{\"rows\":%d,\"rounds\":%d,\"commands\":[\n", entries, rounds
        for (i = 1; i <= count; i++) {
            n = names[i]
            printf "{\"command\":\"%s\",\"own_us\":%d,\"postgres_us\":%d,\"peak_kb\":%d,\"bytes\":%d,\"cpu_to_correlate\":%.2f}%s\n",
                n, own[n], server[n], peak[n], bytes[n], (own[n] + server[n]) / (own["correlate"] + server["correlate"]), i < count ? "," : ""
        }
        print "]}"
    }' >"$root/build/bench/documents.json"
cat "$root/build/bench/documents.json"
