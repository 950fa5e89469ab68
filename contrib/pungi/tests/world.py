"""A hub, a stand-in of Pungi and compose directories for a test. Everything is a process of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGE = os.path.join(os.path.dirname(HERE), "phase_runner_pungi")
PROGRAM = os.environ.get("PHASE_RUNNER_PROGRAM") or shutil.which("phase-runner")


# Whoever starts the tests may have threads that block signals, and what is blocked is inherited.
signal.pthread_sigmask(signal.SIG_SETMASK, [])


class World(object):
    """Ends what it started. ``failing``: what the hub's tasks do, as of ``rehearsal-hub --failing``."""

    def __init__(self, seconds="0.1", failing=()):
        self.top = tempfile.mkdtemp(prefix="phase-runner-pungi-")
        self.directory = os.path.join(self.top, "compose")
        # A hub that builds nothing may only touch what says so.
        os.mkdir(self.directory)
        self.write("compose/REHEARSAL", "")
        command = [PROGRAM, "rehearsal-hub", "--root", os.path.join(self.top, "hub"), "--task-seconds", seconds]
        for rule in failing:
            command += ["--failing", rule]
        self.log = open(os.path.join(self.top, "hub.log"), "wb")
        self.hub = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log)
        profile = b""
        while b"poll_interval" not in profile:
            line = self.hub.stdout.readline()
            if not line:
                raise RuntimeError("the rehearsal hub did not start")
            profile += line
        self.write("koji.conf", profile.decode())
        self.script = os.path.join(self.top, "site", "pungi-koji")
        os.mkdir(os.path.dirname(self.script))
        self.write("site/pungi-koji", SCRIPT % sys.executable)
        os.chmod(self.script, 0o755)

    def close(self):
        self.hub.terminate()
        self.hub.wait()
        self.hub.stdout.close()
        self.log.close()
        shutil.rmtree(self.top, ignore_errors=True)

    def write(self, name, text):
        with open(os.path.join(self.top, name), "w") as stream:
            stream.write(text)

    # Running

    def environment(self, **more):
        environment = dict(os.environ)
        environment.update(
            PATH=os.path.dirname(self.script) + os.pathsep + environment.get("PATH", ""),
            PYTHONPATH=os.path.join(HERE, "standin"),
            PYTHONDONTWRITEBYTECODE="1",
            HOME=self.top,
            KOJI_USER="rehearsal",
            KOJI_PASSWORD="rehearsal",
            PHASE_RUNNER=PROGRAM,
            PHASE_RUNNER_OPTIONS="--koji-config %s/koji.conf --hub-patience 2 --poll-interval 0.1" % self.top,
        )
        environment.update(more)
        return {name: value for name, value in environment.items() if value is not None}

    def command(self, conf, *options):
        path = os.path.join(self.top, "conf.json")
        with open(path, "w") as stream:
            json.dump(conf, stream)
        launcher = os.path.join(PACKAGE, "launcher.py")
        return [sys.executable, launcher, "--compose-dir", self.directory, "--config", path] + list(options)

    def start(self, conf, *options, **environment):
        return subprocess.Popen(
            self.command(conf, *options), env=self.environment(**environment), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, universal_newlines=True,
        )

    def run(self, conf, *options, **environment):
        """Status and what was said."""
        process = self.start(conf, *options, **environment)
        said = process.communicate()[1]
        return process.returncode, said

    # What is there afterwards

    def text(self, name):
        with open(os.path.join(self.directory, name)) as stream:
            return stream.read()

    def json(self, name):
        return json.loads(self.text(name))

    def submits(self):
        """How many image builds the hub was asked for."""
        self.log.flush()
        with open(self.log.name) as stream:
            return sum("call imageBuilderBuild" in line and ": ok" in line for line in stream)

    def task_states(self):
        """The last state that the hub's log tells of each image build."""
        with open(self.log.name) as stream:
            return stream.read()


SCRIPT = """#!%s
import re
import sys
from pungi.scripts.pungi_koji import cli_main
if __name__ == "__main__":
    sys.argv[0] = re.sub(r"(-script\\.pyw|\\.exe)?$", "", sys.argv[0])
    sys.exit(cli_main())
"""


def conf(blocks=None, **more):
    """A configuration, as the stand-in reads it. Tuples are lists in JSON, as Pungi's are on their way to the program."""
    made = {
        "release_name": "Fedora",
        "release_short": "Fedora",
        "release_version": "44",
        "release_type": "ga",
        "compose_date": "20261122",
        "compose_type": "nightly",
        "koji_profile": "rehearsal",
        "link_type": "hardlink-or-copy",
        "translate_paths": [["/", "http://composes.invalid/"]],
        "media_checksums": ["sha256"],
        "variants_file": "variants.xml",
        "pkgset_source": "koji",
        "gather_method": "deps",
        "imagebuilder_target": "f44",
        "imagebuilder_release": "!RELEASE_FROM_LABEL_DATE_TYPE_RESPIN",
        "imagebuilder": {"^Minimal$": blocks or [block()]},
        "standin_variants": [variant("Minimal")],
    }
    made.update(more)
    return made


def block(name="Fedora-Minimal", **more):
    return dict({"name": name, "types": ["minimal-raw-xz"]}, **more)


def variant(uid, **more):
    return dict({"id": uid, "arches": ["x86_64", "aarch64"]}, **more)
