"""Without the phase: Pungi skips imagebuilder, and phase-runner adds the images to the same compose afterwards."""

import hashlib
import os
import subprocess
import unittest

import productmd.compose

from world import PROGRAM, World, block, conf

OTHER = {
    "path": "Minimal/x86_64/images/Other.qcow2", "type": "qcow2", "format": "qcow2", "arch": "x86_64",
    "subvariant": "Other", "bootable": False,
}


class AfterPungi(unittest.TestCase):
    maxDiff = None

    def world(self, blocks=None, seconds="0.1", **more):
        """A compose that Pungi has finished without images of ours."""
        world = World(seconds)
        self.addCleanup(world.close)
        status, said = world.run(conf(blocks, **more), "--skip-phase", "imagebuilder")
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        self.assertEqual(world.submits(), 0)
        return world

    def amend(self, world, *options):
        result = subprocess.run(
            [PROGRAM, "run", "--compose-dir", world.directory] + list(options)
            + world.environment()["PHASE_RUNNER_OPTIONS"].split(),
            env=world.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True,
        )
        return result.returncode, result.stderr

    def images(self, world):
        return world.json("compose/metadata/images.json")["payload"]["images"]["Minimal"]

    def test_a_finished_compose_is_not_touched_unasked(self):
        world = self.world()
        status, said = self.amend(world)
        self.assertEqual(status, 5, said)
        self.assertIn("--amend-finished", said)
        self.assertEqual(world.submits(), 0)
        self.assertFalse(os.path.exists(os.path.join(world.directory, "compose/metadata/images.json")))

    def test_images_are_added_to_what_pungi_wrote(self):
        world = self.world(standin_image=OTHER)
        before = world.json("compose/metadata/composeinfo.json")
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 0, said)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        paths = [record["path"] for record in self.images(world)["x86_64"]]
        own = "Minimal/x86_64/images/Fedora-Minimal-44-20261122.n.0.x86_64.raw.xz"
        self.assertEqual(paths, [own, OTHER["path"]])
        # The identity of the compose, its config and its variants are Pungi's.
        compose = world.json("compose/metadata/images.json")["payload"]["compose"]
        self.assertEqual(compose["id"], "Fedora-44-20261122.n.0")
        # As the checksum phase would have done.
        with open(os.path.join(world.directory, "compose", own), "rb") as stream:
            digest = hashlib.sha256(stream.read()).hexdigest()
        self.assertIn("= " + digest, world.text("compose/%s.SHA256SUM" % own))
        self.assertIn("= " + digest, world.text("compose/Minimal/x86_64/images/SHA256SUM"))
        after = world.json("compose/metadata/composeinfo.json")
        variant = after["payload"]["variants"]["Minimal"]["paths"]
        self.assertEqual(
            variant.pop("images"), {arch: "Minimal/%s/images" % arch for arch in ("aarch64", "x86_64")}
        )
        before["payload"]["variants"]["Minimal"]["paths"].pop("images", None)
        self.assertEqual(after, before)
        deliverables = world.json("logs/global/deliverables.json")["required"]
        self.assertEqual(deliverables["imageBuilderBuild"], [["Minimal", "*", None]])
        self.assertEqual(deliverables["kiwibuild"], [["Minimal", "x86_64", "Other"]])
        read = productmd.compose.Compose(os.path.join(world.directory, "compose"))
        self.assertEqual(len(read.images.images["Minimal"]["x86_64"]), 2)
        self.assertEqual(read.info.variants["Minimal"].paths.images["x86_64"], "Minimal/x86_64/images")

    def test_nothing_that_is_there_is_sent_again(self):
        world = self.world([block(), block("Fedora-Other", subvariant="Other")])
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 2)
        before = world.text("compose/metadata/images.json")
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 5, said)
        self.assertIn("phase-runner resume", said)
        self.assertEqual(world.submits(), 2)
        self.assertEqual(world.text("compose/metadata/images.json"), before)

    def test_what_another_run_built_is_left_alone(self):
        made = dict(OTHER, path="Minimal/x86_64/images/Made.raw.xz", type="raw-xz", format="raw.xz", subvariant="Minimal")
        blocks = [block(arches=["x86_64"]), block("Fedora-Other", subvariant="Other")]
        world = self.world(blocks, standin_image=made)
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 0, said)
        self.assertEqual(world.submits(), 1)
        self.assertEqual(len(self.images(world)["x86_64"]), 2)

    def test_an_image_that_is_there_in_part_needs_a_release(self):
        made = dict(OTHER, path="Minimal/x86_64/images/Made.raw.xz", type="raw-xz", format="raw.xz", subvariant="Minimal")
        world = self.world([block()], standin_image=made)
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 0, said)
        self.assertIn("lacks aarch64", said)
        self.assertIn("nothing to add", said)
        self.assertEqual(world.submits(), 0)

    def test_all_there(self):
        made = dict(OTHER, path="Minimal/x86_64/images/Made.raw.xz", type="raw-xz", format="raw.xz", subvariant="Minimal")
        world = self.world([block(arches=["x86_64"])], standin_image=made)
        status, said = self.amend(world, "--amend-finished")
        self.assertEqual(status, 0, said)
        self.assertIn("there is nothing to add", said)
        self.assertFalse(os.path.exists(os.path.join(world.directory, "work/phase-runner/run.json")))

    def test_what_was_interrupted_is_resumed(self):
        world = self.world(seconds="2")
        options = world.environment()["PHASE_RUNNER_OPTIONS"].split()
        process = subprocess.Popen(
            [PROGRAM, "run", "--compose-dir", world.directory, "--amend-finished"] + options, env=world.environment(),
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True,
        )
        self.addCleanup(process.stderr.close)
        for line in process.stderr:
            if ": task 1 " in line:
                process.kill()
        self.assertEqual(process.wait(), -9)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        result = subprocess.run(
            [PROGRAM, "resume"] + options + [world.directory], env=world.environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, universal_newlines=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(world.submits(), 1)
        self.assertEqual(world.text("STATUS"), "FINISHED\n")
        own = self.images(world)["x86_64"][0]["path"]
        self.assertTrue(os.path.isfile(os.path.join(world.directory, "compose", own + ".SHA256SUM")))

    def test_a_compose_of_nobody(self):
        world = World()
        self.addCleanup(world.close)
        status, said = self.amend(world)
        self.assertEqual(status, 5, said)
        self.assertIn("is no compose that Pungi began", said)


if __name__ == "__main__":
    unittest.main()
