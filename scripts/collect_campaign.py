"""The campaign behind `scripts/fault-campaign collect`: everything that can go wrong between a hub's files and a compose.

Real processes: the rehearsal hub, phase-runner, and between them a proxy on loopback that breaks what it hands on: files and
what the hub says of them. Whatever happens, the tree is never wrong: every file in it is one that an undisturbed run has,
images.json names exactly these, nothing partial is left, and the exit status and the words are as documented.

Arguments: the phase-runner program, `all` or `tenth`, and a seed (printed, so that a run can be done again).
"""
import hashlib
import http.client
import http.server
import json
import os
import random
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor

RUNNER, EXTENT = sys.argv[1], sys.argv[2]
SEED = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
DATE = "20261122"
PATIENCE = 120
SIZE = 300_000
# What faults are about: an image that must be there, and one that may be missing.
REQUIRED, FAILABLE = "Collect-0-44-20261122.n.0.x86_64.raw.xz", "Collect-1-44-20261122.n.0.aarch64.raw.xz"

CONFIG = """
release_name = "Collect"
release_short = "Collect"
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
%s
imagebuilder = {"^IoT$": [
    {"name": "Collect-0", "types": ["minimal-raw-xz"], "subvariant": "S0", "arches": ["x86_64", "aarch64"]},
    {"name": "Collect-1", "types": ["minimal-raw-xz"], "subvariant": "S1", "arches": ["x86_64", "aarch64"], "failable": ["aarch64"]},
    {"name": "Collect-2", "types": ["iot-installer"], "subvariant": "S2", "manifest_type": "dvd-ostree", "arches": ["x86_64"]},
]}
"""
VARIANTS = """<?xml version="1.0" encoding="UTF-8"?>
<variants><variant id="IoT" name="IoT" type="variant"><arches><arch>aarch64</arch><arch>x86_64</arch></arches></variant></variants>
"""


