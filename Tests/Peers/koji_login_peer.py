"""Logs in to a hub with the real koji library, as its program does with the same profile.

Reads {"keys": keys of a profile, "proxyuser": user or null} from stdin; prints who the hub says one is, or the
exception: {"user", "authtype"} or {"error", "text"}. With "headers" nothing is proved: a bare request carries them.
"""

import json
import sys
import xmlrpc.client

import koji
import requests


def bare(keys, headers):
    """What a login by these headers alone is answered."""
    body = xmlrpc.client.dumps((), "sslLogin")
    response = requests.post(
        keys["server"] + "/ssllogin",
        data=body,
        headers={"Content-Type": "text/xml", **headers},
        verify=keys["serverca"],
        timeout=30,
    )
    if response.status_code != 200:
        return {"error": "status", "text": str(response.status_code)}
    try:
        xmlrpc.client.loads(response.content)
    except xmlrpc.client.Fault as fault:
        return {"error": "fault", "text": fault.faultString}
    return {"user": "somebody", "authtype": 0}


def answer(keys, proxyuser):
    options = {
        "serverca": keys["serverca"],
        "cert": keys.get("cert"),
        "principal": keys.get("principal"),
        "keytab": keys.get("keytab"),
        "max_retries": int(keys["max_retries"]),
        "retry_interval": int(keys["retry_interval"]),
        "timeout": 30,
        "auth_timeout": 30,
    }
    session = koji.ClientSession(keys["server"], options)
    try:
        if keys["authtype"] == "ssl":
            session.ssl_login(options["cert"], None, options["serverca"], proxyuser=proxyuser)
        else:
            session.gssapi_login(
                principal=options["principal"], keytab=options["keytab"], proxyuser=proxyuser
            )
        user = session.getLoggedInUser()
        session.logout()
    except Exception as error:  # whatever it is, it is the answer
        return {"error": type(error).__name__, "text": str(error)}
    return {"user": user["name"], "authtype": user["authtype"]}


def main():
    question = json.load(sys.stdin)
    keys, headers = question["keys"], question.get("headers")
    result = bare(keys, headers) if headers else answer(keys, question.get("proxyuser"))
    json.dump(result, sys.stdout)


main()
