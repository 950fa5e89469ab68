"""Looks at the service's API from outside, while composes run on the rehearsal hub.

usage: service_api_peer.py PROGRAM DIRECTORY CHECK...    JSON on stdout: what was looked at, and what was wrong
"""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

from service_world import World, wait_for

ROLES = ["none", "read", "operate", "admin"]
# What the description does not say: the role that a route asks for. Everything else asks for read.
ROLE = {
    "POST /api/v1/runs": "operate", "POST /api/v1/runs/{id}/cancel": "operate", "POST /api/v1/runs/{id}/retry": "operate",
    "POST /api/v1/plan": "operate", "POST /api/v1/validate": "operate", "POST /api/v1/preflight": "operate",
    "GET /api/v1/audit": "admin", "GET /api/v1/openapi.json": "none", "GET /api/v1/whoami": "none",
    "POST /api/v1/login": "none", "POST /api/v1/logout": "none", "GET /healthz": "none", "GET /readyz": "none",
    "POST /api/v1/schedules/{name}/start": "operate", "POST /api/v1/schedules/{name}/pause": "operate",
    "POST /api/v1/schedules/{name}/unpause": "operate",
}


def is_problem(answer):
    status, headers, document = answer
    return (400 <= status < 600 and headers["Content-Type"] == "application/problem+json"
            and document["status"] == status and document["title"] and document["detail"])


def routes(world):
    document = world.ask("GET", "/api/v1/openapi.json")[2]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                yield method.upper(), path, operation


def fill(path):
    return path.replace("{id}", "424242").replace("{name}", "nothing")


def roles(world):
    """Every route refuses whoever may not, and lets in whoever may."""
    for method, path, _ in routes(world):
        wanted = ROLE.get(f"{method} {path}", "read")
        for role in ROLES:
            if path in ("/api/v1/events",) and ROLES.index(role) >= ROLES.index(wanted):
                continue
            body = {} if method == "POST" else None
            answer = world.ask(method, fill(path), body, role=None if role == "none" else role)
            refused = answer[0] in (401, 403)
            if path == "/api/v1/login":
                continue
            if path == "/api/v1/logout" and role == "none":
                # A page that is nobody's has no key, either.
                assert answer[0] == 403, answer
                continue
            allowed = ROLES.index(role) >= ROLES.index(wanted)
            assert refused != allowed, (method, path, role, answer)
            if refused:
                assert is_problem(answer), (method, path, role, answer)
                assert answer[0] == (401 if role == "none" else 403), (method, path, role, answer[0])
    before = world.payload("/api/v1/runs")["runs"]
    assert before == [], before


