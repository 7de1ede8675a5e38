#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kills `tare run` at named points of its life and at random moments, and after each kill checks
that no finished trial is lost, that `tare clean` leaves the machine as it was, and, on a sample,
that the resumed run ends with a whole and right summary.

torture.py [--each N] [--random N] [--resume-every N] [--environments LIST] [--seed N] [POINT...]
"""
import argparse, csv, json, math, os, random, re, shutil, signal, statistics, subprocess, sys
import tempfile, time
from collections import Counter

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TARE, DIE_AT = TOP + "/tare", TOP + "/build/tests/die_at.so"
# a sanitized tare refuses what is preloaded before it
ASAN_OPTIONS = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
LIMIT = 240  # seconds for one command: nothing may hang
WORKLOADS = ["cpu.prime", "network.rr", "disk.fsync"]
RUN_ID = re.compile(r"\d{8}T\d{6}Z-[a-z0-9-]+?-[0-9a-f]{4}|tare-probe-\d+|/tmp/tmp\.")
# What counts on by itself.
VOLATILE = re.compile(r"random/|/pty/nr|fs/(dentry|inode|file-n|aio-nr)|ns_last_pid|stat_|_count$|"
                      r"tcp_fastopen_key|kernel/(perf_event_max_sample|sched_domain)|/neigh/|"
                      r"net/ipv[46]/(conf|route)|binfmt_misc")
# Points, with how often each is passed at the most that is of interest.
POINTS = """add-directory add-netns add-mount add-cgroup add-container add-process add-domain
mkdir mkdir-done mount mount-done unshare unshare-done rtnl_link_add rtnl_link_add-done
posix_spawnp posix_spawnp-done virDomainCreateXML virDomainCreateXML-done rename rename-done
started trial decided stopped virDomainDestroy virDomainDestroy-done umount2 umount2-done
drop-domain drop-container drop-cgroup drop-mount drop-netns drop-process drop-directory""".split()


CAPABILITIES = "libvirt-asks-qemu"
POINTS.append(CAPABILITIES)


def settings():
    found = {}
    for directory, _, names in os.walk("/proc/sys"):
        for name in names:
            path = directory + "/" + name
            try:
                if not VOLATILE.search(path) and os.stat(path).st_mode & 0o200:
                    with open(path) as file:
                        found[path] = file.read()
            except OSError:
                pass
    return found


def lines_of(*argv):
    return subprocess.run(argv, capture_output=True, text=True).stdout.splitlines()


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def processes(run_ids):
    """Those of this tree or of the runs: by executable, command line, cgroup."""
    found = set()
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            exe = os.readlink(f"/proc/{pid}/exe")
        except OSError:
            continue  # a kernel thread or a zombie
        text = f"{exe} {read(f'/proc/{pid}/cmdline')} {read(f'/proc/{pid}/cgroup')}"
        if exe.startswith(TOP + "/tare") or any(id in text for id in run_ids):
            found.add(f"process {pid} {text[:200]}")
    return found


def machine(state, run_ids):
    """What a run must leave as it was; other runs on this machine, known by their ids, apart."""
    seen = {"link " + line.split(":")[1].strip() for line in lines_of("ip", "-o", "link")}
    seen |= {"netns " + line for line in lines_of("ip", "netns")}
    seen |= {"mount " + line.split()[4] for line in read("/proc/self/mountinfo").splitlines()
             if line.split()[4].startswith(("/run", "/dev", "/sys", "/proc")) or
             any(id in line for id in run_ids)}
    for directory, kind in (("/run/tare", "file"), (state, "file"), ("/tmp", "file"),
                            ("/run/netns", "file")):
        if os.path.isdir(directory):
            seen |= {f"{kind} {directory}/{name}" for name in os.listdir(directory)}
    for directory, names, _ in os.walk("/sys/fs/cgroup"):
        seen |= {f"cgroup {directory}/{name}" for name in names if "tare" in name}
    for directory, below, names in os.walk("/dev"):
        if directory == "/dev/shm":
            below.clear()  # everybody's
        if not directory.startswith("/dev/pts"):
            seen |= {f"device {directory}/{name}" for name in names
                     if directory != "/dev/shm" or any(id in name for id in run_ids)}
    for path in ("/dev/kvm", "/dev/net/tun", "/dev/vhost-net"):
        if os.path.exists(path):
            st = os.stat(path)
            seen.add(f"mode {path} {st.st_mode:o} {st.st_uid}:{st.st_gid}")
    seen |= processes(run_ids)
    mine = lambda text: any(id in text for id in run_ids)
    return {entry for entry in seen if mine(entry) or not RUN_ID.search(entry)}


def leftovers(before, state, run_ids):
    """After a moment: a process that was killed takes one to go; others make things, too."""
    for _ in range(50):
        # links and files of other programs come and go: only what stays or is ours counts
        diff = {e for e in machine(state, run_ids) ^ before
                if not e.startswith(("link ", "file /tmp/")) or any(i in e for i in run_ids)}
        if not diff:
            return set()
        time.sleep(0.1)
    return diff


def journal_of(directory):
    """Trials and raw whole lines; raises where a whole line is no JSON or a trial is missing."""
    try:
        with open(directory + "/trials.jsonl", "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return [], b""
    whole = data[: data.rfind(b"\n") + 1]
    records = [json.loads(line) for line in whole.splitlines()]
    trials = [r for r in records if r["record"] == "trial"]
    assert [t["sequence"] for t in trials] == list(range(len(trials))), "a trial is missing"
    return trials, whole


def place(logs):
    """Where they lie: Hodges and Lehmann's median of the means of pairs, or of few the mean."""
    if len(logs) < 6:
        return statistics.mean(logs)
    return statistics.median((a + b) / 2 for i, a in enumerate(logs) for b in logs[i:])


