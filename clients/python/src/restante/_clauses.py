"""The clauses of a question: typed for those who write them, read into the members that the server knows."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, timezone
from inspect import Parameter, Signature
from typing import Any, Literal, TypedDict, Union

from ._expression import expression

Seconds = Union[float, timedelta]
"""A duration: a number of seconds, or a timedelta."""


class TextMatch(TypedDict, total=False):
    """Says outright how a text is meant."""

    contains: str
    """Whatever the case."""
    equals: str
    """All of it, to the letter."""
    regex: str
    """In the syntax of Rust's `regex`, whatever the case unless it says `(?-i)`."""


Text = Union[str, "re.Pattern[str]", TextMatch]
"""A text that is contained, whatever the case; a whole address is meant as a whole."""
Texts = Union[Text, Sequence[Text]]
"""A text, or several, which must all be met."""


class AttachmentMatch(TypedDict, total=False):
    """What one and the same attachment must have."""

    name: Text
    type: Text
    digest: str
    """MD5, SHA-1 or SHA-256, in hexadecimal digits."""


class SizeMatch(TypedDict, total=False):
    """Bounds of the source's size: bytes, or a text such as `100kb`."""

    larger: int | str
    smaller: int | str


class Clauses(TypedDict, total=False):
    """What a message must be like; all that are given must hold."""

    from_: Texts
    """An author, in the field or in the envelope."""
    to: Texts
    """A recipient, in the field or in the envelope."""
    cc: Texts
    bcc: Texts
    reply_to: Texts
    envelope: Texts
    """An address of MAIL FROM or RCPT TO, whatever the fields say."""
    subject: Texts
    body: Texts
    """The text or the HTML."""
    message_id: Texts
    header: Mapping[str, Texts | Literal[True]]
    """Fields by name; `True` if one must only be there."""
    tag: str | Sequence[str]
    attachment: bool | Text | AttachmentMatch | Sequence[Text | AttachmentMatch]
    """Whether there is any, a name, or what one attachment must have."""
    size: SizeMatch
    findings: bool | str | Sequence[str]
    """Whether anything is odd about it, or ids of what is."""
    refusable: bool
    """Whether a strict server would refuse it."""
    query: str
    """A search, in the server's language: `subject:welcome -is:read`."""
    since: str | datetime
    """Only what came after this cursor or instant, or after `now`. A datetime without a zone is local time."""
    timeout: Seconds
    """How long to wait; 3 s if it is not given, 300 s at most."""


class RootClauses(Clauses, total=False):
    """Those of a question about all mailboxes."""

    mailbox: str
    """The one mailbox that is meant."""


def _texts(name: str, value: object) -> Any:
    if isinstance(value, re.Pattern):
        return {"regex": expression(name, value)}
    if isinstance(value, Mapping):
        # {"regex": re.compile(…)} is what {"regex": "…"} is.
        return {
            how: expression(f"{name}[{how!r}]", one) if isinstance(one, re.Pattern) else _plain(name, one)
            for how, one in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        if not value:
            raise ValueError(f"{name} is empty; leave it out to ask for any.")
        return [_texts(name, one) for one in value]
    return _plain(name, value)


def _plain(name: str, value: object) -> Any:
    if not isinstance(value, str):
        raise TypeError(f"{name} must be a text, a pattern or a list of them, found {value!r}.")
    return value


def _header(name: str, value: object) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError(f'{name} must be a dict, such as {{"X-Kind": "welcome"}}, found {value!r}.')
    return {field: True if one is True else _texts(f"{name}[{field!r}]", one) for field, one in value.items()}


def _attachment(name: str, value: object) -> Any:
    if isinstance(value, bool):
        return value
    if isinstance(value, re.Pattern):
        return {"name": _texts(name, value)}
    if isinstance(value, Mapping):
        if not value.keys().isdisjoint(TextMatch.__annotations__):
            return {"name": _texts(name, value)}
        return {of: _texts(f"{name}[{of!r}]", one) for of, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes, bytearray)):
        return [_attachment(name, one) for one in value]
    return _plain(name, value)


def _flag(name: str, value: object) -> Any:
    if not isinstance(value, bool):
        raise TypeError(f"{name} must be True or False, found {value!r}.")
    return value


def _findings(name: str, value: object) -> Any:
    return value if isinstance(value, bool) else _texts(name, value)


def _size(name: str, value: object) -> Any:
    if not isinstance(value, Mapping):
        raise TypeError(f'{name} must be a dict, such as {{"larger": "100kb"}}, found {value!r}.')
    return dict(value)


def _since(name: str, value: object) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
    return _plain(name, value)


def seconds(name: str, value: object) -> float:
    """A duration in seconds."""
    if isinstance(value, timedelta):
        value = value.total_seconds()
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number of seconds or a timedelta, found {value!r}.")
    if not (math.isfinite(value) and value >= 0):
        raise ValueError(f"{name} cannot be {value!r}; it is a number of seconds.")
    if value > _HELD_SECONDS:
        raise ValueError(f"{name} is {value:g} s; a question is held for {_HELD_SECONDS} s at most.")
    return value


# What the server allows.
_HELD_SECONDS = 300


# Each clause: its name at the server, and how its value is read.
_CLAUSES: dict[str, tuple[str, Callable[[str, object], Any]]] = {
    "from_": ("from", _texts),
    "to": ("to", _texts),
    "cc": ("cc", _texts),
    "bcc": ("bcc", _texts),
    "reply_to": ("replyTo", _texts),
    "envelope": ("envelope", _texts),
    "subject": ("subject", _texts),
    "body": ("body", _texts),
    "message_id": ("messageId", _texts),
    "header": ("header", _header),
    "tag": ("tag", _texts),
    "attachment": ("attachment", _attachment),
    "size": ("size", _size),
    "findings": ("findings", _findings),
    "refusable": ("refusable", _flag),
    "query": ("query", _plain),
    "since": ("since", _since),
    "timeout": ("timeout", seconds),
    "mailbox": ("mailbox", _plain),
}


def members(call: str, clauses: Mapping[str, object], known: type[Clauses]) -> dict[str, Any]:
    """The members of the question.

    A name that is not known is refused before anything is sent, as Python refuses it: a misspelt one would let any
    message answer.
    """
    names = list(_names(known))
    question: dict[str, Any] = {}
    for name, value in clauses.items():
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            meant = f" Did you mean '{near[0]}'?" if near else ""
            there = ", ".join(names)
            raise TypeError(f"{call}() got an unexpected keyword argument '{name}'.{meant} There are {there}.")
        if value is None:
            raise TypeError(f"{name} is None; leave it out to ask for any.")
        member, read = _CLAUSES[name]
        question[member] = read(name, value)
    return question


def signature(own: Signature, known: type[Clauses]) -> Signature:
    """A signature with its clauses spelt out, for `help()` and for editors that ask at run time."""
    parameters = [one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD]
    named = (
        Parameter(name, Parameter.KEYWORD_ONLY, default=_LEFT_OUT, annotation=kind)
        for name, kind in _names(known).items()
    )
    return own.replace(parameters=[*parameters, *named])


class _LeftOut:
    """How a clause that may be left out is shown."""

    def __repr__(self) -> str:
        return "..."


_LEFT_OUT = _LeftOut()


def _names(known: type[Clauses]) -> dict[str, str]:
    """The names of the clauses, and their types as they are written."""
    kinds = RootClauses.__annotations__ if known is RootClauses else Clauses.__annotations__
    return {name: getattr(kind, "__forward_arg__", str(kind)) for name, kind in kinds.items()}
