"""What a message says: the part of a message that both faces share. Nothing here asks the server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

Json = Mapping[str, Any]
AttachmentT = TypeVar("AttachmentT", covariant=True)


@dataclass(frozen=True)
class Address:
    """A name and an address; each may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address

    @classmethod
    def read(cls, json: Json) -> Address:
        return cls(json["Name"], json["Address"])


@dataclass(frozen=True)
class Code:
    """A one-time code that was found in a message."""

    value: str
    """As it is to be typed."""
    shown: str
    """As it stands in the message, such as `481 516`."""
    context: str
    source: str

    @classmethod
    def read(cls, json: Json) -> Code:
        return cls(json["Value"], json["Shown"], json["Context"], json["Source"])


@dataclass(frozen=True)
class Link:
    """A link that was found in a message."""

    url: str
    text: str
    """The words on it."""
    purpose: str
    """`verify`, `reset`, `sign-in`, `invite`, `unsubscribe` or `other`."""
    source: str

    @classmethod
    def read(cls, json: Json) -> Link:
        return cls(json["URL"], json["Text"], json["Purpose"], json["Source"])


@dataclass(frozen=True)
class Finding:
    """Something odd about a message; docs/findings.md explains each id."""

    id: str
    severity: str
    sentence: str

    @classmethod
    def read(cls, json: Json) -> Finding:
        return cls(json["ID"], json["Severity"], json["Sentence"])


@dataclass(frozen=True)
class Envelope:
    """What was said on the wire, whatever the fields of the message say."""

    from_: str
    """The address of MAIL FROM; empty for the null sender."""
    to: tuple[str, ...]
    """The address of each RCPT TO, in order."""
    door: str
    """What it came in by: `smtp`, `submission`, `smtps`, `http`, …"""
    helo: str | None
    user: str | None
    """The user name of the login, if there was one."""
    tls: str | None
    """The version of TLS, if there was any."""

    @classmethod
    def read(cls, json: Json) -> Envelope:
        login, tls = json.get("Auth"), json.get("TLS")
        return cls(
            from_=json["From"]["Address"],
            to=tuple(to["Address"] for to in json["To"]),
            door=json["Door"],
            helo=json.get("Helo"),
            user=login["User"] if login else None,
            tls=tls["Version"] if tls else None,
        )


@dataclass(frozen=True)
class Summary:
    """A message as a row of a list, without its content."""

    id: str
    subject: str
    from_: Address
    to: tuple[Address, ...]
    created: datetime
    mailbox: str
    envelope: Envelope
    json: Json = field(repr=False, compare=False)

    @classmethod
    def read(cls, json: Json) -> Summary:
        return cls(
            id=json["ID"],
            subject=json["Subject"],
            from_=Address.read(json["From"]),
            to=addresses(json, "To"),
            created=instant(json["Created"]),
            mailbox=json["Mailbox"],
            envelope=Envelope.read(json["Envelope"]),
            json=json,
        )


@dataclass(frozen=True)
class AttachmentContent:
    """What is known of a part without its bytes."""

    name: str
    """Its file name; its Content-ID if it has none."""
    type: str
    """Its media type, such as `application/pdf`."""
    content_id: str
    """Without brackets; empty if it has none."""
    size: int
    """In bytes, transfer encoding undone."""
    md5: str
    sha1: str
    sha256: str
    part: str
    """Its place among the parts of the message, such as `2` or `1.2`."""


def attachment_fields(json: Json) -> dict[str, Any]:
    """The fields of `AttachmentContent`."""
    sums = json["Checksums"]
    return {
        "name": json["FileName"],
        "type": json["ContentType"],
        "content_id": json["ContentID"],
        "size": json["Size"],
        "md5": sums["MD5"],
        "sha1": sums["SHA1"],
        "sha256": sums["SHA256"],
        "part": json["PartID"],
    }