def bodies(world):
    """A body of every wrong kind gets a problem document, and nothing is begun."""
    wrong = [
        (b"", "application/json", 400), (b"{", "application/json", 400), (b"\xff\xfe", "application/json", 400),
        (b"nul", "application/json", 400), (b"[]", "application/json", 422), (b"1", "application/json", 422),
        (b'"x"', "application/json", 422), (b"null", "application/json", 422), (b"{}", "application/json", 422),
        (b"{}", "text/plain", 415), (b"{}", None, 415), (b"a=b", "application/x-www-form-urlencoded", 415),
        (b"[" * 100_000, "application/json", 400), (b'{"config": ' + b"[" * 50 + b"]" * 50 + b"}", "application/json", 400),
        (b'{"config": "../../etc/passwd"}', "application/json", 422), (b'{"config": "c0.conf", "x": 1}', "application/json", 422),
        (b'{"config": "c0.conf", "respin": 1e400}', "application/json", None),
        (b'{"config": "c0.conf\\u0000", "target": "main"}', "application/json", 422),
        (b'{"config": "' + b"x" * 2_000_000 + b'"}', "application/json", 413),
    ]
    for method, path, operation in routes(world):
        if method != "POST" or "requestBody" not in operation or path in ("/api/v1/runs/{id}/retry", "/api/v1/login"):
            continue
        for body, kind, status in wrong:
            headers = {"Content-Type": kind} if kind else {}
            answer = world.ask(method, fill(path), body, role="operate", headers=headers)
            assert is_problem(answer) and 400 <= answer[0] < 500, (path, body[:40], answer[0], answer[2])
            assert status in (None, answer[0]), (path, body[:40], status, answer[0], answer[2])
            assert b"passwd" not in json.dumps(answer[2]).encode()
    for path, status in [("/api/v1/runs?limit=x", 422), ("/api/v1/runs?limit=0", 422), ("/api/v1/runs?lmit=1", 422),
                         ("/api/v1/runs?limit=1&limit=2", 422), ("/api/v1/runs?state=%ff", 400), ("/api/v1/runs/0", 404),
                         ("/api/v1/runs/1x", 404), ("/api/v1/runs/99999999999999999999", 404), ("/nothing", 404)]:
        answer = world.ask("GET", path, role="read")
        assert is_problem(answer) and answer[0] == status, (path, answer)
    answer = world.ask("DELETE", "/api/v1/runs", role="admin")
    assert answer[0] == 405 and set(answer[1]["Allow"].split(", ")) == {"GET", "HEAD", "POST"}, answer
    assert world.payload("/api/v1/runs")["runs"] == []


def foreign_pages(world):
    """What a browser would send for another site's page changes nothing; what DNS can be made to say is not answered."""
    token = world.token("operate")
    cookie = {"Cookie": f"phase_runner_session={token}"}
    body = {"config": "c0.conf", "type": "nightly"}
    for headers in [cookie, {**cookie, "X-CSRF-Token": "x"}, {**cookie, "Origin": "https://evil.example"}]:
        assert world.ask("POST", "/api/v1/runs", body, headers=headers)[0] == 403
    form = {**cookie, "Content-Type": "text/plain"}
    assert world.ask("POST", "/api/v1/runs", json.dumps(body).encode(), headers=form)[0] == 403
    for host in ["evil.example", "evil.example:80", "127.0.0.1.evil.example", ""]:
        assert world.ask("GET", "/api/v1/runs", headers={"Host": host})[0] in (400, 421), host
    for host in ["localhost", f"127.0.0.1:{world.port}", "[::1]:1"]:
        assert world.ask("GET", "/api/v1/whoami", headers={"Host": host})[0] == 200, host
    status, headers, document = world.ask("POST", "/api/v1/login", {"token": token})
    made = headers["Set-Cookie"]
    assert status == 200 and "HttpOnly" in made and "SameSite=Strict" in made, made
    csrf = document["payload"]["csrf"]
    assert world.ask("POST", "/api/v1/logout", headers={**cookie, "X-CSRF-Token": csrf})[0] == 204
    for name in ["Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"]:
        assert headers[name], name
    # The proxy's header from an address that is not named says nothing.
    assert world.ask("GET", "/api/v1/whoami", headers={"X-Remote-User": "kevin"})[2]["payload"]["name"] == "anonymous"
    assert world.payload("/api/v1/runs")["runs"] == []


