import copy
import logging
import math
import re
import time


class PhaseBase(object):
    def __init__(self, compose):
        self.compose = compose
        self.msg = "---------- PHASE: %s ----------" % self.name.upper()
        self.finished = False
        self._skipped = False
        self.used_patterns = None

    def validate(self):
        pass

    def skip(self):
        if self._skipped:
            return True
        if self.compose.just_phases and self.name not in self.compose.just_phases:
            return True
        return self.name in self.compose.skip_phases or self.name in self.compose.conf.get("skip_phases", [])

    def start(self):
        self._skipped = self.skip()
        if self._skipped:
            self.compose.log_warning("[SKIP ] %s" % self.msg)
            self.finished = True
            return
        self._start_time = time.time()
        self.compose.log_info("[BEGIN] %s" % self.msg)
        self.compose.notifier.send("phase-start", phase_name=self.name)
        self.run()

    def get_config_block(self, variant, arch=None):
        self.used_patterns = self.used_patterns or set()
        blocks = []
        for pattern, value in self.compose.conf.get(self.name, {}).items():
            if re.match(pattern, variant.uid):
                self.used_patterns.add(pattern)
                blocks.extend(value if isinstance(value, list) else [value])
        return blocks

    def get_all_patterns(self):
        return set(self.compose.conf.get(self.name, {}))

    def report_unused_patterns(self):
        unused = self.get_all_patterns() - self.used_patterns
        if unused:
            self.compose.log_warning(
                "[%s] Patterns in config do not match any variant: %s" % (self.name.upper(), ", ".join(sorted(unused)))
            )

    def stop(self):
        if self.finished:
            return
        if hasattr(self, "pool"):
            self.pool.stop()
        self.finished = True
        self.compose.log_info("[DONE ] %s" % self.msg)
        took = math.ceil(time.time() - self._start_time)
        self.compose.log_info("PHASE %s took %d seconds" % (self.name.upper(), took))
        if self.used_patterns is not None:
            self.report_unused_patterns()
        self.compose.notifier.send("phase-stop", phase_name=self.name)


class ConfigGuardedPhase(PhaseBase):
    def skip(self):
        if super(ConfigGuardedPhase, self).skip():
            return True
        if not self.compose.conf.get(self.name):
            self.compose.log_info("Config section '%s' was not found. Skipping." % self.name)
            return True
        return False


class ImageConfigMixin(object):
    def __init__(self, *args, **kwargs):
        super(ImageConfigMixin, self).__init__(*args, **kwargs)


class PhaseLoggerMixin(object):
    def __init__(self, *args, **kwargs):
        super(PhaseLoggerMixin, self).__init__(*args, **kwargs)
        self.logger = None
        if self.compose._logger and self.compose._logger.handlers:
            self.logger = logging.getLogger(self.name.upper())
            self.logger.setLevel(logging.DEBUG)
            form = "%(asctime)s [%(name)-16s] [%(levelname)-8s] %(message)s"
            for handler in self.compose._logger.handlers:
                own = copy.copy(handler)
                own.setFormatter(logging.Formatter(form, datefmt="%Y-%m-%d %H:%M:%S"))
                self.logger.addHandler(own)
