#!/usr/bin/env python3
"""rank.py RANK FILE...: how far down the list of incidents the true ones stand, by the rank of the program and by points
fitted to half of the files. RANK: build/debug/tests/calibration/rank. FILEs, four of them: labelled alerts, one JSON object a
line with uid, source, time (seconds), fingerprint, keys (pairs), phase and truth: the incident that an alert belongs to, "-" for
none, "?" for undecided. None are kept here, and folders named sealed are refused.

Each file is a scope by itself. A true incident's place is that of the first incident of the list that holds one of its
alerts; of equal rank the earlier counts first, as in `hindcast incidents`. For each of the six ways to take two files of
four, points (0 to 4 for each line of correlate/rules/rank.tsv about a fact that the files have) are fitted to the two, step
by step, so that as many true incidents as can be are among the first 20 and their places are small; places are reported on
the other two."""
import itertools
import json
import pathlib
import subprocess
import sys
import tempfile
import time

FIRST = 20
RESOLVE_GAP_MS = "864000000"  # some alerts last for days
RULES = pathlib.Path(__file__).resolve().parents[2] / "correlate/rules/rank.tsv"


def built_in():
    lines = [line.split("\t") for line in RULES.read_text().splitlines() if line and line[0] != "#"]
    return {(cells[0], int(cells[1])): int(cells[2]) for cells in lines if len(cells) == 3}


def records(path, out):
    """Writes the alerts as hindcast's own JSON; returns what is true of each id."""
    truth, named = {}, {}
    for line in open(path, encoding="utf-8"):
        alert = json.loads(line)
        keys = dict(alert["keys"])
        name, host = named.setdefault(alert["fingerprint"], (keys.get("name", "alert"), keys.get("host")))
        truth[alert["uid"]] = alert.get("truth", "-")
        record = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(alert["time"])), "kind": "alert",
                  "source": alert["source"], "id": alert["uid"], "fingerprint": alert["fingerprint"], "title": name,
                  "text": name, "phase": "resolve" if alert.get("phase") == "resolved" else "trigger"}
        out.write(json.dumps(record | ({"host": host} if host else {})) + "\n")
    out.flush()
    return truth


def incidents(program, path):
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as out:
        truth = records(path, out)
        told = subprocess.run([program, "--resolve-gap", RESOLVE_GAP_MS, out.name], check=True, capture_output=True).stdout
    found = [json.loads(line) for line in told.splitlines()]
    for incident in found:
        incident["true"] = {truth.get(name, "-") for name in incident["ids"]} - {"-", "?"}
    return found


def score(points, incident):
    total = 0
    for fact in {fact for fact, _ in points}:
        reached = [least for of, least in points if of == fact and incident[fact] >= least]
        total += points[fact, max(reached)] if reached else 0
    return total


def places(points, found):
    """The place of each true incident in the list."""
    ordered = sorted(found, key=lambda i: (-score(points, i), i["start_ns"], i["key"]))
    first = {}
    for place, incident in enumerate(ordered, 1):
        for name in incident["true"]:
            first.setdefault(name, place)
    return first


def cost(points, files):
    all_places = [place for found in files for place in places(points, found).values()]
    return sum(place > FIRST for place in all_places), sum(all_places), sum(points.values())


def fit(files, lines):
    points = dict.fromkeys(lines, 0)
    best, better = cost(points, files), True
    while better:
        better = False
        for line in lines:
            for value in range(5):
                tried = points | {line: value}
                now = cost(tried, files)
                if now < best:
                    points, best, better = tried, now, True
    return points


def tell(found):
    return ", ".join(f"{name} {place}" for name, place in sorted(found.items()))


def main():
    if len(sys.argv) != 6 or any("sealed" in pathlib.Path(path).resolve().parts for path in sys.argv[2:]):
        sys.exit(__doc__)
    files = {pathlib.Path(path).stem: incidents(sys.argv[1], path) for path in sys.argv[2:]}
    standing = built_in()
    print("by the program's points:")
    for name, found in files.items():
        worth = sum(incident["worth"] for incident in found)
        print(f"  {name}: {len(found)} raised, {worth} worth a look; places: {tell(places(standing, found))}")
    lines = [line for line in standing if any(i[line[0]] for found in files.values() for i in found)]
    held, within = 0, 0
    for two in itertools.combinations(files, 2):
        points = fit([files[name] for name in two], lines)
        print("fitted to", " and ".join(two) + ":",
              ", ".join(f"{fact} {least}: {value}" for (fact, least), value in points.items() if value))
        for name in files:
            if name not in two:
                found = places(points, files[name])
                held += len(found)
                within += sum(place <= FIRST for place in found.values())
                print(f"  on {name}: {tell(found)}")
    print(f"held out, among the first {FIRST}: {within} of {held}")


if __name__ == "__main__":
    main()