def idempotency(world):
    """The same request with the same key is one run, also when many send it at once; another body is refused."""
    body = {"config": "c0.conf", "type": "nightly", "scratch": True}
    answers = []
    threads = [
        threading.Thread(target=lambda: answers.append(
            world.ask("POST", "/api/v1/runs", body, role="operate", headers={"Idempotency-Key": "one"})))
        for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted({answer[0] for answer in answers}) == [200, 201], [answer[0] for answer in answers]
    assert [answer[0] for answer in answers].count(201) == 1
    assert len({answer[2]["payload"]["run"]["id"] for answer in answers}) == 1
    other = world.ask("POST", "/api/v1/runs", {**body, "scratch": False}, role="operate", headers={"Idempotency-Key": "one"})
    assert other[0] == 422, other
    number = answers[0][2]["payload"]["run"]["id"]
    run = world.ended(number)
    assert run["status"] == "FINISHED" and run["rehearsal"], run
    assert len(world.payload("/api/v1/runs")["runs"]) == 1
    # Everything that is to be seen of it.
    status = world.payload(f"/api/v1/runs/{number}/status")
    assert status["counts"]["done"] == 2 and len(status["images"]) == 2, status["counts"]
    assert len(world.payload(f"/api/v1/runs/{number}/images")["images"]) == 4
    assert world.payload(f"/api/v1/runs/{number}/failures")["failures"] == []
    assert world.payload(f"/api/v1/runs/{number}/timeline")["tasks"][0]["arches"][0]["started"]
    assert b"Image-001" in world.ask("GET", f"/api/v1/runs/{number}/log", role="read")[2]
    assert b"<!DOCTYPE html>" in world.ask("GET", f"/api/v1/runs/{number}/report", role="read", timeout=60)[2][:100]
    nights = world.payload("/api/v1/history/nights")["nights"]
    assert nights[0]["images"]["Main/Image-000/minimal-raw-xz"] == {"aarch64": "done", "x86_64": "done"}, nights
    curves = world.payload("/api/v1/history/images")["images"]
    assert curves["Main/Image-000/minimal-raw-xz"]["x86_64"][0]["size"] > 0
    audit = world.payload("/api/v1/audit", role="admin")["entries"]
    assert [entry["action"] for entry in audit].count("start") >= 12 and {entry["who"] for entry in audit} >= {"of-operate"}
    assert world.token("operate") not in json.dumps(audit)
    plan = world.ask("POST", "/api/v1/plan", body, role="operate", timeout=60)
    assert plan[0] == 200 and len(plan[2]["payload"]["tasks"]) == 2, plan
    valid = world.ask("POST", "/api/v1/validate", body, role="operate", timeout=60)
    assert valid[0] == 200, valid
    ready = world.ask("POST", "/api/v1/preflight", body, role="operate", timeout=60)
    assert ready[0] == 200 and ready[2]["header"]["type"] == "phase-runner.preflight", ready
    metrics = world.ask("GET", "/metrics", role="read")[2]
    checked = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True)
    assert checked.returncode == 0 and not checked.stderr.strip(), checked.stderr.decode()


def cancel_and_retry(world):
    """A run is canceled and everything of it on the hub; one that waits for its turn ends without having begun."""
    runs = [world.start(number % 3) for number in range(5)]
    wait_for("a run to wait", lambda: world.run(runs[-1]["id"])["state"] == "queued")
    # Events of a run that waits come when it has begun, or never.
    readers = [Reader(world, runs[index]["id"]) for index in (0, -1)]
    for reader in readers:
        reader.start()
    wait_for("the first to build", lambda: (world.run(runs[0]["id"])["counts"] or {}).get("open"))
    for run in reversed(runs):
        assert world.ask("POST", f"/api/v1/runs/{run['id']}/cancel", role="operate")[0] == 202
    ends = [world.ended(run["id"]) for run in runs]
    assert ends[0]["status"] == "TERMINATED" and ends[0]["exit_status"] == 6, ends[0]
    assert ends[-1]["processes"] == 0 and "before it began" in ends[-1]["reason"], ends[-1]
    for reader in readers:
        reader.join(30)
        assert reader.is_over and not reader.trouble, reader.trouble or "a reader was never told that the run is over"
    assert readers[0].numbers and not readers[1].numbers
    assert world.ask("POST", f"/api/v1/runs/{runs[0]['id']}/cancel", role="operate")[0] == 409
    assert world.ask("POST", "/api/v1/runs/4242/cancel", role="operate")[0] == 404
    assert world.ask("POST", f"/api/v1/runs/{runs[-1]['id']}/retry", role="operate")[0] == 409


