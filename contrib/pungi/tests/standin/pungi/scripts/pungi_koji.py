"""The entry point: only this phase, the checksum phase and the test phase are there; all else is as in the real one."""

import argparse
import hashlib
import json
import logging
import os
import signal
import sys
import traceback

import productmd.composeinfo
import productmd.images
import pungi.phases
from pungi.compose import Compose
from pungi.util import failable, pkill_children

COMPOSE = None


def main():
    global COMPOSE
    parser = argparse.ArgumentParser()
    parser.add_argument("--compose-dir", required=True)
    parser.add_argument("--config", required=True)
    parser.add_argument("--label")
    parser.add_argument("--skip-phase", action="append", default=[], choices=pungi.phases.PHASES_NAMES)
    parser.add_argument("--just-phase", action="append", default=[], choices=pungi.phases.PHASES_NAMES)
    parser.add_argument("--quiet", action="store_true")
    opts = parser.parse_args()
    logger = logging.getLogger("pungi")
    logger.setLevel(logging.DEBUG)
    if not opts.quiet:
        logger.addHandler(logging.StreamHandler())
    with open(opts.config) as stream:
        conf = json.load(stream)
    os.makedirs(opts.compose_dir, exist_ok=True)
    COMPOSE = Compose(
        conf, opts.compose_dir, conf.get("compose_type", "nightly"), opts.label, opts.skip_phase, opts.just_phase
    )
    COMPOSE.notifier.compose = COMPOSE
    run_compose(COMPOSE)


def run_compose(compose):
    compose.write_status("STARTED")
    compose.log_info("Command line: %s", " ".join(sys.argv))
    compose.read_variants()
    with open(compose.paths.log.log_file("global", "config-dump"), "w") as stream:
        json.dump({k: v for k, v in compose.conf.items() if k != "compose_date" and not k.startswith("standin")}, stream, indent=4)
    write_variants(compose)
    phase = pungi.phases.ImageBuilderPhase(compose)
    errors = []
    if not phase.skip():
        try:
            phase.validate()
        except ValueError as error:
            for line in str(error).splitlines():
                errors.append("%s: %s" % (phase.name.upper(), line))
    for line in errors:
        compose.log_error(line)
    if errors:
        raise RuntimeError("Configuration is not valid")
    inner = pungi.phases.WeaverPhase(compose, (phase,))
    outer = pungi.phases.WeaverPhase(compose, ((inner,),))
    outer.start()
    outer.stop()
    checksums(compose)
    write_composeinfo(compose)
    # Other phases that make images are not skipped where one of theirs is there.
    if not phase.skip() or compose.conf.get("standin_image"):
        add_other_image(compose)
        compose.im.dump(compose.paths.compose.metadata("images.json"))
    check_images(compose)
    compose.write_status("FINISHED")
    with open(compose.paths.log.log_file("global", "notifications"), "w") as stream:
        json.dump(compose.notifier.sent, stream)


def write_variants(compose):
    path = os.path.join(compose.paths.work.topdir(), "variants.xml")
    with open(path, "w") as stream:
        stream.write("<variants>\n")
        for variant in compose.variants.values():
            stream.write('<variant id="%s" name="%s" type="variant"><arches>' % (variant.id, variant.name))
            stream.write("".join("<arch>%s</arch>" % arch for arch in variant.arches))
            stream.write("</arches></variant>\n")
        stream.write("</variants>\n")


def write_composeinfo(compose):
    for variant in compose.variants.values():
        own = productmd.composeinfo.Variant(compose.ci_base)
        own.id = own.uid = variant.uid
        own.name, own.type, own.arches = variant.name, variant.type, set(variant.arches)
        compose.ci_base.variants.add(own)
    compose.ci_base.dump(compose.paths.compose.metadata("composeinfo.json"))


def add_other_image(compose):
    """What another phase made, if the configuration says so: the arch and the members of a record."""
    record = compose.conf.get("standin_image")
    if not record:
        return
    image = productmd.images.Image(compose.im)
    for field, value in record.items():
        setattr(image, field, value)
    path = os.path.join(compose.paths.compose.topdir(), image.path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as stream:
        stream.write("another phase's\n")
    image.size, image.mtime = os.path.getsize(path), int(os.path.getmtime(path))
    image.disc_number = image.disc_count = 1
    image.add_checksum(None, "sha256", "0" * 64)
    image.deliverable, image.can_fail = "kiwibuild", False
    compose.im.add("Minimal", image.arch, image)


def checksums(compose):
    top = compose.paths.compose.topdir()
    for arches in compose.im.images.values():
        for images in arches.values():
            for image in images:
                path = os.path.join(top, image.path)
                # As the real one: a file that is not where its path says is passed over.
                if not os.path.exists(path):
                    continue
                for kind in compose.conf.get("media_checksums", ["sha256"]):
                    with open(path, "rb") as stream:
                        image.add_checksum(None, kind, hashlib.new(kind, stream.read()).hexdigest())


def check_images(compose):
    for uid, arches in compose.im.images.items():
        for arch, images in arches.items():
            for image in images:
                can_fail = getattr(image, "can_fail", False)
                with failable(
                    compose, can_fail, compose.all_variants[uid], arch, image.deliverable, subvariant=image.subvariant
                ):
                    if not os.path.isfile(os.path.join(compose.paths.compose.topdir(), image.path)):
                        raise RuntimeError("%s is not there" % image.path)


def sigterm_handler(signum, frame):
    if COMPOSE:
        COMPOSE.log_warning("Trying to kill all subprocesses")
        pkill_children()
        directory = COMPOSE.paths.log.koji_tasks_dir(create_dir=False)
        if os.path.isdir(directory):
            COMPOSE.log_warning("Trying to kill koji tasks")
            for name in os.listdir(directory):
                # The real one cancels this task, and ends at a name that is no number.
                int(name)
        COMPOSE.log_error("Compose run failed: signal %s" % signum)
        COMPOSE.log_critical("Compose failed: %s" % COMPOSE.topdir)
        COMPOSE.write_status("TERMINATED")
    sys.exit(1)


def cli_main():
    signal.signal(signal.SIGINT, sigterm_handler)
    signal.signal(signal.SIGTERM, sigterm_handler)
    try:
        main()
    except (Exception, KeyboardInterrupt) as ex:
        if not COMPOSE:
            print("Exception: %s" % ex)
            raise
        COMPOSE.log_error("Compose run failed: %s" % ex)
        COMPOSE.traceback(show_locals=getattr(ex, "show_locals", True))
        COMPOSE.log_critical("Compose failed: %s" % COMPOSE.topdir)
        traceback.print_exc()
        COMPOSE.write_status("DOOMED")
        sys.exit(1)
