"""The measuring half of `scripts/bench collect`: bringing 8 images of 512 MB into a compose, from a mounted tree and over HTTP.

Everything runs on loopback: the rehearsal hub builds the images, a real Apache serves them, phase-runner takes up a run whose
tasks have ended. The peers work on the same files in the same run: `cp --link`, `curl` and `openssl dgst`.
Arguments: the phase-runner program, and a number of megabytes other than 512.
"""
import concurrent.futures
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import xmlrpc.client

RUNNER = sys.argv[1]
FILES = 8
MEGABYTES = int(sys.argv[2]) if len(sys.argv) > 2 else 512
NEEDED = 30 * FILES * MEGABYTES * 1_000_000 / 8
CORES = os.cpu_count()

CONFIG = """
release_name = "Bench"
release_short = "Bench"
release_version = "44"
variants_file = "variants.xml"
pkgset_source = "koji"
gather_method = "nodeps"
comps_file = "comps.xml"
sigkeys = [None]
koji_profile = "rehearsal"
media_checksums = ["sha256"]
link_type = "hardlink"
translate_paths = [("/", "http://127.0.0.1/")]
imagebuilder_target = "f44-image-builder"
imagebuilder_version = "!VERSION_FROM_VERSION"
imagebuilder_release = "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN"
imagebuilder = {"^IoT$": [
%s
]}
"""
BLOCK = '    {"name": "Bench-%d", "types": ["minimal-raw-xz"], "subvariant": "S%d", "arches": ["x86_64"]},'
VARIANTS = """<?xml version="1.0" encoding="UTF-8"?>
<variants><variant id="IoT" name="IoT" type="variant"><arches><arch>x86_64</arch></arches></variant></variants>
"""
APACHE = """
ServerRoot {folder}
PidFile {folder}/httpd.pid
Listen 127.0.0.1:{port}
ServerName 127.0.0.1
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
ErrorLog {folder}/error.log
EnableSendfile On
DocumentRoot {root}
<Directory {root}>
    Options FollowSymLinks
    Require all granted
</Directory>
"""


