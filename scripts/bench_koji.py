"""The measuring half of `scripts/bench koji`: what watching costs, beside the real koji program on the same hub.

Everything runs on loopback: the rehearsal hub as one process, phase-runner as another, `koji watch-task` as a third.
"""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

RUNNER = sys.argv[1]
KOJI = os.path.join(os.path.dirname(sys.executable), "koji")
ARCHES = ("x86_64", "aarch64")


def counters(pid):
    """CPU seconds so far, and memory now and at its peak in MB, of a running process."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rsplit(") ", 1)[1].split()
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        text = file.read()
    memory = [int(re.search(rf"{name}:\s+(\d+)", text).group(1)) / 1024 for name in ("VmRSS", "VmHWM")]
    ticks = os.sysconf("SC_CLK_TCK")
    return (int(fields[11]) + int(fields[12])) / ticks, memory


class Hub:
    """A rehearsal hub whose tasks last longer than the measurement, and what its log says."""

    def __init__(self, folder, seconds="80000-86400"):
        self.process = subprocess.Popen(
            [RUNNER, "rehearsal-hub", "--root", os.path.join(folder, "hub"), "--task-seconds", seconds],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("poll_interval"):
                break
        self.password = re.search(r"password (\S+?)\.?$", lines[0]).group(1)
        # As fast as the real program asks by default.
        profile = "".join(lines).replace("poll_interval = 1", "poll_interval = 6")
        self.profile = os.path.join(folder, "koji.conf")
        with open(self.profile, "w", encoding="utf-8") as file:
            file.write(profile)
        self.calls = {}
        self.submitted = 0
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stderr:
            match = re.search(r" call (\S+)", line)
            if match:
                self.calls[match.group(1)] = self.calls.get(match.group(1), 0) + 1
                self.submitted += match.group(1) == "imageBuilderBuild" and line.rstrip().endswith(": ok")

    @property
    def requests(self):
        return sum(self.calls.values())

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait()


def config(folder, builds):
    """A Pungi configuration with so many images of two arches."""
    blocks = "".join(
        f'    {{"name": "Image-{n}", "types": ["minimal-raw-xz"], "subvariant": "S{n}", "release": "1",'
        ' "repos": ["https://example.org/$arch"]},\n' for n in range(builds))
    with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
        file.write('<variants><variant id="Spins" name="Spins" type="variant" is_empty="true"><arches>')
        file.write("".join(f"<arch>{arch}</arch>" for arch in ARCHES))
        file.write("</arches></variant></variants>\n")
    path = os.path.join(folder, "bench.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            'release_name = "Bench"\nrelease_short = "Bench"\nrelease_version = "1"\n'
            'variants_file = "variants.xml"\npkgset_source = "repos"\npkgset_repos = {}\ngather_method = "deps"\n'
            'imagebuilder_target = "bench"\nglobal_version = "1"\n'
            f'imagebuilder = {{"^Spins$": [\n{blocks}]}}\n')
    return path


def environment(hub):
    return dict(os.environ, KOJI_USER="rehearsal", KOJI_PASSWORD=hub.password, HOME="/nonexistent")


def wait(condition, process, seconds):
    end = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None:
            raise SystemExit(f"the program ended early with {process.returncode}: {process.stderr.read()[-2000:]}")
        if time.monotonic() > end:
            raise SystemExit("not ready in time")
        time.sleep(0.05)


def ours(builds, seconds):
    """Submits and watches `builds` images; figures of the watching alone."""
    folder = tempfile.mkdtemp(prefix="bench-koji-")
    hub = Hub(folder)
    try:
        start = time.monotonic()
        run = subprocess.Popen(
            [RUNNER, "run", config(folder, builds), "--test", "--target-dir", folder, "--koji-profile", "rehearsal",
             "--koji-config", hub.profile, "--poll-interval", "10"],
            env=environment(hub), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        drained = []
        threading.Thread(target=lambda: drained.extend(run.stderr), daemon=True).start()
        wait(lambda: hub.submitted >= builds, run, 600)
        submitted = time.monotonic() - start
        # A first round finds the children; those after it are the ones that last all night.
        first = hub.requests
        wait(lambda: hub.requests >= first + 2 * -(-builds // 500), run, 600)
        time.sleep(12)
        hub_cpu, _ = counters(hub.process.pid)
        cpu, _ = counters(run.pid)
        before, begin = hub.requests, time.monotonic()
        time.sleep(seconds)
        spent, requests = time.monotonic() - begin, hub.requests - before
        cpu_after, memory = counters(run.pid)
        hub_after, _ = counters(hub.process.pid)
        begin = time.monotonic()
        run.send_signal(signal.SIGTERM)
        run.wait()
        return {
            "submit": submitted, "requests": requests / spent * 60, "cpu": (cpu_after - cpu) / spent * 100,
            "memory": memory, "hub": (hub_after - hub_cpu) / spent * 100, "cancel": time.monotonic() - begin,
        }
    finally:
        hub.end()
        shutil.rmtree(folder, ignore_errors=True)


def peer(builds, seconds):
    """`koji watch-task` on `builds` images that somebody else has submitted."""
    folder = tempfile.mkdtemp(prefix="bench-koji-")
    hub = Hub(folder)
    try:
        run = subprocess.Popen(
            [RUNNER, "run", config(folder, builds), "--test", "--target-dir", folder, "--koji-profile", "rehearsal",
             "--koji-config", hub.profile],
            env=environment(hub), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait(lambda: hub.submitted >= builds, run, 60)
        run.kill()
        run.wait()
        ids = [str(number) for number in task_ids(hub, builds)]
        watch = subprocess.Popen(
            [sys.executable, KOJI, "-c", hub.profile, "-p", "rehearsal", "--noauth", "watch-task", *ids],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        time.sleep(15)
        if watch.poll() is not None:
            raise SystemExit(f"koji watch-task ended: {watch.stderr.read()[-2000:]}")
        cpu, _ = counters(watch.pid)
        hub_cpu, _ = counters(hub.process.pid)
        before, begin = hub.requests, time.monotonic()
        time.sleep(seconds)
        spent, requests = time.monotonic() - begin, hub.requests - before
        cpu_after, memory = counters(watch.pid)
        hub_after, _ = counters(hub.process.pid)
        watch.kill()
        watch.wait()
        return {
            "requests": requests / spent * 60, "cpu": (cpu_after - cpu) / spent * 100, "memory": memory,
            "hub": (hub_after - hub_cpu) / spent * 100,
        }
    finally:
        hub.end()
        shutil.rmtree(folder, ignore_errors=True)


def task_ids(hub, builds):
    listed = subprocess.run(
        [sys.executable, KOJI, "-c", hub.profile, "-p", "rehearsal", "--noauth", "list-tasks", "--quiet",
         "--method=imageBuilderBuild"], check=True, capture_output=True, text=True).stdout
    return [int(line.split()[0]) for line in listed.splitlines() if line.strip()][:builds]


def row(title, figures, builds):
    print(
        f"{title:34} {builds:7,} builds  {figures['requests']:8.1f} requests/min"
        f"  {figures['requests'] / builds:9.4f} a build  client {figures['cpu']:5.1f} % of a core"
        f" {figures['memory'][0]:5.0f} MB, peak {figures['memory'][1]:.0f}  hub {figures['hub']:5.1f} %", flush=True)


def main():
    small = peer(10, 60)
    row("koji watch-task, every 6 s", small, 10)
    ten = ours(10, 60)
    row("phase-runner, every 10 s", ten, 10)
    print(f"{'':34} {small['requests'] / ten['requests']:.0f} times fewer requests,"
          f" {small['cpu'] / max(ten['cpu'], 0.01):.1f} times less CPU, {small['memory'][0] / ten['memory'][0]:.1f} times less memory")
    for builds in (1000, 10000):
        figures = ours(builds, 60)
        row("phase-runner", figures, builds)
        print(f"{'':34} submitted in {figures['submit']:.1f} s, canceled in {figures['cancel']:.1f} s;"
              f" {small['requests'] / 10 * builds / figures['requests']:,.0f} times fewer requests than koji would make")


if __name__ == "__main__":
    main()
