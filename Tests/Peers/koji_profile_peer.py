"""What the real koji library reads from its configuration files.

stdin: one JSON object a line, {"home": DIR, "etc": DIR, "file": PATH or null, "profile": NAME}; DIR stands for /etc.
stdout: {"values": {KEY: VALUE}} or {"error": TEXT} a line.
"""
import json
import os
import sys

import koji

read_files = koji.read_config_files
etc = None


def redirected(configs):
    """The library names /etc literally; the tests have one of their own."""
    def place(path):
        return etc + path[len("/etc"):] if path.startswith("/etc/") else path

    return read_files([place(c) if isinstance(c, str) else (place(c[0]), c[1]) for c in configs])


koji.read_config_files = redirected

for line in sys.stdin:
    wanted = json.loads(line)
    etc = wanted["etc"]
    os.environ["HOME"] = wanted["home"]
    try:
        answer = {"values": koji.read_config(wanted["profile"], user_config=wanted["file"])}
    except Exception as error:  # whatever it is: the library refuses the files
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))
