"""Every question to the server, without I/O.

A question is a generator: it yields requests, is sent their answers, and returns what it was about. The blocking face
and the async one differ in who carries the requests.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.policy import SMTP
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

from ._clauses import Seconds, seconds
from ._content import Json
from ._errors import NotFound, NotUnderstood, Refused, RestanteError, Unreachable, WaitFailed
from ._place import Base, Place

# What an answer may take beyond the time for which the question is held.
MARGIN_SECONDS = 30.0
# How long the server holds a question that says no time.
_TIMEOUT_SECONDS = 3.0
# The longest time for which the server holds a question; a longer one it refuses at once.
_TIMEOUT_SECONDS_MAX = 300.0


@dataclass(frozen=True)
class Request:
    """What is to be sent."""

    method: str
    path: str
    body: bytes = b""
    type: str = "application/json"
    seconds: float = MARGIN_SECONDS
    """How long the answer may take."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    reason: str
    body: bytes


T = TypeVar("T")
Asking = Generator[Request, Answer, T]


@dataclass(frozen=True)
class Found:
    """Whole messages, the oldest first, and the cursor to go on from."""

    messages: list[Json]
    cursor: str | None


def wait(place: Place, members: Mapping[str, Any], **more: Any) -> Asking[Found]:
    """One message, or with `count`, `exactly` or `none` several."""
    held = members.get("timeout", more.get("none", _TIMEOUT_SECONDS))
    request = Request(
        "POST",
        place.path("/api/v1/wait"),
        json.dumps({**members, **more}).encode(),
        seconds=min(held, _TIMEOUT_SECONDS_MAX) + MARGIN_SECONDS,
    )
    answer = yield request
    if answer.status in (404, 409):
        problem = _object(place, answer)
        if "expected" in problem:
            raise WaitFailed(problem)
    found = _object(place, _taken(place, answer))
    return Found(found["Messages"] if more else [found], found["Cursor"])


def several(place: Place, members: Mapping[str, Any], count: int | None, exactly: int | None) -> Asking[Found]:
    """So many or more, or so many and no other."""
    if (count is None) == (exactly is None):
        raise TypeError("wait_several() needs either count, for so many or more, or exactly.")
    number = exactly if count is None else count
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"A number of messages is an int, found {number!r}.")
    if count is not None:
        return (yield from wait(place, members, count=count))
    return (yield from wait(place, members, exactly=exactly))


def none(place: Place, members: Mapping[str, Any], within: Seconds) -> Asking[None]:
    """That there is none, nor comes one."""
    if "timeout" in members:
        raise TypeError("none() watches for the time that `within` says; leave `timeout` out.")
    yield from wait(place, members, none=seconds("within", within))


def info(place: Place) -> Asking[Mapping[str, Any]]:
    """What the server tells of itself; also whether it is a Restante."""
    answer = yield Request("GET", place.path("/api/v1/info"))
    try:
        found = json.loads(answer.body)
        known = "Cursor" in found and "Doors" in found
    except (ValueError, TypeError):
        known = False
    if answer.status != 200 or not known:
        raise Unreachable(
            f"What answers at {place.base} is not a Restante (GET {place.path('/api/v1/info')}: {answer.status}"
            f" {answer.reason}). Say where it is in RESTANTE_URL."
        )
    return found  # type: ignore[no-any-return]


def cursor(place: Place) -> Asking[str]:
    """The place in the order of arrival that is now."""
    return str((yield from info(place))["Cursor"])


def rows(place: Place, query: str | None) -> Asking[list[Json]]:
    """The summaries of all messages, or of those that a query finds; the newest first."""
    if query is None:
        path = place.path("/api/v1/messages?limit=0")
    else:
        path = place.path("/api/v1/search?") + urlencode({"query": query, "limit": 2**31})
    answer = yield Request("GET", path)
    listing: list[Json] = _object(place, _taken(place, answer))["messages"]
    return listing


