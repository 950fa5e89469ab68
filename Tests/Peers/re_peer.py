"""What Python's re makes of patterns.

Reads one JSON object a line from stdin: {"pattern": P, "texts": [T, ...]}; answers one a line:
  {"matches": [true, ...]}           re.match of each text; null where it took longer than a second or broke
  {"error": MESSAGE, "pos": N|null}  re refuses the pattern
"""

import json
import re
import signal
import sys
import warnings

warnings.simplefilter("ignore")


class TooLong(Exception):
    pass


def alarm(signum, frame):
    raise TooLong


def matches(pattern, text):
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    try:
        return pattern.match(text) is not None
    except (TooLong, RuntimeError, MemoryError):
        # RuntimeError is re's own "internal error in regular expression engine".
        return None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def answer(request):
    try:
        pattern = re.compile(request["pattern"])
    except re.error as error:
        return {"error": error.msg, "pos": error.pos}
    except (OverflowError, RecursionError, ValueError) as error:
        return {"error": str(error), "pos": None}
    return {"matches": [matches(pattern, text) for text in request["texts"]]}


signal.signal(signal.SIGALRM, alarm)
for line in sys.stdin.buffer.read().split(b"\n"):
    if line:
        print(json.dumps(answer(json.loads(line))))
