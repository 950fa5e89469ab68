"""Answers what the real productmd answers: one JSON document in, one out, by a list of questions."""
import hashlib
import json
import sys

import productmd.composeinfo
import productmd.images


def answer(question):
    kind, value = question["kind"], question["value"]
    try:
        if kind == "images":
            images = productmd.images.Images()
            images.loads(value)
            return {"ok": True, "text": images.dumps()}
        if kind == "composeinfo":
            info = productmd.composeinfo.ComposeInfo()
            info.loads(value)
            return {"ok": True, "text": info.dumps()}
        if kind == "label":
            return {"ok": True, "text": productmd.composeinfo.verify_label(value)}
        if kind == "parts":
            date, type_, respin = productmd.composeinfo.get_date_type_respin(value)
            return {"ok": True, "value": [date, type_, respin]}
        if kind == "id":
            info = productmd.composeinfo.ComposeInfo()
            info.release.short, info.release.version = value["short"], value["version"]
            info.release.type = value["release_type"]
            info.release.name = value["short"]
            if value["base"]:
                info.release.is_layered = True
                info.base_product.short, info.base_product.version, info.base_product.type = value["base"]
            info.compose.date, info.compose.type, info.compose.respin = value["date"], value["type"], value["respin"]
            return {"ok": True, "text": info.create_compose_id()}
        if kind == "json":
            return {
                "ok": True,
                "text": json.dumps(json.loads(value), indent=4, sort_keys=True, separators=(",", ": ")),
            }
        if kind == "sha256":
            return {"ok": True, "text": hashlib.sha256(value.encode()).hexdigest()}
        if kind == "supported":
            return {"ok": True, "value": value.split("-")[0] in productmd.composeinfo.SUPPORTED_MILESTONES}
        if kind == "vocabulary":
            return {
                "ok": True,
                "value": {
                    "types": productmd.images.SUPPORTED_IMAGE_TYPES,
                    "formats": productmd.images.SUPPORTED_IMAGE_FORMATS,
                    "arches": [a for a in productmd.common.RPM_ARCHES if a not in ("src", "nosrc")],
                    "pairs": productmd.images.IMAGE_TYPE_FORMAT_MAPPING,
                    "labels": productmd.composeinfo.LABEL_NAMES,
                    "compose_types": productmd.composeinfo.COMPOSE_TYPES,
                    "release_types": productmd.common.RELEASE_TYPES,
                    "variant_types": productmd.composeinfo.VARIANT_TYPES,
                    "unique": productmd.images.UNIQUE_IMAGE_ATTRIBUTES,
                },
            }
    except Exception as error:  # whatever it raises is its answer
        return {"ok": False, "error": "%s: %s" % (type(error).__name__, error)}
    raise SystemExit("unknown question %r" % kind)


json.dump([answer(question) for question in json.load(sys.stdin)], sys.stdout)
