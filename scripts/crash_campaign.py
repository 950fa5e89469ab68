"""The campaign behind `scripts/fault-campaign crash`: phase-runner is killed by SIGKILL at each point of its work on the
journal, finds its disk full or read-only, and is taken up again; the hub and the compose must not tell the difference.

Real processes: the rehearsal hub, phase-runner with a preloaded library that kills it, and phase-runner again.
Arguments: the phase-runner program, `all` or `tenth`, and a seed (printed, so that a run can be done again).
"""
import hashlib
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from concurrent.futures import ThreadPoolExecutor

RUNNER, EXTENT = sys.argv[1], sys.argv[2]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
HERE = os.path.dirname(os.path.abspath(__file__))
IMAGES = 20
DATE = "20261122"
PATIENCE = 120

CONFIG = """
release_name = "Crash"
release_short = "Crash"
release_version = "44"
variants_file = "variants.xml"
pkgset_source = "koji"
gather_method = "nodeps"
comps_file = "comps.xml"
sigkeys = [None]
koji_profile = "rehearsal"
translate_paths = [("/", "http://127.0.0.1/")]
imagebuilder_target = "f44-image-builder"
imagebuilder_version = "!VERSION_FROM_VERSION"
imagebuilder_release = "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN"
imagebuilder = {"^IoT$": [
%s
]}
"""
BLOCK = """    {"name": "Crash-%d", "types": ["minimal-raw-xz"], "subvariant": "S%d", "arches": ["x86_64", "aarch64"]%s},"""
VARIANTS = """<?xml version="1.0" encoding="UTF-8"?>
<variants><variant id="IoT" name="IoT" type="variant"><arches><arch>aarch64</arch><arch>x86_64</arch></arches></variant></variants>
"""


