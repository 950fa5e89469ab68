"""What the real fedfind finds in a compose: `fedfind_peer.py COMPOSE_DIRECTORY`, one JSON document on stdout.

fedfind reads composes over HTTP only, so the folder that holds the compose is served here, on loopback, for as long
as fedfind looks. Nothing beyond loopback is asked.
"""
import functools
import http.server
import json
import os
import sys
import tempfile
import threading
import urllib.error
import urllib.request

# fedfind keeps a cache below the home directory and obeys proxies; neither is wanted here.
home = tempfile.TemporaryDirectory()
os.environ["HOME"] = home.name
os.environ["no_proxy"] = "*"

import fedfind.release  # noqa: E402  (after the environment is set)


class Files(http.server.SimpleHTTPRequestHandler):
    """The files below a folder, without a log on stderr."""

    def log_message(self, *arguments):
        pass


class IoT(fedfind.release.IoTNightly):
    """A compose of IoT that lies here and not on Fedora's server: fedfind knows which images it must have."""

    def __init__(self, url):
        fedfind.release.Pungi4Release.__init__(self, url)


def describe(url):
    release = IoT(url) if "-IoT-" in url else fedfind.release.Pungi4Release(url)
    if not release.exists:
        sys.exit("there is no compose/ in the given directory")
    answer = {"exists": True, "status": release.status, "done": release.done}
    for name in ("cid", "label", "type", "release", "milestone", "compose", "respin", "dist"):
        answer[name] = getattr(release, name)
    images = release.all_images
    answer["images"] = sorted(
        (
            {
                "url_exists": exists(image["url"]),
                **{
                    key: image[key]
                    for key in ("variant", "arch", "subvariant", "type", "format", "path", "disc_number", "size")
                },
            }
            for image in images
        ),
        key=lambda image: image["path"],
    )
    if isinstance(release, IoT):
        answer["missing"] = sorted(release.check_expected())
    return answer


def exists(url):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, method="HEAD")) as response:
            return response.status == 200
    except urllib.error.HTTPError:
        return False


def main(compose):
    parent, name = os.path.split(os.path.abspath(compose))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Files, directory=parent))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        answer = describe("http://127.0.0.1:%d/%s/compose" % (server.server_port, name))
    finally:
        server.shutdown()
    json.dump(answer, sys.stdout, indent=4, sort_keys=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: fedfind_peer.py COMPOSE_DIRECTORY")
    main(sys.argv[1])
