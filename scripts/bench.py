"""The measuring half of scripts/bench: whole processes, taken in turn, medians and ratios."""
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

RUNNER = sys.argv[1]
PYTHON = sys.executable
CONFIG = "fixtures/pungi-configs/fedora-minimal/fedora.conf"
ROUNDS = 9

LOAD = "import sys, kobo.conf; c = kobo.conf.PyConfigParser(); c.load_from_file(sys.argv[1])"

SCHEMA = "../shared/data/pungi-schema.json"
# What Pungi does before it knows whether a config is right: load it and hold it against the schema.
VALIDATE = LOAD + """
import json, jsonschema
schema = json.load(open(sys.argv[2]))
def plain(value):
    if isinstance(value, dict):
        return {key: "string" if key == "type" and inner in ("url", "regex") else plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
list(jsonschema.Draft4Validator(plain(schema)).iter_errors(plain(dict(c))))
"""


def cpu(command):
    """CPU seconds and wall seconds of a whole process, its output thrown away."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def pair(title, ours, theirs):
    """Runs two commands in turn and prints medians with their ratio."""
    rows = [(cpu(ours), cpu(theirs)) for _ in range(ROUNDS)]
    for index, what in enumerate(("cpu", "wall")):
        a = statistics.median(row[0][index] for row in rows)
        b = statistics.median(row[1][index] for row in rows)
        print(f"{title:50} {what:5} ours {a * 1000:8.1f} ms  peer {b * 1000:8.1f} ms  {b / a:6.1f} times as fast")


def language():
    """The config language alone, over a large file."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "large.conf")
        with open("fixtures/pungi-configs/shared/packages.conf", encoding="utf-8") as file:
            text = file.read()
        # The same names again and again: a later assignment wins, and every copy is read all the same.
        with open(path, "w", encoding="utf-8") as file:
            file.write(text * 1200)
        size = os.path.getsize(path)
        empty = os.path.join(folder, "empty.conf")
        open(empty, "w", encoding="utf-8").close()
        start = statistics.median(cpu([RUNNER, "dump", "--language-only", empty])[0] for _ in range(ROUNDS))
        whole = statistics.median(cpu([RUNNER, "dump", "--language-only", path])[0] for _ in range(3))
        peer = cpu([PYTHON, "-c", LOAD, path])[0]
        print(
            f"{'config language, ' + str(size // 1000000) + ' MB, dump included':50} cpu   ours {size / (whole - start) / 1e6:8.1f} MB/s"
            f" peer {size / peer / 1e6:8.1f} MB/s  {peer / (whole - start):6.1f} times as fast"
        )


def watching():
    """A rehearsal of 200 builds: requests of watching, and memory of the whole process, hub included."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
            file.write(
                '<variants><variant id="IoT" name="IoT" type="variant" is_empty="true">'
                "<arches><arch>x86_64</arch><arch>aarch64</arch></arches></variant></variants>"
            )
        blocks = ",\n".join(
            '{"name": "image-%d", "types": ["minimal-raw-xz"], "subvariant": "S%d"}' % (n, n) for n in range(200)
        )
        config = os.path.join(folder, "compose.conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(
                'release_name = "Bench"\nrelease_short = "Bench"\nrelease_version = "1"\n'
                'variants_file = "variants.xml"\nkoji_profile = "koji"\n'
                'pkgset_source = "koji"\ngather_method = "nodeps"\nglobal_release = "1"\n'
                'imagebuilder_target = "t"\nimagebuilder = {"^IoT$": [%s]}\n' % blocks
            )
        process = subprocess.Popen(
            [RUNNER, "run", "--rehearse", "--nightly", "--compose-dir", os.path.join(folder, "c"), config],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit("the rehearsal of 200 builds failed")
        with open(os.path.join(folder, "c/work/phase-runner/result.json"), encoding="utf-8") as file:
            watched = json.load(file)["payload"]["watching"]
        print(
            f"{'watching 200 builds of two arches':50} {watched['requests']} requests in {watched['rounds']} rounds"
            f" (koji watch-task: {200 * 6} requests a round); greatest memory {usage.ru_maxrss / 1024:.0f} MB, the hub included"
        )


PLAN = [RUNNER, "plan", "--nightly", "--target-dir", "/mnt/koji", CONFIG]
pair("plan of a Fedora-size config, peer: kobo loads it", PLAN, [PYTHON, "-c", LOAD, CONFIG])
if os.path.exists(SCHEMA):
    pair("the same, peer: kobo and jsonschema", PLAN, [PYTHON, "-c", VALIDATE, CONFIG, SCHEMA])
else:
    print("the same, peer: kobo and jsonschema             skipped: no ../shared")
language()
watching()
