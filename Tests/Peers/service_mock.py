"""A stand-in of the service for tests of its page: the routes that the page uses, with data that no quick run gives.

Weeks of nights and curves, five hundred images, hostile names, and a service that is away when a test wants it to be.
What it answers has the shape of the real service's answers; nothing is planned or built. It keeps each change that it
was asked for in `asked`, with its headers.
"""
import http.server
import json
import pathlib
import random
import socket
import socketserver
import threading
import time
import urllib.parse

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
EVIL = "\"><script>window.ran = 1</script><img src=x onerror='window.ran = 1'>\u202egpj\u001b[31m`--></style>"
KINDS = [
    ("IoT", "Fedora-IoT-raw", "iot-raw-xz"),
    ("IoT", "Fedora-IoT-ostree", "iot-installer"),
    ("IoT", "Fedora-IoT-provisioner", "iot-simplified-installer"),
    ("Server", "Fedora-Server", "server-qcow2"),
    ("Cloud", "Fedora-Cloud-Base", "cloud-qcow2"),
    ("Cloud", "Fedora-Cloud-Base-AmazonEC2", "cloud-ec2"),
    ("Minimal", "Fedora-Minimal", "minimal-raw-xz"),
]
ARCHES = ["aarch64", "ppc64le", "s390x", "x86_64"]
COUNTS = "all done incomplete open queued waiting failed_required failed_failable canceled left_running".split()
KOJI = "https://koji.example.org/koji"
TOKENS = {"token-of-kevin": ("kevin", "operate"), "token-of-eve": ("eve", "read")}


def arches_of(index):
    return ARCHES if index % 4 == 0 else ["aarch64", "x86_64"]