def messages(place: Place, query: str | None) -> Asking[Found]:
    """Whole messages, the newest first."""
    whole: list[Json] = []
    for row in (yield from rows(place, query)):
        try:
            whole.append((yield from message(place, row["ID"])))
        except NotFound:
            # It was deleted since the list was made.
            continue
    return Found(whole, None)


def message(place: Place, id: str) -> Asking[Json]:
    """A whole message."""
    answer = yield Request("GET", place.path(f"/api/v1/message/{quote(id, safe='')}"))
    if answer.status == 404:
        raise NotFound(f"There is no message {id!r} in {place.label}.")
    return _object(place, _taken(place, answer))


def latest(place: Place, query: str | None) -> Asking[Json]:
    """The newest message, or the newest of those that a query finds."""
    asked = "" if query is None else "?" + urlencode({"query": query})
    answer = yield Request("GET", place.path("/api/v1/message/latest") + asked)
    if answer.status == 404:
        what = "no message" if query is None else f"no message that {query!r} finds"
        raise NotFound(f"There is {what} in {place.label}; to wait for one, ask wait().")
    return _object(place, _taken(place, answer))


def headers(place: Place, id: str, decoded: bool = False) -> Asking[dict[str, list[str]]]:
    """The fields of a message, by name."""
    answer = yield from _of(place, id, "/headers?decoded=1" if decoded else "/headers")
    return dict(_object(place, answer))


def raw(place: Place, id: str) -> Asking[bytes]:
    """The source of a message."""
    return (yield from _of(place, id, "/raw")).body


def part(place: Place, id: str, part: str) -> Asking[bytes]:
    """The bytes of a part."""
    return (yield from _of(place, id, f"/part/{quote(part, safe='')}")).body


def clear(place: Place) -> Asking[None]:
    """Deletes every message of the place, and of no other."""
    _taken(place, (yield Request("DELETE", place.path("/api/v1/messages"))))


def deliver(
    place: Place, source: bytes | str | Message, from_: str | None, to: str | Iterable[str] | None
) -> Asking[str]:
    """Hands in a message, and returns its id."""
    if isinstance(source, Message):
        body = source.as_bytes(policy=source.policy + SMTP if isinstance(source, EmailMessage) else SMTP)
    else:
        body = source.encode() if isinstance(source, str) else bytes(source)
    envelope = [] if from_ is None else [("from", from_)]
    envelope += [("to", one) for one in ([to] if isinstance(to, str) else to or ())]
    asked = "?" + urlencode(envelope) if envelope else ""
    answer = yield Request("POST", place.path("/api/v1/messages") + asked, body, "message/rfc822")
    return str(_object(place, _taken(place, answer))["ID"])


def open_place(url: str) -> Place:
    """The place of a catcher that nobody has spoken to yet."""
    return Place(Base.of(url), None)


def _of(place: Place, id: str, rest: str) -> Asking[Answer]:
    answer = yield Request("GET", place.path(f"/api/v1/message/{quote(id, safe='')}{rest}"))
    if answer.status == 404:
        raise NotFound(
            f"The message {id!r} is no longer in {place.label}: it was deleted, or the server was started anew."
        )
    return _taken(place, answer)


def _taken(place: Place, answer: Answer) -> Answer:
    """An answer that is none of an error."""
    if answer.status < 400:
        return answer
    sentence = _sentence(answer)
    if answer.status == 400:
        raise NotUnderstood(sentence)
    raise Refused(f"The Restante at {place.base} answered {answer.status} {answer.reason}: {sentence}")


def _sentence(answer: Answer) -> str:
    """What an error says, whichever dialect it speaks."""
    text = answer.body.decode(errors="replace").strip()
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if isinstance(told, dict):
        return str(told.get("detail") or told.get("Error") or told.get("error") or text)
    return text


def _object(place: Place, answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise RestanteError(f"What answers at {place.base} is not a Restante: {_sentence(answer)[:200]}")
    return found
