"""What schemathesis is told beside the document: waits are kept short, ids are mostly those of messages that are there, and
a deletion is made up for. Every answer is written down, so that `run` can tell which were never met."""

import os
import random
import re
import urllib.request

import schemathesis

SEEN = os.environ["RESTANTE_SEEN"]
IDS = os.environ["RESTANTE_IDS"].split()
# A letter for `/api/v1/send`: what is deleted comes again.
with open(os.environ["RESTANTE_MAIL"], "rb") as letter:
    LETTER = letter.read()
WAIT = "/api/v1/wait"
SHORT = "2ms"
TIME = re.compile(r"^[0-9.]+(ms|s|m)?$")

chance = random.Random(7)


@schemathesis.serializer("message/rfc822")
def source(context, value):
    return value.encode() if isinstance(value, str) else b""


@schemathesis.deserializer("image/jpeg")
def picture(context, response):
    assert response.content.startswith(b"\xff\xd8\xff"), "no JPEG"
    return ""


def shorten(members):
    """What is no time is left as it is: it is to be refused."""
    for name in {"timeout", "none"} & set(members):
        value = members[name]
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 300
        if is_number or isinstance(value, str) and TIME.match(value):
            members[name] = SHORT


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.path == WAIT and isinstance(case.query, dict):
        body = case.body if isinstance(case.body, dict) else {}
        shorten(case.query)
        shorten(body)
        if not {"timeout", "none"} & {*case.query, *body}:
            case.query["timeout"] = SHORT
    if case.path_parameters and "id" in case.path_parameters and chance.random() < 0.7:
        case.path_parameters["id"] = chance.choice(IDS)


@schemathesis.hook
def after_call(context, case, response):
    with open(SEEN, "a") as file:
        file.write(f"{case.method.lower()} {case.path} {response.status_code}\n")
    if case.method.upper() == "DELETE" and response.status_code == 200:
        base = str(response.request.url).split("/api/")[0]
        urllib.request.urlopen(f"{base}/mailbox/worker-1/api/v1/send", LETTER).close()
