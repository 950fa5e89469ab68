"""The phase. Importing this module imports ``pungi.phases.base``, so it is for Pungi's own interpreter only."""

import logging
import os
import threading

from pungi.phases.base import ConfigGuardedPhase, ImageConfigMixin, PhaseLoggerMixin

from . import handoff
from .program import Failure, Program


class ImageBuilderPhase(PhaseLoggerMixin, ImageConfigMixin, ConfigGuardedPhase):
    """Takes the place of ``pungi.phases.ImageBuilderPhase``."""

    name = "imagebuilder"

    def __init__(self, compose, *ignored, **also_ignored):
        super(ImageBuilderPhase, self).__init__(compose)
        self._program = Program()
        # What the check said will be built; Pungi skips the check only together with the phase.
        self._plan = None
        # Lines that the check has said are not said again.
        self._said = set()
        self._lock = threading.Lock()

    # The life of a phase

    def validate(self):
        """Every line of the ``ValueError`` is one thing that is wrong. Nothing has been built yet."""
        super(ImageBuilderPhase, self).validate()
        try:
            self._plan = self._check()
        except Failure as failure:
            raise ValueError(str(failure))

    def run(self):
        try:
            self._run()
        except Exception as error:
            error.show_locals = False
            raise
        except SystemExit as error:
            # It would end Pungi in the middle, with its STATUS as STARTED.
            raise Failure("the phase was ended by an exit with status %s" % error.code)

    def _run(self):
        # For the report about patterns without a variant.
        for variant in self.compose.get_variants():
            self.get_config_block(variant)
        if self._plan is None:
            self._plan = self._check()
        try:
            self._note_planned(self._plan["deliverables"])
        except (KeyError, TypeError) as error:
            raise Failure("the answer of phase-runner is not as documented: %s: %s" % (type(error).__name__, error))
        # Written anew: between the check and now phases may have changed what paths there are.
        ended = self._call("result", ["--leave-with-caller"], self._say)
        result = ended.payload(self.compose.compose_id)
        try:
            self._note_failed(result["deliverables"]["failed"])
            if ended.status != 0 or result["status"] != "done":
                raise Failure(result["reason"] or ended.reason)
            self._add_images(result["images"])
        except (KeyError, TypeError, AttributeError) as error:
            raise Failure("the result of phase-runner is not as documented: %s: %s" % (type(error).__name__, error))

    # The program

    def _check(self):
        # Errors are told by Pungi, which gets them with the exception, and not twice.
        held = []

        def say(level, text):
            if level >= logging.ERROR:
                held.append(text)
            else:
                self._say(level, text)

        ended = self._call("check", ["--check"], say)
        for text in held if ended.status == 0 else held[len(ended.errors):]:
            self._say(logging.ERROR, text)
        if ended.status != 0:
            raise Failure(ended.reason if not ended.errors else "\n".join(ended.errors))
        return ended.payload(self.compose.compose_id)

    def _call(self, what, more, say):
        directory = self.compose.paths.work.topdir()
        path = os.path.join(directory, "imagebuilder-handoff.json")
        result = os.path.join(directory, "imagebuilder-%s.json" % what)
        try:
            handoff.write(self.compose, path)
        except ValueError as error:
            raise Failure(str(error))
        return self._program.call(path, result, say, more, _trace_parent())

    def _say(self, level, text):
        if not self.logger:
            return
        if self._plan is None:
            self._said.add((level, text))
        elif (level, text) in self._said:
            return
        self.logger.log(level, "%s", text)

    # What Pungi wants to know

    def _variant(self, uid):
        try:
            return self.compose.all_variants[uid]
        except KeyError:
            raise Failure("the result names a variant %s, which this compose has not" % uid)

    def _note_planned(self, deliverables):
        """As ``failable()`` does when it begins."""
        for one in deliverables["attempted"]:
            self.compose.attempt_deliverable(
                self._variant(one["variant"]), one["arch"], one["kind"], one["subvariant"]
            )
        for one in deliverables["required"]:
            self.compose.require_deliverable(
                self._variant(one["variant"]), one["arch"], one["kind"], one["subvariant"]
            )

    def _note_failed(self, deliverables):
        """As ``failable()`` does when it swallows an exception."""
        from pungi.util import log_failed_task

        for one in deliverables:
            reason = "%s: %s" % (one["image"], one["reason"])
            # Not handed over as an exception: Pungi would log a traceback, and there is none ("NoneType: None").
            log_failed_task(
                self.compose,
                self._variant(one["variant"]),
                one["arch"],
                one["kind"],
                one["subvariant"],
                logger=self.logger,
            )
            if self.logger:
                self.logger.error("%s", reason)

    def _add_images(self, images):
        from productmd.images import Image

        for one in images:
            image = Image(self.compose.im)
            for field in ("type", "format", "path", "mtime", "size", "arch", "bootable", "subvariant"):
                setattr(image, field, one[field])
            image.disc_number = one["disc_number"]
            image.disc_count = one["disc_count"]
            image.volume_id = one["volume_id"]
            image.implant_md5 = one["implant_md5"]
            # Not written, but the test phase asks for them.
            image.deliverable = one["deliverable"]
            image.can_fail = one["can_fail"]
            # Other phases add theirs at the same time; productmd has no lock of its own.
            with self._lock:
                self.compose.im.add(variant=self._variant(one["variant"]).uid, arch=one["arch"], image=image)


def _trace_parent():
    """The span of Pungi's own trace that the phase is a part of; what the environment names is the one around Pungi."""
    try:
        from pungi.otel import tracing

        return tracing.get_traceparent()
    except Exception:
        # A Pungi that has no traces, or none now. A trace is nothing that may end a compose.
        return None
