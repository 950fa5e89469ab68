"""A collector of traces for the tests: takes OTLP over HTTP on loopback and writes down what comes.

    trace_collector.py FILE [MODE]

Prints its port. Each request becomes a line of FILE: {"path", "headers", "status", "body"}; a protobuf body is decoded by
OpenTelemetry's own classes and written as OTLP's JSON. Modes:

    good        every request is taken
    status=N    each is answered with N
    late=N      the first N are answered with 503, the others are taken
    hang        the connection stays open and no answer comes
    reset       the connection is closed without an answer
    page        an HTML page with status 200 and a megabyte of words
"""

import json
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


def otlp_json(body):
    """The JSON of a protobuf request, with numbers of traces and spans in hexadecimal, as OTLP wants them."""
    import base64

    from google.protobuf.json_format import MessageToDict
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    request = ExportTraceServiceRequest()
    request.ParseFromString(body)
    document = MessageToDict(request, use_integers_for_enums=True)

    def hexadecimal(value):
        if isinstance(value, list):
            for item in value:
                hexadecimal(item)
        elif isinstance(value, dict):
            for name, inner in value.items():
                if name in ("traceId", "spanId", "parentSpanId"):
                    value[name] = base64.b64decode(inner).hex()
                else:
                    hexadecimal(inner)

    hexadecimal(document)
    return document


class Collector(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    mode = "good"
    written = None
    lock = threading.Lock()
    requests = 0

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with Collector.lock:
            Collector.requests += 1
            number = Collector.requests
        name, _, count = self.mode.partition("=")
        status = 200
        if name == "status":
            status = int(count)
        elif name == "late" and number <= int(count):
            status = 503
        is_json = self.headers["Content-Type"] == "application/json"
        line = {
            "path": self.path,
            "headers": dict(self.headers),
            "status": status,
            "body": json.loads(body) if is_json else otlp_json(body),
        }
        with Collector.lock:
            self.written.write(json.dumps(line) + "\n")
            self.written.flush()
        if name == "hang":
            time.sleep(600)
        if name in ("hang", "reset"):
            self.close_connection = True
            return
        answer = b"{}" if is_json else b""
        if name == "page":
            answer = b"<html>" + b"word " * 200_000
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if name == "page" else self.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


def main():
    if sys.argv[1:] == ["decode"]:
        json.dump(otlp_json(sys.stdin.buffer.read()), sys.stdout)
        return
    Collector.written = open(sys.argv[1], "a", encoding="utf-8")
    Collector.mode = sys.argv[2] if len(sys.argv) > 2 else "good"
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.daemon_threads = True
    print(server.server_address[1], flush=True)
    # Ends with whoever started it.
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), server.shutdown()), daemon=True).start()
    server.serve_forever()


main()
