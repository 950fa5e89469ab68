"""What Python's xmlrpc.client makes of XML-RPC documents, and the documents it writes.

stdin: one JSON object a line. {"decode": BASE64} reads a document and answers {"value": TREE} or {"method": M,
"value": TREE} or {"fault": [CODE, TEXT]} or {"error": TEXT}; {"encode": TREE} answers {"document": BASE64} of a response
with that value. A TREE is ["null"], ["bool", b], ["int", "digits"], ["double", "repr"], ["string", s],
["bytes", BASE64], ["date", s], ["array", [TREE]] or ["object", [[name, TREE]]], so that no type is lost in JSON.
"""
import base64
import json
import sys
import xmlrpc.client

# Koji sends 64-bit integers as i8; the standard library reads them but refuses to write them.
def dump_integer(self, value, write):
    tag = "int" if -(2**31) <= value < 2**31 else "i8"
    write(f"<value><{tag}>{value}</{tag}></value>\n")


xmlrpc.client.Marshaller.dispatch[int] = dump_integer


def tree(value):
    if value is None:
        return ["null"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["double", repr(value)]
    if isinstance(value, str):
        return ["string", value]
    if isinstance(value, xmlrpc.client.Binary):
        return ["bytes", base64.b64encode(value.data).decode()]
    if isinstance(value, xmlrpc.client.DateTime):
        return ["date", value.value]
    if isinstance(value, dict):
        return ["object", [[name, tree(value[name])] for name in value]]
    return ["array", [tree(entry) for entry in value]]


def value(node):
    kind, content = node[0], node[1] if len(node) > 1 else None
    if kind == "int":
        return int(content)
    if kind == "double":
        return float(content)
    if kind == "bytes":
        return xmlrpc.client.Binary(base64.b64decode(content))
    if kind == "date":
        return xmlrpc.client.DateTime(content)
    if kind == "array":
        return [value(entry) for entry in content]
    if kind == "object":
        return {name: value(entry) for name, entry in content}
    return content


def answer(question):
    if "encode" in question:
        document = xmlrpc.client.dumps((value(question["encode"]),), methodresponse=True, allow_none=True)
        return {"document": base64.b64encode(document.encode("utf-8", "surrogatepass")).decode()}
    try:
        params, method = xmlrpc.client.loads(base64.b64decode(question["decode"]))
    except xmlrpc.client.Fault as fault:
        return {"fault": [fault.faultCode, fault.faultString]}
    except Exception as error:
        return {"error": repr(error)}
    return {"method": method, "value": tree(list(params))}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))))
