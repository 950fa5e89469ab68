import contextlib
import os
import signal
import traceback


def log_failed_task(compose, variant, arch, deliverable, subvariant, logger=None, exc=None):
    logger = logger or compose._logger
    compose.fail_deliverable(variant, arch, deliverable, subvariant)
    kind = deliverable.replace("-", " ").capitalize()
    more = ", subvariant %s" % subvariant if subvariant else ""
    logger.error(
        "[FAIL] %s (variant %s, arch %s%s) failed, but going on anyway.", kind, variant or "None", arch, more
    )
    if exc:
        logger.error(str(exc))
        logger.debug(traceback.format_exc())


@contextlib.contextmanager
def failable(compose, can_fail, variant, arch, deliverable, subvariant=None, logger=None):
    if can_fail:
        compose.attempt_deliverable(variant, arch, deliverable, subvariant)
    else:
        compose.require_deliverable(variant, arch, deliverable, subvariant)
    try:
        yield
    except Exception as exc:
        if not can_fail:
            raise
        log_failed_task(compose, variant, arch, deliverable, subvariant, logger=logger, exc=exc)


def pkill_children():
    """As ``pkill -P``: SIGTERM to direct children only."""
    for name in os.listdir("/proc"):
        try:
            with open("/proc/%d/stat" % int(name)) as stream:
                parent = int(stream.read().rpartition(")")[2].split()[1])
            if parent == os.getpid():
                os.kill(int(name), signal.SIGTERM)
        except (ValueError, OSError):
            continue