def starts_of(blocks, arm):
    """Of each block the start: a new one where the instances of the arm and of bare are both new."""
    since, start, starts = {}, 0, []
    for block in blocks:
        new = all(a in since and a in block and block[a][1] != since[a] for a in {"bare", arm})
        start += new
        for a in {"bare", arm} & block.keys():
            if new or a not in since:
                since[a] = block[a][1]
        starts.append(start)
    return starts


def estimate(pairs):
    """Of blocks, each the log against bare and that against its null arm, or None."""
    again = [b for _, b in pairs if b is not None]
    first = place([a for a, _ in pairs])
    return (first + place(again)) / 2 if again and 2 * len(again) >= len(pairs) else first


def relative_of(blocks, arm, sign):
    """docs/method.md, rules 1 to 4."""
    starts = {}
    for block, start in zip(blocks, starts_of(blocks, arm)):
        log = {a: sign * math.log(value) for a, (value, _) in block.items() if value}
        if arm in log and "bare" in log:
            twice = arm not in ("bare", "bare#null") and "bare#null" in log
            starts.setdefault(start, []).append(
                (log[arm] - log["bare"], log[arm] - log["bare#null"] if twice else None))
    pairs = [pair for start in starts.values() for pair in start]
    if len(starts) in (1, len(pairs)):
        return math.exp(estimate(pairs))
    return math.exp(statistics.mean(estimate(start) for start in starts.values()))


def check_summary(directory, workload, environments):
    """Whole, and the headline's relative computed here once more from the journal."""
    with open(directory + "/run.json") as file:
        run = json.load(file)
    assert run["status"] == "complete", run["status"]
    metric = run["plan"]["workloads"][0]["metrics"][0]
    blocks = {}
    for trial in journal_of(directory)[0]:
        if not trial["warmup"] and "error" not in trial:
            blocks.setdefault((trial["start"], trial["block"]), {})[trial["arm"]] = \
                (trial["values"].get(metric["name"]), trial["cast"][0]["number"])
    blocks = [blocks[key] for key in sorted(blocks)]
    with open(directory + "/summary.csv") as file:
        rows = [r for r in csv.DictReader(file)
                if r["metric"] == metric["name"] and r["workload"] == workload]
    assert {r["environment"] for r in rows} == set(environments) | {"bare", "bare#null"}, rows
    for row in rows:
        relative = relative_of(blocks, row["environment"], 1 if metric["better"] == "higher" else -1)
        # a run keeps its time, and a busy host has no time for 12
        assert row["verdict"] != "unavailable" and int(row["blocks"]) >= 3, row
        assert abs(float(row["relative"]) / relative - 1) < 1e-6, (row["relative"], relative)


