"""The phase in an entry point like Pungi's, against the rehearsal hub."""

import json
import os
import select
import signal
import stat
import unittest

import jsonschema

from world import HERE, World, block, conf, variant

SCHEMAS = os.path.join(HERE, "../../../docs/schemas")
KIND = "imageBuilderBuild"
IMAGES = "compose/metadata/images.json"


class PhaseCase(unittest.TestCase):
    maxDiff = None

    def world(self, *arguments, **more):
        world = World(*arguments, **more)
        self.addCleanup(world.close)
        return world

    def images(self, world, name=IMAGES):
        return world.json(name)["payload"]["images"]


class Success(PhaseCase):
    def test_the_images_are_in_pungis_metadata(self):
        world = self.world()
        status, said = world.run(conf())
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        images = self.images(world)
        self.assertEqual(sorted(images["Minimal"]), ["aarch64", "x86_64"])
        record = images["Minimal"]["aarch64"][0]
        self.assertEqual(record["path"], "Minimal/aarch64/images/Fedora-Minimal-44-20261122.n.0.aarch64.raw.xz")
        self.assertEqual((record["type"], record["format"]), ("raw-xz", "raw.xz"))
        self.assertEqual(record["subvariant"], "Minimal")
        self.assertEqual(list(record["checksums"]), ["sha256"])
        self.assertEqual(world.submits(), 1)

    def test_the_log_has_pungis_lines_with_their_levels(self):
        world = self.world()
        world.run(conf(), "--quiet")
        log = world.text("logs/global/pungi.global.log")
        self.assertEqual(log.count("[BEGIN] ---------- PHASE: IMAGEBUILDER"), 1)
        self.assertEqual(log.count("[DONE ] ---------- PHASE: IMAGEBUILDER"), 1)
        self.assertIn("PHASE IMAGEBUILDER took", log)
        self.assertRegex(log, r"\[IMAGEBUILDER    \] \[INFO    \] \[BEGIN\] imageBuilderBuild task for variant Minimal")
        self.assertRegex(log, r"\[IMAGEBUILDER    \] \[DEBUG   \] .*taskinfo\?taskID=1")
        sent = [event for event, data in world.json("logs/global/notifications.global.log")]
        self.assertEqual(sent, ["status-change", "phase-start", "phase-stop", "status-change"])

    def test_pungi_owns_its_files(self):
        world = self.world()
        world.run(conf())
        self.assertFalse(os.path.exists(os.path.join(world.directory, "COMPOSE_ID")))
        files = os.listdir(os.path.join(world.directory, "compose/Minimal/x86_64/images"))
        self.assertEqual(files, ["Fedora-Minimal-44-20261122.n.0.x86_64.raw.xz"])
        self.assertEqual(os.listdir(os.path.join(world.directory, "logs/global/koji-tasks")), ["1"])

    def test_the_documents_are_as_their_schemas_say(self):
        world = self.world(failing=["Fedora-Other"])
        tree = [variant("Minimal", variants=[variant("extras", type="addon"), variant("more", type="optional")])]
        blocks = {"^Minimal$": [block(), block("Fedora-Other", subvariant="Other", failable=["*"])]}
        status, said = world.run(conf(imagebuilder=blocks, standin_variants=tree))
        self.assertEqual(status, 0, said)
        for name, schema in [("handoff", "handoff"), ("check", "handoff-result"), ("result", "handoff-result")]:
            with open(os.path.join(SCHEMAS, schema + ".json")) as stream:
                jsonschema.validate(world.json("work/global/imagebuilder-%s.json" % name), json.load(stream))

    def test_deliverables_are_those_of_failable(self):
        world = self.world()
        world.run(conf([block(), block("Fedora-Other", subvariant="Other", failable=["*"])]))
        deliverables = world.json("logs/global/deliverables.json")
        self.assertEqual(deliverables["failed"], {})
        # The first of each is the phase's, the others are the test phase's.
        self.assertEqual(deliverables["required"][KIND][0], ["Minimal", "*", None])
        self.assertEqual(deliverables["attempted"][KIND][0], ["Minimal", "*", None])
        self.assertIn(["Minimal", "x86_64", "Other"], deliverables["attempted"][KIND])
        self.assertIn(["Minimal", "x86_64", "Minimal"], deliverables["required"][KIND])

    def test_two_variants_have_the_same_image(self):
        world = self.world()
        both = {
            "^Minimal$": [block(release="1", subvariant="One")],
            "^Server$": [block(release="2", subvariant="Two")],
        }
        variants = [variant("Minimal"), variant("Server", arches=["x86_64"])]
        status, said = world.run(conf(imagebuilder=both, standin_variants=variants))
        self.assertEqual(status, 0, said)
        images = self.images(world)
        self.assertEqual(sorted(images), ["Minimal", "Server"])
        self.assertEqual(images["Server"]["x86_64"][0]["subvariant"], "Two")
        self.assertEqual(world.submits(), 2)

    def test_isos_and_children_lie_where_pungi_says(self):
        world = self.world()
        tree = [variant("Server", variants=[variant("extras", type="addon")])]
        blocks = {
            "^Server$": [dict(block("Fedora-ISO"), types=["minimal-installer"])],
            "^Server-extras$": [block("Fedora-Extra", subvariant="Extra")],
        }
        status, said = world.run(conf(imagebuilder=blocks, standin_variants=tree))
        self.assertEqual(status, 0, said)
        images = self.images(world)
        self.assertTrue(images["Server"]["x86_64"][0]["path"].startswith("Server/x86_64/iso/"))
        self.assertTrue(images["Server"]["x86_64"][0]["bootable"])
        self.assertTrue(images["Server-extras"]["x86_64"][0]["path"].startswith("Server/x86_64/images/"))

    def test_a_paths_module_is_followed(self):
        world = self.world()
        status, said = world.run(conf(paths_module="other_paths"))
        self.assertEqual(status, 0, said)
        record = self.images(world, "tree/metadata/images.json")["Minimal"]["x86_64"][0]
        self.assertTrue(record["path"].startswith("x86_64/Minimal/pictures/"), record["path"])
        self.assertTrue(os.path.isfile(os.path.join(world.directory, "tree", record["path"])))
        self.assertEqual(os.listdir(os.path.join(world.directory, "hub-tasks")), ["1"])
        self.assertFalse(os.path.exists(os.path.join(world.directory, "compose/Minimal")))

    def test_a_pattern_without_a_variant_is_reported_by_pungi(self):
        world = self.world()
        blocks = {"^Minimal$": [block()], "^Nobody$": [block("Fedora-Nobody")]}
        status, said = world.run(conf(imagebuilder=blocks))
        self.assertEqual(status, 0, said)
        self.assertIn("[IMAGEBUILDER] Patterns in config do not match any variant: ^Nobody$", said)

    def test_a_label_names_the_images(self):
        world = self.world()
        world.run(conf(compose_type="production"), "--label", "Beta-1.2")
        record = self.images(world)["Minimal"]["x86_64"][0]
        self.assertIn("Fedora-Minimal-44_Beta-1.2.x86_64", record["path"])


