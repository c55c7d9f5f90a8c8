"""Where a catcher is, and where one of its mailboxes is: addresses, no I/O."""

from __future__ import annotations

import os
import re
import secrets
import string
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlsplit

from ._errors import RestanteError, Unreachable

DEFAULT_URL = "http://localhost:8025"
# How long a name is that was made of a hint, before what makes it unique.
_HINT_CHARS_MAX = 40
_UNIQUE_CHARS = 8


@dataclass(frozen=True)
class Base:
    """The address of a catcher."""

    secure: bool
    host: str
    port: int
    prefix: str
    """What stands before every path; empty, or with a slash in front and none behind."""

    @classmethod
    def of(cls, url: str) -> Base:
        """Reads a URL.

        Raises `ValueError` with a sentence if it is none.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"{url!r} is not the address of a Restante: {error}.") from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not the address of a Restante; write it like {DEFAULT_URL}.")
        secure = parts.scheme == "https"
        return cls(secure, parts.hostname, port or (443 if secure else 80), parts.path.rstrip("/"))

    @property
    def authority(self) -> str:
        """The host and the port."""
        return f"{_bracketed(self.host)}:{self.port}"

    def __str__(self) -> str:
        return f"{'https' if self.secure else 'http'}://{self.authority}{self.prefix}"


@dataclass(frozen=True)
class Smtp:
    """Where an application sends its mail, and by which login it reaches one mailbox."""

    host: str
    port: int
    user: str | None
    """The name of the mailbox; `None` where all of them are meant."""
    password: str | None
    """Any will do."""

    @property
    def url(self) -> str:
        """As `smtp://name:x@host:port`."""
        login = "" if self.user is None else f"{_segment(self.user)}:{_segment(self.password or '')}@"
        return f"smtp://{login}{_bracketed(self.host)}:{self.port}"

    @property
    def env(self) -> dict[str, str]:
        """As variables: SMTP_HOST, SMTP_PORT, SMTP_URL, and with a login SMTP_USER and SMTP_PASSWORD."""
        place = {"SMTP_HOST": self.host, "SMTP_PORT": str(self.port), "SMTP_URL": self.url}
        return place if self.user is None else {**place, "SMTP_USER": self.user, "SMTP_PASSWORD": self.password or ""}


@dataclass(frozen=True)
class Place:
    """A mailbox of a catcher, or all of them."""

    base: Base
    door: tuple[str, int] | None
    """Where plain SMTP is spoken; `None` if it is not."""
    name: str | None = None
    ended: Callable[[], str | None] = field(default=lambda: None, compare=False, repr=False)
    """Why a catcher that was started here no longer answers."""

    # Another process can ask, but does not know what becomes of a child of this one.
    def __reduce__(self) -> tuple[type[Place], tuple[Any, ...]]:
        return Place, (self.base, self.door, self.name)

    def mailbox(self, name: str) -> Place:
        if not isinstance(name, str):
            raise TypeError(f"The name of a mailbox is a str, found {name!r}.")
        if not name:
            raise ValueError('A mailbox has a name; that of mail without a login is "default".')
        if name in (".", ".."):
            raise ValueError(
                f'No mailbox can be named {name!r}, for an address folds it away; such mail is in "default".'
            )
        return replace(self, name=name)

    def fresh(self, hint: str) -> Place:
        """A mailbox that nobody else has, on any machine and in any run."""
        alphabet = string.ascii_lowercase + string.digits
        # Not of `random`: a test's seed would make every worker's names the same.
        unique = "".join(secrets.choice(alphabet) for _ in range(_UNIQUE_CHARS))
        return self.mailbox(f"{slug(hint)}-{unique}")

    def path(self, rest: str) -> str:
        """The path of something of this mailbox."""
        mount = "" if self.name is None else f"/mailbox/{_segment(self.name)}"
        return f"{self.base.prefix}{mount}{rest}"

    @property
    def url(self) -> str:
        """The page."""
        scheme = "https" if self.base.secure else "http"
        return f"{scheme}://{self.base.authority}{self.path('/')}"

    @property
    def smtp(self) -> Smtp:
        if self.door is None:
            raise RestanteError(
                f"The Restante at {self.base} has no plain SMTP door; start it with --smtp, or say where one is in"
                " RESTANTE_SMTP_ADDRESS (host:port)."
            )
        return Smtp(*self.door, user=self.name, password=None if self.name is None else "x")

    @property
    def label(self) -> str:
        """It as the server's sentences name it."""
        return "all mailboxes" if self.name is None else f'mailbox "{self.name}"'

    def unreachable(self, reason: str) -> Unreachable:
        """The sentence for those who get no answer."""
        ended = self.ended()
        if ended is not None:
            return Unreachable(ended)
        return Unreachable(
            f'No Restante answers at {self.base}: {reason}. Start one ("restante"), or say where it is in RESTANTE_URL.'
        )


def slug(hint: str) -> str:
    """A hint as a name that every SMTP client can log in by: Python's own takes ASCII alone."""
    plain = unicodedata.normalize("NFKD", hint.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_HINT_CHARS_MAX].strip("-") or "mailbox"


def door_of(base: Base, info: Mapping[str, Any]) -> tuple[str, int] | None:
    """Where plain SMTP is spoken by a running catcher: what `RESTANTE_SMTP_ADDRESS` says, else what it tells itself."""
    said = os.environ.get("RESTANTE_SMTP_ADDRESS")
    if said:
        host, _, port = said.rpartition(":")
        if not host or not port.isdecimal():
            raise ValueError(f"RESTANTE_SMTP_ADDRESS is {said!r}; write it as host:port.")
        return host.strip("[]"), int(port)
    for door in info["Doors"]:
        if door["Kind"] == "smtp":
            # It knows the name by which it is reached no better than "localhost".
            host = base.host if door["Host"] in ("localhost", "0.0.0.0", "::") else door["Host"]
            return host, door["Port"]
    return None


def _segment(text: str) -> str:
    return quote(text, safe="")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


Smtp.__module__ = "restante"
