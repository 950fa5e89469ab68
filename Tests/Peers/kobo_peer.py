"""Answers what the real kobo, and Python itself, make of configurations.

Standard input: a JSON object
    {"mode": "kobo", "cases": [{"files": {"main.conf": TEXT, ...}}, ...], "main": ["main.conf", ...]}
    {"mode": "json", "cases": [{"files": {"main.json": TEXT}}, ...], "main": ["main.json", ...]}
    {"mode": "repr", "floats": [HEX, ...]}
    {"mode": "dump", "paths": [PATH, ...]}      json.dumps of the configurations on the disk
Standard output: a JSON list with one answer a case. A text may also be
{"base64": BYTES}. An answer is {"ok": true, "value": ..., "opened": [...]} or {"ok": false, "error": TYPE, "message": TEXT}.
Values are tagged: {"int": "1"}, {"float": "1.0"}, {"list": []}, {"tuple": []}, {"dict": [[key, value], ...]}.
"""

import base64
import json
import os
import sys
import tempfile

from kobo.conf import PyConfigParser


def tagged(value):
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"int": str(value)}
    if isinstance(value, float):
        return {"float": repr(value)}
    if isinstance(value, tuple):
        return {"tuple": [tagged(item) for item in value]}
    if isinstance(value, list):
        return {"list": [tagged(item) for item in value]}
    return {"dict": [[tagged(key), tagged(item)] for key, item in value.items()]}


def read(mode, path):
    if mode == "json":
        with open(path, encoding="utf-8") as stream:
            return json.load(stream), [os.path.abspath(path)]
    parser = PyConfigParser()
    parser.load_from_file(path)
    return dict(parser), parser.opened_files


def answer(mode, case, main, folder):
    for name, text in case["files"].items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        data = base64.b64decode(text["base64"]) if isinstance(text, dict) else text.encode("utf-8", "surrogatepass")
        with open(path, "wb") as stream:
            stream.write(data)
    main = os.path.join(folder, main)
    try:
        value, opened = read(mode, main)
        if not isinstance(value, dict):
            raise TypeError("not an object")
        pairs = [[key, tagged(item)] for key, item in value.items()]
        return {"ok": True, "value": pairs, "opened": [os.path.relpath(path, folder) for path in opened]}
    except Exception as error:  # every mistake is an answer
        return {"ok": False, "error": type(error).__name__, "message": str(error)}


def main():
    request = json.load(sys.stdin)
    mode = request["mode"]
    if mode == "repr":
        answers = [repr(float.fromhex(text)) for text in request["floats"]]
    elif mode == "dump":
        answers = [
            json.dumps(read("kobo", path)[0], indent=4, sort_keys=True) for path in request["paths"]
        ]
    else:
        answers = []
        # One folder for all: making and removing thousands takes longer than reading them.
        with tempfile.TemporaryDirectory(prefix="kobo-peer-") as folder:
            for case, main in zip(request["cases"], request["main"]):
                answers.append(answer(mode, case, main, folder))
                for name in case["files"]:
                    os.remove(os.path.join(folder, name))
    json.dump(answers, sys.stdout)


main()
