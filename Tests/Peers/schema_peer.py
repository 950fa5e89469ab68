"""Holds configurations against a schema as Pungi's validator does: JSON Schema draft 4 with its additions.

Reads {"schema": path, "rules": path, "configs": [JSON text, ...]} from stdin; prints for each config the sorted list of
[severity, option] of its complaints. The additions (defaults that are filled in, aliases, removed options, types url
and regex, requires and conflicts) follow the rules file.
"""

import json
import re
import sys

import jsonschema
from jsonschema import validators


def make_validator(schema):
    base = jsonschema.Draft4Validator

    def properties(validator, rules, instance, schema):
        if not validator.is_type(instance, "object"):
            return
        for name, rule in rules.items():
            yield from rename(name, rule, instance)
        for name, rule in rules.items():
            if "default" in rule and name not in instance:
                instance[name] = json.loads(json.dumps(rule["default"]))
        for error in base.VALIDATORS["properties"](validator, rules, instance, schema):
            yield error

    def rename(name, rule, instance):
        aliases = rule.get("alias", [])
        for alias in [aliases] if isinstance(aliases, str) else aliases:
            if alias in instance:
                value = instance.pop(alias)
                if name in instance:
                    yield jsonschema.ValidationError("alias and option")
                else:
                    instance[name] = value
        appended = rule.get("append", [])
        for other in [appended] if isinstance(appended, str) else appended:
            if other in instance:
                value = instance.pop(other)
                old = instance.get(name, [])
                listed = lambda x: list(x) if isinstance(x, (list, tuple)) else [x]
                instance[name] = listed(old) + listed(value)

    def type_(validator, types, instance, schema):
        if types == "regex":
            if not isinstance(instance, str):
                yield jsonschema.ValidationError("not a regex")
                return
            try:
                re.compile(instance)
            except re.error as error:
                yield jsonschema.ValidationError(str(error))
            return
        if not validator.is_type(instance, types):
            yield jsonschema.ValidationError("%r is not of type %r" % (instance, types))

    def deprecated(validator, rule, instance, schema):
        return iter(())

    checker = base.TYPE_CHECKER.redefine_many(
        {
            "array": lambda _, value: isinstance(value, (list, tuple)),
            "url": lambda _, value: isinstance(value, str),
            "regex": lambda _, value: isinstance(value, str),
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            "number": lambda _, value: isinstance(value, (int, float)) and not isinstance(value, bool),
        }
    )
    return validators.extend(
        base,
        {"properties": properties, "type": type_, "deprecated": deprecated},
        type_checker=checker,
    )(schema)


def ordered(node, order):
    """The keywords of each object in the order in which Pungi looks at them: the dump has sorted them."""
    if isinstance(node, list):
        return [ordered(item, order) for item in node]
    if not isinstance(node, dict):
        return node
    rank = lambda key: order.index(key) if key in order else -1
    return {key: ordered(node[key], order) for key in sorted(node, key=rank)}


def relations(rules, schema, config):
    standard = lambda name: schema["properties"].get(name, {}).get("default")
    is_set = lambda name: name in config and config[name] != standard(name)

    def holds(rule):
        value = config.get(rule["option"])
        if rule["when"] == "truthy":
            return bool(value)
        if rule["when"] == "falsy or absent":
            return not value
        return value == rule["when"].split(" ", 1)[1]

    for rule in rules["conflicts"]:
        if holds(rule):
            for other in rule["conflicts"]:
                if is_set(other):
                    yield rule["option"], other
    for rule in rules["requires"]:
        if holds(rule):
            for other in rule["requires"]:
                if other not in config:
                    yield rule["option"], other


def family(pair):
    """The options of a base product hang together: which of them is named is a matter of taste."""
    if pair[0].startswith("base_product_"):
        return "base_product"
    return "/".join(sorted(pair))


def complaints(validator, rules, schema, config):
    found = set()
    for error in validator.iter_errors(config):
        path = ".".join(str(step) for step in error.absolute_path)
        if not path and error.validator == "additionalProperties":
            continue
        found.add(("error", path))
    for name in list(config):
        rule = schema["properties"].get(name)
        if rule is None or "deprecated" in rule:
            found.add(("warning", name))
    for pair in relations(rules, schema, config):
        found.add(("relation", family(pair)))
    return sorted(found)


def main():
    question = json.load(sys.stdin)
    with open(question["schema"]) as file:
        schema = json.load(file)
    with open(question["rules"]) as file:
        rules = json.load(file)
    validator = make_validator(ordered(schema, rules["keyword_order"]))
    answers = [complaints(validator, rules, schema, json.loads(text)) for text in question["configs"]]
    json.dump(answers, sys.stdout)


main()