class Torture:
    def __init__(self, arguments):
        self.random = random.Random(arguments.seed)
        self.environments = []  # of the round
        self.work = tempfile.mkdtemp(prefix="torture-")
        self.state = self.work + "/state"
        self.counts, self.failures, self.kills, self.number = Counter(), [], Counter(), 0

    def tare(self, *argv, **variables):
        return subprocess.Popen([TARE, *argv], stdout=subprocess.DEVNULL, stderr=self.log,
                                cwd=self.work, start_new_session=True,
                                env={**os.environ, "TARE_STATE": self.state, **variables})

    def finish(self, process, what):
        try:
            return process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{what} hangs")

    def run_and_kill(self, directory, workload, point, passes, delay):
        variables = {}
        points = self.work + "/points"
        if os.path.exists(points):
            os.unlink(points)
        if point and point != CAPABILITIES:
            variables["TARE_DIE_AT"] = f"{point}:{passes}"
        arguments = [a for e in self.environments for a in ("-e", e)]
        seconds = "10" if "vm" in self.environments else "6"
        run = self.tare("run", *arguments, "-w", workload, "--time", seconds, "--out", directory,
                        LD_PRELOAD=DIE_AT, TARE_POINTS=points, ASAN_OPTIONS=ASAN_OPTIONS, **variables)
        if delay is not None:
            time.sleep(delay)
            run.kill()
        if point == CAPABILITIES:
            self.await_capabilities(run, directory)
        status = self.finish(run, "the run")
        return status == -signal.SIGKILL, open(points).read().split().count("trial") \
            if os.path.exists(points) else 0

    def await_capabilities(self, run, directory):
        """Kills the run while libvirt asks a QEMU of its own what it can do."""
        while run.poll() is None:
            if any("/qmp-" in p for p in processes(self.ids(directory) or ["?"])):
                time.sleep(self.random.uniform(0, 0.05))
                run.kill()
            time.sleep(0.003)

    def ids(self, directory):
        ids = [n[:-6] for n in os.listdir(self.state) if n.endswith(".jsonl")] \
            if os.path.isdir(self.state) else []
        try:
            with open(directory + "/run.json") as file:
                ids.append(json.load(file)["id"])
        except (OSError, ValueError):
            pass
        return ids

    def resume(self, directory, workload, whole):
        status = self.finish(self.tare("run", "--resume", directory), "the resumed run")
        if not os.path.exists(directory + "/run.json"):
            assert status == 2, f"nothing was begun, and --resume ends with {status}"
            self.counts["resumes refused, as nothing was begun"] += 1
            return
        assert status == 0, f"--resume ends with {status}"
        assert journal_of(directory)[1].startswith(whole), "the journal was changed"
        check_summary(directory, workload, self.environments)
        self.counts["resumes with a whole and right summary"] += 1

    def one(self, name, point, passes, delay, resume, clean_by_run):
        self.number += 1
        directory = f"{self.work}/{self.number}"
        workload = self.random.choice(WORKLOADS)
        self.settings, self.before = settings(), machine(self.state, [])
        self.log = open(f"{self.work}/{self.number}.log", "w+")
        try:
            killed, synced = self.run_and_kill(directory, workload, point, passes, delay)
            ids = self.ids(directory)
            trials, whole = journal_of(directory)
            assert len(trials) >= synced, f"{synced} trials were on disk, {len(trials)} are"
            if killed:
                self.kills[name] += 1
            else:
                self.counts["ended before the kill"] += 1
            resumable = os.path.exists(directory + "/run.json") and killed
            complete = resumable and json.load(open(directory + "/run.json"))["status"] == "complete"
            if resume and killed and not complete and clean_by_run:
                self.resume(directory, workload, whole)  # it cleans first
                self.counts["cleaned by the next run"] += 1
                resume = False
            status = self.finish(self.tare("clean"), "tare clean")
            assert status == 0, f"tare clean ends with {status}"
            left = leftovers(self.before, self.state, ids)
            assert not left, f"left behind or lost: {sorted(left)}"
            assert settings() == self.settings, "a setting of the host is another"
            if trials and not resume:
                status = self.finish(self.tare("report", directory), "tare report")
                assert status in (0, 1), f"tare report of what is there ends with {status}"
                self.counts["reports of a partial run"] += 1
            if resume and killed and not complete:
                self.resume(directory, workload, whole)
                left = leftovers(self.before, self.state, ids)
                assert not left, f"the resumed run left behind: {sorted(left)}"
            shutil.rmtree(directory, ignore_errors=True)
        except AssertionError as why:
            self.log.seek(0)
            self.failures.append(f"{name}:{passes} ({workload}): {why}")
            print(f"not ok - {self.failures[-1]}\n  {self.log.read()[-800:]}", flush=True)
        self.log.close()