class Traces(PhaseCase):
    OUTER = "00-%s-%s-01" % ("a" * 32, "b" * 16)

    def parent(self, **environment):
        """The parent of the program's own span, of which ``console`` makes it print a line."""
        world = self.world()
        status, said = world.run(conf(), OTEL_EXPORTER_OTLP_ENDPOINT="console", TRACEPARENT=self.OUTER, **environment)
        self.assertEqual(status, 0, said)
        spans = [json.loads(line[line.index("{") :]) for line in said.splitlines() if '"traceId"' in line]
        return [(span["traceId"], span["parentSpanId"]) for span in spans if span["name"] == "imagebuilder"]

    def test_the_run_is_a_part_of_pungis_span(self):
        self.assertEqual(self.parent(STANDIN_TRACE="on"), [("a" * 32, "c" * 16)])

    def test_a_pungi_without_a_span_ends_nothing(self):
        self.assertEqual(self.parent(STANDIN_TRACE="off"), [("a" * 32, "b" * 16)])


class Skipped(PhaseCase):
    def test_a_skipped_phase_asks_nobody(self):
        for options, more in [(["--skip-phase", "imagebuilder"], {}), ([], {"skip_phases": ["imagebuilder"]}), ([], {"imagebuilder": {}})]:
            with self.subTest(options=options, more=more):
                world = self.world()
                status, said = world.run(conf(**more), *options, PHASE_RUNNER="/nowhere/phase-runner")
                self.assertEqual(status, 0, said)
                self.assertIn("[SKIP ] ---------- PHASE: IMAGEBUILDER", said)
                self.assertEqual(world.text("STATUS"), "FINISHED\n")
                self.assertEqual(world.submits(), 0)

    def test_just_phase(self):
        world = self.world()
        status, said = world.run(conf(), "--just-phase", "imagebuilder")
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 1)


