"""Puts a service under load: event streams whose every number is checked, and requests at a fixed rate beside them.

usage: scripts/bench service [--seconds 60] [--streams 1000] [--rate 200]

Needs `hey`. All of it goes to loopback and ends by itself. Prints a table; docs/operations.md has the figures of one run.
"""
import argparse
import asyncio
import json
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Peers"))
from service_world import World, wait_for  # noqa: E402


class Stream:
    """One reader: comes again with its last number until the run is over, and wants every number once."""

    def __init__(self, world, run):
        self.world, self.run_id = world, run
        self.last, self.breaks, self.trouble, self.is_over = 0, 0, None, False
        self.lags = []

    async def follow(self):
        while not self.is_over and self.trouble is None:
            try:
                await self.read()
            except (OSError, asyncio.IncompleteReadError):
                self.breaks += 1
                await asyncio.sleep(0.2)

    async def read(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.world.port, limit=1 << 20)
        try:
            writer.write(
                (f"GET /api/v1/runs/{self.run_id}/events HTTP/1.1\r\nHost: localhost\r\n"
                 f"Authorization: Bearer {self.world.token('read')}\r\nLast-Event-ID: {self.last}\r\n\r\n").encode())
            status = int((await reader.readline()).split()[1])
            while (await reader.readline()).strip():
                pass
            if status == 204:
                self.is_over = True
                return
            if status != 200:
                self.trouble = f"status {status}"
                return
            while True:
                size = int(await reader.readline(), 16)
                chunk = await reader.readexactly(size + 2)
                if size == 0:
                    return
                now = time.time()
                for number in re.findall(rb"^id: (\d+)$", chunk, re.M):
                    if int(number) != self.last + 1:
                        self.trouble = f"line {int(number)} came where {self.last + 1} was to come"
                        return
                    self.last += 1
                found = re.findall(rb'"time": ([0-9.]+)', chunk)
                if found:
                    self.lags.append(now - float(found[-1]))
        finally:
            writer.close()


def memory(pid):
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {name: int(re.search(rf"{name}:\s+(\d+)", text)[1]) / 1024 for name in ("VmRSS", "VmHWM")}


def cpu(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


async def load(world, runs, options):
    streams = [Stream(world, runs[number % len(runs)]) for number in range(options.streams)]
    tasks = [asyncio.create_task(stream.follow()) for stream in streams]
    await asyncio.sleep(3)
    workers = 20
    hey = await asyncio.create_subprocess_exec(
        "hey", "-z", f"{options.seconds}s", "-c", str(workers), "-q", str(options.rate / workers), "-H",
        f"Authorization: Bearer {world.token('read')}", f"http://127.0.0.1:{world.port}/api/v1/runs",
        stdout=asyncio.subprocess.PIPE)
    before = cpu(world.service.pid)
    output = (await hey.communicate())[0].decode()
    used = cpu(world.service.pid) - before
    at_load = memory(world.service.pid)
    await asyncio.wait_for(asyncio.gather(*tasks), 300)
    return streams, output, at_load, used


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=200)
    options = parser.parse_args()
    resource.setrlimit(resource.RLIMIT_NOFILE, (8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    with tempfile.TemporaryDirectory() as directory:
        world = World(
            options.program, directory, composes=3, images=40, seconds=f"5-{options.seconds + 10}")
        try:
            world.begin()
            idle = memory(world.service.pid)["VmRSS"]
            runs = [world.start(number)["id"] for number in range(3)]
            for run in runs:
                wait_for("the compose", lambda: world.run(run)["directory"])
            streams, output, at_load, used = asyncio.run(load(world, runs, options))
            lines = {
                run: len((pathlib.Path(world.run(run)["directory"]) / "logs/global/phase-runner/events.jsonl")
                         .read_bytes().splitlines()) for run in runs}
            troubles = [stream.trouble for stream in streams if stream.trouble]
            short = [stream for stream in streams if stream.last != lines[stream.run_id]]
            lags = sorted(lag for stream in streams for lag in stream.lags if lag < 60)
            ends = [world.run(run)["status"] for run in runs]
        finally:
            world.end()
    rate = float(re.search(r"Requests/sec:\s+([0-9.]+)", output)[1])
    latency = {name: float(value) for name, value in re.findall(r"(\d+)% in ([0-9.]+) secs", output)}
    statuses = dict(re.findall(r"\[(\d+)\]\s+(\d+) responses", output))
    errors = output[output.find("Error distribution"):] if "Error distribution" in output else ""
    print(f"{options.streams} event streams over three composes of 40 images on two arches, {sum(lines.values())} lines;"
          f" beside them {rate:.0f} requests a second for {options.seconds} s")
    print(f"  answers            {statuses} {errors.strip()}")
    for name in ("50", "95", "99"):
        print(f"  latency, {name} %      {latency[name] * 1000:.1f} ms")
    print(f"  event lag, median  {lags[len(lags) // 2]:.2f} s after it happened; 99 %: {lags[int(len(lags) * 0.99)]:.2f} s")
    print(f"  lost or doubled    {len(short) + len(troubles)} of {sum(stream.last for stream in streams)} events"
          f" {sorted(set(troubles))[:3]}; {sum(stream.breaks for stream in streams)} breaks")
    print(f"  memory             {idle:.0f} MB idle, {at_load['VmRSS']:.0f} MB under load, {at_load['VmHWM']:.0f} MB at most")
    print(f"  processor          {100 * used / options.seconds:.0f} % of a core")
    print(f"  composes           {', '.join(ends)}")
    if short or troubles or errors or set(statuses) != {"200"} or set(ends) != {"FINISHED"}:
        sys.exit(1)


main()
