import os


class Tracing(object):
    """Pungi's own trace: a span below the one that the environment names."""

    def get_traceparent(self):
        # As the real one where no span is open: a KeyError.
        return {"on": "00-%s-%s-01" % (os.environ["TRACEPARENT"].split("-")[1], "c" * 16)}[os.environ["STANDIN_TRACE"]]


tracing = Tracing()