class Reader(threading.Thread):
    """Reads a run's events as a browser does: comes again with the last number that it has, whatever happens."""

    def __init__(self, world, run):
        super().__init__(daemon=True)
        self.world, self.run_id = world, run
        self.numbers, self.lines, self.breaks, self.trouble, self.is_over = [], [], 0, None, False

    def run(self):
        while not self.is_over and self.trouble is None:
            try:
                self.read()
            except (OSError, http.client.HTTPException):
                self.breaks += 1
                time.sleep(0.1)

    def read(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.world.port, timeout=30)
        headers = {"Authorization": f"Bearer {self.world.token('read')}"}
        if self.numbers:
            headers["Last-Event-ID"] = str(self.numbers[-1])
        connection.request("GET", f"/api/v1/runs/{self.run_id}/events", headers=headers)
        answer = connection.getresponse()
        if answer.status == 204:
            self.is_over = True
            return
        if answer.status != 200:
            self.trouble = f"{answer.status}: {answer.read()[:200]}"
            return
        number = None
        while line := answer.readline():
            if line.startswith(b"id: "):
                number = int(line[4:])
            elif line.startswith(b"data: "):
                expected = (self.numbers[-1] if self.numbers else 0) + 1
                if number != expected:
                    self.trouble = f"line {number} came where {expected} was to come"
                    return
                self.numbers.append(number)
                self.lines.append(line[6:])
        self.breaks += 1


def survive(world, how):
    """Three composes at once; in the middle the service is killed (or all of it, or is told to end) and begun again."""
    runs = [world.start(number) for number in range(3)]
    readers = [Reader(world, run["id"]) for run in runs for _ in range(2)]
    for reader in readers:
        reader.start()
    for run in runs:
        wait_for("builds", lambda: (world.run(run["id"])["counts"] or {}).get("open"))
    if how == "term":
        world.service.terminate()
        assert world.service.wait(60) == 0
        assert not world.processes(), "a run goes on without its service"
    else:
        processes = world.processes()
        assert len(processes) == 3, processes
        world.kill()
        if how == "all":
            for process in processes:
                os.kill(process, signal.SIGKILL)
    world.begin()
    images = None
    for run in runs:
        end = world.ended(run["id"], 120)
        assert end["status"] == "FINISHED", end
        assert end["processes"] == (1 if how == "service" else 2), end
        compose = pathlib.Path(end["directory"])
        tasks = os.listdir(compose / "logs/global/koji-tasks")
        made = json.loads((compose / "compose/metadata/images.json").read_text())["payload"]["images"]["Main"]
        images = sum(len(of_arch) for of_arch in made.values())
        assert len(tasks) * 2 == images, (len(tasks), images)
    log = (world.directory / "hub.log").read_text()
    submitted = len(re.findall(r"call imageBuilderBuild by", log))
    submitted += sum(
        int(number) for number in re.findall(r"imageBuilderBuild ×(\d+)", log))
    for reader in readers:
        reader.join(60)
        assert reader.trouble is None, reader.trouble
        assert reader.is_over, "a reader was never told that the run is over"
        run = world.run(reader.run_id)
        lines = (pathlib.Path(run["directory"]) / "logs/global/phase-runner/events.jsonl").read_bytes().splitlines(True)
        assert reader.lines == lines, (len(reader.lines), len(lines))
    return images


