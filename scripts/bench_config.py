"""The measuring half of `scripts/bench config`: a generated configuration of Fedora's size, ours beside kobo and jsonschema."""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time

RUNNER = sys.argv[1]
PYTHON = sys.executable
SCHEMA = "../shared/data/pungi-schema.json"
ROUNDS = 15

# What Pungi does before it knows whether a config is right: load it and hold it against the schema.
PEER = """
import sys, kobo.conf, json, jsonschema
c = kobo.conf.PyConfigParser()
c.load_from_file(sys.argv[1])
schema = json.load(open(sys.argv[2]))
def plain(value):
    if isinstance(value, dict):
        return {key: "string" if key == "type" and inner in ("url", "regex") else plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value
errors = list(jsonschema.Draft4Validator(plain(schema)).iter_errors(plain(dict(c))))
"""
LOAD = "import sys, kobo.conf; c = kobo.conf.PyConfigParser(); c.load_from_file(sys.argv[1])"


def kiwi(n):
    return f'''        {{
            "description_scm": "git+https://example.org/fedora-kiwi-descriptions#HEAD",
            "description_path": "Fedora.kiwi",
            "target": "f44-kiwi",
            "kiwi_profile": "Spin-{n}",
            "arches": ["x86_64", "aarch64"],
            "type": "iso",
            "repos": ["https://example.org/repo/{n}/$basearch/"],
            # why this one may fail
            "failable": ["aarch64"],
            "subvariant": "Spin_{n}",
        }},
'''


def image(n):
    return f'''        {{
            "name": "Fedora-Image-{n}",
            "types": ["minimal-raw-xz"],
            "subvariant": "Image_{n}",
            "target": "%s-image-builder" % branch,
            "arches": ["x86_64", "aarch64"],
            "repos": [
                "Everything",
                "https://example.org/repo/{n}/$arch/",
            ],
            "release": "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN",
            "version": "!VERSION_FROM_VERSION",
            "blueprint": {{
                "name": "image-{n}",
                "packages": [{{"name": "vim"}}, {{"name": "tmux", "version": "*"}}],
            }},
        }},
'''


def configuration():
    """1,970 lines: 60 blocks of kiwibuild, 40 of imagebuilder, 100 entries of a mapping, options, comments."""
    lines = '''# A configuration of the size of Fedora's.
release_name = "Fedora"
release_short = "Fedora"
release_version = "44"
branch = "f44"
variants_file = "variants.xml"
koji_profile = "koji"
pkgset_source = "koji"
pkgset_koji_tag = branch
gather_method = "deps"
sigkeys = ["aaaaaaaa", None]
translate_paths = [("/mnt/koji/compose/", "https://example.org/compose/")]
createiso_skip = [("^Server$", {"*": True, "src": True})]
'''
    packages = "".join(
        f'''    ("^(Everything|Spin{n})$", {{
        "x86_64": ["package-{n}", "package-{n}-devel"],
        "aarch64": ["package-{n}"],
    }}),
'''
        for n in range(100)
    )
    kiwis = "".join(kiwi(n) for n in range(60))
    images = "".join(image(n) for n in range(40))
    text = lines
    text += "additional_packages = [\n" + packages + "]\n"
    text += 'kiwibuild = {\n    "^Spins$": [\n' + kiwis + "    ],\n}\n"
    text += 'imagebuilder = {\n    "^Spins$": [\n' + images + "    ],\n}\n"
    return text + "# nothing more\n" * (1970 - text.count("\n"))


VARIANTS = """<variants>
  <variant id="Everything" name="Everything" type="variant"><arches><arch>x86_64</arch><arch>aarch64</arch></arches></variant>
  <variant id="Spins" name="Spins" type="variant" is_empty="true"><arches><arch>x86_64</arch><arch>aarch64</arch></arches></variant>
</variants>
"""


def cost(command):
    """CPU seconds and wall seconds of a whole process, its output thrown away."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


def pair(title, ours, theirs):
    """Runs two commands in turn and prints medians with their ratio."""
    rows = [(cost(ours), cost(theirs)) for _ in range(ROUNDS)]
    for index, what in enumerate(("cpu", "wall")):
        a = statistics.median(row[0][index] for row in rows)
        b = statistics.median(row[1][index] for row in rows)
        print(f"{title:44} {what:4}  ours {a * 1000:7.1f} ms  peer {b * 1000:7.1f} ms  {b / a:6.1f} times as fast", flush=True)


def language(config):
    """The config language alone, over 20 MB."""
    with tempfile.TemporaryDirectory() as folder:
        large, empty = os.path.join(folder, "large.conf"), os.path.join(folder, "empty.conf")
        with open(large, "w", encoding="utf-8") as file:
            # A later assignment wins, and every copy is read all the same.
            file.write(config * (20_000_000 // len(config)))
        open(empty, "w", encoding="utf-8").close()
        size = os.path.getsize(large)
        start = statistics.median(cost([RUNNER, "dump", "--language-only", empty])[0] for _ in range(ROUNDS))
        ours = statistics.median(cost([RUNNER, "dump", "--language-only", large])[0] for _ in range(3)) - start
        peer = cost([PYTHON, "-c", LOAD, large])[0]
        print(
            f"{'config language, ' + str(size // 1_000_000) + ' MB':44} cpu   ours {size / ours / 1e6:6.1f} MB/s"
            f"  peer {size / peer / 1e6:6.2f} MB/s  {peer / ours:6.1f} times as fast (goal: 20 MB/s)"
        )


text = configuration()
with tempfile.TemporaryDirectory() as folder:
    config = os.path.join(folder, "compose.conf")
    with open(config, "w", encoding="utf-8") as file:
        file.write(text)
    with open(os.path.join(folder, "variants.xml"), "w", encoding="utf-8") as file:
        file.write(VARIANTS)
    print(f"{text.count(chr(10))} lines, {len(text)} bytes; goal for plan: 50 times as fast as the peer, under 15 ms")
    plan = [RUNNER, "plan", "--nightly", "--target-dir", "/mnt/koji/compose", config]
    pair("a process that does nothing (--version)", [RUNNER, "--version"], [PYTHON, "-c", "pass"])
    if os.path.exists(SCHEMA):
        pair("plan; peer: kobo and jsonschema", plan, [PYTHON, "-c", PEER, config, SCHEMA])
        pair("validate; peer: kobo and jsonschema", [RUNNER, "validate", config], [PYTHON, "-c", PEER, config, SCHEMA])
    else:
        print("peer with jsonschema: skipped: no ../shared")
    pair("plan; peer: kobo loads it", plan, [PYTHON, "-c", LOAD, config])
    language(text)
