"""What lxml and the rules of Pungi's DTD say about texts of variants.xml.

Reads one JSON object a line from stdin: {"xml": TEXT}; answers one a line: {"valid": bool, "error": MESSAGE}.
The grammar below is written down from the description of the elements, not taken from Pungi.
"""

import io
import json
import sys

from lxml import etree

GRAMMAR = """
<!ELEMENT variants (ref*, variant*)>
<!ELEMENT variant ((release?, arches, groups?, environments*, variants*, buildinstallpackages?, modules?)?)>
<!ATTLIST variant id CDATA #REQUIRED
                  name CDATA #REQUIRED
                  type (variant|addon|optional|layered-product) #REQUIRED
                  has_optional (true|false) #IMPLIED
                  is_empty (true|false) "false">
<!ELEMENT release (#PCDATA)>
<!ATTLIST release name CDATA #IMPLIED short CDATA #IMPLIED version CDATA #IMPLIED>
<!ELEMENT arches (arch)+>
<!ELEMENT arch (#PCDATA)>
<!ELEMENT groups (group)+>
<!ELEMENT group (#PCDATA)>
<!ATTLIST group glob (true|false) #IMPLIED default (true|false) #IMPLIED uservisible (true|false) #IMPLIED>
<!ELEMENT environments (environment)+>
<!ELEMENT environment (#PCDATA)>
<!ATTLIST environment display_order CDATA #IMPLIED>
<!ELEMENT modules (module*, kojitag*)>
<!ELEMENT module (#PCDATA)>
<!ATTLIST module glob (true|false) #IMPLIED>
<!ELEMENT kojitag (#PCDATA)>
<!ELEMENT buildinstallpackages (package)+>
<!ELEMENT package (#PCDATA)>
<!ELEMENT ref EMPTY>
<!ATTLIST ref id CDATA #REQUIRED>
"""

dtd = etree.DTD(io.StringIO(GRAMMAR))
TIGHT = ("arch", "environment", "group", "kojitag", "module", "package")


def answer(request):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(request["xml"].encode(), parser)
    except etree.XMLSyntaxError as error:
        return {"valid": False, "error": str(error)}
    if root.tag != "variants":
        return {"valid": False, "error": "root"}
    if not dtd.validate(root):
        return {"valid": False, "error": str(dtd.error_log)}
    for element in root.iter(*TIGHT):
        text = element.text or ""
        if text != text.strip():
            return {"valid": False, "error": "white space"}
    return {"valid": True, "error": ""}


for line in sys.stdin.buffer.read().split(b"\n"):
    if line:
        print(json.dumps(answer(json.loads(line))))