def schedules(world):
    """A schedule is started by hand, never twice at once, pauses, and goes on after the service was killed."""
    def schedule():
        return world.payload("/api/v1/schedules/nightly")["schedule"]

    assert world.payload("/api/v1/schedules")["schedules"] == [schedule()]
    assert schedule()["next"] > time.time() and not schedule()["alarm"]
    status, headers, document = world.ask("POST", "/api/v1/schedules/nightly/start", role="operate")
    assert status == 201 and headers["Location"] == "/api/v1/runs/1", document
    again = world.ask("POST", "/api/v1/schedules/nightly/start", role="operate")
    assert again[0] == 409 and "two never run at once" in again[2]["detail"], again
    # The same by hand, of the same configuration, is another person's decision; the schedule waits for it.
    wait_for("builds", lambda: (world.run(1)["counts"] or {}).get("open"))
    world.kill()
    world.begin()
    assert world.run(1)["schedule"] == "nightly"
    assert world.ended(1)["status"] == "FINISHED"
    last = wait_for("the night's end", lambda: (found := schedule()["last"])["status"] and found)
    assert last["outcome"] == "started" and last["run"] == 1 and last["tries"] == 1, last
    assert schedule()["running"] is None and schedule()["last_good"]
    # A rehearsal gets no link and tells nobody.
    assert not [name for name in os.listdir(world.directory / "composes") if name.startswith("latest")]
    assert not (world.directory / "told").exists()
    world.start(0)
    refused = world.ask("POST", "/api/v1/schedules/nightly/start", role="operate")
    assert refused[0] == 409 and "run 2" in refused[2]["detail"], refused
    world.ended(2)
    assert world.ask("POST", "/api/v1/schedules/nightly/pause", role="operate")[2]["payload"]["schedule"]["paused"]
    assert schedule()["next"] is None
    world.kill()
    world.begin()
    assert schedule()["paused"], "a pause is forgotten"
    assert world.ask("POST", "/api/v1/schedules/nightly/unpause", role="operate")[0] == 200
    assert schedule()["next"] and not schedule()["paused"]
    assert is_problem(world.ask("POST", "/api/v1/schedules/other/start", role="operate"))
    # New settings are taken by SIGHUP; bad ones change nothing.
    good = world.settings.read_text()
    assert not (world.directory / "told").exists()
    world.settings.write_text(
        good.replace("name: nightly", "name: other").replace("scripts: [./tell]", "alarm_after: 1s")
        + "notifications: {scripts: [./tell]}\n")
    world.service.send_signal(signal.SIGHUP)
    wait_for("the new schedule", lambda: [s["name"] for s in world.payload("/api/v1/schedules")["schedules"]] == ["other"])
    wait_for("the alarm", lambda: (told := world.directory / "told").exists() and "schedule-alarm" in told.read_text())
    world.settings.write_text("nonsense: [")
    world.service.send_signal(signal.SIGHUP)
    wait_for("the refusal", lambda: "those from before hold on" in (world.directory / "service.log").read_text())
    assert [s["name"] for s in world.payload("/api/v1/schedules")["schedules"]] == ["other"]
    audit = [(entry["action"], entry["outcome"]) for entry in world.payload("/api/v1/audit", role="admin")["entries"]]
    assert ("pause schedule", "done") in audit and any(
        action == "start schedule" and outcome.startswith("refused") for action, outcome in audit), audit


def supervisor(world):
    """A supervisor hears when the service is ready, that it lives, when it reads its settings again, and that it stops."""
    world.service.terminate()
    world.service.wait(30)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(str(world.directory / "notify"))
    listener.settimeout(20)
    world.begin(NOTIFY_SOCKET=str(world.directory / "notify"), WATCHDOG_USEC="300000")

    def hear(word):
        while True:
            said = listener.recv(4096).decode().split("\n")
            if word in said:
                return said

    hear("READY=1")
    hear("WATCHDOG=1")
    hear("WATCHDOG=1")
    world.service.send_signal(signal.SIGHUP)
    assert any(word.startswith("MONOTONIC_USEC=") for word in hear("RELOADING=1"))
    hear("READY=1")
    run = world.start(0)
    assert world.ended(run["id"])["status"] == "FINISHED"
    world.service.terminate()
    hear("STOPPING=1")
    assert world.service.wait(30) == 0


