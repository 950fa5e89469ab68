"""What PyYAML's safe loader and dumper make of the same texts and values.

Reads one JSON object a line from stdin, answers one a line:
  {"load": TEXT}  ->  {"value": TAGGED} or {"error": MESSAGE}
  {"dump": TAGGED} ->  {"text": TEXT}
TAGGED is [KIND, PAYLOAD], so that 1, 1.0 and true stay apart: null, bool, int (decimal text), float (repr), str, list,
map (list of [key text, TAGGED]); other for what SafeLoader resolves further, such as a date.
"""

import json
import sys

import yaml


def tag(value):
    if value is None:
        return ["null", None]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", repr(value)]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, list):
        return ["list", [tag(item) for item in value]]
    if isinstance(value, dict):
        return ["map", [[key, tag(item)] if isinstance(key, str) else [repr(key), ["other", "key"]]
                        for key, item in value.items()]]
    return ["other", str(value)]


def untag(tagged):
    kind, payload = tagged
    if kind == "int":
        return int(payload)
    if kind == "float":
        return float(payload)
    if kind == "list":
        return [untag(item) for item in payload]
    if kind == "map":
        return {key: untag(item) for key, item in payload}
    return payload


def answer(request):
    if "dump" in request:
        return {"text": yaml.safe_dump(untag(request["dump"]), **request.get("options", {}))}
    try:
        return {"value": tag(yaml.load(request["load"], Loader=yaml.SafeLoader))}
    except (yaml.YAMLError, ValueError) as error:
        return {"error": str(error)}


for line in sys.stdin.buffer.read().split(b"\n"):
    if line:
        print(json.dumps(answer(json.loads(line))))
