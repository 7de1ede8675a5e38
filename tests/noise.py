#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the noise out of recorded runs, for tests/prove.c:

  noise.py NAME RUN...     writes tests/noise/NAME.csv

A line is a block in which the baseline, its null arm and the container have a valid trial: workload
and the three logs of throughput times 10,000, each less the median of its arm. Where the arms lie
is gone, how they scatter is kept: slow machines, stalls, what lasts from block to block."""
import collections
import json
import math
import os
import statistics
import sys


def blocks_of(directory):
    cells = collections.defaultdict(lambda: collections.defaultdict(dict))
    with open(os.path.join(directory, "trials.jsonl"), encoding="utf-8") as file:
        for line in file:
            trial = json.loads(line)
            value = trial.get("values", {}).get("throughput")
            if trial["record"] == "trial" and not trial.get("warmup") and value:
                cells[trial["workload"]][trial["block"]][trial["arm"]] = math.log(value)
    return cells


def centred(cell, arms):
    whole = [[cell[b][a] for a in arms] for b in sorted(cell) if all(a in cell[b] for a in arms)]
    if len(whole) < 10:
        return []
    middle = [statistics.median(column) for column in zip(*whole)]
    return [[round(10000 * (v - m)) for v, m in zip(row, middle)] for row in whole]


def main():
    name, *directories = sys.argv[1:]
    with open(os.path.join(os.path.dirname(__file__), "noise", name + ".csv"), "w", encoding="utf-8") as out:
        for directory in directories:
            with open(os.path.join(directory, "run.json"), encoding="utf-8") as file:
                run = json.load(file)
            print(f"# {run['host']['cpu_model']}, {run['host']['cpus']} CPUs, {run['started'][:10]}", file=out)
            for workload, cell in blocks_of(directory).items():
                for row in centred(cell, ("bare", "bare#null", "container")):
                    print(workload, *row, sep=",", file=out)


main()
