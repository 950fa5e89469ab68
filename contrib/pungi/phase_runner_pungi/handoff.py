"""What Pungi has resolved, as one JSON document for ``phase-runner run --handoff`` (docs/handoff.md)."""

import json
import os

TYPE = "phase-runner.handoff"
VERSION = "1.0"

# The options that decide about images. Others are other phases' business, and may hold what is nobody else's.
PREFIXES = ("imagebuilder", "global_", "release_", "base_product_", "media_checksum")
NAMES = (
    "compose_type",
    "create_optional_isos",
    "koji_cache",
    "koji_profile",
    "link_type",
    "translate_paths",
    "tree_arches",
    "tree_variants",
)
# Not images', though they are called so.
EXCLUDED = ("global_ksurl",)


def document(compose):
    """The document of a compose whose variants have been read."""
    return {
        "header": {"type": TYPE, "version": VERSION},
        "payload": {
            "compose": _compose(compose),
            "config": _config(compose.conf),
            "variants": [_variant(compose, variant) for variant in compose.get_variants()],
            "paths": {
                "koji_tasks": compose.paths.log.koji_tasks_dir(create_dir=False),
                "log": compose.paths.log.topdir(create_dir=False),
            },
            "phases": {
                "skip": sorted(set(compose.skip_phases or ())),
                "just": sorted(set(compose.just_phases or ())),
            },
        },
    }


def write(compose, path):
    """Writes the document; whole or not at all."""
    try:
        # Lines, so that a complaint can say where.
        text = json.dumps(document(compose), indent=2)
    except (TypeError, ValueError) as error:
        raise ValueError("the configuration cannot be handed over as JSON: %s" % error)
    temporary = "%s.%d" % (path, os.getpid())
    with open(temporary, "w") as stream:
        stream.write(text)
    os.rename(temporary, path)


def _compose(compose):
    return {
        "id": compose.compose_id,
        "date": compose.compose_date,
        "type": compose.compose_type,
        "respin": compose.compose_respin,
        "label": compose.compose_label,
        "supported": bool(compose.supported),
        "directory": os.path.abspath(compose.topdir),
        "image_version": compose.image_version,
        "image_release": compose.image_release,
    }


def _config(conf):
    # The order stays: it is the order in which patterns are looked at.
    return {
        name: conf[name]
        for name in conf.keys()
        if (name in NAMES or name.startswith(PREFIXES)) and name not in EXCLUDED and _is_said(name, conf[name])
    }


def _is_said(name, value):
    # None means something for a release only: take the compose's own.
    return value is not None or name in ("imagebuilder_release", "global_release")


def _variant(compose, variant):
    arches = [arch for arch in variant.arches if arch != "src"]
    paths = compose.paths.compose
    parent = getattr(variant, "parent", None)
    return {
        "uid": variant.uid,
        "id": variant.id,
        "name": variant.name,
        "type": variant.type,
        "arches": list(arches),
        "parent": parent.uid if parent else None,
        "is_empty": bool(variant.is_empty),
        "repository": paths.repository("$arch", variant, create_dir=False),
        "images": {
            arch: {
                "directory": paths.image_dir(variant) % {"arch": arch},
                "path": paths.image_dir(variant, relative=True) % {"arch": arch},
            }
            for arch in arches
        },
        "isos": {arch: _iso(paths, variant, arch) for arch in arches},
    }


def _iso(paths, variant, arch):
    directory = paths.iso_dir(arch, variant, create_dir=False)
    if not directory:
        # An addon's or an optional variant's: there is none.
        return None
    return {"directory": directory, "path": paths.iso_dir(arch, variant, create_dir=False, relative=True)}