@dataclass(frozen=True, repr=False)
class MessageContent(Generic[AttachmentT]):
    """What is known of a message without asking again."""

    id: str
    """As the page and the API name it."""
    message_id: str
    """The Message-ID without brackets; empty if it has none."""
    subject: str
    """Decoded."""
    from_: Address
    """The first author; with an empty address if there is none."""
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    bcc: tuple[Address, ...]
    reply_to: tuple[Address, ...]
    date: datetime
    """What its Date field says; when it arrived, if it has none that can be read."""
    created: datetime
    """When it arrived, in UTC."""
    text: str
    """The text to read: the plain one, else one made from the HTML. Line ends are as sent."""
    html: str
    """The HTML as sent; empty if there is none."""
    codes: tuple[Code, ...]
    """One-time codes, the best first."""
    links: tuple[Link, ...]
    """Every link, once, in order."""
    main_link: Link | None
    """The link that the message is about: to verify, to reset, to sign in."""
    attachments: tuple[AttachmentT, ...]
    inline: tuple[AttachmentT, ...]
    """Parts that stand within the HTML, such as images."""
    envelope: Envelope
    tags: tuple[str, ...]
    findings: tuple[Finding, ...]
    """What was odd about it."""
    refusable: bool
    """Whether a strict server would have refused it."""
    mailbox: str
    """The name of the mailbox that it came into."""
    read: bool
    size: int
    """Of the source, in bytes."""
    cursor: str | None
    """For `since=`: what came after the answer that brought this message. `None` if it was no wait's answer."""
    json: Json = field(compare=False)
    """As it came, for what has no name here."""

    @property
    def code(self) -> str | None:
        """The one-time code, as it is to be typed, or `None`."""
        return self.codes[0].value if self.codes else None

    @property
    def link(self) -> str | None:
        """The address of the link that the message is about, or `None`."""
        return self.main_link.url if self.main_link else None

    # A failed assertion shows this: what tells one message from another, not all that is known.
    def __repr__(self) -> str:
        to = ", ".join(self.envelope.to)
        return f"<{type(self).__name__} {quoted(self.subject)} from {self.envelope.from_ or '<>'} to {to}>"


def message_fields(json: Json, cursor: str | None) -> dict[str, Any]:
    """The fields of `MessageContent` but for the attachments."""
    created = instant(json["Created"])
    main_link = json.get("MainLink")
    return {
        "id": json["ID"],
        "message_id": json["MessageID"],
        "subject": json["Subject"],
        "from_": Address.read(json["From"]),
        "to": addresses(json, "To"),
        "cc": addresses(json, "Cc"),
        "bcc": addresses(json, "Bcc"),
        "reply_to": addresses(json, "ReplyTo"),
        "date": instant(json["Date"], created),
        "created": created,
        "text": json["Text"],
        "html": json["HTML"],
        "codes": tuple(Code.read(code) for code in json["Codes"]),
        "links": tuple(Link.read(link) for link in json["Links"]),
        "main_link": Link.read(main_link) if main_link else None,
        "envelope": Envelope.read(json["Envelope"]),
        "tags": tuple(json["Tags"]),
        "findings": tuple(Finding.read(finding) for finding in json["Findings"]),
        "refusable": json["Refusable"],
        "mailbox": json["Mailbox"],
        "read": json["Read"],
        "size": json["Size"],
        "cursor": json.get("Cursor", cursor),
        "json": json,
    }


def first_field(headers: Mapping[str, list[str]], name: str) -> str | None:
    """The first field of a name, in any case."""
    return next((values[0] for field, values in headers.items() if field.lower() == name.lower()), None)


def quoted(text: str) -> str:
    return '"' + text.replace('"', '\\"') + '"'


def addresses(json: Json, name: str) -> tuple[Address, ...]:
    return tuple(Address.read(one) for one in json[name])


def instant(text: str, otherwise: datetime | None = None) -> datetime:
    """An instant of RFC 3339. Python before 3.11 does not read the `Z`."""
    try:
        return datetime.fromisoformat(text[:-1] + "+00:00" if text.endswith("Z") else text)
    except ValueError:
        if otherwise is None:
            raise
        return otherwise


for _public in (Address, Code, Link, Finding, Envelope, Summary):
    _public.__module__ = "restante"
