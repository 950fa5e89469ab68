"""What Pungi writes with the phase in place is what phase-runner records by itself."""

import json
import os
import subprocess
import unittest

from world import PROGRAM, World, block, conf

VARIANTS = """<variants>
  <variant id="Minimal" name="Minimal" type="variant">
    <arches><arch>x86_64</arch><arch>aarch64</arch></arches>
  </variant>
</variants>
"""
BLOCKS = [
    block(subvariant="One", failable=["*"]),
    dict(block("Fedora-ISO", subvariant="Two"), types=["minimal-installer"]),
    dict(block("Fedora-Cloud", subvariant="Three", manifest_type="qcow2"), types=["server-qcow2"]),
]


class SameRecord(unittest.TestCase):
    maxDiff = None

    def images(self, directory):
        with open(os.path.join(directory, "compose/metadata/images.json")) as stream:
            document = json.load(stream)
        for arches in document["payload"]["images"].values():
            for records in arches.values():
                for record in records:
                    # When the file came is all that may differ.
                    self.assertGreater(record.pop("mtime"), 0)
        return document

    def test_images_json(self):
        world = World()
        self.addCleanup(world.close)
        status, said = world.run(conf(BLOCKS))
        self.assertEqual(status, 0, said)
        alone = World()
        self.addCleanup(alone.close)
        own = {name: value for name, value in conf(BLOCKS).items() if name not in ("standin_variants", "compose_date")}
        # The same directory name gives the same repositories.
        own["translate_paths"] = [[alone.directory, "http://composes.invalid" + world.directory]]
        alone.write("alone.json", json.dumps(own))
        alone.write("variants.xml", VARIANTS)
        options = alone.environment()["PHASE_RUNNER_OPTIONS"].split()
        result = subprocess.run(
            [PROGRAM, "run", "--nightly", "--date", "20261122", "--compose-dir", alone.directory, *options,
             os.path.join(alone.top, "alone.json")],
            env=alone.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, universal_newlines=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.images(world.directory), self.images(alone.directory))


if __name__ == "__main__":
    unittest.main()