class Hub:
    """A rehearsal hub of its own process."""

    def __init__(self, folder):
        self.process = subprocess.Popen(
            [RUNNER, "rehearsal-hub", "--root", os.path.join(folder, "hub"), "--task-seconds", "0.1-0.4"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("poll_interval"):
                break
        # As on a real hub, whose tree is mounted: images come by hard link, with the builder's time of the file.
        os.makedirs(os.path.join(folder, "hub", "packages"), exist_ok=True)
        text = "".join(lines)
        self.url = re.search(r"^server = (\S+)", text, re.M).group(1)
        self.password = re.search(r"password (\S+?)\.?$", lines[0]).group(1)
        self.profile = os.path.join(folder, "koji.conf")
        with open(self.profile, "w", encoding="utf-8") as file:
            file.write(text)

    def tasks(self):
        """Every image build that the hub was asked for: (name, state), by name."""
        hub = xmlrpc.client.ServerProxy(self.url, allow_none=True)
        rows = hub.listTasks({"method": "imageBuilderBuild", "parent": None, "state": [0, 1, 2, 3, 4, 5], "decode": True},
                             {"order": "id"})
        found = {}
        for row in rows:
            found.setdefault(row["request"][3], []).append(row["state"])
        return found

    def close(self):
        self.process.terminate()
        self.process.wait()


class World:
    """A hub, a config and a compose directory, for one case."""

    def __init__(self, folder, compose=None):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        blocks = [BLOCK % (number, number, ', "failable": ["aarch64"]' if number % 5 == 0 else "")
                  for number in range(IMAGES)]
        with open(os.path.join(folder, "crash.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG % "\n".join(blocks))
        with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
            file.write(VARIANTS)
        self.compose = compose or os.path.join(folder, "compose")
        self.hub = Hub(folder)

    def _call(self, arguments, environment):
        values = dict(os.environ, HOME=self.folder, KOJI_USER="rehearsal", KOJI_PASSWORD=self.hub.password)
        values.update(environment)
        done = subprocess.run([RUNNER] + arguments, env=values, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return done.returncode, done.stderr

    def _hub_options(self):
        return ["--koji-config", self.hub.profile, "--poll-interval", "0.1", "--hub-patience", "2"]

    def run(self, **environment):
        return self._call(
            ["run", "--nightly", "--date", DATE, "--no-preflight", "--compose-dir", self.compose] + self._hub_options()
            + [os.path.join(self.folder, "crash.conf")], environment)

    def resume(self, **environment):
        return self._call(["resume"] + self._hub_options() + [self.compose], environment)

    def tree(self):
        """What the compose has come to, byte for byte: images, metadata, status, deliverables."""
        found = {}
        for top in ("compose", "STATUS", "COMPOSE_ID", "logs/global/deliverables.json"):
            path = os.path.join(self.compose, top)
            files = [path] if os.path.isfile(path) else [
                os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
            for file in files:
                place = os.path.relpath(file, self.compose)
                with open(file, "rb") as stream:
                    content = stream.read()
                if place.endswith("imagebuilder-provenance.json"):
                    content = provenance(content)
                found[place] = hashlib.sha256(content).hexdigest()
        return found

    def close(self):
        self.hub.close()


def provenance(content):
    """Without what tells one hub, and the order of its builders, from another."""
    document = json.loads(content)
    document["payload"]["hub"] = document["payload"]["weburl"] = ""
    for entry in document["payload"]["images"].values():
        for name in ("task", "arch_task", "build", "archive", "source"):
            entry[name] = ""
        for name in ("host", "buildroot"):
            entry["origin"][name] = ""
        for repository in entry["origin"]["repositories"]:
            # VARIANT/ARCH/os of a directory that has another name each time.
            repository["url"] = repository["url"].split("/")[-3:]
    return json.dumps(document, sort_keys=True).encode()


def differences(world, calm):
    """What is not as in an undisturbed run, in words; empty when nothing is."""
    tree = world.tree()
    words = [f"{place} is missing" for place in calm if place not in tree]
    words += [f"{place} is left over" for place in tree if place not in calm]
    words += [f"{place} differs" for place in calm if place in tree and tree[place] != calm[place]]
    return words[:3] + ([f"and {len(words) - 3} more files"] if len(words) > 3 else [])


def crash(folder, shim, point, calm):
    """One kill. (what happened, problems)"""
    world = World(folder)
    try:
        status, said = world.run(LD_PRELOAD=shim, PHASE_CRASH_AT=point)
        if status == 0:
            return "not reached", differences(world, calm)
        if status != -9:
            return "killed", [f"the run ended with {status}: {said[-300:]}"]
        status, said = world.resume()
        if status == 5 and "holds no run" in said:
            # Killed before there was a run to take up: nothing can have been submitted, and a run begins anew.
            problems = ["submitted before there was a run"] if world.hub.tasks() else []
            status, said = world.run()
        else:
            problems = []
        if status != 0:
            problems.append(f"resume ended with {status}: {said[-300:]}")
        counts = {name: len(states) for name, states in world.hub.tasks().items()}
        if counts != {f"Crash-{number}": 1 for number in range(IMAGES)}:
            problems.append(f"tasks on the hub: {counts}")
        return "killed", problems + differences(world, calm)
    except subprocess.TimeoutExpired as error:
        return "killed", [f"did not end within {PATIENCE} s: {error.cmd[1]}"]
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def mounted(options, place):
    os.makedirs(place, exist_ok=True)
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place],
                          capture_output=True, check=False).returncode == 0


def full_disk(folder, kilobytes, calm):
    """A disk that is full on the way, then has room again."""
    disk = os.path.join(folder, "disk")
    if not mounted(f"size={kilobytes}k", disk):
        return "skipped: no right to mount", []
    world = World(folder, os.path.join(disk, "compose"))
    try:
        status, said = world.run()
        if status == 0:
            return "room enough", differences(world, calm)
        problems = []
        if status != 5 or not re.search(r"No space left|is full|disk", said):
            problems.append(f"ended with {status} and no clear word: {said[-300:]}")
        left = [name for name, states in world.hub.tasks().items() if any(state in (0, 1, 4) for state in states)]
        if left:
            problems.append(f"left running: {left}")
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        status, said = world.resume()
        if status == 5 and "holds no run" in said:
            status, said = world.run()
        if status != 0:
            problems.append(f"resume ended with {status}: {said[-400:]}")
        doubled = {name: states for name, states in world.hub.tasks().items()
                   if sum(state != 3 for state in states) > 1 or len(states) > 2}
        if doubled:
            problems.append(f"built more than once: {doubled}")
        return "full", problems + differences(world, calm)
    finally:
        world.close()
        subprocess.run(["umount", disk], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def read_only(folder, shim, point, calm):
    """A run that was killed, whose disk then cannot be written, and then can."""
    disk = os.path.join(folder, "disk")
    if not mounted("size=64m", disk):
        return "skipped: no right to mount", []
    world = World(folder, os.path.join(disk, "compose"))
    try:
        world.run(LD_PRELOAD=shim, PHASE_CRASH_AT=point)
        before = (world.hub.tasks(), world.tree())
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        status, said = world.resume()
        problems = []
        if status != 5 or not re.search(r"[Rr]ead-only", said):
            problems.append(f"ended with {status} and no clear word: {said[-300:]}")
        # Builders go on meanwhile; what counts is that nothing was submitted or canceled.
        now = {name: len(states) for name, states in world.hub.tasks().items()}
        if now != {name: len(states) for name, states in before[0].items()} or world.tree() != before[1]:
            problems.append("something was changed")
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        status, said = world.resume()
        if status != 0:
            problems.append(f"resume ended with {status}: {said[-300:]}")
        return "read-only", problems + differences(world, calm)
    finally:
        world.close()
        subprocess.run(["umount", disk], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def main():
    chooser = random.Random(SEED)
    print(f"seed {SEED}", flush=True)
    top = tempfile.mkdtemp(prefix="phase-runner-crash.")
    failed = False
    try:
        shim = os.path.join(top, "crash_shim.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, os.path.join(HERE, "crash_shim.c"), "-ldl"], check=True)
        count = os.path.join(top, "transactions")
        world = World(os.path.join(top, "calm"))
        status, said = world.run(LD_PRELOAD=shim, PHASE_CRASH_COUNT=count)
        calm = world.tree()
        world.close()
        if status != 0:
            sys.exit(f"the undisturbed run ended with {status}: {said}")
        with open(count, encoding="utf-8") as file:
            transactions = int(file.read())
        images = sum(place.endswith(".raw.xz") for place in calm)
        print(f"undisturbed: {transactions} transactions, {images} images", flush=True)
        if images != 2 * IMAGES or transactions < IMAGES:
            sys.exit("the undisturbed run is not what the campaign is made for")
        # A few more than an undisturbed run makes: no two runs are batched alike.
        points = [f"{kind}:{number}" for number in range(1, transactions + 6) for kind in ("begin", "commit")]
        sizes = list(range(500, 2001, 50))
        if EXTENT != "all":
            points = chooser.sample(points, max(1, len(points) // 10))
            sizes = chooser.sample(sizes, 3)
        cases = [("killed before a write" if point.startswith("begin") else "killed after a write", point,
                  lambda folder, point=point: crash(folder, shim, point, calm)) for point in points]
        cases += [("disk full", f"{size} kB", lambda folder, size=size: full_disk(folder, size, calm)) for size in sizes]
        cases += [("disk read-only at resume", point, lambda folder, point=point: read_only(folder, shim, point, calm))
                  for point in chooser.sample(points, 2 if EXTENT != "all" else 10)]
        began = time.monotonic()
        table = {}
        with ThreadPoolExecutor(max_workers=3) as pool:
            results = pool.map(lambda numbered: numbered[1][2](os.path.join(top, f"case{numbered[0]}")),
                               enumerate(cases))
            for (kind, point, _), (what, problems) in zip(cases, results):
                row = table.setdefault(kind, {"cases": 0, "not reached": 0, "bad": 0})
                row["cases"] += 1
                row["not reached"] += what in ("not reached", "room enough") or what.startswith("skipped")
                row["bad"] += bool(problems)
                for problem in problems:
                    failed = True
                    print(f"{kind}, {point}: {problem}", flush=True)
        print("| what happened | cases | of them not reached | same compose, one task an image | problems |")
        print("| --- | --- | --- | --- | --- |")
        for kind, row in table.items():
            print(f"| {kind} | {row['cases']} | {row['not reached']} | {row['cases'] - row['bad']} | {row['bad']} |")
        print(f"{len(cases)} cases in {time.monotonic() - began:.0f} s")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    sys.exit(failed)


main()
