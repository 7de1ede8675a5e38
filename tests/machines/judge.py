#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judges what Tare wrote on this machine and prints test lines.

judge.py doctor FILE                  doctor --json, against what the system itself says
judge.py run DIRECTORY [ENV: WORDS]   a run: each ENV has these words in its label and a value in every
                                      cell, or, with "ENV: unavailable WORDS", a reason with these words
"""
import json
import os
import re
import subprocess
import sys


def test(good, what, *seen):
    print(("ok - " if good else "not ok - ") + what)
    if not good:
        for item in seen:
            print("#   " + str(item)[:600])


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return json.load(file)


# ---- doctor ----------------------------------------------------------------------------------------


def memory_gib():
    with open("/proc/meminfo", encoding="ascii") as file:
        return int(re.search(r"MemTotal: +(\d+)", file.read())[1]) / 2**20


def cgroup_version():
    kind = output("stat", "-f", "-c", "%T", "/sys/fs/cgroup").strip()
    return "v2" if kind == "cgroup2fs" else "v1"


def kvm_is_true(check):
    """/dev/kvm on these machines is that of kvm_amd, on a CPU that is itself emulated."""
    text = " ".join(check.values())
    if not os.path.exists("/dev/kvm"):
        return check["state"] == "unavailable" and "/dev/kvm" in text
    return check["state"] != "unavailable" and "kvm_amd" in text and "NPT" in text


def doctor(path):
    checks = {check["name"]: check for check in load(path)["checks"]}
    root = os.geteuid() == 0

    def true(name, good, what):
        test(good, f"doctor: {name}: {what}", checks.get(name))

    def value(name):
        return checks.get(name, {}).get("value", "")

    true("cpus", value("cpus").startswith(f"{os.cpu_count()}:"), f"{os.cpu_count()}")
    true("memory", value("memory").startswith(f"{memory_gib():.1f} GiB"), f"{memory_gib():.1f} GiB")
    true("machine", "TCG" in " ".join(checks["machine"].values()), "its CPU is emulated")
    true("counters", value("counters").startswith("0 hardware events"), "no PMU")
    true("cgroups", cgroup_version() in value("cgroups"), cgroup_version())
    true("runc", value("runc") == output("runc", "--version").split("\n")[0], "the runc that is installed")
    true("qemu", value("qemu") in output("qemu-system-x86_64", "--version"), "the QEMU that is installed")
    true("libvirt", checks["libvirt"]["state"] == "good", "its QEMU driver and user are there")
    if root:
        true("root", value("root") == "yes", "yes")
        true("kvm", kvm_is_true(checks["kvm"]), "as it is on this machine")
        true("guest kernel", value("guest kernel").startswith(os.uname().release), "this host's own")
    else:
        true("root", checks["root"]["state"] == "unavailable" and "sudo" in checks["root"]["command"],
             "no, and the command")


# ---- a run -------------------------------------------------------------------------------------------


def cells(summary, environment):
    rows = [row for row in summary["rows"] if row["environment"] == environment]
    return {row["workload"]: row for row in rows if row["headline"]}


def has_value(row):
    value = row.get("value")
    return isinstance(value, dict) and isinstance(value.get("value"), (int, float)) and value["value"] > 0


def expect_values(directory, record, summary, name, words):
    environment = record["environments"].get(name)
    if not environment or not environment.get("available"):
        test(False, f"{directory}: {name} runs", environment and environment.get("reason"), record["warnings"])
        return
    test(words in environment["label"], f"{directory}: {name} is labelled '{words}'", environment["label"])
    if name.split(":")[0] in ("vm", "nested", "microvm"):
        text = environment["label"] + " " + (environment.get("reason") or "")
        test(not environment["comparable"] and "emulated" in text,
             f"{directory}: {name} is not comparable: it is on an emulated CPU", text)
    rows = cells(summary, name)
    wanted = {workload["name"] for workload in record["plan"]["workloads"]}
    missing = {w: rows.get(w, {}).get("reason", "no row") for w in wanted if not has_value(rows.get(w, {}))}
    test(wanted and not missing, f"{directory}: {name} has a value in each of {len(wanted)} cells", missing)


def expect_reason(directory, record, name, words):
    environment = record["environments"].get(name, {})
    reason = environment.get("reason", "")
    test(not environment.get("available") and words in reason,
         f"{directory}: {name} is unavailable: '{words}'", environment.get("label"), reason)


def run(path, expectations):
    directory = os.path.basename(path)
    try:
        record, summary = load(path, "run.json"), load(path, "summary.json")
    except (OSError, ValueError) as error:
        test(False, f"{directory}: a run was written", error)
        return
    test(record["status"] == "complete", f"{directory}: the run is complete", record["status"])
    for expectation in expectations:
        name, words = expectation.split(": ", 1)
        if words.startswith("unavailable "):
            expect_reason(directory, record, name, words.split(" ", 1)[1])
        else:
            expect_values(directory, record, summary, name, words)


# ---- what only hardware KVM can do ---------------------------------------------------------------------


def flat(value, path=""):
    """All leaves of a JSON value with their dotted paths."""
    if isinstance(value, dict):
        return [leaf for key, item in value.items() for leaf in flat(item, f"{path}.{key}")]
    if isinstance(value, list):
        return [leaf for item in value for leaf in flat(item, path)]
    return [(path, value)]


def tuned(path):
    record, summary = load(path, "run.json"), load(path, "summary.json")
    described = {name: record["environments"].get(name, {}).get("describe") or {}
                 for name in ("vm:tuned", "vm:untuned", "microvm")}
    guest, disk = described["vm:tuned"], described["vm:tuned"].get("disk", {})
    test(guest.get("vhost") is True, "tuned: the network is moved by vhost", guest.get("vhost"))
    test(guest.get("hugepages") is True, "tuned: its memory is reserved huge pages", guest.get("hugepages"))
    test(disk.get("iothread") is True and disk.get("aio") == "io_uring" and disk.get("cache") == "none",
         "tuned: an iothread, io_uring, no cache", disk)
    untuned = described["vm:untuned"]
    test(untuned.get("vhost") is False and untuned.get("disk", {}).get("bus") == "ide",
         "tuned: the untuned guest has none of it", untuned)
    trial = [str(cpu) for cpu in record["placement"]["trial_cpus"]]
    allowed = guest.get("process", {})
    test(trial[0] in json.dumps(allowed), "tuned: its threads are on the trial's CPUs", allowed)
    test(described["microvm"].get("call_stub_ring") == 0, "tuned: the microVM's stub runs in ring 0",
         described["microvm"].get("call_stub_ring"))
    counted = {name: value for row in summary["rows"] if row["environment"] == "vm:tuned"
               for name, value in (row.get("counters_per_op") or {}).items()
               if name.startswith("kvm-exits:") and isinstance(value, (int, float))}
    test(any(value > 0 for value in counted.values()), "tuned: exits are counted by reason", counted)


def ladder(path):
    record, summary = load(path, "run.json"), load(path, "summary.json")
    test(not record["plan"]["left_out"], "ladder: no rung is left out", record["plan"]["left_out"])
    rungs = [i["environment"] for i in record["plan"]["instances"] if i["environment"].startswith("vm")]
    test(len(rungs) == 9, "ladder: it has nine rungs", rungs)
    for name in rungs:
        missing = {w: row["reason"] for w, row in cells(summary, name).items() if not has_value(row)}
        reason = record["environments"].get(name, {}).get("reason")
        test(cells(summary, name) and not missing, f"ladder: {name} has its values", missing, reason)


def closure(path):
    text = output("./tare", "report", path)
    lines = [line for line in text.split("\n") if "exits" in line]
    test(lines, "closure: what exits explain is told", text[-1500:])


# ---- two memory nodes ----------------------------------------------------------------------------------


def cpus_of(text):
    """The CPUs of a list as the kernel writes it: 0-2,5"""
    numbers = set()
    for part in text.strip().split(","):
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def node_cpus(node):
    with open(f"/sys/devices/system/node/node{node}/cpulist", encoding="ascii") as file:
        return cpus_of(file.read())


def thread_cpus(sample):
    """The CPU lists of a sample's threads, each once: 2+3+2-3"""
    return sample.split("cpus=")[1].split(" ")[0].split("+")


