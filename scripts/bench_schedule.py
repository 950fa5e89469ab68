"""The measuring half of `scripts/bench schedule`: submitting within limits, the journal, and taking a run up.

Everything runs on loopback: the rehearsal hub as one process, phase-runner as another, `koji call` as the peer's way of a
process for each image.
"""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

from bench_koji import Hub, KOJI, RUNNER, config, counters, environment, wait


def start(folder, hub, builds, *options):
    run = subprocess.Popen(
        [RUNNER, "run", config(folder, builds), "--test", "--no-preflight", "--compose-dir", os.path.join(folder, "compose"),
         "--koji-profile", "rehearsal", "--koji-config", hub.profile, *options],
        env=environment(hub), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    threading.Thread(target=lambda: [None for _ in run.stderr], daemon=True).start()
    return run


def settings(folder, text):
    path = os.path.join(folder, "settings.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return ["--settings", path]


def events(folder):
    with open(os.path.join(folder, "compose/logs/global/phase-runner/events.jsonl"), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def submit_and_take_up(builds):
    """10,000 tasks at once; then the process is killed, and another takes the run up."""
    folder = tempfile.mkdtemp(prefix="bench-schedule-")
    hub = Hub(folder)
    try:
        begin = time.monotonic()
        run = start(folder, hub, builds)
        wait(lambda: hub.submitted >= builds, run, 900)
        submitted = time.monotonic() - begin
        cpu, memory = counters(run.pid)
        requests = hub.requests
        run.kill()
        run.wait()
        journal = os.path.getsize(os.path.join(folder, "compose/work/phase-runner/journal.sqlite"))
        print(f"{builds:,} tasks submitted in {submitted:.1f} s: {builds / submitted:.0f} a second, each with two durable"
              f" events; {requests / builds:.3f} requests a task, {cpu / builds * 1000:.2f} ms of CPU a task,"
              f" {memory[0]:.0f} MB, peak {memory[1]:.0f}; journal {journal / 1e6:.1f} MB", flush=True)
        before = hub.submitted
        begin = time.monotonic()
        again = subprocess.Popen(
            [RUNNER, "resume", "--koji-config", hub.profile, os.path.join(folder, "compose")], env=environment(hub),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        taken_up = None
        for line in again.stderr:
            taken_up = re.search(r"([\d,]+) events of the journal replayed in ([\d.]+) s", line)
            if taken_up:
                break
        threading.Thread(target=lambda: [None for _ in again.stderr], daemon=True).start()
        print(f"taken up {time.monotonic() - begin:.2f} s after the start of the process, plan and all; journal replay:"
              f" {taken_up.group(1)} events in {taken_up.group(2)} s (goal: under 1 s)", flush=True)
        quiet = hub.requests
        wait(lambda: hub.requests > quiet + 2 * -(-builds // 500), again, 120)
        print(f"submitted twice: {hub.submitted - before}", flush=True)
        begin = time.monotonic()
        again.send_signal(signal.SIGTERM)
        again.wait()
        print(f"canceled in {time.monotonic() - begin:.1f} s", flush=True)
        return submitted / builds, cpu / builds
    finally:
        hub.end()
        shutil.rmtree(folder, ignore_errors=True)


def within_limits(builds, limit, seconds):
    """Short tasks under a limit: how near to the ideal, and whether the limit held."""
    folder = tempfile.mkdtemp(prefix="bench-schedule-")
    hub = Hub(folder, f"{seconds}-{seconds}")
    try:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        run = start(folder, hub, builds, "--poll-interval", "0.5", *settings(folder, f"limits: {{tasks: {limit}}}\n"))
        run.wait()
        spent = time.monotonic() - begin
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        flight = most = 0
        for event in events(folder):
            if event["event"] == "submitting":
                flight += 1
            elif event["event"] == "observed":
                flight -= sum(task["state"] == "CLOSED" for task in event["tasks"])
            most = max(most, flight)
        rounds = -(-builds // limit)
        print(f"{builds:,} tasks of {seconds} s with at most {limit} on the hub: {spent:.1f} s, {spent / rounds:.1f} s a wave"
              f" of {limit}; at most {most} at once; exit {run.returncode}, {usage.ru_utime + usage.ru_stime - before.ru_utime - before.ru_stime:.1f} s of CPU",
              flush=True)
    finally:
        hub.end()
        shutil.rmtree(folder, ignore_errors=True)


def peer(builds):
    """A process of the real koji program for each image, one after the other, as Pungi starts one for each."""
    folder = tempfile.mkdtemp(prefix="bench-schedule-")
    hub = Hub(folder)
    try:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        for number in range(builds):
            subprocess.run(
                [sys.executable, KOJI, "-c", hub.profile, "-p", "rehearsal", "--authtype=password", "--user=rehearsal",
                 f"--password={hub.password}", "call", "--python", "imageBuilderBuild", "'bench'",
                 "['x86_64', 'aarch64']", "['minimal-raw-xz']", f"'Image-{number}'", "'1'", "{}"],
                check=True, stdout=subprocess.DEVNULL)
        spent = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        print(f"koji call, a process an image: {spent / builds * 1000:.0f} ms and {cpu / builds * 1000:.0f} ms of CPU a task",
              flush=True)
        return spent / builds, cpu / builds
    finally:
        hub.end()
        shutil.rmtree(folder, ignore_errors=True)


def main():
    theirs = peer(20)
    ours = submit_and_take_up(10000)
    print(f"submitting: {theirs[0] / ours[0]:.0f} times faster, {theirs[1] / ours[1]:.0f} times less CPU than koji's program")
    within_limits(400, 100, 2)


if __name__ == "__main__":
    main()