class World:
    """A hub with its builds, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.root = os.path.join(folder, "hub")
        with open(os.path.join(folder, "bench.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG % "\n".join(BLOCK % (number, number) for number in range(FILES)))
        with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
            file.write(VARIANTS)
        self.hub = subprocess.Popen(
            [RUNNER, "rehearsal-hub", "--root", self.root, "--task-seconds", "4-4", "--image-bytes", str(MEGABYTES * 1_000_000)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = []
        for line in self.hub.stdout:
            lines.append(line)
            if line.startswith("poll_interval"):
                break
        self.text = "".join(lines)
        self.url = re.search(r"^server = (\S+)", self.text, re.M).group(1)
        self.environment = dict(
            os.environ, HOME=folder, KOJI_USER="rehearsal", KOJI_PASSWORD=re.search(r"password (\S+?)\.?$", lines[0]).group(1))

    def profile(self, topurl, topdir):
        path = os.path.join(self.folder, "koji.conf")
        text = re.sub(r"^topurl = .*", f"topurl = {topurl}", self.text, flags=re.M)
        text = re.sub(r"^topdir = .*\n", "", text, flags=re.M) + f"topdir = {topdir}\n"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def left_running(self, compose, profile, respin):
        """A run that was ended while its tasks run on; back when all of them have ended."""
        run = subprocess.Popen(
            [RUNNER, "run", "--test", "--date", "20261122", "--respin", str(respin), "--no-preflight", "--on-term", "leave",
             "--compose-dir", compose, "--koji-config", profile, "--poll-interval", "0.5", os.path.join(self.folder, "bench.conf")],
            env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        threading.Thread(target=lambda: [None for _ in run.stderr], daemon=True).start()
        hub = xmlrpc.client.ServerProxy(self.url, allow_none=True)
        states = lambda: [row["state"] for row in hub.listTasks(
            {"method": "imageBuilderBuild", "parent": None, "state": [0, 1, 2, 3, 4, 5]}, {})][-FILES * (respin + 1):]
        while len(states()) < FILES * (respin + 1):
            time.sleep(0.02)
        run.send_signal(signal.SIGTERM)
        run.wait()
        while any(state in (0, 1, 4) for state in states()):
            time.sleep(0.1)
        time.sleep(1)

    def collected(self, compose, profile):
        """Takes the run up. (seconds of collecting, of the whole process, of CPU, peak MB)"""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        begin = time.monotonic()
        done = subprocess.run(
            ["/usr/bin/env", RUNNER, "resume", "--koji-config", profile, "--poll-interval", "0.5", compose], env=self.environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
        whole = time.monotonic() - begin
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode:
            sys.exit(f"resume ended with {done.returncode}: {done.stderr}")
        with open(os.path.join(compose, "logs/global/phase-runner/events.jsonl"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file]
        times = [event["time"] for event in events if event["event"] == "observed"]
        ends = [event["time"] for event in events if event["event"] == "collected"]
        if len(ends) != FILES:
            sys.exit(f"{len(ends)} images were collected")
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return ends[-1] - max(time for time in times if time <= ends[0]), whole, cpu

    def images(self):
        return sorted(
            os.path.join(folder, name) for folder, _, names in os.walk(os.path.join(self.root, "packages"))
            for name in names if name.endswith(".raw.xz"))


def timed(*command, cwd=None):
    begin = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=cwd)
    return time.monotonic() - begin


def digest(files, processes):
    """`openssl dgst -sha256` over files, so many at a time."""
    begin = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(processes) as pool:
        list(pool.map(lambda file: timed("openssl", "dgst", "-sha256", file), files))
    return time.monotonic() - begin


def apache(folder, root):
    modules = "/usr/lib/apache2/modules"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    path = os.path.join(folder, "httpd.conf")
    with open(path, "w", encoding="utf-8") as file:
        file.write(APACHE.format(folder=folder, port=port, modules=modules, root=root))
    server = subprocess.Popen(["/usr/sbin/apache2", "-f", path, "-DFOREGROUND"])
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    return server, f"http://127.0.0.1:{port}"


def main():
    folder = tempfile.mkdtemp(prefix="bench-collect-", dir=os.environ.get("BENCH_DIR"))
    if shutil.disk_usage(folder).free < NEEDED:
        print(f"skipped: less than {NEEDED / 1e9:.0f} GB are free in {folder}; BENCH_DIR names another place")
        return
    total = FILES * MEGABYTES / 1000
    world = World(folder)
    server = None
    try:
        # From the mounted tree.
        os.makedirs(os.path.join(world.root, "packages"), exist_ok=True)
        profile = world.profile("http://127.0.0.1:9/", world.root)
        compose = os.path.join(folder, "mounted")
        world.left_running(compose, profile, 0)
        files = world.images()
        if len(files) != FILES:
            sys.exit(f"the hub has {len(files)} images")
        digest(files, CORES)  # Warm.
        theirs = digest(files, CORES)
        linked = os.path.join(folder, "linked")
        os.mkdir(linked)
        links = timed("cp", "--link", *files, linked)
        ours, whole, cpu = world.collected(compose, profile)
        again = digest(files, CORES)
        theirs = (theirs + again) / 2
        print(f"mounted tree, {FILES} files of {MEGABYTES} MB, hard links, SHA-256, warm: {ours:.2f} s ({total / ours:.2f} GB/s),"
              f" the whole process {whole:.2f} s, {cpu:.2f} s of CPU; cp --link {links:.2f} s; openssl dgst, one file a core,"
              f" {theirs:.2f} s: {theirs / ours:.0%} of its speed (goal: 95 %)", flush=True)
        shutil.rmtree(linked)
        # Over HTTP.
        server, url = apache(folder, world.root)
        profile = world.profile(url, os.path.join(folder, "nowhere"))
        compose = os.path.join(folder, "fetched")
        world.left_running(compose, profile, 1)
        files = [file for file in world.images() if file not in files]
        urls = [f"{url}/{os.path.relpath(file, world.root)}" for file in files]
        digest(files, CORES)
        slot = os.path.join(folder, "curl")
        os.mkdir(slot)
        command = ["curl", "--silent", "--no-progress-meter", "--fail", "--remote-name-all"]
        one = timed(*command, *urls, cwd=slot)
        shutil.rmtree(slot)
        os.mkdir(slot)
        many = timed(*command, "--parallel", "--parallel-max", "4", *urls, cwd=slot)
        shutil.rmtree(slot)
        single, cores = timed("openssl", "dgst", "-sha256", *files), digest(files, CORES)
        ours, whole, cpu = world.collected(compose, profile)
        slower = max(one, single)
        hardest = max(many, cores)
        print(f"HTTP from loopback, {FILES} files of {MEGABYTES} MB, SHA-256 in the same pass: {ours:.2f} s"
              f" ({total / ours:.2f} GB/s), the whole process {whole:.2f} s, {cpu:.2f} s of CPU; curl {one:.2f} s, openssl dgst"
              f" {single:.2f} s: {slower / ours:.0%} of the slower one's speed (goal: 80 %); curl with four at a time {many:.2f} s,"
              f" openssl dgst with one file a core {cores:.2f} s: {hardest / ours:.0%} of the slower of these", flush=True)
    finally:
        if server:
            server.terminate()
            server.wait()
        world.hub.terminate()
        world.hub.wait()
        shutil.rmtree(folder, ignore_errors=True)


main()
