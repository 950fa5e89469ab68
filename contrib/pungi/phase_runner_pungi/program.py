"""The program phase-runner as a direct child of Pungi."""

import json
import logging
import os
import shlex
import shutil
import signal
import subprocess

LEVELS = {
    "DEBUG": logging.DEBUG,
    "INFO": logging.INFO,
    "WARNING": logging.WARNING,
    "ERROR": logging.ERROR,
}
RESULT_TYPE = "phase-runner.handoff-result"
# A line may be so long, an error text have so many lines, and a result be so large.
LINE_BYTES = 1 << 16
ERROR_LINES = 200
RESULT_BYTES = 256 << 20
# Of what is not the program's own logging, as much is told where nothing else is: a wrong use, the words of a crash.
OTHER_LINES = 20
OTHER_CHARACTERS = 500


class Failure(RuntimeError):
    """What the compose's log and whoever reads it have to know. Its text is complete."""

    # Local variables have no place in a traceback file: among them may be what is secret.
    show_locals = False


class Program(object):
    """phase-runner as the environment names it.

    ``PHASE_RUNNER``: its path or name; ``PHASE_RUNNER_OPTIONS``: more options of ``run``, as a shell would split them.
    """

    def __init__(self, environment=None):
        environment = os.environ if environment is None else environment
        self.name = environment.get("PHASE_RUNNER") or "phase-runner"
        self._options = environment.get("PHASE_RUNNER_OPTIONS") or ""

    def path(self):
        path = shutil.which(self.name)
        if not path:
            raise Failure(
                "there is no program %s that can be run; install phase-runner, or name it in the environment variable"
                " PHASE_RUNNER" % self.name
            )
        return path

    def options(self):
        # Not when the phase is made: a phase that will be skipped is made, too, and what is wrong then ends the compose.
        try:
            return shlex.split(self._options)
        except ValueError as error:
            raise Failure("the environment variable PHASE_RUNNER_OPTIONS cannot be taken apart: %s" % error)

    def call(self, handoff, result, say, more=(), trace_parent=None):
        """Runs it to its end; ``say(level, text)`` hears each line. ``trace_parent``: the span that it is a part of.

        Gives an ``Ended``. What it leaves of an earlier run is taken away first.
        """
        if os.path.lexists(result):
            os.unlink(result)
        command = [self.path(), "run", "--handoff", handoff, "--result", result, "--log-format", "pungi"]
        command += list(more) + self.options()
        environment = dict(os.environ)
        if trace_parent:
            environment["TRACEPARENT"] = trace_parent
        try:
            # A direct child in Pungi's own session: the signal handler of Pungi ends its direct children. The pipe on its
            # standard input ends with this process, however that ends.
            child = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, close_fds=True,
                env=environment,
            )
        except OSError as error:
            raise Failure("%s cannot be run: %s" % (command[0], error))
        errors, others = [], []
        try:
            for level, text in _lines(child.stderr):
                if level is None:
                    level = logging.WARNING
                    if text and len(others) < OTHER_LINES:
                        others.append(text[:OTHER_CHARACTERS])
                elif level >= logging.ERROR and len(errors) < ERROR_LINES:
                    errors.append(text)
                say(level, text)
            status = child.wait()
        finally:
            # Whatever went wrong here, no task goes on without anybody who waits for it.
            if child.poll() is None:
                child.terminate()
                child.wait()
            child.stdin.close()
            child.stderr.close()
        return Ended(status, errors, result, others)


class Ended(object):
    """How a call ended."""

    def __init__(self, status, errors, result, others=()):
        self.status = status
        self.errors = errors
        self._others = list(others)
        self._result = result

    @property
    def reason(self):
        """What is wrong, in full; for a status other than 0."""
        if self.status < 0:
            how = "phase-runner was ended by %s" % _signal_name(-self.status)
        elif self.status > 128:
            how = "phase-runner was stopped by %s" % _signal_name(self.status - 128)
        else:
            how = "phase-runner ended with status %d" % self.status
        return "\n".join((self.errors or self._others) + [how])

    def payload(self, compose_id):
        """The result's payload. Raises a ``Failure`` for what is no result of this compose."""
        path = self._result
        if self.status != 0 and not os.path.exists(path):
            # It did not come to a result, and has said why.
            raise Failure(self.reason)
        try:
            if os.path.getsize(path) > RESULT_BYTES:
                raise Failure("the result %s is too large to be one" % path)
            with open(path, "rb") as stream:
                document = json.loads(stream.read().decode("utf-8"))
            header, payload = document["header"], document["payload"]
            kind, version = header["type"], str(header["version"])
            compose = payload["compose"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise Failure("%s\nits result %s cannot be read: %s" % (self.reason, path, error or type(error).__name__))
        if kind != RESULT_TYPE or version.split(".")[0] != "1":
            raise Failure(
                "%s is a %s of version %s, which this phase does not understand: use the phase and the program of one"
                " release" % (path, kind, version)
            )
        if compose != compose_id:
            raise Failure("%s is the result of %s, not of %s" % (path, compose, compose_id))
        return payload


def _lines(stream):
    """Pairs of level and text. No level: it is not of the program's own logging, as the last words of a crash."""
    while True:
        line = stream.readline(LINE_BYTES)
        if not line:
            return
        text = "".join(c for c in line.decode("utf-8", "replace").rstrip("\r\n") if c == "\t" or c.isprintable())
        word, _, rest = text.partition(" ")
        level = LEVELS.get(word)
        yield (level, rest) if level else (None, text)


def _signal_name(number):
    try:
        return signal.Signals(number).name
    except ValueError:
        return "signal %d" % number