class Data:
    """Runs, images, schedules and history, the same each time but for the moment they begin at."""

    def __init__(self):
        self.begin = time.time()
        self.runs = {}
        self.images = {}
        self.schedules = {}
        self.make_runs()
        self.make_schedules()

    def make_images(self, number, seed, weights):
        """`weights`: of done, open, waiting, failed, incomplete."""
        draw = random.Random(seed)
        rows = []
        for index in range(number):
            variant, name, kind = KINDS[index % len(KINDS)]
            if index >= len(KINDS):
                name += f"-{index}"
            state = draw.choices(["done", "open", "waiting", "failed", "incomplete"], weights)[0]
            task = 138000000 + 7 * index
            row = {
                "id": f"{variant}/{name}/{kind}", "state": state, "can_fail": index % 3 == 2,
                "attempt": 1 + (index % 5 == 4),
                "hub_task": None if state == "waiting" else task,
                "url": None if state == "waiting" else f"{KOJI}/taskinfo?taskID={task}",
                "elapsed": None if state == "waiting" else draw.uniform(1200, 2600), "expected_end": None,
                "overdue_by": None, "reason": None, "arches": [],
            }
            if state == "failed":
                row["reason"] = "x86_64: nothing provides libgone.so.1 needed by bash-5-1.x86_64"
            if state == "waiting":
                row["reason"] = "waits: 20 tasks at once are enough (limit of ours)"
            for place, arch in enumerate(arches_of(index)):
                row["arches"].append(self.make_arch(draw, state, arch, place, task + 1 + place))
            rows.append(row)
        return rows

    def make_arch(self, draw, state, arch, place, task):
        words = {"done": "done", "open": draw.choice(["open", "open", "free"]), "waiting": "waiting",
            "failed": "failed"}
        word = words.get(state, "failed" if place == 0 else "done")
        started = None if word in ("free", "waiting") else self.begin - draw.uniform(300, 2000)
        ended = self.begin - draw.uniform(10, 200) if word in ("done", "failed") else None
        return {
            "arch": arch, "state": word, "hub_task": None if state == "waiting" else task,
            "url": None if state == "waiting" else f"{KOJI}/taskinfo?taskID={task}",
            "builder": f"buildvm-{arch[:3]}-{draw.randrange(1, 30):02}.rdu3.example.org" if started else None,
            "started": started, "ended": ended, "elapsed": (ended or self.begin) - started if started else None,
            "expected_end": self.begin + draw.uniform(-200, 2000) if word == "open" else None, "overdue_by": None,
            "reason": f"no builder of {arch} is free" if word == "free" else None,
        }

    def make_run(self, number, compose, state, status=None, images=7, weights=(4, 4, 2, 1, 1), **more):
        self.images[number] = self.make_images(images, number, weights) if state != "queued" else []
        self.runs[number] = {
            "id": number, "compose": compose, "directory": f"/srv/composes/iot/{compose}" if compose else None,
            "config": "fedora-iot.conf", "target": "iot", "schedule": "iot", "requested_by": "schedule iot",
            "state": state, "status": status, "exit_status": None, "reason": None,
            "requested": self.begin - 3100 + number, "started": None if state == "queued" else self.begin - 2900,
            "ended": self.begin - 60 if state == "ended" else None, "rehearsal": False, "processes": 1,
            "counts": None, "summary": None, "expected_end": self.begin + 1500 if state == "running" else None,
            "hub": "https://koji.example.org/kojihub", "weburl": KOJI, **more,
        }
        self.count(number)
        return self.runs[number]

    def count(self, number):
        if not self.images[number]:
            return
        counts = dict.fromkeys(COUNTS, 0)
        counts["all"] = len(self.images[number])
        for image in self.images[number]:
            failed = "failed_failable" if image["can_fail"] else "failed_required"
            word = {"failed": failed}.get(image["state"], image["state"])
            counts[word] += 1
        self.runs[number]["counts"] = counts

    def make_runs(self):
        self.make_run(40, "Fedora-IoT-44-20261121.n.0", "ended", "FINISHED", weights=(1, 0, 0, 0, 0))
        self.make_run(41, "Fedora-IoT-44-20261122.n.0", "ended", "FINISHED_INCOMPLETE", weights=(4, 0, 0, 0, 1))
        self.make_run(42, "Fedora-44-20261122.n.0", "ended", "DOOMED", weights=(5, 0, 0, 2, 1), processes=2)
        self.make_run(43, "Fedora-IoT-44-20261123.n.0", "running")
        self.make_run(
            44, None, "queued", reason="waits for run 43: two composes of iot never go side by side",
            requested_by="kevin",
            schedule=None)
        self.make_run(
            45, f"Fedora-{EVIL}", "ended", "DOOMED", weights=(1, 0, 0, 2, 1), weburl="javascript:window.ran=1",
            reason=EVIL,
            requested_by=EVIL, schedule=None, rehearsal=True)
        for image in self.images[45]:
            image.update(id=image["id"] + EVIL, reason=EVIL, url="javascript:window.ran=1//")
            for arch in image["arches"]:
                arch.update(builder=EVIL, url="javascript:window.ran=1//")

    def make_schedules(self):
        def schedule(name, **more):
            self.schedules[name] = {
                "name": name, "config": f"fedora-{name}.conf", "target": name, "calendar": "*-*-* 03:00",
                "time_zone": "Europe/Prague", "paused": False, "next": self.begin + 30000, "last": None,
                "last_good": None, "alarm": False, "alarm_reason": None, "running": None, **more,
            }

        started = {"run": 43, "time": self.begin - 3000, "outcome": "started", "reason": None}
        schedule("iot", last={**started, "tries": 1, "status": None}, last_good=self.begin - 90000, running=43)
        schedule(
            "rawhide", time_zone="UTC", last_good=self.begin - 400000, alarm=True,
            alarm_reason="no good compose for 4d 15h; an alarm after 3d",
            last={
                "run": None, "time": self.begin - 9000, "outcome": "skipped",
                "reason": "nothing has changed since Fedora-44-20261122.n.0",
            })

    def status(self, number):
        run = self.runs[number]
        return {
            "compose": run["compose"], "directory": run["directory"], "rehearsal": run["rehearsal"],
            "time": time.time(),
            "stage": "ended" if run["state"] == "ended" else "running", "status": run["status"], "stop": None,
            "summary": "", "hub": run["hub"], "weburl": run["weburl"], "counts": run["counts"],
            "expected_end": run["expected_end"], "overdue_by": None, "images": self.images[number],
        }

    def failures(self, number):
        evil = EVIL if number == 45 else ""
        found = []
        for image in self.images[number]:
            if image["state"] not in ("failed", "incomplete"):
                continue
            whole = image["state"] == "failed"
            found.append({
                "task": image["id"], "arches": ["x86_64"] if whole else [image["arches"][0]["arch"]], "required": whole,
                "rule": "dependencies" if whole else None, "task_url": image["url"],
                "kind": "failed" if whole else "missingArch", "class": "content" if whole else None,
                "message": f"task {image['hub_task']} failed: x86_64: `image-builder` failed{evil}",
                "remedy": "The packages cannot be installed together; look for what changed." + evil if whole else None,
                "evidence": "- nothing provides libgone.so.1 needed by bash-5-1.x86_64" + evil if whole else None,
                "url": image["url"],
                "log_tail": [f"03:12:{line:02} DNF error: cannot install bash-5-1.x86_64{evil}" for line in range(12)],
            })
        return found

    def results(self, number):
        draw = random.Random(number)
        found = []
        for image in self.images[number]:
            variant, name, kind = image["id"].split("/")[:3]
            for arch in image["arches"]:
                if arch["state"] != "done":
                    continue
                file = f"{name}-44-20261123.n.0.{arch['arch']}.raw.xz"
                larger = {"code": "image.size-change", "arch": arch["arch"], "file": file, "message": "13.7 % larger"}
                found.append({
                    "path": f"{variant}/{arch['arch']}/images/{file}", "arch": arch["arch"], "variant": variant,
                    "subvariant": variant, "type": kind[:20], "format": "raw.xz",
                    "size": draw.randrange(4 * 10**8, 10**9),
                    "checksums": {"sha256": f"{draw.getrandbits(256):064x}"}, "nvr": name,
                    "findings": [larger] if draw.random() < 0.2 else [], "previous_size": 7 * 10**8, "is_new": False,
                    "made": {"nvr": f"{name}-44-20261123.n.0", "build_url": f"{KOJI}/buildinfo?buildID=3100401"},
                })
        return found

    def timeline(self, number):
        tasks = [
            {
                "id": image["id"], "state": image["state"], "url": image["url"], "attempt": image["attempt"],
                "submitted": None if image["state"] == "waiting" else self.begin - 2600,
                "settled": self.begin - 5 if image["state"] in ("done", "failed", "incomplete") else None,
                "arches": image["arches"],
            }
            for image in self.images[number]
        ]
        return {"began": self.begin - 2900, "ended": self.runs[number]["ended"], "tasks": tasks}

    def nights(self, weeks):
        draw = random.Random(3)
        nights = []
        kinds = KINDS + [("Evil", EVIL, "raw")]
        for back in range(7 * weeks):
            images = {}
            for kind in kinds:
                arches = {arch: draw.choices(["done", "failed", "missing", "canceled"],
                    [60, 3, 2, 1])[0] for arch in ARCHES[::3]}
                if draw.random() > 0.04:
                    images["/".join(kind)] = arches
            bad = any("failed" in arches.values() for arches in images.values())
            requested = self.begin - 86400 * (back + 1)
            date = time.strftime("%Y%m%d", time.gmtime(requested))
            nights.append({
                "run": 42 if bad else 40, "compose": f"Fedora-IoT-44-{date}.n.0", "requested": requested,
                "schedule": "iot",
                "state": "ended", "status": "DOOMED" if bad else "FINISHED", "rehearsal": back == 5, "images": images,
            })
        return nights

    def curves(self, wanted, weeks):
        images = {}
        for index, kind in enumerate(KINDS + [("Zvil", EVIL, "raw")]):
            name = "/".join(kind)
            if wanted not in (None, name):
                continue
            images[name] = {}
            for arch in arches_of(index):
                draw = random.Random(name + arch)
                size, seconds = draw.uniform(4e8, 2e9), draw.uniform(500, 2500)
                points = images[name][arch] = []
                for back in reversed(range(7 * weeks)):
                    size *= draw.uniform(0.995, 1.007)
                    large, slow = draw.random() < 0.03, draw.random() < 0.03
                    points.append({
                        "run": 40, "compose": "Fedora-IoT-44", "time": self.begin - 86400 * (back + 1),
                        "size": int(size * (1.3 if large else 1)), "size_outlier": large,
                        "seconds": seconds * draw.uniform(0.9, 1.15) * (1.9 if slow else 1), "seconds_outlier": slow,
                    })
        return images


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def mock(self):
        return self.server.mock

    def reply(self, status, body=b"", kind="application/json", **headers):
        if not isinstance(body, (bytes, str)):
            body = json.dumps(body)
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": len(body), "Content-Security-Policy": POLICY,
            **headers}.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()
        self.wfile.write(body)

    def document(self, payload, status=200, **headers):
        """As all documents are, with their header."""
        self.reply(status, {"header": {"type": "phase-runner.answer", "version": "1.0"}, "payload": payload}, **headers)

    def problem(self, status, title, detail=None, problems=()):
        body = {"type": "about:blank", "title": title, "status": status, "detail": detail, "problems": list(problems)}
        self.reply(status, body, "application/problem+json")

    def user(self):
        for cookie in self.headers.get("Cookie", "").split(";"):
            name, _, value = cookie.strip().partition("=")
            if name == "session" and value in TOKENS and value not in self.mock.revoked:
                return TOKENS[value]
        return (None, self.mock.anonymous)

    def stream(self, first, choose):
        """Sends `first`, then what `choose` makes of each event that comes."""
        self.close_connection = True
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        at = len(self.mock.events)

        def send(event):
            self.wfile.write(f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n".encode())
            self.wfile.flush()

        self.mock.streams.add(self)
        try:
            send(first())
            while not self.mock.is_away:
                with self.mock.news:
                    self.mock.news.wait(1)
                    fresh, at = self.mock.events[at:], len(self.mock.events)
                for event in fresh:
                    if chosen := choose(*event):
                        send(chosen)
                self.wfile.write(b": \n\n")
                self.wfile.flush()
        except OSError:
            pass
        finally:
            self.mock.streams.discard(self)

    def do_GET(self):
        address = urllib.parse.urlparse(self.path)
        query = dict(urllib.parse.parse_qsl(address.query))
        if not address.path.startswith("/api/v1/"):
            return self.page_file(address.path)
        route = address.path[len("/api/v1/"):].split("/")
        name, role = self.user()
        data = self.mock.data
        if route == ["whoami"]:
            via = "session" if name else "anonymous"
            return self.document({"name": name or via, "role": role, "via": via, "csrf": "csrf-1"})
        if role == "none":
            return self.problem(401, "Log in first")
        if route == ["events"]:
            all_of_it = lambda: ("snapshot",
                {"runs": list(data.runs.values()), "schedules": list(data.schedules.values())})
            return self.stream(all_of_it, lambda kind, body: (kind, body) if kind in ("run", "schedule") else None)
        if route == ["runs"]:
            runs = [run for run in data.runs.values() if all(run[key] == query[key] for key in query if key in run)]
            return self.document({"runs": sorted(runs, key=lambda run: -run["id"]), "next": None})
        if route == ["schedules"]:
            return self.document({"schedules": list(data.schedules.values())})
        if route == ["configs"]:
            return self.document({"configs": ["fedora-iot.conf", "fedora.conf"], "targets": ["iot", "rawhide"],
                "profiles": ["koji", "stg"]})
        if route == ["history", "nights"]:
            return self.document({"nights": data.nights(int(query.get("weeks", 4)))})
        if route == ["history", "images"]:
            return self.document({"images": data.curves(query.get("image"), int(query.get("weeks", 8)))})
        if route[0] == "runs" and route[1].isdigit() and int(route[1]) in data.runs:
            return self.of_run(int(route[1]), route[2] if len(route) > 2 else "")
        self.problem(404, "There is nothing here")

    def of_run(self, number, part):
        data = self.mock.data
        if part == "":
            return self.document({"run": data.runs[number]})
        if data.runs[number]["state"] == "queued":
            return self.problem(409, "The run has not begun")
        if part == "progress":
            def choose(kind, body):
                if kind == "end" and body == number:
                    return ("end", {})
                if kind == "change" and body["run"] == number:
                    status = data.status(number)
                    return ("change", {**{key: status[key] for key in status if key not in ("images", "time")},
                        "images": body["images"]})
                return None

            return self.stream(lambda: ("status", data.status(number)), choose)
        if part == "log":
            lines = [f"03:{line // 60:02}:{line % 60:02} submitted task {138000000 + line}\n" for line in range(120)]
            return self.reply(200, "".join(lines), "text/plain")
        if part == "report":
            return self.reply(200, "<!DOCTYPE html><title>report</title>", "text/html")
        answers = {
            "status": lambda: data.status(number),
            "failures": lambda: {"failures": data.failures(number)}, "images": lambda: {"images": data.results(number)},
            "timeline": lambda: data.timeline(number),
        }
        if part in answers:
            return self.document(answers[part]())
        self.problem(404, "There is nothing here")

    def page_file(self, path):
        file = self.mock.folder / ("page.html" if path == "/" else path.removeprefix("/page/"))
        if not file.is_file():
            return self.problem(404, "There is nothing here")
        kinds = {".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css",
            ".svg": "image/svg+xml"}
        self.reply(200, file.read_bytes(), kinds[file.suffix])

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        route = self.path[len("/api/v1/"):].split("/")
        data = self.mock.data
        if route == ["login"]:
            if body.get("token") not in TOKENS:
                return self.problem(401, "This token is not known", "it may have been revoked")
            return self.document({}, Set_Cookie=f"session={body['token']}; HttpOnly; SameSite=Strict; Path=/")
        if route == ["logout"]:
            return self.reply(204, Set_Cookie="session=; Max-Age=0; Path=/")
        if self.user()[1] not in ("operate", "admin"):
            return self.problem(403, "Your role does not do this")
        if self.headers.get("X-CSRF-Token") != "csrf-1":
            return self.problem(403, "The CSRF token is missing")
        self.mock.asked.append({"route": "/".join(route), "body": body, "key": self.headers.get("Idempotency-Key")})
        if route[0] in self.mock.documents:
            return self.reply(200, self.mock.documents[route[0]])
        if route == ["runs"]:
            if body["config"] != "fedora-iot.conf":
                wrong = {"place": "/config", "detail": "no configuration of this name lies below the roots"}
                return self.problem(422, "The run cannot be started", None,
                    [wrong, {"place": "", "detail": "and this is wrong with no field"}])
            run = data.make_run(max(data.runs) + 1, "Fedora-IoT-44-20261123.n.1", "running", requested_by="kevin",
                schedule=None)
            self.mock.tell("run", {"run": run})
            return self.document({"run": run}, 201)
        if route[0] == "runs":
            number = int(route[1])
            self.mock.end(number, "TERMINATED", "canceled") if route[2] == "cancel" else self.mock.retry(number)
            return self.document({"run": data.runs[number]}, 202)
        if route[0] == "schedules":
            schedule = data.schedules[route[1]]
            if route[2] == "start":
                return self.document({"run": data.runs[43]}, 201)
            schedule["paused"] = route[2] == "pause"
            self.mock.tell("schedule", {"schedule": schedule})
            return self.document({"schedule": schedule})
        self.problem(404, "There is nothing here")


class Listener(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, mock, port):
        self.mock = mock
        self.open = set()
        super().__init__(("127.0.0.1", port), Handler)

    def process_request(self, request, address):
        self.open.add(request)
        super().process_request(request, address)

    def shutdown_request(self, request):
        self.open.discard(request)
        super().shutdown_request(request)


class Mock:
    def __init__(self, folder, documents=None, anonymous="read"):
        self.folder = pathlib.Path(folder)
        self.documents = documents or {}
        self.anonymous = anonymous
        self.data = Data()
        self.asked = []
        self.revoked = set()
        self.streams = set()
        self.events = []
        self.news = threading.Condition()
        self.is_away = False
        self.listener = None
        self.port = 0
        self.come()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def come(self):
        """Begins to listen, at the same port as before."""
        self.is_away = False
        self.listener = Listener(self, self.port)
        self.port = self.listener.server_address[1]
        threading.Thread(target=self.listener.serve_forever, args=(0.05,), daemon=True).start()

    def go(self):
        """Is gone, as a process that was killed: all connections break."""
        self.is_away = True
        self.listener.shutdown()
        self.listener.server_close()
        for request in list(self.listener.open):
            try:
                request.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self.news:
            self.news.notify_all()

    def revoke(self, token):
        """A token lets nobody in any more, and what it had open ends."""
        self.revoked.add(token)
        self.go()
        self.come()

    def tell(self, kind, body):
        with self.news:
            self.events.append((kind, body))
            self.news.notify_all()

    def change(self, number, images):
        """Tells of images that have changed."""
        self.data.count(number)
        self.tell("change", {"run": number, "images": images})
        self.tell("run", {"run": self.data.runs[number]})

    def end(self, number, status, word):
        for image in self.data.images[number]:
            if image["state"] in ("open", "waiting"):
                image["state"] = word
        self.data.runs[number].update(state="ended", status=status, ended=time.time())
        self.data.count(number)
        self.tell("run", {"run": self.data.runs[number]})
        self.tell("end", number)

    def retry(self, number):
        for image in self.data.images[number]:
            if image["state"] in ("failed", "incomplete"):
                image["state"] = "open"
        self.data.runs[number].update(state="running", status=None, ended=None)
        self.data.count(number)
        self.tell("run", {"run": self.data.runs[number]})