def full_disk(world):
    """With a disk that takes no more, whoever asks is told so, and all goes on when there is room again."""
    world.service.terminate()
    assert world.service.wait(30) == 0
    # The log of the database was written back into the one file.
    log = world.directory / "state/service.sqlite-wal"
    assert not log.exists() or log.stat().st_size == 0
    small = world.directory / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(small)], capture_output=True, text=True)
    if mounted.returncode != 0:
        print("skipped: full_disk needs the right to mount", file=sys.stderr)
        return
    try:
        shutil.copytree(world.directory / "state", small / "state")
        world.settings.write_text(re.sub("state_dir: .*", f"state_dir: {small}/state", world.settings.read_text()))
        world.begin()
        assert world.ask("GET", "/readyz")[0] == 200
        with open(small / "fill", "wb", buffering=0) as fill, contextlib.suppress(OSError):
            while True:
                fill.write(bytes(1024))
        refused = world.ask("POST", "/api/v1/runs", {"config": "c0.conf", "type": "nightly"}, role="operate")
        assert refused[0] == 500 and "No space left on device" in refused[2]["detail"], refused
        assert is_problem(world.ask("GET", "/readyz")) and world.ask("GET", "/healthz")[0] == 200
        assert world.payload("/api/v1/runs")["runs"] == []
        (small / "fill").unlink()
        assert world.ask("GET", "/readyz")[0] == 200
        assert world.ended(world.start(0)["id"])["status"] == "FINISHED"
    finally:
        world.service.terminate()
        world.service.wait(30)
        subprocess.run(["umount", str(small)], check=True)


def unix_socket(world):
    """A UNIX socket with a proxy behind it that names its users; a dead service's socket is taken over, a live one's not."""
    world.service.terminate()
    world.service.wait(30)
    path = world.directory / "socket"
    world.settings.write_text(
        world.settings.read_text().replace(f"listen: {{port: {world.port}}}", f"listen: {{socket: {path}}}")
        + "access: {anonymous: none, proxy: {header: X-Remote-User, from: [unix], roles: {kevin: operate}}}\n")
    world.socket = path
    world.begin()
    assert os.stat(path).st_mode & 0o777 == 0o660
    assert world.ask("GET", "/api/v1/runs")[0] == 401
    assert world.ask("GET", "/api/v1/runs", headers={"X-Remote-User": "alice"})[0] == 200
    kevin = {"X-Remote-User": "kevin"}
    who = world.ask("GET", "/api/v1/whoami", headers=kevin)[2]["payload"]
    assert (who["name"], who["role"], who["via"]) == ("kevin", "operate", "proxy"), who
    body = {"config": "c0.conf", "type": "nightly"}
    assert world.ask("POST", "/api/v1/runs", body, headers=kevin)[0] == 403
    assert world.ask("POST", "/api/v1/runs", body, headers={"X-Remote-User": "alice", "X-CSRF-Token": who["csrf"]})[0] == 403
    started = world.ask("POST", "/api/v1/runs", body, headers={**kevin, "X-CSRF-Token": who["csrf"]})
    assert started[0] == 201 and started[2]["payload"]["run"]["requested_by"] == "kevin", started
    assert world.ended(1)["status"] == "FINISHED"
    world.kill()
    assert path.exists()
    world.begin()
    assert world.run(1)["status"] == "FINISHED"
    # Another service, with a state of its own, on the same socket.
    other = world.directory / "other.yaml"
    other.write_text(f"listen: {{socket: {path}}}\nstate_dir: {world.directory}/other\n")
    done = subprocess.run(
        [world.program, "serve", "--settings", str(other)], capture_output=True, text=True, timeout=30, env=world.environment)
    assert done.returncode == 5 and "another service listens" in done.stderr, done
    assert world.ask("GET", "/healthz")[0] == 200


