import json
import logging
import os
import traceback

import kobo.log
from productmd.composeinfo import ComposeInfo
from productmd.images import Images

from pungi.notifier import PungiNotifier
from pungi.paths import Paths

SUFFIXES = {"production": "", "nightly": ".n", "test": ".t", "ci": ".ci", "development": ".d"}
RANKS = {"variant": 0, "addon": 1, "layered-product": 1, "optional": 2}


class Variant(object):
    def __init__(self, data, parent=None):
        self.id = data["id"]
        self.name = data.get("name", self.id)
        self.type = data.get("type", "variant")
        self.arches = sorted(data["arches"])
        self.is_empty = data.get("is_empty", False)
        self.parent = parent
        self.variants = {}

    @property
    def uid(self):
        return "%s-%s" % (self.parent.uid, self.id) if self.parent else self.id

    def __str__(self):
        return self.uid


class Compose(kobo.log.LoggingBase):
    def __init__(self, conf, topdir, compose_type="nightly", label=None, skip_phases=None, just_phases=None):
        logger = logging.getLogger("pungi")
        super(Compose, self).__init__(logger)
        self.conf = conf
        self.topdir = os.path.abspath(topdir)
        self.skip_phases = skip_phases or []
        self.just_phases = just_phases or []
        self.supported = bool(label and label.split("-")[0] in ("RC", "Update", "SecurityFix"))
        self.notifier = PungiNotifier()
        self.required_deliverables = {}
        self.attempted_deliverables = {}
        self.failed_deliverables = {}
        self.ci_base = ComposeInfo()
        self.ci_base.release.name = conf["release_name"]
        self.ci_base.release.short = conf["release_short"]
        self.ci_base.release.version = conf["release_version"]
        self.ci_base.release.type = "ga"
        base = os.path.join(self.topdir, "work", "global", "composeinfo-base.json")
        if os.path.isfile(base):
            self.ci_base.load(base)
        else:
            compose = self.ci_base.compose
            compose.type, compose.date, compose.respin, compose.label = compose_type, conf["compose_date"], 0, label
            compose.id = "%s-%s-%s%s.%d" % (
                conf["release_short"], conf["release_version"], compose.date, SUFFIXES[compose_type], 0,
            )
            os.makedirs(os.path.dirname(base), exist_ok=True)
            self.ci_base.dump(base)
        self.im = Images()
        for field in ("id", "type", "date", "respin"):
            setattr(self.im.compose, field, getattr(self.ci_base.compose, field))
        self.paths = Paths(self)
        log = logging.FileHandler(self.paths.log.log_file("global", "pungi.log"))
        log.setFormatter(logging.Formatter("%(asctime)s [%(levelname)-8s] %(message)s", "%Y-%m-%d %H:%M:%S"))
        logger.addHandler(log)
        logger.setLevel(logging.DEBUG)

    compose_id = property(lambda self: self.ci_base.compose.id)
    compose_date = property(lambda self: self.ci_base.compose.date)
    compose_type = property(lambda self: self.ci_base.compose.type)
    compose_respin = property(lambda self: self.ci_base.compose.respin)
    compose_label = property(lambda self: self.ci_base.compose.label)

    @property
    def image_version(self):
        version = self.ci_base.release.version
        if self.compose_label and not self.compose_label.startswith("RC-"):
            version += "_" + self.compose_label.split("-")[0]
        return version

    @property
    def image_release(self):
        if self.compose_label:
            return self.compose_label.split("-")[1]
        return "%s%s.%d" % (self.compose_date, SUFFIXES[self.compose_type], self.compose_respin)

    def read_variants(self):
        self.variants = {}
        for data in self.conf["standin_variants"]:
            variant = Variant(data)
            self.variants[variant.id] = variant
            for child in data.get("variants", []):
                variant.variants[child["id"]] = Variant(child, variant)
        self.all_variants = {variant.uid: variant for variant in self.get_variants()}

    def get_variants(self, types=None, arch=None):
        every = [one for top in self.variants.values() for one in [top] + list(top.variants.values())]
        every = [one for one in every if (not types or one.type in types) and (not arch or arch in one.arches)]
        return sorted(every, key=lambda one: (RANKS[one.type], one.uid))

    def attempt_deliverable(self, variant, arch, kind, subvariant=None):
        self.attempted_deliverables.setdefault(kind, []).append((variant.uid if variant else "", arch, subvariant))

    def require_deliverable(self, variant, arch, kind, subvariant=None):
        self.required_deliverables.setdefault(kind, []).append((variant.uid if variant else "", arch, subvariant))

    def fail_deliverable(self, variant, arch, kind, subvariant=None):
        self.failed_deliverables.setdefault(kind, []).append((variant.uid if variant else "", arch, subvariant))

    def get_status(self):
        try:
            with open(os.path.join(self.topdir, "STATUS")) as stream:
                return stream.read().strip()
        except IOError:
            return None

    def write_status(self, word):
        if self.get_status() == "FINISHED":
            raise RuntimeError("Could not modify a FINISHED compose: %s" % self.topdir)
        if word == "FINISHED" and self.failed_deliverables:
            word = "FINISHED_INCOMPLETE"
        with open(os.path.join(self.topdir, "STATUS"), "w") as stream:
            stream.write(word + "\n")
        with open(self.paths.log.log_file("global", "deliverables.json")[: -len(".global.log")], "w") as stream:
            json.dump(
                {
                    "required": self.required_deliverables,
                    "attempted": self.attempted_deliverables,
                    "failed": self.failed_deliverables,
                },
                stream, indent=4,
            )
        self.notifier.send("status-change", status=word)

    def traceback(self, detail=None, show_locals=True):
        with open(self.paths.log.log_file("global", "traceback"), "w") as stream:
            stream.write("show_locals=%s\n%s" % (show_locals, traceback.format_exc()))
