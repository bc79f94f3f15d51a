#!/usr/bin/env python3
"""Measure how often milestones are right, and write correlate/rules/confidence.tsv.

usage: fit.py TELL FOLDER... > correlate/rules/confidence.tsv

TELL is build/debug/tests/calibration/tell. Each FOLDER holds incidents, a folder for each, with evidence/*.jsonl (records in hindcast's
own JSON) and truth.jsonl, the timeline that people wrote: {"time": ISO 8601 with zone, "kind": word, "text": words, "approx": bool}.
An incident is declared from its first impact_start (else its first row) to its last impact_end (else its last row), to the whole hour
outside. A milestone is right when it lies within five minutes of the minute of a row that tells of it; milestones that people wrote
nothing of count for nothing.

The number of a kind of evidence is (right + WEIGHT * rate) / (count + WEIGHT), where the rate is that of all milestones in stories as
long, drawn to the rate of all in the same way. What this is worth is judged leaving one incident out; standard error has the Brier
score beside that of the base rate, and for each word the mean number stated, the share that was right and its Wilson interval.
"""
import datetime
import json
import math
import pathlib
import subprocess
import sys

WEIGHT = 5
LONG_HOURS = 6
NEAR = 300
WORDS = (("likely", .60), ("possible", .35), ("unclear", 0))
TRUTH = {
    "impact_started": ("impact_start",),
    "detected": ("detection", "report"),
    "declared": ("escalation",),
    "cause_identified": ("diagnosis",),
    "mitigated": ("mitigation", "rollback", "fix"),
    "recovered": ("recovery", "impact_end"),
    "resolved": ("impact_end",),
}
FIRST = ("impact_started", "detected")


def seconds(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def bounds_of(truth):
    starts = [seconds(t["time"]) for t in truth if t["kind"] == "impact_start"] or [seconds(truth[0]["time"])]
    ends = [seconds(t["time"]) for t in truth if t["kind"] == "impact_end"] or [seconds(truth[-1]["time"])]
    return math.floor(min(starts) / 3600) * 3600, math.ceil((max(ends) + 1) / 3600) * 3600


def distance(row, at):
    time = seconds(row["time"])
    first, last = (time - 300, time + 300) if row.get("approx") else (time, time + 60)
    return max(first - at, at - last, 0)


def wanted_rows(truth, milestone):
    rows = [t for t in truth if t["kind"] in TRUTH.get(milestone, ())
            and (milestone != "declared" or "declar" in t["text"].lower())]
    return rows[:1] if milestone in FIRST else rows


def milestones_of(tell, folder):
    """[(incident, evidence, long, right)]: the first of each milestone"""
    truth = sorted(lines_of(folder / "truth.jsonl"), key=lambda t: seconds(t["time"]))
    start, end = bounds_of(truth)
    files = [str(f) for f in sorted((folder / "evidence").glob("*.jsonl"))]
    out = subprocess.run([tell, "--bounds", str(start), str(end), *files], stdout=subprocess.PIPE, check=True).stdout
    found, seen = [], set()
    for line in out.decode().splitlines():
        row = json.loads(line)
        if "milestone" not in row or row["milestone"] in seen:
            continue
        seen.add(row["milestone"])
        rows = wanted_rows(truth, row["milestone"])
        if rows:
            right = min(distance(t, row["at"]) for t in rows) <= NEAR
            evidence = row["evidence"].removesuffix("_long")
            found.append((folder.name, evidence, row["evidence"].endswith("_long"), right))
    return found


def rate(rows, prior):
    return (sum(r[3] for r in rows) + WEIGHT * prior) / (len(rows) + WEIGHT)


def fit(rows):
    """{(evidence, long): number}, with "*" for any evidence"""
    base = sum(r[3] for r in rows) / len(rows)
    table = {}
    for is_long in (False, True):
        as_long = [r for r in rows if r[2] == is_long]
        table["*", is_long] = rate(as_long, base)
        for evidence in sorted({r[1] for r in as_long}):
            table[evidence, is_long] = rate([r for r in as_long if r[1] == evidence], table["*", is_long])
    return base, table


def wilson(right, count, z=1.96):
    share = right / count
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return middle - half, middle + half


def judge(rows):
    stated, brier, brier_base = [], 0, 0
    for name in sorted({r[0] for r in rows}):
        base, table = fit([r for r in rows if r[0] != name])
        for row in (r for r in rows if r[0] == name):
            number = table.get((row[1], row[2]), table["*", row[2]])
            stated.append((number, row[3]))
            brier += (number - row[3]) ** 2
            brier_base += (base - row[3]) ** 2
    print(f"{len(rows)} milestones of {len({r[0] for r in rows})} incidents, leaving one incident out: Brier score "
          f"{brier / len(rows):.3f}, of the base rate {brier_base / len(rows):.3f}", file=sys.stderr)
    above = 2
    for word, least in WORDS:
        said = [s for s in stated if least <= s[0] < above]
        above = least
        if said:
            right = sum(s[1] for s in said)
            low, high = wilson(right, len(said))
            mean = sum(s[0] for s in said) / len(said)
            print(f"{word}: stated {mean:.2f}, right {right} of {len(said)}, interval {low:.2f} to {high:.2f}"
                  f"{'' if low <= mean <= high else '  NOT WITHIN'}", file=sys.stderr)


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    rows = []
    for folder in sys.argv[2:]:
        for incident in sorted(pathlib.Path(folder).iterdir()):
            if (incident / "truth.jsonl").exists():
                rows += milestones_of(sys.argv[1], incident)
    judge(rows)
    table = fit(rows)[1]
    print("# How often a milestone lies within five minutes of the moment that people wrote, by the kind of evidence it rests on and\n"
          "# the length of the story. Written by tests/calibration/fit.py, whose head explains how; read by correlate/story/confidence.c.\n"
          "# Columns: evidence (* for any), short or long, right, of, per mille; @long: hours from which on a story is long.")
    print(f"@long\t{LONG_HOURS}")
    for (evidence, is_long), number in sorted(table.items()):
        of = [r for r in rows if r[2] == is_long and evidence in ("*", r[1])]
        print(f"{evidence}\t{'long' if is_long else 'short'}\t{sum(r[3] for r in of)}\t{len(of)}\t{round(1000 * number)}")


if __name__ == "__main__":
    main()
