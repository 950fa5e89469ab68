"""How the site's pungi-koji is found and started."""

import os
import subprocess
import sys
import tempfile
import unittest

from world import HERE, PACKAGE

sys.path.insert(0, os.path.dirname(PACKAGE))

from phase_runner_pungi import launcher  # noqa: E402


class Interpreters(unittest.TestCase):
    def script(self, text):
        handle, path = tempfile.mkstemp()
        self.addCleanup(os.unlink, path)
        with os.fdopen(handle, "w") as stream:
            stream.write(text)
        return path

    def test_first_lines(self):
        python = sys.executable
        env = os.path.basename(python)
        cases = {
            "#!%s\nimport x\n" % python: [python],
            "#!%s -sP\n" % python: [python, "-sP"],
            "#! %s -s\n" % python: [python, "-s"],
            "#!/bin/sh\n'''exec' \"%s\" \"$0\" \"$@\"\n' '''\n" % python: [python],
            "#!/bin/sh\n'''exec' %s -sP \"$0\" \"$@\"\n' '''\n" % python: [python, "-sP"],
        }
        for text, expected in cases.items():
            with self.subTest(text):
                self.assertEqual(launcher.interpreter_of(self.script(text)), expected)
        found = launcher.interpreter_of(self.script("#!/usr/bin/env -S python3 -s\n"))
        self.assertEqual(found[1:], ["-s"])
        self.assertTrue(os.path.isabs(found[0]), env)

    def test_what_is_no_python_is_refused(self):
        for text in ("", "import x\n", "#!\n", "#!/bin/sh\n", "#!/no/such/python3\n", "#!/usr/bin/perl\n", "#!/usr/bin/env\n"):
            with self.subTest(text), self.assertRaises(launcher.NoPungi):
                launcher.interpreter_of(self.script(text))
        with self.assertRaises(launcher.NoPungi):
            launcher.interpreter_of("/no/such/script")


class Starting(unittest.TestCase):
    """The launcher as a program, with a script that tells what it sees."""

    def start(self, text, **environment):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "pungi-koji")
            with open(path, "w") as stream:
                stream.write("#!%s\n%s" % (sys.executable, text))
            os.chmod(path, 0o755)
            values = dict(
                os.environ, PATH=directory + os.pathsep + os.environ.get("PATH", ""),
                PYTHONPATH=os.path.join(HERE, "standin"), PYTHONDONTWRITEBYTECODE="1",
            )
            values.update(environment)
            result = subprocess.run(
                [sys.executable, os.path.join(PACKAGE, "launcher.py"), "--a", "b"], env=values, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, universal_newlines=True,
            )
            return result.returncode, result.stdout, result.stderr

    def test_the_phase_is_in_the_package_and_the_submodule_is_untouched(self):
        text = (
            "import os, sys, pungi.phases, pungi.phases.imagebuilder as own\n"
            "print(pungi.phases.ImageBuilderPhase.__module__, own.ImageBuilderPhase.__module__)\n"
            "print(pungi.phases.ImageBuilderPhase.name, 'imagebuilder' in pungi.phases.PHASES_NAMES)\n"
            "print(os.path.basename(sys.argv[0]), sys.argv[1:], __name__)\n"
            "print([p for p in sys.path if 'contrib' in p and 'standin' not in p])\n"
            "sys.exit(7)\n"
        )
        status, out, err = self.start(text)
        self.assertEqual(status, 7, err)
        lines = out.splitlines()
        self.assertEqual(lines[0], "phase_runner_pungi.phase pungi.phases.imagebuilder")
        self.assertEqual(lines[1], "imagebuilder True")
        self.assertEqual(lines[2], "pungi-koji ['--a', 'b'] __main__")
        self.assertEqual(lines[3], "[]")

    def test_a_pungi_without_the_phase(self):
        status, _, err = self.start("raise SystemExit(9)\n", STANDIN_WITHOUT_PHASE="1")
        self.assertEqual(status, 1)
        self.assertIn("has no phase imagebuilder: it came with Pungi 4.10", err)

    def test_no_pungi_at_all(self):
        status, _, err = self.start("raise SystemExit(9)\n", PYTHONPATH="")
        self.assertEqual(status, 1)
        self.assertIn("cannot import Pungi", err)
        status, _, err = self.start("", PATH="/nonexistent")
        self.assertEqual(status, 1)
        self.assertIn("there is no pungi-koji in PATH", err)
        status, _, err = self.start("", PHASE_RUNNER_PUNGI_KOJI="/nonexistent")
        self.assertIn("names /nonexistent, which is no file", err)

    def test_the_launcher_never_finds_itself(self):
        with tempfile.TemporaryDirectory() as directory:
            path = os.path.join(directory, "pungi-koji")
            with open(path, "w") as stream:
                stream.write("#!%s\nfrom phase_runner_pungi.launcher import main\nmain()\n" % sys.executable)
            os.chmod(path, 0o755)
            status, _, err = self.start(
                "print('site')\n", PATH=directory + os.pathsep + "/nonexistent"
            )
            self.assertEqual(status, 1)
            self.assertIn("there is no pungi-koji", err)


if __name__ == "__main__":
    unittest.main()
