"""A rehearsal hub and a service as processes, for the peers that look at the service from outside."""
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import time

VARIANTS = """<?xml version="1.0"?>
<variants><variant id="Main" name="Main" type="variant" is_empty="true">
<arches><arch>x86_64</arch><arch>aarch64</arch></arches></variant></variants>
"""

CONFIG = """release_name = "{short}"
release_short = "{short}"
release_version = "44"
release_is_layered = False
variants_file = "variants.xml"
pkgset_source = "koji"
pkgset_koji_tag = "f44"
gather_method = "deps"
sigkeys = [None]
imagebuilder = {{
    "^Main$": [
{blocks}
    ]
}}
"""

BLOCK = """        {{"name": "Image-{number:03}", "types": ["minimal-raw-xz"], "target": "f44-image-builder",
         "arches": ["x86_64", "aarch64"], "subvariant": "Sub{number:03}"}},"""

SETTINGS = """listen: {{port: {port}}}
state_dir: {directory}/state
configs: [{directory}/configs]
targets: {{main: {{directory: {directory}/composes}}}}
profiles: [rehearsal]
koji_config: {directory}/koji.conf
limits: {{requests_per_minute: 1000000, streams_per_client: 2000}}
{more}
"""


def wait_for(what, condition, seconds=60):
    """Asks until the answer is not false. Whoever waits longer fails."""
    end = time.monotonic() + seconds
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"{what} did not come in {seconds} s")
        time.sleep(0.05)


class World:
    """A directory with configurations `c0.conf`, `c1.conf`, ..., a hub, a service."""

    def __init__(self, program, directory, composes=1, images=2, seconds="0.1", more="", hub_options=()):
        self.program = program
        self.directory = pathlib.Path(directory)
        configs = self.directory / "configs"
        configs.mkdir(parents=True)
        (configs / "variants.xml").write_text(VARIANTS)
        blocks = "\n".join(BLOCK.format(number=number) for number in range(images))
        for number in range(composes):
            (configs / f"c{number}.conf").write_text(CONFIG.format(short=f"Test{number}", blocks=blocks))
        self.hub = subprocess.Popen(
            [program, "rehearsal-hub", "--root", str(self.directory / "hub"), "--task-seconds", seconds, *hub_options],
            stdout=subprocess.PIPE, stderr=open(self.directory / "hub.log", "w"), text=True)
        said = ""
        # The profile's last line tells that the hub listens.
        while "poll_interval" not in said:
            line = self.hub.stdout.readline()
            assert line, f"the hub ended, and said {said}"
            said += line
        (self.directory / "koji.conf").write_text(said)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.settings = self.directory / "service.yaml"
        self.settings.write_text(SETTINGS.format(port=self.port, directory=self.directory, more=more))
        self.environment = {
            **os.environ, "HOME": str(self.directory), "KOJI_USER": "rehearsal", "KOJI_PASSWORD": "rehearsal"}
        self.service = None
        # A path, where the settings say that the service listens on a socket.
        self.socket = None
        self.tokens = {role: self.make_token(role) for role in ("read", "operate", "admin")}

    def make_token(self, role):
        made = subprocess.run(
            [self.program, "token", "create", "--settings", str(self.settings), "--role", role, f"of-{role}"],
            capture_output=True, text=True, check=True, env=self.environment)
        return made.stdout.strip()

    def token(self, role):
        return self.tokens[role]

    def begin(self, **more):
        with open(self.directory / "service.log", "a") as log:
            self.service = subprocess.Popen(
                [self.program, "serve", "--settings", str(self.settings)], stdout=log, stderr=log,
                env={**self.environment, **more}, cwd=self.directory)

        def ready():
            assert self.service.poll() is None, (self.directory / "service.log").read_text()
            try:
                return self.ask("GET", "/readyz")[0] == 200
            except OSError:
                return False

        wait_for("the service", ready, 20)

    def ask(self, method, path, body=None, role=None, headers=None, timeout=30):
        """Status, headers and body of an answer; JSON is decoded."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        if self.socket:
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.connect(str(self.socket))
        sent = dict(headers or {})
        if role:
            sent["Authorization"] = f"Bearer {self.token(role)}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        try:
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            data = answer.read()
            kind = answer.headers.get("Content-Type", "")
            return answer.status, answer.headers, json.loads(data) if "json" in kind else data
        finally:
            connection.close()

    def payload(self, path, role="read"):
        status, _, document = self.ask("GET", path, role=role)
        assert status == 200, (path, status, document)
        return document["payload"]

    def start(self, number=0, **more):
        status, _, document = self.ask(
            "POST", "/api/v1/runs", {"config": f"c{number}.conf", "type": "nightly", **more}, role="operate")
        assert status == 201, (status, document)
        return document["payload"]["run"]

    def run(self, number):
        return self.payload(f"/api/v1/runs/{number}")["run"]

    def ended(self, number, seconds=90):
        return wait_for(f"the end of run {number}", lambda: (r := self.run(number))["state"] == "ended" and r, seconds)

    def processes(self):
        """Processes of runs of this world: their own command line names the directory."""
        found = []
        for name in os.listdir("/proc"):
            try:
                line = pathlib.Path("/proc", name, "cmdline").read_bytes().split(b"\0") if name.isdigit() else []
            except OSError:
                continue
            if len(line) > 2 and line[1] in (b"run", b"resume") and str(self.directory).encode() in line[2]:
                found.append(int(name))
        return found

    def kill(self):
        self.service.send_signal(signal.SIGKILL)
        self.service.wait()

    def end(self):
        if self.service and self.service.poll() is None:
            self.service.terminate()
            self.service.wait(60)
        for process in self.processes():
            os.kill(process, signal.SIGKILL)
        self.hub.terminate()
        self.hub.wait(10)
