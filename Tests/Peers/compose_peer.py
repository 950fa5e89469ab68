"""Loads a compose tree with the real productmd and tells what it found, as JSON."""
import hashlib
import json
import os
import sys

import productmd.compose

root = sys.argv[1]
compose = productmd.compose.Compose(root)
images, checksums_hold = [], True
for variant in compose.images.images:
    for arch in compose.images.images[variant]:
        for image in compose.images.images[variant][arch]:
            images.append("%s %s %s %s" % (image.path, image.type, image.format, image.subvariant))
            with open(os.path.join(root, "compose", image.path), "rb") as file:
                data = file.read()
            checksums_hold &= len(data) == image.size
            for kind, digest in image.checksums.items():
                checksums_hold &= hashlib.new(kind, data).hexdigest() == digest
json.dump(
    {
        "id": compose.info.compose.id,
        "label": compose.info.compose.label,
        "variants": sorted(compose.info.variants.variants),
        "images": sorted(images),
        "checksums_hold": checksums_hold,
    },
    sys.stdout,
)
