"""What the koji library makes of configuration files, and which login its program chooses.

Reads one JSON object a line from stdin: {"root": DIR, "profile": NAME, "config": FILE|null, "user": NAME|null}.
DIR/home is the home directory, DIR/etc stands for /etc. Answers one a line:
  {"values": {KEY: VALUE, ...}, "login": [WAY, ...]}   WAY with its certificate, or principal and keytab
  {"error": MESSAGE}                                   the library refuses
"""

import json
import os
import sys

import koji
import koji_cli.lib

real_read_config_files = koji.read_config_files
root = None


def moved(place):
    return root + place if isinstance(place, str) and place.startswith("/etc/") else place


koji.read_config_files = lambda places, raw=False: real_read_config_files([moved(p) for p in places], raw)


class Chosen(Exception):
    pass


class Session:
    """Notes the login that it is asked for."""

    logged_in = False

    def ssl_login(self, cert, ca, serverca, proxyuser=None):
        raise Chosen("certificate", cert)

    def login(self):
        raise Chosen("password")

    def gssapi_login(self, proxyuser=None, principal=None, keytab=None):
        raise Chosen("kerberos", principal, keytab)


def refuse(message, code=1):
    raise Chosen("refused")


koji_cli.lib.error = refuse
koji_cli.lib.ensure_connection = lambda session, options=None: refuse_nothing()


def refuse_nothing():
    raise Chosen("anonymous")


def login(values, user):
    try:
        koji_cli.lib.activate_session(Session(), dict(values, user=user))
    except Chosen as chosen:
        return list(chosen.args)


def answer(request):
    global root
    root = request["root"]
    os.environ["HOME"] = root + "/home"
    try:
        values = koji.read_config(request["profile"], request["config"])
    except Exception as error:
        return {"error": "%s: %s" % (type(error).__name__, error)}
    # The program does this, not the library.
    values["topdir"] = os.path.expanduser(values["topdir"])
    return {"values": values, "login": login(values, request["user"])}


for line in sys.stdin.buffer.read().split(b"\n"):
    if line:
        print(json.dumps(answer(json.loads(line))))
