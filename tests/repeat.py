#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Does a run say what the next one says?

  repeat.py [--runs R] [--out DIR] [-- ARGUMENTS OF tare run]   makes R runs, one after the other
  repeat.py RUN RUN RUN...                                      reads runs that exist

Prints, as Markdown: how often the interval of a run holds the mean of the others, how often two
runs contradict each other, the verdicts, the widths, and where the time went. Everything is read
from summary.json, run.json and trials.jsonl. Status 1 where a bound of docs/method.md is not met.
"""
import argparse
import collections
import itertools
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile

TARE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tare")
DECIDED = ("overhead", "speedup", "negligible")
WORDS = DECIDED + ("unresolved", "unavailable")
Z95 = statistics.NormalDist().inv_cdf(0.975)
CONTRADICTIONS_MOST = 0.02  # of the pairs


def make_runs(count, out, arguments):
    out = out or tempfile.mkdtemp(prefix="tare-repeat-")
    os.makedirs(out, exist_ok=True)
    directories = []
    for number in range(1, count + 1):
        directory = os.path.join(out, f"run-{number}")
        print(f"run {number} of {count}: {directory}", file=sys.stderr, flush=True)
        done = subprocess.run([TARE, "run", *arguments, "--out", directory],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode > 1:  # 1: an environment failed, and the summary says which
            sys.exit(f"{done.stderr}\nrun {number} failed with status {done.returncode}; "
                     f"those before it are in {out}")
        directories.append(directory)
    return directories


class Run:
    def __init__(self, directory):
        def load(name):
            with open(os.path.join(directory, name), encoding="utf-8") as file:
                return json.load(file)
        self.directory = directory
        self.run = load("run.json")
        plan = self.run["plan"]
        self.key = (self.run["study"]["name"], plan["preset"], plan["baseline"],
                    tuple(sorted((w["name"], w["version"]) for w in plan["workloads"])))
        null = {condition["column"] for condition in plan.get("conditions", ()) if condition.get("null")}
        null |= {arm["id"] for arm in plan.get("arms", ()) if arm["role"] == "null"}  # schema 1
        self.rows = {(row["workload"], row["environment"]): row for row in load("summary.json")["rows"]
                     if row["headline"] and row["verdict"] and row["environment"] not in null}
        self.inside = self.trial_seconds(os.path.join(directory, "trials.jsonl"))
        self.total = self.run["time"]["total"] + self.run["time"].get("simulated", 0)

    @staticmethod
    def trial_seconds(path):
        """Seconds inside timed trials, warm-up left out."""
        total = 0.0
        with open(path, encoding="utf-8") as file:
            for line in file:
                try:
                    trial = json.loads(line)
                except ValueError:  # a cut last line
                    continue
                if trial.get("record") == "trial" and not trial.get("warmup"):
                    total += trial.get("inside_seconds") or 0
        return total


class Interval:
    """Of log relative. It need not be symmetric where the value is an estimate of its own kind."""
    def __init__(self, row):
        relative = row["relative"] or {}  # null: unavailable
        self.known = all(isinstance(relative.get(k), (int, float)) and relative[k] > 0
                         for k in ("value", "low", "high"))
        if self.known:
            self.value, self.low, self.high = (math.log(relative[k]) for k in ("value", "low", "high"))
            self.half = (self.high - self.low) / 2


def expected_share(half, others):
    """How often a true 95 % interval of this width holds the mean of others that have theirs."""
    spread = sum(h * h for h in others) / len(others) ** 2
    if half * half + spread == 0:
        return 1.0
    return 2 * statistics.NormalDist().cdf(Z95 * half / math.sqrt(half * half + spread)) - 1


class Cell:
    """One workload in one environment, over all runs."""
    def __init__(self, rows):
        self.verdicts = [row["verdict"] for row in rows]
        self.intervals = [i for i in map(Interval, rows) if i.known]
        self.held, self.expected = [], []
        for n, interval in enumerate(self.intervals):
            others = self.intervals[:n] + self.intervals[n + 1:]
            if not others:
                continue
            mean = statistics.fmean(o.value for o in others)
            self.held.append(interval.low <= mean <= interval.high)
            self.expected.append(expected_share(interval.half, [o.half for o in others]))
        pairs = list(itertools.combinations([v for v in self.verdicts if v in DECIDED], 2))
        self.pairs = len(list(itertools.combinations(self.verdicts, 2)))
        self.contradictions = sum(a != b for a, b in pairs)

    def spread(self):
        values = [i.value for i in self.intervals]
        return statistics.stdev(values) if len(values) > 1 else math.nan


def table(title, heads, lines):
    print(f"\n**{title}**\n\n| {' | '.join(heads)} |\n|{'---|' * len(heads)}")
    for line in lines:
        print(f"| {' | '.join(line)} |")


def percent(part, whole):
    return f"{100 * part / whole:.1f} %" if whole else ""


def factor(log):
    return f"{math.exp(log):.3g}"


def print_cells(cells):
    lines = []
    for (workload, environment), cell in cells.items():
        values = [i.value for i in cell.intervals]
        words = collections.Counter(cell.verdicts)
        lines.append((workload, environment,
                      f"{factor(statistics.median(values))} ({factor(min(values))} to {factor(max(values))})"
                      if values else "",
                      f"{100 * cell.spread():.1f} %" if len(values) > 1 else "",
                      f"{100 * statistics.median(i.half for i in cell.intervals):.1f} %" if values else "",
                      f"{sum(cell.held)} of {len(cell.held)}",
                      ", ".join(f"{words[w]} {w}" for w in WORDS if words[w]),
                      str(cell.contradictions)))
    table("By workload and environment",
          ("workload", "environment", "relative: median (range)", "spread of runs",
           "half-width", "holds the others' mean", "verdicts", "contradicting pairs"), lines)


def lowest_share(expected):
    """The least share that chance leaves in 95 of 100 studies, were the intervals independent."""
    share = statistics.fmean(expected)
    return share - 1.645 * math.sqrt(share * (1 - share) / len(expected))


def print_group(title, head, groups):
    lines = []
    for name, members in groups.items():
        held = [h for c in members for h in c.held]
        expected = [e for c in members for e in c.expected]
        halves = [i.half for c in members for i in c.intervals]
        words = collections.Counter(v for c in members for v in c.verdicts)
        count = sum(words.values())
        lines.append((name, f"{sum(held)} of {len(held)} = {percent(sum(held), len(held))}" if held else "",
                      f"{100 * statistics.fmean(expected):.1f} %" if held else "",
                      f"{100 * statistics.median(halves):.2f} %" if halves else "",
                      *(percent(words[w], count) for w in WORDS),
                      f"{sum(c.contradictions for c in members)} of {sum(c.pairs for c in members)}"))
    table(title, (head, "holds the others' mean", "true 95 % intervals", "median half-width",
                  *WORDS, "contradicting pairs"), lines)


def print_times(runs):
    table("Time", ("run", "seconds", "inside timed trials"),
          [(os.path.basename(os.path.normpath(r.directory)), f"{r.total:.1f}", percent(r.inside, r.total))
           for r in runs] +
          [("all", f"{sum(r.total for r in runs):.1f}",
            percent(sum(r.inside for r in runs), sum(r.total for r in runs)))])


def grouped(cells, part):
    groups = collections.defaultdict(list)
    for key, cell in cells.items():
        groups[key[part]].append(cell)
    return groups


def judge(cells):
    """The bounds, each with what was found. True: all are met."""
    held = [h for c in cells.values() for h in c.held]
    expected = [e for c in cells.values() for e in c.expected]
    pairs = sum(c.pairs for c in cells.values())
    against = sum(c.contradictions for c in cells.values())
    lowest = lowest_share(expected)
    covers, agrees = statistics.fmean(held) >= lowest, against <= CONTRADICTIONS_MOST * pairs
    table("Bounds", ("what", "found", "bound", "met"), [
        ("intervals that hold the others' mean", percent(sum(held), len(held)),
         f"at least {100 * lowest:.1f} % ({len(held)} intervals)", "yes" if covers else "NO"),
        ("pairs of runs that contradict each other", f"{against} of {pairs} = {percent(against, pairs)}",
         f"at most {100 * CONTRADICTIONS_MOST:g} %", "yes" if agrees else "NO")])
    return covers and agrees


def read_runs(directories):
    runs = []
    for directory in directories:
        try:
            runs.append(Run(directory))
        except (OSError, ValueError, KeyError) as why:
            sys.exit(f"{directory} is no whole run: {why!r}; `tare report {directory}` writes its summary")
    if len({r.key for r in runs}) > 1:
        sys.exit("the runs differ in study, preset, baseline or workloads: compare like with like")
    return runs


def main():
    parser = argparse.ArgumentParser(description="how well runs of one study agree")
    parser.add_argument("--runs", type=int, default=7, help="how many to make (7)")
    parser.add_argument("--out", help="where to put them (a new directory in /tmp)")
    parser.add_argument("runs_given", nargs="*", metavar="RUN", help="runs that exist")
    own, _, rest = split_arguments(sys.argv[1:])
    arguments = parser.parse_args(own)
    if not arguments.runs_given and arguments.runs < 3:
        parser.error("--runs: give 3 or more")
    runs = read_runs(arguments.runs_given or make_runs(arguments.runs, arguments.out, rest))
    if len(runs) < 3:
        parser.error("at least 3 runs are needed: an interval is held against the mean of the others")

    keys = dict.fromkeys(key for run in runs for key in run.rows)
    cells = {key: Cell([run.rows[key] for run in runs if key in run.rows]) for key in keys}
    if not any(cell.held for cell in cells.values()):
        sys.exit("no two runs have an interval of the same workload and environment")
    study, preset, *_ = runs[0].key
    print(f"{len(runs)} runs of `{study}`, preset {preset}, {(runs[0].run.get('host') or {}).get('cpu_model', 'a simulated machine')}, "
          f"{runs[0].run['started'][:10]}")
    print_group("By environment", "environment", grouped(cells, 1))
    print_group("By workload", "workload", grouped(cells, 0))
    print_cells(cells)
    print_times(runs)
    return 0 if judge(cells) else 1


def split_arguments(arguments):
    """What stands behind -- belongs to tare run."""
    if "--" not in arguments:
        return arguments, None, []
    at = arguments.index("--")
    return arguments[:at], "--", arguments[at + 1:]


if __name__ == "__main__":
    sys.exit(main())