class Proxy(http.server.ThreadingHTTPServer):
    """Stands before a hub and its files. `fault` breaks answers for one file; `words` changes what the hub says."""

    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        pass


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        hub = http.client.HTTPConnection(self.server.hub)
        hub.request("POST", self.path, body, {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")})
        answer = hub.getresponse()
        content = self.server.world.words(answer.read())
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("content-length", "connection", "transfer-encoding"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        path = urllib.parse.unquote(urllib.parse.urlsplit(self.path).path).lstrip("/")
        file = os.path.realpath(os.path.join(self.server.root, path))
        if not os.path.isfile(file):
            return self.plain(404)
        with open(file, "rb") as stream:
            content = stream.read()
        start = 0
        asked = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if asked:
            start = int(asked.group(1))
            if start >= len(content):
                return self.plain(416)
        fault = self.server.world.fault_for(os.path.basename(path))
        if fault:
            return fault(self, content, start)
        return self.send_file(content, start)

    def head(self, content, start, length=None, **headers):
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start if length is None else length))
        self.send_header("Last-Modified", headers.get("modified", "Thu, 01 Jan 2026 00:00:00 GMT"))
        self.end_headers()

    def send_file(self, content, start):
        self.head(content, start)
        self.wfile.write(content[start:])

    def plain(self, status, body=b"<html>no\n", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def reset(self):
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


# Faults of one answer: (handler, content, start).
def cut(h, content, start):
    """The connection ends in the middle of the body."""
    h.head(content, start)
    h.wfile.write(content[start:(start + len(content)) // 2])
    h.close_connection = True


def reset(h, content, start):
    h.head(content, start)
    h.wfile.write(content[start:(start + len(content)) // 2])
    h.reset()


def reset_at_once(h, content, start):
    h.reset()


def short(h, content, start):
    """A body that ends well, and early."""
    part = content[start:(start + len(content)) // 2]
    h.head(content, start, length=len(part))
    h.wfile.write(part)


def corrupt(h, content, start):
    spoilt = bytearray(content)
    spoilt[len(content) - 7] ^= 1
    h.send_file(bytes(spoilt), start)


def longer(h, content, start):
    h.send_file(content + b"x" * 5000, start)


def endless(h, content, start):
    """A body that never ends, without a length."""
    h.send_response(200)
    h.send_header("Connection", "close")
    h.end_headers()
    h.close_connection = True
    for _ in range(10_000):
        h.wfile.write(b"y" * 65536)


def empty(h, content, start):
    h.plain(200, b"")


def page(h, content, start):
    """A page of some proxy instead of the file."""
    h.plain(200, b"<html><title>Sign in to the network</title></html>")


def slow(h, content, start):
    h.head(content, start)
    for place in range(start, len(content), len(content) // 8):
        h.wfile.write(content[place:place + len(content) // 8])
        h.wfile.flush()
        time.sleep(0.2)


def whole(h, content, start):
    """A server that knows no ranges."""
    h.head(content, 0)
    h.wfile.write(content)


def wrong_range(h, content, start):
    h.send_response(206)
    h.send_header("Content-Range", f"bytes {start + 10}-{len(content) - 1}/{len(content)}")
    h.send_header("Content-Length", str(len(content) - start - 10))
    h.end_headers()
    h.wfile.write(content[start + 10:])


def other_version(h, content, start):
    h.send_response(206 if start else 200)
    if start:
        h.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    h.send_header("Content-Length", str(len(content) - start))
    h.send_header("Last-Modified", "Fri, 02 Jan 2026 00:00:00 GMT")
    h.end_headers()
    h.wfile.write(bytes(255 - byte for byte in content[start:]))


def status(code, **headers):
    return lambda h, content, start: h.plain(code, **headers)


class World:
    """A hub, a proxy before it, a config and a compose directory, for one case."""

    def __init__(self, folder, options="", compose=None, topdir=None, arguments=()):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "collect.conf"), "w", encoding="utf-8") as file:
            file.write(CONFIG % options)
        with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
            file.write(VARIANTS)
        self.compose = compose or os.path.join(folder, "compose")
        self.faults = {}
        self.seen = []
        self.rewrite = None
        self.lock = threading.Lock()
        self.root = os.path.join(folder, "hub")
        self.process = subprocess.Popen(
            [RUNNER, "rehearsal-hub", "--root", self.root, "--task-seconds", "0.1-0.3", "--image-bytes", str(SIZE), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        lines = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith("poll_interval"):
                break
        text = "".join(lines)
        self.password = re.search(r"password (\S+?)\.?$", lines[0]).group(1)
        self.proxy = Proxy(("127.0.0.1", 0), Handler)
        self.proxy.world, self.proxy.root = self, self.root
        self.proxy.hub = urllib.parse.urlsplit(re.search(r"^server = (\S+)", text, re.M).group(1)).netloc
        threading.Thread(target=self.proxy.serve_forever, args=(0.05,), daemon=True).start()
        here = f"http://127.0.0.1:{self.proxy.server_port}"
        text = re.sub(r"^(server|weburl|topurl) = http://[^/\s]+", rf"\1 = {here}", text, flags=re.M)
        text = re.sub(r"^topurl = .*", f"topurl = {here}", text, flags=re.M)
        text = re.sub(r"^topdir = .*\n", "", text, flags=re.M)
        text += f"topdir = {topdir or os.path.join(folder, 'nowhere')}\n"
        self.profile = os.path.join(folder, "koji.conf")
        with open(self.profile, "w", encoding="utf-8") as file:
            file.write(text)

    def fault_for(self, name):
        with self.lock:
            self.seen.append(name)
            for part, faults in self.faults.items():
                if part in name and faults:
                    return faults[0] if faults[-1] is ALWAYS else faults.pop(0)
        return None

    def words(self, content):
        return self.rewrite(content) if self.rewrite else content

    def start(self, arguments, environment=None):
        values = dict(os.environ, HOME=self.folder, KOJI_USER="rehearsal", KOJI_PASSWORD=self.password, **(environment or {}))
        return subprocess.Popen([RUNNER] + arguments, env=values, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def _call(self, arguments):
        process = self.start(arguments)
        try:
            _, said = process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            raise
        return process.returncode, said

    def hub_options(self):
        return ["--koji-config", self.profile, "--poll-interval", "0.1", "--hub-patience", "12"]

    def run_arguments(self):
        return (["run", "--nightly", "--date", DATE, "--no-preflight", "--compose-dir", self.compose] + self.hub_options()
                + [os.path.join(self.folder, "collect.conf")])

    def run(self):
        return self._call(self.run_arguments())

    def resume(self):
        return self._call(["resume"] + self.hub_options() + [self.compose])

    def tree(self):
        """The files of the compose with their digests, links as what they lead to."""
        found = {}
        top = os.path.join(self.compose, "compose")
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                with open(path, "rb") as stream:
                    found[os.path.relpath(path, top)] = hashlib.sha256(stream.read()).hexdigest()
        return found

    def images(self):
        try:
            with open(os.path.join(self.compose, "compose/metadata/images.json"), encoding="utf-8") as file:
                variants = json.load(file)["payload"]["images"]
        except FileNotFoundError:
            return {}
        return {image["path"]: image for arches in variants.values() for images in arches.values() for image in images}

    def close(self):
        self.proxy.shutdown()
        self.proxy.server_close()
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


ALWAYS = object()


def is_image(path):
    return not path.startswith("metadata/") and not path.endswith("SUM")


def wrong(world, calm):
    """What must never be, whatever happened; in words."""
    tree, images = world.tree(), world.images()
    words = []
    for path, digest in tree.items():
        if is_image(path) and calm.get(path) != digest:
            words.append(f"{path} is not what the builder made")
        if is_image(path) and path not in images:
            words.append(f"{path} is not recorded")
        if path.startswith("metadata/imagebuilder/") and calm.get(path) != digest:
            words.append(f"{path} is not what the builder made")
        if os.path.basename(path).startswith(".") or path.endswith((".part", ".tmp")):
            words.append(f"{path} is left over")
    for path, image in images.items():
        if image["checksums"].get("sha256") != tree.get(path):
            words.append(f"{path} is recorded and not there, or another")
    incoming = os.path.join(world.compose, "work/phase-runner/incoming")
    if os.path.isdir(incoming) and os.listdir(incoming):
        words.append(f"left over in incoming: {os.listdir(incoming)}")
    return words


def missing(world, calm):
    tree = world.tree()
    return sorted(os.path.basename(path) for path in calm if is_image(path) and path not in tree)


def judge(world, calm, outcome, status, said, absent=(), words=""):
    """What is not as documented."""
    problems = wrong(world, calm)
    if status != outcome:
        problems.append(f"ended with {status}, not {outcome}: {said[-400:]}")
    # None: what else is missing beside the required image depends on when the run was ended.
    if absent is None:
        if REQUIRED not in missing(world, calm):
            problems.append(f"{REQUIRED} is there")
    elif missing(world, calm) != sorted(absent):
        problems.append(f"missing are {missing(world, calm)}, not {sorted(absent)}")
    if words and not re.search(words, said):
        problems.append(f"does not say {words}: {said[-600:]}")
    if re.search(r"Fatal error|Crash|Traceback", said):
        problems.append(f"crashed: {said[-400:]}")
    return problems


def served(folder, calm, faults, outcome, absent=(), words="", options=""):
    """Files that come broken, so often; then the outcome."""
    world = World(folder, options)
    try:
        world.faults = {name: list(list_) for name, list_ in faults.items()}
        status, said = world.run()
        problems = judge(world, calm, outcome, status, said, absent, words)
        if not any(part in name for name in world.seen for part in faults):
            problems.append("no file was asked for")
        return problems
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def told(folder, calm, rewrite, outcome, absent=(), words=""):
    """A hub whose words are changed on the way."""
    world = World(folder)
    try:
        hits = []

        def changed(content):
            new = rewrite(content)
            if new != content:
                hits.append(1)
            return new

        world.rewrite = changed
        status, said = world.run()
        problems = judge(world, calm, outcome, status, said, absent, words)
        if not hits:
            problems.append("nothing was changed on the way")
        if re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", said.replace("\x1b[0m", "")):
            problems.append("what it says can steer a terminal")
        return problems
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def renamed(name, new):
    """The arch task's result names another file."""
    old = f"<string>{name}</string>".encode()

    def rewrite(content):
        if b"<name>files</name>" not in content:
            return content
        return content.replace(old, f"<string>{new}</string>".encode())
    return rewrite


def crowded(name, count):
    """The arch task's result names many more files."""
    old = f"<value><string>{name}</string></value>".encode()
    more = b"".join(b"<value><string>f%d.raw.xz</string></value>" % number for number in range(count))

    def rewrite(content):
        return content.replace(old, old + more) if b"<name>files</name>" in content else content
    return rewrite


def killed(folder, calm, seconds):
    """Killed in the middle of a slow download, then taken up."""
    world = World(folder)
    try:
        world.faults = {".raw.xz": [slow, ALWAYS]}
        process = world.start(world.run_arguments())
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not any(".raw.xz" in name for name in world.seen):
            time.sleep(0.01)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        # Nothing half is to be seen in the tree even now.
        problems = [word for word in wrong(world, calm) if "incoming" not in word and "not recorded" not in word]
        world.faults = {}
        status, said = world.resume()
        return problems + judge(world, calm, 0, status, said)
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def full_disk(folder, calm, kilobytes):
    """A disk that has no room for the images, then has."""
    disk = os.path.join(folder, "disk")
    os.makedirs(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk], capture_output=True, check=False).returncode:
        return ["skipped: no right to mount"]
    world = World(folder, compose=os.path.join(disk, "compose"))
    try:
        status, said = world.run()
        if status == 0:
            return judge(world, calm, 0, status, said)
        problems = [word for word in wrong(world, calm)]
        if status != 5 or not re.search(r"No space left|is full|disk", said):
            problems.append(f"ended with {status} and no clear word: {said[-300:]}")
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        status, said = world.resume()
        if status == 5 and "holds no run" in said:
            status, said = world.run()
        return problems + judge(world, calm, 0, status, said)
    finally:
        world.close()
        subprocess.run(["umount", disk], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def mounted(folder, calm, options, spoil, outcome, absent=(), words=""):
    """A mounted tree in which something is not as it should be."""
    topdir = os.path.join(folder, "mnt")
    os.makedirs(os.path.join(topdir, "packages"))
    world = World(folder, options, topdir=topdir)
    try:
        spoil(world, topdir)
        status, said = world.run()
        problems = judge(world, calm, outcome, status, said, absent, words)
        if any(name.endswith(".raw.xz") for name in world.seen):
            problems.append("images came over HTTP")
        return problems
    finally:
        world.close()
        shutil.rmtree(folder, ignore_errors=True)


def area(world, topdir):
    """The packages lie elsewhere, behind a link of the administrator's."""
    os.rmdir(os.path.join(topdir, "packages"))
    os.makedirs(os.path.join(world.root, "packages"), exist_ok=True)
    os.symlink(os.path.join(world.root, "packages"), os.path.join(topdir, "packages"))


def out_of_the_tree(world, topdir):
    """Each package is a link out of the tree."""
    for number in range(3):
        os.symlink(os.path.join(world.root, f"packages/Collect-{number}"), os.path.join(topdir, f"packages/Collect-{number}"))


def cached(folder, calm, prepare, faults=None):
    """A shared cache, in some state."""
    cache = os.path.join(folder, "cache")
    os.makedirs(cache)
    world = World(folder, f'koji_cache = "{cache}"')
    try:
        prepare(cache)
        world.faults = {name: list(list_) for name, list_ in (faults or {}).items()}
        status, said = world.run()
        return judge(world, calm, 0, status, said)
    finally:
        world.close()
        subprocess.run(["chmod", "-R", "u+w", cache], check=False)
        shutil.rmtree(folder, ignore_errors=True)


def rotten(cache):
    """Files of the right name and size in the cache, and wrong ones."""
    place = os.path.join(cache, "packages/Collect-0/44/20261122.n.0/images")
    os.makedirs(place)
    with open(os.path.join(place, REQUIRED), "wb") as file:
        file.write(b"z" * SIZE)


def no_directory(cache):
    os.rmdir(cache)
    with open(cache, "w", encoding="utf-8"):
        pass


def stale_lock(cache):
    place = os.path.join(cache, "packages/Collect-0/44/20261122.n.0/images")
    os.makedirs(place)
    for ending in (".lock", ".phase-runner-lock"):
        with open(os.path.join(place, REQUIRED + ending), "w", encoding="utf-8"):
            pass


def cases(calm):
    """(kind, what, case)"""
    once = {"cut": cut, "reset": reset, "reset at once": reset_at_once, "too short": short, "one bit wrong": corrupt,
            "too long": longer, "endless": endless, "empty": empty, "another page": page, "slow": slow,
            "without ranges": whole, "404": status(404), "416": status(416), "408": status(408), "429": status(429),
            "500": status(500), "503": status(503)}
    for what, fault in once.items():
        for name in (REQUIRED, FAILABLE):
            yield "broken once", f"{what}, {name}", lambda f, fault=fault, name=name: served(f, calm, {name: [fault]}, 0)
        yield "broken once", f"{what}, all files", lambda f, fault=fault: served(f, calm, {"raw.xz": [fault] * 2, ".iso": [fault]}, 0)
    for what, first, then in [("cut, then a server without ranges", cut, whole), ("cut, then the wrong range", cut, wrong_range),
                              ("cut, then another version", cut, other_version), ("reset, then 416", reset, status(416)),
                              ("cut, cut, one bit wrong", cut, corrupt), ("wrong twice", corrupt, corrupt)]:
        ends = (0,) if first is not cut or then is not wrong_range else (1,)
        for end in ends:
            yield ("broken twice", what, lambda f, first=first, then=then, end=end:
                   served(f, calm, {REQUIRED: [first, then]}, end, [] if end == 0 else None,
                          "" if end == 0 else "another part"))
    final = {"one bit wrong": (corrupt, "hub recorded .*3 times"), "too long": (longer, "larger than|more than the"),
             "endless": (endless, "larger than|more than the"), "empty": (empty, "answered 200|is empty|ended after"),
             "too short": (None, ""), "another page": (page, "ended after|hub recorded"), "404": (status(404), "answered 404"),
             "403": (status(403), "answered 403"), "302": (status(302, Location="http://elsewhere/x"), "correct topurl"),
             "500": (status(500), "answered 500"), "reset at once": (reset_at_once, "")}
    for what, (fault, words) in final.items():
        if fault is None:
            continue
        yield ("broken for ever, required", what, lambda f, fault=fault, words=words:
               served(f, calm, {REQUIRED: [fault, ALWAYS]}, 1, None, words))
        yield ("broken for ever, failable", what, lambda f, fault=fault, words=words:
               served(f, calm, {FAILABLE: [fault, ALWAYS]}, 0, [FAILABLE], words))
    hostile = ["../../../../../tmp/evil.raw.xz", "/etc/evil.raw.xz", "a/b.raw.xz", "..", ".hidden.raw.xz", "a&#10;b.raw.xz", "a\u202ezx.war", "x" * 300 + ".raw.xz"]
    for name in hostile:
        yield ("hostile name, required", ascii(name[:40]), lambda f, name=name:
               told(f, calm, renamed(REQUIRED, name), 1, None, "not a plain file name"))
        yield ("hostile name, failable", ascii(name[:40]), lambda f, name=name:
               told(f, calm, renamed(FAILABLE, name), 0, [FAILABLE], "not a plain file name"))
    # No XML at all: then nothing of the answer is believed, and no image of the task can be had.
    yield "hostile name, required", "a control that XML forbids", lambda f: told(
        f, calm, renamed(REQUIRED, "a&#27;[2Jb.raw.xz"), 1, None, "cannot be read: line")
    yield "hostile list", "20,000 files", lambda f: told(f, calm, crowded(FAILABLE, 20_000), 0, [FAILABLE], "names 2000[0-9] files")
    yield "hostile list", "one name twice", lambda f: told(f, calm, renamed("Collect-1-44-20261122.n.0.aarch64.osbuild-manifest.json", FAILABLE), 0, [FAILABLE], "twice")
    yield "hostile list", "another arch's file", lambda f: told(f, calm, renamed(FAILABLE, FAILABLE.replace("aarch64", "x86_64")), 0, [FAILABLE], "recorded for")
    for seconds in (0.0, 0.2, 0.5, 0.8, 1.1, 1.4):
        yield "killed while it fetches", f"after {seconds} s", lambda f, seconds=seconds: killed(f, calm, seconds)
    for kilobytes in range(600, 2400, 150):
        yield "disk full", f"{kilobytes} kB", lambda f, kilobytes=kilobytes: full_disk(f, calm, kilobytes)
    for link in ("hardlink", "copy", "hardlink-or-copy", "symlink", "abspath-symlink"):
        yield "mounted tree", f"packages elsewhere, {link}", lambda f, link=link: mounted(f, calm, f'link_type = "{link}"', area, 0)
        yield ("mounted tree", f"links out of it, {link}", lambda f, link=link:
               mounted(f, calm, f'link_type = "{link}"', out_of_the_tree, 1, None, "not below the hub"))
    yield "shared cache", "empty", lambda f: cached(f, calm, lambda cache: None)
    yield "shared cache", "a rotten file", lambda f: cached(f, calm, rotten)
    yield "shared cache", "no directory", lambda f: cached(f, calm, no_directory)
    yield "shared cache", "a stale lock", lambda f: cached(f, calm, stale_lock)
    yield "shared cache", "one bit wrong once", lambda f: cached(f, calm, lambda cache: None, {"raw.xz": [corrupt]})


def main():
    chooser = random.Random(SEED)
    print(f"seed {SEED}", flush=True)
    top = tempfile.mkdtemp(prefix="phase-runner-collect.")
    failed = False
    try:
        world = World(os.path.join(top, "calm"))
        status_, said = world.run()
        calm = world.tree()
        world.close()
        if status_ != 0 or sum(is_image(path) for path in calm) != 5:
            sys.exit(f"the undisturbed run ended with {status_}: {said}\n{sorted(calm)}")
        chosen = list(cases(calm))
        if EXTENT != "all":
            chosen = chooser.sample(chosen, max(1, len(chosen) // 10))
        began = time.monotonic()
        table = {}
        with ThreadPoolExecutor(max_workers=4) as pool:
            results = pool.map(lambda numbered: attempt(numbered[1][2], os.path.join(top, f"case{numbered[0]}")), enumerate(chosen))
            for (kind, what, _), problems in zip(chosen, results):
                row = table.setdefault(kind, [0, 0])
                row[0] += 1
                row[1] += bool(problems)
                for problem in problems:
                    failed = True
                    print(f"{kind}, {what}: {problem}", flush=True)
        print("| what happened | cases | tree right, end as documented | problems |")
        print("| --- | --- | --- | --- |")
        for kind, (count, bad) in table.items():
            print(f"| {kind} | {count} | {count - bad} | {bad} |")
        print(f"{len(chosen)} cases in {time.monotonic() - began:.0f} s")
    finally:
        shutil.rmtree(top, ignore_errors=True)
    sys.exit(failed)


def attempt(case, folder):
    try:
        return case(folder)
    except subprocess.TimeoutExpired as error:
        return [f"did not end within {PATIENCE} s: {error.cmd[1]}"]


main()