def calibrate(torture, environments):
    """How long a whole run takes, and how often it passes each point."""
    start = time.monotonic()
    torture.environments = environments
    directory = torture.work + "/" + "-".join(environments)
    torture.log = open(directory + ".log", "w")
    torture.run_and_kill(directory, WORKLOADS[0], None, 0, None)
    seconds = time.monotonic() - start
    torture.finish(torture.tare("clean"), "tare clean")
    with open(torture.work + "/points") as file:
        passes = Counter(file.read().split())
    passes[CAPABILITIES] = int("vm" in environments)
    return seconds, passes


def plan_rounds(torture, arguments, sets):
    """(name, point, its Nth pass, delay, environments): at each point its first pass, then any;
    half of the rounds with the last of the environments left out, where the point is passed."""
    rounds = []
    for point in arguments.points:
        for i in range(arguments.each):
            environments, _, passes = sets[i % 2 if sets[i % 2][2][point] else 0]
            if passes[point] == 0:
                print(f"# the point {point} is not passed with these environments", flush=True)
                break
            number = 1 if i < 2 else torture.random.randint(1, passes[point])
            rounds.append((point, point, number, None, environments))
    for i in range(arguments.random):
        environments, seconds, _ = sets[i % 2]
        rounds.append(("a random moment", None, 0, torture.random.uniform(0, seconds),
                       environments))
    torture.random.shuffle(rounds)
    return rounds


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--each", type=int, default=5)
    parser.add_argument("--random", type=int, default=30)
    parser.add_argument("--resume-every", type=int, default=10)
    parser.add_argument("--environments", default="container,microvm,vm")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("points", nargs="*", default=POINTS)
    arguments = parser.parse_args()
    torture = Torture(arguments)
    environments = arguments.environments.split(",")
    sets = [(e, *calibrate(torture, e)) for e in (environments, environments[:-1])]
    start = time.monotonic()
    for i, (name, point, number, delay, environments) in enumerate(
            plan_rounds(torture, arguments, sets)):
        sample = arguments.resume_every and i % arguments.resume_every == 0
        torture.environments = environments
        torture.one(name, point, number, delay, sample,
                    sample and i // arguments.resume_every % 2 == 0)
        if i % 20 == 19:
            print(f"# {sum(torture.kills.values())} kills, {len(torture.failures)} failures, "
                  f"{time.monotonic() - start:.0f} s", flush=True)
    for name in arguments.points + ["a random moment"]:
        if torture.kills[name]:
            print(f"{torture.kills[name]:4d} kills at {name}")
    for what, count in sorted(torture.counts.items()):
        print(f"{count:4d} {what}")
    print(f"{sum(torture.kills.values())} kills, {len(torture.failures)} failures, "
          f"in {time.monotonic() - start:.0f} s; an undisturbed run takes {sets[0][1]:.1f} s")
    if not torture.failures:
        shutil.rmtree(torture.work)
    return 1 if torture.failures else 0


sys.exit(main())
