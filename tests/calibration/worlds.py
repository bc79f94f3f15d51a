#!/usr/bin/env python3
"""worlds.py GROUP [--check] [--seeds N]: made-up days of a system of services, grouped by the program with and without
its service graph, compared with what was made up. GROUP: build/debug/tests/calibration/group.

Shops of 20 services in layers; one that fails raises alerts, then those that call it do. Kinds of a day: `chain` (one
failure after another, hours apart), `pairs` (two failures within minutes, in parts of the system that share no
service), `one host` (as `chain`, and all services report one host, which has alerts of its own all day). Beside them
alerts that nothing is behind: some all day long, some once.

Printed for each kind, without and with the graph: precision, recall and F of B-cubed over the records of failures; what
lies beside them in their incident counts against precision. --check: exits 1 unless the graph raises F by 0.02 in each
kind and reaches 0.9, 0.8 and 0.85."""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

KINDS = {"chain": 0.9, "pairs": 0.8, "one host": 0.85}
MINUTE, HOUR = 60, 3600
DAY_ONE = 1772323200  # 2026-03-01


class World:
    def __init__(self, seed, kind):
        self.random = random.Random(f"{kind} {seed}")
        self.kind, self.records, self.truth = kind, [], {}
        self.layers = [[f"{name}-{i}" for i in range(5)] for name in ("store", "core", "api", "edge")]
        self.services = [s for layer in self.layers for s in layer]
        self.callers = collections.defaultdict(set)
        for below, above in zip(self.layers, self.layers[1:]):
            for service in above:
                for called in self.random.sample(below, self.random.choice((1, 2))):
                    self.callers[called].add(service)
        for day in range(2):
            self.day(day)

    def edges(self):
        return sorted((caller, called) for called, callers in self.callers.items() for caller in callers)

    def tell(self, at, service, title, failure, phase="trigger", host=None):
        name = f"r{len(self.records)}"
        host = "host-of-all" if self.kind == "one host" and self.random.random() < 0.5 else host or f"{service}-vm"
        self.records.append({"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(DAY_ONE + at)), "kind": "alert",
                             "source": "monitor", "id": name, "fingerprint": f"{title} {service}", "title": title,
                             "service": service, "host": host, "text": f"{title} on {service}", "phase": phase})
        self.truth[name] = failure

    def alerts(self, at, service, failure):
        for title in self.random.sample(("Errors", "Latency", "Restarts", "Queue", "Memory"), self.random.randint(2, 3)):
            first = at + self.random.randint(0, 5 * MINUTE)
            self.tell(first, service, title, failure)
            self.tell(first + self.random.randint(2, 12) * MINUTE, service, title, failure, "resolve")

    def fails(self, at, root, failure, within=None):
        reached, todo = {root}, [(root, at)]
        while todo:
            service, since = todo.pop()
            self.alerts(since, service, failure)
            for caller in sorted(self.callers[service] - reached):
                if (within is None or caller in within) and self.random.random() < 0.8:
                    reached.add(caller)
                    todo.append((caller, since + self.random.randint(1, 6) * MINUTE))

    def above(self, root):
        found, todo = {root}, [root]
        while todo:
            for caller in self.callers[todo.pop()] - found:
                found.add(caller)
                todo.append(caller)
        return found

    def day(self, day):
        begin = day * 24 * HOUR
        for i in range(6):                        # those that come all day
            service, every = self.random.choice(self.services), self.random.choice((25, 50, 100)) * MINUTE
            at = begin + self.random.randrange(every)
            while at < begin + 24 * HOUR:
                self.tell(at, service, f"Routine {i}", None)
                at += int(every * self.random.uniform(0.6, 1.4))
        for i in range(60 if self.kind == "one host" else 20):
            self.tell(begin + self.random.randrange(24 * HOUR), self.random.choice(self.services), f"Once {day} {i}", None)
        for i in range(4):
            at = begin + (3 + 5 * i) * HOUR + self.random.randrange(HOUR)
            root = self.random.choice(self.layers[0] + self.layers[1])
            self.fails(at, root, f"{day} {i}")
            if self.kind == "pairs":
                touched = self.above(root)
                near = touched | {s for t in touched for s in self.callers[t]} | {s for s in self.services
                                                                                  if self.callers[s] & touched}
                far = [s for s in self.layers[1] + self.layers[2] if not (self.above(s) & near)]
                if far:
                    self.fails(at + self.random.randrange(4 * MINUTE), self.random.choice(far), f"{day} {i} other")


def grouped(program, world, graph):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        records, edges = folder / "records.jsonl", folder / "edges.csv"
        records.write_text("".join(json.dumps(r) + "\n" for r in world.records))
        edges.write_text("from,to\n" + "".join(f"{a},{b}\n" for a, b in world.edges()))
        command = [program] + (["--graph", str(edges)] if graph else []) + [str(records)]
        lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    return {row[0]: row[1] if row[1] != "-" else row[0] for row in (line.split("\t") for line in lines)}


def b_cubed(truth, found):
    """Of each record of a failure: which share of its group is of its failure, and which share of that is in its group."""
    together = collections.Counter((truth[r], found[r]) for r in truth)
    failures, groups = collections.Counter(truth.values()), collections.Counter(found[r] for r in truth)
    of_failures = [r for r in truth if truth[r] is not None]
    precision = sum(together[truth[r], found[r]] / groups[found[r]] for r in of_failures) / len(of_failures)
    recall = sum(together[truth[r], found[r]] / failures[truth[r]] for r in of_failures) / len(of_failures)
    return precision, recall, 2 * precision * recall / (precision + recall)


def measured(program, kind, graph, seeds):
    scores = []
    for seed in range(seeds):
        world = World(seed, kind)
        scores.append(b_cubed(world.truth, grouped(program, world, graph)))
    return [sum(s[i] for s in scores) / seeds for i in range(3)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("group")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    options = parser.parse_args()
    wrong = []
    print(f"{'kind':10} {'':8}  P     R     F")
    for kind, least in KINDS.items():
        without, graph = (measured(options.group, kind, given, options.seeds) for given in (False, True))
        for name, score in (("no graph", without), ("graph", graph)):
            print(f"{kind:10} {name:8}  " + "  ".join(f"{value:.3f}" for value in score))
        if graph[2] < least or graph[2] < without[2] + 0.02:
            wrong.append(kind)
    if options.check and wrong:
        sys.exit("worlds.py: the graph gains too little in: " + ", ".join(wrong))


if __name__ == "__main__":
    main()