class Failures(PhaseCase):
    def test_an_image_that_may_fail_does(self):
        world = self.world(failing=["Fedora-Other"])
        status, said = world.run(conf([block(), block("Fedora-Other", subvariant="Other", failable=["*"])]))
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED_INCOMPLETE\n")
        deliverables = world.json("logs/global/deliverables.json")
        self.assertEqual(deliverables["failed"], {KIND: [["Minimal", "*", None]]})
        self.assertEqual(deliverables["attempted"], {KIND: [["Minimal", "*", None]]})
        self.assertRegex(
            said,
            r"\[FAIL\] Imagebuilderbuild \(variant Minimal, arch \*\) failed, but going on anyway.\n"
            r".*\[ERROR   \] Minimal/Fedora-Other/minimal-raw-xz: task 2 failed",
        )
        # What Pungi logs as the traceback of no exception.
        self.assertNotIn("NoneType", said)
        subvariants = [image["subvariant"] for image in self.images(world)["Minimal"]["x86_64"]]
        self.assertEqual(subvariants, ["Minimal"])

    def test_an_arch_that_may_fail_does(self):
        world = self.world(failing=["Fedora-Minimal/aarch64"])
        status, said = world.run(conf([block(failable=["aarch64"])]))
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED_INCOMPLETE\n")
        deliverables = world.json("logs/global/deliverables.json")
        self.assertEqual(deliverables["failed"], {KIND: [["Minimal", "aarch64", "Minimal"]]})
        self.assertEqual(list(self.images(world)["Minimal"]), ["x86_64"])

    def test_a_required_image_fails(self):
        world = self.world(failing=["Fedora-Minimal/x86_64"])
        status, said = world.run(conf())
        self.assertEqual(status, 1)
        self.assertEqual(world.text("STATUS"), "DOOMED\n")
        log = world.text("logs/global/pungi.global.log")
        self.assertRegex(log, r"Compose run failed: Minimal/Fedora-Minimal/minimal-raw-xz failed: ")
        self.assertIn("show_locals=False", world.text("logs/global/traceback.global.log"))
        deliverables = world.json("logs/global/deliverables.json")
        self.assertEqual(deliverables["required"], {KIND: [["Minimal", "*", None]]})
        self.assertEqual(deliverables["failed"], {})
        self.assertFalse(os.path.exists(os.path.join(world.directory, IMAGES)))

    def test_what_is_wrong_with_the_config_is_said_before_anything_is_built(self):
        world = self.world()
        blocks = [block(release="!NO_SUCH"), block("Fedora-Other", repos=["Nobody"])]
        status, said = world.run(conf(blocks))
        self.assertEqual(status, 1)
        self.assertIn("IMAGEBUILDER: ", said)
        self.assertRegex(said, r"IMAGEBUILDER: .*!NO_SUCH")
        self.assertRegex(said, r"IMAGEBUILDER: .*Nobody")
        self.assertIn("Configuration is not valid", said)
        self.assertEqual(world.text("STATUS"), "DOOMED\n")
        self.assertEqual(world.submits(), 0)
        # Pungi says it, and so the phase's own logger does not.
        self.assertNotRegex(world.text("logs/global/pungi.global.log"), r"\[IMAGEBUILDER    \] \[ERROR")
        # An abort has nothing to look for on the hub.
        self.assertFalse(os.path.exists(os.path.join(world.directory, "logs/global/koji-tasks")))

    def test_two_warnings_with_lines_in_common_are_said_in_full(self):
        world = self.world()
        status, said = world.run(conf(imagebuilder={name: [block()] for name in ("^Minimal$", "^Nobody$", "^None$")}))
        self.assertEqual(status, 0, said)
        self.assertEqual(said.count("warning: the pattern"), 2)
        self.assertEqual(said.count("note: variants: Minimal"), 2)

    def test_a_hub_that_cannot_be_used(self):
        world = self.world()
        status, said = world.run(conf(), KOJI_PASSWORD="wrong")
        self.assertEqual(status, 1)
        self.assertEqual(world.text("STATUS"), "DOOMED\n")
        self.assertRegex(world.text("logs/global/pungi.global.log"), r"(?s)Compose run failed: .*cannot be used")