def in_trial(sample, trial):
    """Not what Tare and libvirt start to look at the host, nor the load generator."""
    lists = [cpus for cpus in thread_cpus(sample) if cpus] if "cpus=" in sample else []
    return lists and all(cpus_of(cpus) <= trial for cpus in lists)


def off_node(samples, node):
    """Samples of processes of some size that have more than a tenth of their memory on the other node."""
    pages = [(line, [int(n) for n in re.findall(r"N[01]=(\d+)", line)]) for line in samples]
    return [line for line, n in pages if len(n) == 2 and sum(n) > 4096 and n[1 - node] > sum(n) / 10]


def numa(path, nodes):
    record = load(path, "run.json")
    test(record["host"]["memory_nodes"] == 2 and record["host"]["packages"] == 2,
         "numa: run.json knows two sockets and two nodes", record["host"]["memory_nodes"])
    trial = set(record["placement"]["trial_cpus"])
    node = next((n for n in (0, 1) if trial <= node_cpus(n)), None)
    test(len(trial) == 2 and node is not None, "numa: two trial CPUs on one node", sorted(trial))
    if node is None:
        return
    with open(nodes, encoding="ascii") as file:
        samples = file.read().split("\n")
    samples = [line for line in samples if in_trial(line, trial)]
    for comm in ("qemu-system", "tare-agent", "tare-microvm"):
        mine = [line for line in samples if line.startswith(comm[:15])]
        test(mine and not off_node(mine, node), f"numa: the memory of {comm} is on the trial's node",
             len(mine), off_node(mine, node)[:3])
    guests = [line for line in samples if line.startswith("qemu")]
    pinned = [{str(cpu) for cpu in trial} <= set(thread_cpus(line)) for line in guests]
    test(any(pinned), "numa: each vCPU is on a trial CPU", guests[-2:])


if __name__ == "__main__":
    JUDGE = {"doctor": doctor, "run": lambda path, *rest: run(path, rest), "tuned": tuned,
             "ladder": ladder, "closure": closure, "numa": numa}
    try:
        JUDGE[sys.argv[1]](*sys.argv[2:])
    except (KeyError, TypeError, ValueError, OSError) as error:
        test(False, f"{sys.argv[1]}: what Tare wrote can be judged", repr(error))
