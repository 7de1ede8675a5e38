#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bad command lines and bad files, a line each: `tare` must end with status 2 and exactly one line
that names the value and what would be valid; it prints nothing else and writes nothing.

bad_input.py TARE: prints the cases that are not refused so, and "N refused of N".
"""
import json, os, subprocess, sys, tempfile

TARE = os.path.abspath(sys.argv[1])
STUDIES, WORKLOADS, DRIVERS = "overhead", "cpu.compress", "bare, container"
LONG = "x" * 5000

# command line (split at blanks, or a list), then words that the one line must have
COMMANDS = [
    ("", "doctor"), ("bogus", "'bogus'", "doctor"), ("Run", "'Run'", "run"), ("-x", "'-x'"),
    ("--json", "'--json'"), ("runs", "'runs'"), ([""], "''", "doctor"), ([LONG], "doctor"),
    (["ru\nn"], "control character"), (["run", "-e", "a\x1b[2J"], "control character"), ("run bogus", "bogus", STUDIES), ("run Overhead", "Overhead", STUDIES),
    (["run", ""], STUDIES), ("run overhead aa", "'aa'", "one study"), ("run -x", "'-x'", "--seed"),
    ("run --bogus", "'--bogus'", "--seed"), ("run --se", "'--se'", "--seed"),
    ("run --bogus=1", "--bogus", "--seed"), ("run --dry-run=yes", "--dry-run", "no value"),
    ("run --csv=1", "--csv", "no value"), ("run -e", "'-e'", "ENV"), ("run -w", "'-w'", "GLOB"),
    ("run --seed", "--seed", "NUMBER"), ("run --out", "--out", "DIR"),
    ("run --preset", "--preset", "NAME"), ("run --time", "--time", "SECONDS"),
    ("run --set", "--set", "WORKLOAD.PARAMETER=VALUE"), ("run --resume", "--resume", "DIR"),
    ("run --scratch", "--scratch", "DIR"), ("run --lang", "--lang", "LANGUAGE"),
    ("run --predict", "--predict", "TEXT"), ("run --baseline", "--baseline", "ENV"),
    ("run --counters", "--counters", "LIST"),
    ("run --seed x", "--seed x", "whole number"), ("run --seed 1x", "1x", "whole number"),
    ("run --seed -1", "-1", "whole number"), ("run --seed 1.5", "1.5", "whole number"),
    (["run", "--seed", ""], "--seed", "whole number"), (["run", "--seed", "  7 "], "whole number"),
    ("run --seed 99999999999999999999", "99999999999999999999", "whole number"),
    ("run --seed 9223372036854775808", "9223372036854775808", "whole number"),
    ("run --seed 0x10", "0x10", "whole number"), ("run --time x", "--time x", "seconds"),
    ("run --time 0", "--time 0", "seconds"), ("run --time -5", "-5", "seconds"),
    ("run --time nan", "nan", "seconds"), ("run --time inf", "inf", "seconds"),
    ("run --time 1e300", "1e300", "seconds"), ("run --time 10s", "10s", "seconds"),
    (["run", "--time", ""], "--time", "seconds"), ("run --preset fast", "fast", "quick"),
    ("run --preset QUICK", "QUICK", "quick"), (["run", "--preset", ""], "quick"),
    ("run --lang fr", "fr", "pt-BR"), ("run --lang EN", "EN", "pt-BR"),
    (["run", "--lang", ""], "pt-BR"), ("run -w bogus", "bogus", WORKLOADS),
    ("run -w cpu", "'cpu'", WORKLOADS), ("run -w disk.*x", "disk.*x", WORKLOADS),
    (["run", "-w", ""], WORKLOADS), ("run -w [", "[", WORKLOADS), (["run", "-w", LONG], WORKLOADS),
    ("run -e bogus", "bogus", DRIVERS), ("run -e Container", "Container", DRIVERS),
    (["run", "-e", ""], DRIVERS), ("run -e :", DRIVERS), (["run", "-e", " container"], DRIVERS),
    (["run", "-e", LONG], DRIVERS), ("run -e container:bogus", "bogus", "seccomp"),
    ("run -e container:", "seccomp"), ("run -e container:,", "seccomp"),
    ("run -e container:net", "net", "seccomp"), ("run -e container:net=", "net=", "bridge"),
    ("run -e container:net=wifi", "wifi", "bridge"), ("run -e container:bogus=1", "bogus", "net"),
    ("run -e container:net=nat,net=host", "net", "twice"),
    ("run -e container:storage=ram", "ram", "overlay"),
    ("run -e container:seccomp=yes", "yes", "default"),
    ("run -e container:runtime=docker", "docker", "runc"),
    ("run -e container:net=host,bogus", "bogus", "net"),
    ("run -e bare:slow", "slow"), ("run -e bare:slow=x", "x", "share"),
    ("run -e bare:slow=-5%", "-5%", "share"), ("run -e bare:slow=5", "5", "share"),
    ("run -e bare:slow=nan%", "nan%", "share"), ("run -e bare:slow=2000%", "2000%", "1000%"),
    ("run -e bare:bogus=1", "bogus", "slow"), ("run -e vm:disk=floppy", "floppy", "virtio"),
    ("run -e vm:net=wifi", "wifi", "virtio"), ("run -e vm:cpus=0", "0", "1 to"),
    ("run -e vm:cpus=65", "65", "1 to"), ("run -e vm:cpus=x", "x", "1 to"),
    ("run -e vm:memory=1M", "1M", "256M"), ("run -e vm:memory=-1G", "-1G", "256M"),
    ("run -e vm:memory=2T", "2T", "256M"), ("run -e vm:memory=2GG", "2GG", "256M"),
    ("run -e vm:memory=99999999999G", "99999999999G", "256M"),
    ("run -e vm:memory=", "memory=", "SIZE"), ("run -e vm:cache=maybe", "maybe", "writeback"),
    ("run -e vm:aio=posix", "posix", "io_uring"), ("run -e vm:format=vmdk", "vmdk", "qcow2"),
    ("run -e vm:accel=xen", "xen", "tcg"), ("run -e vm:place=above", "above", "inside"),
    ("run -e vm:pin=maybe", "maybe", "on"), ("run -e vm:kernel=bzImage", "bzImage", "path"),
    ("run -e vm:cpu=$(id)", "$(id)", "model"), (["run", "-e", "vm:cpu=a b"], "model"),
    (["run", "-e", "vm:cpu=x'/><a>"], "model"), ("run -e vm:uri=nonsense", "nonsense", "URI"),
    ("run -e vm:hugepages=maybe", "maybe", "on"), ("run -e sim:overhead=x", "x", "share"),
    ("run -e sim:noise=2", "2", "share"), ("run -e sim:noise=-1%", "-1%", "share"),
    ("run -e sim:bogus=1%", "bogus", "overhead"), ("run -e microvm:bogus=1", "bogus"),
    ("run --baseline bogus", "bogus", DRIVERS), ("run --baseline container:net=x", "x", "bridge"),
    (["run", "--baseline", ""], DRIVERS), ("run --set x", "--set x", "WORKLOAD.PARAMETER=VALUE"), ("run --set =", "="),
    ("run --set cpu.prime", "cpu.prime"), ("run --set cpu.prime.limit", "limit"),
    ("run -w cpu.prime --set cpu.prime.bogus=1", "bogus", "limit"),
    ("run -w cpu.prime --set cpu.bogus.limit=1", "cpu.bogus", "which has: cpu.prime"),
    ("run -w cpu.prime --set cpu.prime.limit=x", "x"),
    ("run -w cpu.prime --set cpu.prime.limit=", "limit"),
    ("run -w cpu.prime --set cpu.prime.limit=1", "1", "10"),
    ("run -w cpu.prime --set cpu.prime.limit=1e99", "1e99"),
    ("run -w cpu.prime --set cpu.prime.limit=nan", "nan"),
    ("run -w disk.randread --set disk.randread.size=1", "1"),
    ("run -w disk.randread --set disk.randread.size=-1G", "-1G"),
    ("run -w disk.randread --set disk.randread.size=5Q", "5Q"),
    ("run -w disk.randread --set disk.randread.engine=magic", "magic", "io_uring"),
    ("run --set slow=x", "x"), ("run --set slow=-50%", "-50%"), ("run --set slow=", "slow"),
    ("run --counters bogus", "bogus"), ("run --counters ,", ","),
    ("run --predict x", "x"), (["run", "--predict", ""], "predict"),
    (["run", "--predict", "vm disk maybe"], "maybe"),
    (["run", "--predict", "bogus disk -50%"], "bogus"),
    (["run", "--predict", "vm bogus -50%"], "bogus"),
    ("run --out {there}", "{there}", "--out"), ("run --out {file}", "{file}", "--out"),
    ("run --dry-run --out {there}", "{there}", "--out"),
    ("run -w cpu.prime --out /no/such/place/run", "/no/such/place/run"),
    ("run -w cpu.prime --out /proc/run", "/proc/run"), (["run", "-w", "cpu.prime", "--out", ""],),
    ("run --scratch /no/such/place", "/no/such/place"), ("run --scratch {file}", "{file}", "directory"),
    ("run --scratch /etc", "/etc", "empty directory"), ("run --scratch /", "/", "empty directory"),
    ("run --scratch /dev/null", "/dev/null", "directory"),
    ("run --scratch {there}", "{there}", "empty directory"),
    ("run --resume /no/such/run", "/no/such/run"), ("run --resume {file}", "{file}"),
    ("run --resume {there}", "{there}"), ("run --resume {run}", "complete"),
    ("run --resume {run} --seed 1", "'1'", "leave it out"),
    ("run --resume {run} -e vm", "complete"), # -e agrees to environments of a foreign run
    ("run --resume {run} overhead", "'overhead'", "leave it out"),
    ("reproduce bogus", "bogus", "sharma2016"), ("reproduce", "sharma2016"),
    ("reproduce overhead", "overhead", "sharma2016"), ("reproduce sharma2016 felter2015", "felter2015"),
    ("list bogus", "bogus", "workloads"), ("list workloads bogus", "bogus"), ("list --bogus", "--bogus"),
    (["list", ""], "workloads"), ("list --json=1", "--json", "no value"), ("doctor bogus", "bogus"),
    ("doctor --bogus", "--bogus", "--json"), ("clean bogus", "bogus"), ("clean --force", "--force"),
    ("clean -x", "'-x'", "--dry-run"), ("report", "latest"), ("report /no/such/run", "/no/such/run"),
    ("report {run} {run}", "{run}", "one run"), ("report {run} --lang fr", "fr", "pt-BR"),
    ("report --bogus {run}", "--bogus", "--lang"), ("report {file}", "{file}"),
    ("report {there}", "{there}"), (["report", ""],), ("report latest", "latest"),
    ("compare", "two"), ("compare {run}", "two"), ("compare {run} {run} {run}", "{run}"),
    ("compare {run} /no/such/run", "/no/such/run"), ("compare /no/such/run {run}", "/no/such/run"),
    ("compare --bogus {run} {run}", "--bogus", "--force"), ("export", "latest"),
    ("export {run} --format xml", "xml", "csv"), ("export /no/such/run", "/no/such/run"),
    ("export {run} {run}", "{run}"), ("export {run} --format", "--format", "FORMAT"),
]

# What becomes of a good run.json, as text or by its path, and words of the one line.
BAD_TEXTS = [b"", b"{", b"[]", b"null", b"1", b'"text"', b"\0" * 100, b"\xff\xfe{}", b"{}",
             b'{"plan":1}', b'{"plan":{}}', b"{" * 100000, b"[" * 100000]
BAD_VALUES = [
    ("plan", None), ("plan", []), ("study", 1), ("environments", []), ("warnings", "none"), ("plan.workloads", None), ("plan.workloads", {}),
    ("plan.workloads", [1]), ("plan.workloads", [{}]), ("plan.workloads.0.name", None),
    ("plan.workloads.0.name", 7), ("plan.workloads.0.panel", None),
    ("plan.workloads.0.metrics", None), ("plan.workloads.0.metrics", []),
    ("plan.workloads.0.metrics", [{}]), ("plan.workloads.0.metrics.0.better", "bigger"),
    ("plan.workloads.0.metrics.0.unit", None), ("plan.workloads.0.metrics.0.percentile", 7),
    ("plan.instances", None), ("plan.instances", []), ("plan.instances", [{}]), ("plan.instances.0.id", None),
    ("plan.instances.0.environment", 1), ("plan.conditions", None), ("plan.conditions", [{}]),
    ("plan.conditions.0.column", 7), ("plan.conditions.0.cast.0.instance", "nobody"),
    ("plan.conditions.1.against", "none"), ("plan.conditions.0.comparison", "none"),
]
# What a run must have to be resumed, beyond that.
BAD_PLANS = [
    ("plan.trial_seconds", 0), ("plan.trial_seconds", -1), ("plan.trial_seconds", "x"),
    ("plan.starts", 0), ("plan.min_blocks", 0), ("plan.instances.1.environment", "bogus"),
    ("plan.instances.1.environment", "container:net=x"), ("plan.instances.1.repeats", "nobody"), ("plan.workloads.0.workload", ""),
    ("agent.hash", "0"), ("agent.hash", None), ("host.kernel", "another"), ("id", "../../etc/x"),
    ("id", ""), ("id", None), ("placement.trial_cpus", [4095]),
]


def changed(run, path, value):
    run = json.loads(json.dumps(run))
    at, keys = run, path.split(".")
    for key in keys[:-1]:
        at = at[int(key) if key.isdigit() else key]
    at[int(keys[-1]) if keys[-1].isdigit() else keys[-1]] = value
    return run


def tree(work):
    return sorted((d, tuple(sorted(s)), tuple(sorted((f, os.stat(os.path.join(d, f)).st_mtime_ns)
                  for f in files))) for d, s, files in os.walk(work))


def tare(work, argv):
    return subprocess.run([TARE, *argv], cwd=work, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL,
                          env={**os.environ, "TARE_STATE": work + "/state", "COLUMNS": "80"})


def refused(work, argv, words):
    before = tree(work)
    try:
        result = tare(work, argv)
    except subprocess.TimeoutExpired:
        return "does not end"
    error = result.stderr.decode(errors="replace")
    if result.returncode != 2:
        return f"status {result.returncode}: {error[-200:]}"
    if error.count("\n") != 1 or not error.endswith("\n"):
        return f"not one line: {error[:300]!r}"
    if result.stdout:
        return f"prints {result.stdout[:200]!r}"
    if tree(work) != before:
        return "writes something"
    lacking = [w for w in words if w not in error]
    return f"says nothing of {lacking}: {error[:300]!r}" if lacking else None


def cases(work):
    places = {"run": "run", "there": "there", "file": "file"}
    fill = lambda text: text.format_map(places) if "{" in text and "}" in text else text
    for line, *words in COMMANDS:
        argv = line.split() if isinstance(line, str) else line
        yield [fill(a) for a in argv], [fill(w) for w in words]
    with open(work + "/run/run.json") as file:
        good = json.load(file)
    number = 0
    for text in BAD_TEXTS + [json.dumps(changed(good, *v)).encode() for v in BAD_VALUES]:
        name = f"bad{number}"
        number += 1
        os.mkdir(f"{work}/{name}")
        with open(f"{work}/{name}/run.json", "wb") as file:
            file.write(text)
        open(f"{work}/{name}/trials.jsonl", "w").close()
        for argv in (["report", name], ["compare", "run", name], ["export", name],
                     ["run", "--resume", name]):
            yield argv, [] if argv[0] == "run" else [name]
    for path, value in BAD_PLANS:
        name = f"bad{number}"
        number += 1
        os.mkdir(f"{work}/{name}")
        bad = changed({**good, "status": "interrupted"}, path, value)
        with open(f"{work}/{name}/run.json", "w") as file:
            json.dump(bad, file)
        open(f"{work}/{name}/trials.jsonl", "w").close()
        yield ["run", "--resume", name], []


def main():
    count, bad = 0, 0
    with tempfile.TemporaryDirectory() as work:
        os.mkdir(work + "/there")
        for name in ("there/thing", "file"):
            with open(f"{work}/{name}", "w") as file:
                file.write("x")
        made = tare(work, ["run", "--baseline", "bare", "-e", "bare:slow=3%", "-w", "cpu.prime",
                           "--time", "5", "--out", "run"])
        assert made.returncode in (0, 1), made.stderr.decode()
        for argv, words in cases(work):
            why = refused(work, argv, words)
            count += 1
            if why:
                bad += 1
                print(f"tare {' '.join(a[:80] for a in argv)}: {why}", flush=True)
    print(f"{count - bad} refused of {count}")
    return 1 if bad else 0


sys.exit(main())