class Rehearsals(PhaseCase):
    """Composes that Pungi makes itself, as with ``--target-dir``: nothing says yet what they are."""

    def world(self):
        world = super(Rehearsals, self).world()
        os.unlink(os.path.join(world.directory, "REHEARSAL"))
        return world

    def test_a_hub_that_builds_nothing_touches_no_compose(self):
        world = self.world()
        status, said = world.run(conf())
        self.assertEqual(status, 1)
        self.assertIn("touch %s/REHEARSAL" % world.directory, said)
        self.assertEqual(world.submits(), 0)

    def test_a_compose_is_marked_before_anything_is_built(self):
        world = self.world()
        # As docs/pungi.md says, with the site's own configuration, which names another hub.
        options = world.environment()["PHASE_RUNNER_OPTIONS"] + " --koji-profile rehearsal --mark-rehearsal"
        status, said = world.run(conf(koji_profile="koji"), PHASE_RUNNER_OPTIONS=options)
        self.assertEqual(status, 0, said)
        self.assertEqual(said.count("is a rehearsal from now on"), 1)
        self.assertLess(said.index("is a rehearsal from now on"), said.index("PHASE: IMAGEBUILDER"))
        self.assertIn("nothing in it was built", world.text("REHEARSAL"))
        self.assertEqual(sorted(self.images(world)["Minimal"]), ["aarch64", "x86_64"])


class Programs(PhaseCase):
    """A phase-runner that is missing, or is not one."""

    def program(self, world, text):
        path = os.path.join(world.top, "odd")
        with open(path, "w") as stream:
            stream.write(text)
        os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return path

    def test_missing(self):
        world = self.world()
        status, said = world.run(conf(), PHASE_RUNNER="no-such-phase-runner")
        self.assertEqual(status, 1)
        self.assertIn("IMAGEBUILDER: there is no program no-such-phase-runner", said)
        self.assertEqual(world.text("STATUS"), "DOOMED\n")

    def test_options_that_are_no_options(self):
        world = self.world()
        for options, words in [
            ("--settings 'night.yaml", "IMAGEBUILDER: .*PHASE_RUNNER_OPTIONS cannot be taken apart: No closing quotation"),
            ("--frobnicate", "(?s)IMAGEBUILDER: Error: Unknown option '--frobnicate'.*IMAGEBUILDER: phase-runner ended with status 2"),
        ]:
            with self.subTest(options):
                status, said = world.run(conf(), PHASE_RUNNER_OPTIONS=options)
                self.assertEqual(status, 1, said)
                self.assertRegex(said, words)
                self.assertEqual(world.text("STATUS"), "DOOMED\n")
                # They are nothing to a phase that is skipped.
                status, said = world.run(conf(), "--skip-phase", "imagebuilder", PHASE_RUNNER_OPTIONS=options)
                self.assertEqual(status, 0, said)
                os.unlink(os.path.join(world.directory, "STATUS"))

    def test_what_the_options_name_is_looked_for_before_anything_is_built(self):
        world = self.world()
        for options, words in [
            ("--settings /no/such/file", "IMAGEBUILDER: .*cannot read /no/such/file"),
            ("--koji-config /no/such/file", "IMAGEBUILDER: cannot read /no/such/file"),
            ("--koji-config %s/koji.conf --koji-profile nobody" % world.top, "IMAGEBUILDER: there is no Koji profile 'nobody'"),
        ]:
            with self.subTest(options):
                status, said = world.run(conf(), PHASE_RUNNER_OPTIONS=options)
                self.assertEqual(status, 1, said)
                self.assertRegex(said, words)
                self.assertIn("Configuration is not valid", said)

    def test_the_words_of_a_crash_are_in_the_reason(self):
        world = self.world()
        program = self.program(world, "#!/bin/sh\necho 'Fatal error: Index out of range' >&2\nkill -ILL $$\n")
        status, said = world.run(conf(), PHASE_RUNNER=program)
        self.assertEqual(status, 1, said)
        self.assertRegex(said, "IMAGEBUILDER: Fatal error: Index out of range")
        self.assertRegex(said, "IMAGEBUILDER: phase-runner was ended by SIGILL")

    def test_hostile(self):
        scripts = {
            "says nothing": "#!/bin/sh\nexit 0\n",
            "no interpreter": "#!/no/such/interpreter\n",
            "dies": "#!/bin/sh\nkill -SEGV $$\n",
            "says rubbish": "#!/bin/sh\nhead -c 200000 /dev/urandom >&2\nexit 3\n",
            "writes rubbish": '#!/bin/sh\nfor a; do case $p in --result) echo "[1" > "$a";; esac; p=$a; done\n',
            "writes another document": '#!/bin/sh\nfor a; do case $p in --result) echo "[]" > "$a";; esac; p=$a; done\n',
            "lacks members": '#!/bin/sh\nfor a; do case $p in --result) echo \'{"header": {"type":'
            ' "phase-runner.handoff-result", "version": "1.0"}, "payload": {"compose":'
            ' "Fedora-44-20261122.n.0"}}\' > "$a";; esac; p=$a; done\n',
            "is of tomorrow": '#!/bin/sh\nfor a; do case $p in --result) echo \'{"header": {"type":'
            ' "phase-runner.handoff-result", "version": "2.0"}, "payload": {"compose": "x"}}\' > "$a";; esac; p=$a; done\n',
        }
        world = self.world()
        for name, text in scripts.items():
            with self.subTest(name):
                status, said = world.run(conf(), PHASE_RUNNER=self.program(world, text))
                self.assertEqual(status, 1, said)
                self.assertEqual(world.text("STATUS"), "DOOMED\n")
                self.assertRegex(said, "phase-runner|/odd")