def broken_clients(world):
    """Clients that stop reading, stop sending, or send nonsense hold nobody up."""
    run = world.start(0)
    wait_for("a compose", lambda: world.run(run["id"])["directory"])
    held = []
    authorization = f"Authorization: Bearer {world.token('operate')}\r\n"
    for sent in [
        f"GET /api/v1/runs/{run['id']}/events HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n",
        f"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n{authorization}\r\n",
        f"POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n{authorization}Content-Type: application/json\r\nContent-Length: 500\r\n\r\n{{",
        "GET /api/v1/ru", "", "\x16\x03\x01\x02\x00nonsense\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ]:
        for _ in range(20):
            connection = socket.create_connection(("127.0.0.1", world.port))
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            connection.sendall(sent.encode())
            held.append(connection)
    began = time.monotonic()
    for _ in range(50):
        assert world.ask("GET", "/api/v1/runs", role="read")[0] == 200
    assert time.monotonic() - began < 10, "others wait for broken clients"
    assert world.ended(run["id"])["status"] == "FINISHED"
    for connection in held:
        connection.close()
    wait_for(
        "the streams to be given up",
        lambda: b"phase_runner_event_streams 0\n" in world.ask("GET", "/metrics", role="read")[2], 60)


def schemathesis(world):
    """Everything that the description allows, and much that it does not, by schemathesis."""
    run = world.start(0)
    world.ended(run["id"])
    report = world.directory / "schemathesis.txt"
    with open(report, "w") as output:
        done = subprocess.run(
            [str(pathlib.Path(sys.executable).parent / "schemathesis"), "run",
             f"http://127.0.0.1:{world.port}/api/v1/openapi.json", "-H", f"Authorization: Bearer {world.token('admin')}",
             # Streams do not end, and a preflight may take its time.
             "--exclude-path-regex", "events|progress|preflight",
             # What a file is and what a run is doing is not in a schema: 404, 409 and 422 are right for both.
             "--exclude-checks", "positive_data_acceptance", "--max-examples", "20", "--seed", "20261123",
             "--request-timeout", "60", "--suppress-health-check", "all", "--no-color", "--warnings", "off"],
            stdout=output, stderr=output, cwd=world.directory, env={**world.environment, "HYPOTHESIS_STORAGE_DIRECTORY": str(world.directory)})
    text = report.read_text()
    assert done.returncode == 0, text[-6000:]
    assert world.service.poll() is None, "the service is gone"


WORLDS = {
    "roles": dict(more="access: {anonymous: none}"), "bodies": {}, "foreign_pages": {}, "idempotency": {},
    "cancel_and_retry": dict(composes=3, images=5, seconds="30", more="runs: {at_once: 3}"),
    "survive": dict(composes=3, images=40, seconds="2-4"), "survive_all": dict(composes=3, images=40, seconds="2-4"),
    "survive_term": dict(composes=3, images=40, seconds="2-4"), "broken_clients": dict(seconds="1"), "schemathesis": {},
    "supervisor": {}, "unix_socket": {}, "full_disk": {},
    "schedules": dict(seconds="2", more="schedules:\n  - {name: nightly, config: c0.conf, target: main, calendar: '*-*-* 03:00',"
                      " time_zone: Europe/Prague, scripts: [./tell]}"),
}
CHECKS = {
    **{name: globals()[name] for name in WORLDS if name in globals() and name != "survive"},
    "survive": lambda world: survive(world, "service"), "survive_all": lambda world: survive(world, "all"),
    "survive_term": lambda world: survive(world, "term"),
}


def main():
    program, directory, *names = sys.argv[1:]
    results = []
    for name in names:
        world = World(program, pathlib.Path(directory, name), **WORLDS[name])
        told = world.directory / "tell"
        told.write_text(f"#!/bin/sh\necho $1 >> {world.directory}/told\n")
        told.chmod(0o755)
        trouble = None
        try:
            world.begin()
            CHECKS[name](world)
        except Exception as error:
            trouble = f"{type(error).__name__}: {error}"
            trouble += "\n" + (world.directory / "service.log").read_text()[-2000:] if world.service else ""
        finally:
            world.end()
        results.append({"name": name, "trouble": trouble})
    print(json.dumps(results))


main()
