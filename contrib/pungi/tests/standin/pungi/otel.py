import os


class Tracing(object):
    """As Pungi's: on by the environment; there is a parent only while a span is open."""

    def get_traceparent(self):
        if "OTEL_EXPORTER_OTLP_ENDPOINT" not in os.environ:
            return None
        return {"traceparent": parent for parent in [os.environ.get("STANDIN_SPAN")] if parent}["traceparent"]


tracing = Tracing()