class Signals(PhaseCase):
    def begun(self, world, *options):
        """A compose whose task is on the hub."""
        process = world.start(conf(), *options)
        said = ""
        for line in process.stderr:
            said += line
            if ": task id 1" in line:
                return process
        self.fail("the task was not submitted: " + said)

    def ended(self, process):
        said = process.stderr.read()
        process.wait(timeout=30)
        process.stderr.close()
        return said

    def test_sigterm_cancels_the_tasks_and_ends_the_process(self):
        world = self.world(seconds="600")
        process = self.begun(world)
        process.send_signal(signal.SIGTERM)
        said = self.ended(process)
        self.assertEqual(process.returncode, 1, said)
        self.assertEqual(world.text("STATUS"), "TERMINATED\n")
        self.assertNotIn("Failed to kill koji tasks", said)
        self.assertRegex(world.task_states(), r"cancelTask .*: ok|CANCELED|canceled")
        self.assertRegex(world.text("logs/global/phase-runner/events.jsonl"), r'"event": "canceled"')

    def test_a_second_pungi_goes_on_where_both_were_killed(self):
        world = self.world(seconds="3")
        process = self.begun(world)
        children = children_of(process.pid)
        self.assertEqual(len(children), 1)
        os.kill(process.pid, signal.SIGKILL)
        os.kill(children[0], signal.SIGKILL)
        self.ended(process)
        self.assertEqual(world.text("STATUS"), "STARTED\n")
        status, said = world.run(conf())
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        self.assertEqual(world.submits(), 1)
        self.assertEqual(sorted(self.images(world)["Minimal"]), ["aarch64", "x86_64"])

    def test_a_killed_pungi_leaves_its_tasks_to_the_next(self):
        world = self.world(seconds="5")
        process = self.begun(world)
        child = os.pidfd_open(children_of(process.pid)[0])
        self.addCleanup(os.close, child)
        os.kill(process.pid, signal.SIGKILL)
        self.ended(process)
        self.assertTrue(select.select([child], [], [], 30)[0], "the program goes on without its Pungi")
        status, said = world.run(conf())
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 1)
        self.assertNotIn('"event": "canceled"', world.text("logs/global/phase-runner/events.jsonl"))

    def test_a_second_pungi_with_another_config_sends_what_is_new(self):
        world = self.world(failing=["Fedora-Other"])
        blocks = [block(), block("Fedora-Other", subvariant="Other", failable=["*"])]
        self.assertEqual(world.run(conf(blocks))[0], 0)
        blocks[1]["name"] = "Fedora-Third"
        status, said = world.run(conf(blocks))
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 3)
        paths = [image["path"] for image in self.images(world)["Minimal"]["x86_64"]]
        self.assertEqual(len(paths), 2, paths)

    def test_an_image_takes_the_place_of_one_that_is_not_asked_for_any_more(self):
        world = self.world()
        blocks = [block(), block("Fedora-Other", subvariant="Other")]
        self.assertEqual(world.run(conf(blocks))[0], 0)
        # As after another phase's failure: a finished compose is not begun again.
        world.write("compose/STATUS", "DOOMED\n")
        blocks[1]["name"] = "Fedora-Third"
        status, said = world.run(conf(blocks))
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 3)
        names = [os.path.basename(image["path"]) for image in self.images(world)["Minimal"]["x86_64"]]
        self.assertEqual(
            names, ["Fedora-%s-44-20261122.n.0.x86_64.raw.xz" % name for name in ("Minimal", "Third")]
        )

    def test_what_failed_is_built_again_by_the_next_pungi(self):
        world = self.world(failing=["Fedora-Minimal/x86_64:unknown*1"])
        self.assertEqual(world.run(conf())[0], 1)
        status, said = world.run(conf())
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 2)


def children_of(parent):
    with open("/proc/%d/task/%d/children" % (parent, parent)) as stream:
        own = stream.read().split()
    for task in os.listdir("/proc/%d/task" % parent):
        with open("/proc/%d/task/%s/children" % (parent, task)) as stream:
            own += stream.read().split()
    return sorted(set(int(pid) for pid in own))


if __name__ == "__main__":
    unittest.main()
