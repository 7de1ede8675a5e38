#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""hostile_runs.py TARE: run directories that mean harm, each read by every command that reads one.

Each command must end by itself within TIME of the CPU, in MEMORY, not by a signal, without a sanitizer's word,
print no word of a file outside and no control character, and leave all outside as it was.
"""
import json
import os
import resource
import shutil
import subprocess
import sys

TARE = os.path.abspath(sys.argv[1])
HERE = os.path.dirname(os.path.abspath(__file__))
TIME, MEMORY = 60, 600 << 20
PATIENCE = 240  # where others have the CPU
SECRET = "hunter2-of-root"
COMMANDS = [["report"], ["report", "--json"], ["compare"], ["export"], ["export", "--format", "hgrm"],
            ["run", "--resume"]]


def edit(change):
    def make(run):
        path = os.path.join(run, "run.json")
        with open(path) as file:
            data = json.load(file)
        change(data)
        with open(path, "w") as file:
            json.dump(data, file)
    return make


def put(name, text):
    def make(run):
        with open(os.path.join(run, name), "w") as file:
            file.write(text)
    return make


def append(text):
    def make(run):
        with open(os.path.join(run, "trials.jsonl"), "a") as file:
            file.write(text)
    return make


def instead(name, how):
    """`name` is removed and made by `how`."""
    def make(run):
        path = os.path.join(run, name)
        if os.path.isdir(path):
            shutil.rmtree(path)
        elif os.path.lexists(path):
            os.unlink(path)
        how(path)
    return make


def link(target):
    return lambda path: os.symlink(target, path)


def sparse(size):
    def how(path):
        with open(path, "wb") as file:
            file.truncate(size)
    return how


def labels(text):
    def change(data):
        data["study"]["title"] = text
        for environment in data["environments"].values():
            environment["label"] = text
    return change


def metrics(field, text):
    def change(data):
        for workload in data["plan"]["workloads"]:
            for metric in workload["metrics"]:
                metric[field] = text
    return change


def many(arms, workloads, metric_count):
    def change(data):
        plan = data["plan"]
        subject = dict(plan["arms"][-1])
        plan["arms"] = plan["arms"][:1] + [dict(subject, id="a%d" % i, role="subject") for i in range(arms)]
        workload = dict(plan["workloads"][0])
        workload["metrics"] = [dict(workload["metrics"][0], name="m%d" % i) for i in range(metric_count)]
        plan["workloads"] = [dict(workload, name="cpu.x%d" % i) for i in range(workloads)]
    return change


def plan_value(key, value):
    return lambda data: data["plan"].__setitem__(key, value)


def trial(run_line, **fields):
    line = json.loads(run_line)
    line.update(fields)
    return json.dumps(line) + "\n"


def with_trial(**fields):
    def make(run):
        path = os.path.join(run, "trials.jsonl")
        with open(path) as file:
            lines = file.readlines()
        sample = next(line for line in lines if '"trial"' in line)
        with open(path, "a") as file:
            file.write(trial(sample, **fields))
    return make


def uri(name):
    def change(data):
        data["status"] = "interrupted"
        data["plan"]["arms"][-1]["environment"] = name
        data["environments"][name] = dict(list(data["environments"].values())[-1])
    return change


BIG = 10 ** 18
TABLE = {}
for file in ("run.json", "trials.jsonl"):
    TABLE.update({
        file + " is a FIFO": instead(file, os.mkfifo),
        file + " is a directory": instead(file, os.mkdir),
        file + " is a link to a secret": instead(file, link("../outside/secret")),
        file + " is a link to /dev/zero": instead(file, link("/dev/zero")),
        file + " is a link to itself": instead(file, link(file)),
        file + " is a link to a FIFO of the kernel": instead(file, link("/proc/self/fd/0")),
        file + " has 4 GiB of zeros": instead(file, sparse(4 << 30)),
        file + " is empty": put(file, ""),
        file + " is a million brackets": put(file, "[" * 1000000),
        file + " is a million numbers": put(file, "{\"plan\":[" + "1," * 1000000 + "1]}"),
        file + " is no UTF-8": instead(file, lambda path: open(path, "wb").write(b"\xff\xfe\x00{}")),
        file + " is gone": instead(file, lambda path: None),
    })
TABLE.update({
    "figures is a link": instead("figures", link("../outside")),
    "figures is a FIFO": instead("figures", os.mkfifo),
    "figures is a file": instead("figures", sparse(10)),
    "export is a link": instead("export", link("../outside")),
    "export is a FIFO": instead("export", os.mkfifo),
    "summary.csv is a link": instead("summary.csv", link("../outside/secret")),
    "summary.csv is a directory": instead("summary.csv", os.mkdir),
    "summary.csv.new is a directory": instead("summary.csv.new", os.mkdir),
    "summary.json.new is a FIFO": instead("summary.json.new", os.mkfifo),
    "report.html is a link": instead("report.html", link("/dev/full")),
    "report.html is a FIFO": instead("report.html", os.mkfifo),
    "4003 arms": edit(many(4003, 4, 1)),
    "4096 workloads": edit(many(2, 4096, 1)),
    "4096 workloads x 4003 arms": edit(many(4003, 4096, 1)),
    "200 arms x 200 workloads x 60 metrics": edit(many(200, 200, 60)),
    "250 arms x 70 workloads": edit(many(250, 70, 1)),
    "no arms": edit(plan_value("arms", [])),
    "arms are words": edit(plan_value("arms", ["x"])),
    "workloads are numbers": edit(plan_value("workloads", [1, 2])),
    "no plan": edit(lambda data: data.pop("plan")),
    "labels with escapes": edit(labels("\x1b]0;owned\x07\x1b[31mred\x9b31m")),
    "labels that forge rows": edit(labels("a\",\n1,2,3\r\nforged,row")),
    "labels that begin with a quote": edit(labels("'quoted' and 'more'")),
    "labels for gnuplot": edit(labels("'.system('touch EVIL').'`touch EVIL`@x \\\" \"")),
    "labels for HTML": edit(labels("</title><script>alert(1)</script>")),
    "labels of 100 kB": edit(labels("\u00e9" * 50000)),
    "labels right to left": edit(labels("\u202eevil\u2066")),
    "units that forge rows": edit(metrics("unit", "s\nforged,row,1,2,3")),
    "names that forge rows": edit(metrics("name", "p50\"\n\x1bforged,row")),
    "percentile beyond 1": edit(metrics("percentile", 1e308)),
    "units are numbers": edit(metrics("unit", 7)),
    "a line of 4 MiB": append("{\"record\":\"trial\",\"x\":\"" + "a" * (4 << 20) + "\"}\n"),
    "a line of a million values": append("{\"record\":\"event\",\"x\":[" + "0," * 1000000 + "0]}\n"),
    "100000 events": append("{\"record\":\"event\",\"event\":\"x\"}\n" * 100000),
    "a trial with 500 values": with_trial(values={"v%d" % i: 1 for i in range(500)}),
    "a trial with 200 histograms": with_trial(histograms={"h%d" % i: {"count": 1} for i in range(200)}),
    "a trial with a huge block": with_trial(block=BIG),
    "a trial with a huge start": with_trial(start=65535, block=65535),
    "a trial with absurd numbers": with_trial(operations=-1e300, time=1e308, host_cpu_seconds=-5),
    "flags that forge rows": with_trial(flags=["x\nforged,row", "y\",z", "\x1b[2J"]),
    "an error with escapes": with_trial(error={"code": "E\x1b[2J", "message": "\x1b]0;x\x07" + "\u00e9" * 400}),
    "a status with escapes": edit(lambda data: data.update(status="\x1b[2J", id="\x1b[2J")),
    "an id that leads out": edit(lambda data: data.update(id="../../outside", status="interrupted")),
    "a libvirt URI with a command": edit(uri("vm:uri=qemu+ext:///system?command=/tmp/EVIL")),
    "a kernel of its own": edit(uri("vm:kernel=/tmp/EVIL")),
})


def limits():
    resource.setrlimit(resource.RLIMIT_CPU, (TIME, TIME))


def state(outside):
    found = []
    for directory, _, names in os.walk(outside):
        for name in sorted(names):
            path = os.path.join(directory, name)
            found.append((path, open(path).read(), os.stat(path).st_mode, os.stat(path).st_uid))
    return found


def try_one(name, command, good):
    base = os.getcwd()
    arguments = command + ["bad"] + ([good] if command[0] == "compare" else [])
    try:
        done = subprocess.run([TARE] + arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=PATIENCE, preexec_fn=limits, cwd=base)
    except subprocess.TimeoutExpired:
        return "did not end"
    said = done.stdout + done.stderr
    if done.returncode < 0 or done.returncode > 2:
        return "status %d: %s" % (done.returncode, done.stderr[-300:])
    if SECRET.encode() in said:
        return "a word of a file outside"
    if any(byte < 32 and byte not in b"\n\r\t" for byte in said):
        return "a control character: %r" % [line for line in said.split(b"\n") if b"\x1b" in line][:1]
    if command in (["export"], ["report", "--json"]) and b"\nforged" in done.stdout:
        return "a forged row"
    if b"Sanitizer" in said or b"runtime error" in said:
        return "a sanitizer: %s" % said[-400:]
    return None


def main():
    subprocess.run([sys.executable, os.path.join(HERE, "synthetic_run.py"), "good"], check=True,
                   stdout=subprocess.DEVNULL)
    os.mkdir("outside")
    with open("outside/secret", "w") as file:
        file.write(SECRET + "\n")
    before, failed, tried = state("outside"), 0, 0
    for name, make in TABLE.items():
        shutil.rmtree("bad", ignore_errors=True)
        shutil.copytree("good", "bad")
        make("bad")
        for command in COMMANDS:
            why = try_one(name, command, "good")
            if not why and state("outside") != before:
                why = "something outside was changed"
            if not why and (os.path.exists("EVIL") or os.path.exists("/tmp/EVIL")):
                why = "it was executed"
            tried += 1
            if why:
                failed += 1
                print("%s, %s: %s" % (name, " ".join(command), why))
        if resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 > MEMORY:
            print("%s: over %d MiB" % (name, MEMORY >> 20))
            return 1
    print("%d directories, %d commands, %d failed" % (len(TABLE), tried, failed))
    return failed != 0


sys.exit(main())
