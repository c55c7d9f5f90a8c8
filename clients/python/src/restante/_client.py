"""The blocking face: for tests in threads and processes."""

from __future__ import annotations

import asyncio
import builtins
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as StdlibMessage
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from . import _asking
from ._asking import Asking
from ._child import Child
from ._clauses import Clauses, RootClauses, Seconds, members
from ._content import (
    AttachmentContent,
    Json,
    MessageContent,
    Summary,
    attachment_fields,
    first_field,
    message_fields,
)
from ._ends import asks, ends_here
from ._errors import WaitFailed
from ._place import DEFAULT_URL, Place, Smtp, door_of
from ._wire import send

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

T = TypeVar("T")

_HELD_UP = (
    "This wait held up the event loop that it was asked in, and whatever sends from there; await it of the fixture"
    " async_mailbox, or of AsyncRestante."
)


def ask(place: Place, asking: Asking[T]) -> T:
    """Carries every request of a question, one after the other."""
    try:
        request = next(asking)
        while True:
            request = asking.send(send(place, request))
    except StopIteration as done:
        answer: T = done.value
        return answer
    except WaitFailed as failure:
        if _in_event_loop():
            raise WaitFailed(failure.problem, _HELD_UP) from None
        raise


@dataclass(frozen=True)
class Attachment(AttachmentContent):
    """A part of a message: an attachment, or what stands within its HTML."""

    _place: Place = field(repr=False, compare=False)
    _id: str = field(repr=False, compare=False)

    @ends_here
    def bytes(self) -> builtins.bytes:
        """Its bytes, transfer encoding undone; fetched now."""
        return ask(self._place, _asking.part(self._place, self._id, self.part))


@dataclass(frozen=True, repr=False)
class Message(MessageContent[Attachment]):
    """A message that was caught. What is not a field is fetched when it is asked for, while the server has it."""

    _place: Place = field(repr=False, compare=False)

    @ends_here
    def raw(self) -> bytes:
        """The source, byte for byte as it was sent."""
        return ask(self._place, _asking.raw(self._place, self.id))

    @ends_here
    def headers(self) -> dict[str, list[str]]:
        """Every field by its name (`Message-Id`), its values unfolded and otherwise as sent."""
        return ask(self._place, _asking.headers(self._place, self.id))

    @ends_here
    def header(self, name: str) -> str | None:
        """The first field of this name, whatever its case, decoded; `None` if there is none."""
        return first_field(ask(self._place, _asking.headers(self._place, self.id, decoded=True)), name)

    @cached_property
    def email(self) -> EmailMessage:
        """The source as the standard library reads it."""
        return message_from_bytes(self.raw(), policy=policy.default)


def message(place: Place, json: Json, cursor: str | None) -> Message:
    """A message of this face."""

    def parts(name: str) -> tuple[Attachment, ...]:
        return tuple(Attachment(**attachment_fields(one), _place=place, _id=json["ID"]) for one in json[name])

    fields = message_fields(json, cursor)
    return Message(**fields, attachments=parts("Attachments"), inline=parts("Inline"), _place=place)


class _View:
    """What a mailbox and the view of all of them have in common."""

    def __init__(self, place: Place) -> None:
        self._place = place

    @property
    def smtp(self) -> Smtp:
        """Where the application is to send its mail, and by which login."""
        return self._place.smtp

    @property
    def url(self) -> str:
        """The page, for a browser."""
        return self._place.url

    @ends_here
    def messages(self, query: str | None = None) -> list[Message]:
        """All messages, or those that a search such as `subject:welcome` finds; the newest first. Does not wait."""
        found = self._ask(_asking.messages(self._place, query))
        return [message(self._place, one, found.cursor) for one in found.messages]

    @ends_here
    def latest(self, query: str | None = None) -> Message:
        """The newest message, or the newest that a search finds. Does not wait.

        Raises `NotFound` if there is none.
        """
        return message(self._place, self._ask(_asking.latest(self._place, query)), None)

    @ends_here
    def message(self, id: str) -> Message:
        """The message of this id. Raises `NotFound` if there is none."""
        return message(self._place, self._ask(_asking.message(self._place, id)), None)

    @ends_here
    def cursor(self) -> str:
        """Now, in the order of arrival: `since=` this, a wait counts only what comes from now on."""
        return self._ask(_asking.cursor(self._place))

    @ends_here
    def clear(self) -> None:
        """Deletes every message of this mailbox, and of no other."""
        self._ask(_asking.clear(self._place))

    @ends_here
    def deliver(
        self,
        source: bytes | str | StdlibMessage,
        *,
        from_: str | None = None,
        to: str | Iterable[str] | None = None,
    ) -> str:
        """Hands in a message without SMTP, and returns its id.

        `from_` and `to` are the envelope; what is not said is read from the fields. A str is sent as UTF-8.
        Raises `NotUnderstood` if it has no recipient.
        """
        return self._ask(_asking.deliver(self._place, source, from_, to))

    def _ask(self, asking: Asking[T]) -> T:
        return ask(self._place, asking)

    def _rows(self) -> list[Summary]:
        """What stands there, for a report."""
        return [Summary.read(row) for row in self._ask(_asking.rows(self._place, None))]

    def _all(self, found: _asking.Found) -> list[Message]:
        return [message(self._place, one, found.cursor) for one in found.messages]


class Mailbox(_View):
    """One mailbox: the messages whose client logged in by its name, and of no other.

    It may be used by any number of threads at once.
    """

    @property
    def name(self) -> str:
        """Its name, which is the SMTP user name."""
        assert self._place.name is not None
        return self._place.name

    @asks(Clauses)
    def wait(self, **clauses: Unpack[Clauses]) -> Message:
        """The oldest message like this: at once if it is there, else as soon as it comes.

        Waits 3 s, or `timeout` seconds. Raises `WaitFailed`, an AssertionError, with the server's explanation if none
        comes, and `NotUnderstood` if a clause cannot be read.
        """
        return self._all(self._ask(_asking.wait(self._place, members("wait", clauses, Clauses))))[0]

    @asks(Clauses)
    def wait_several(
        self, count: int | None = None, *, exactly: int | None = None, **clauses: Unpack[Clauses]
    ) -> list[Message]:
        """The oldest `count` messages like this, as soon as there are so many; or `exactly` so many.

        `exactly` also watches for 200 ms that no other comes. The oldest is the first. Waits 3 s, or `timeout` seconds.
        Raises `WaitFailed` if there are too few or too many.
        """
        question = members("wait_several", clauses, Clauses)
        return self._all(self._ask(_asking.several(self._place, question, count, exactly)))

    @asks(Clauses)
    def none(self, *, within: Seconds = 0.5, **clauses: Unpack[Clauses]) -> None:
        """That no message like this is there, nor comes within so many seconds. Raises `WaitFailed` if one does."""
        self._ask(_asking.none(self._place, members("none", clauses, Clauses), within))

    def __repr__(self) -> str:
        return f"<Mailbox {self.name!r} of {self._place.base}>"


class Restante(_View):
    """A mail catcher, and the view of all its mailboxes.

    Made by `connect`, `start` or `connect_or_start`. It may be used by any number of threads at once.
    """

    def __init__(self, place: Place, child: Child | None = None) -> None:
        super().__init__(place)
        self._child = child

    @classmethod
    @ends_here
    def connect(cls, url: str | None = None) -> Self:
        """One that runs: at `url`, else `RESTANTE_URL`, else http://localhost:8025.

        `RESTANTE_SMTP_ADDRESS` (host:port) says where its SMTP is, if that is not where it says itself.
        Raises `Unreachable` if none answers there.
        """
        place = _asking.open_place(url or os.environ.get("RESTANTE_URL") or DEFAULT_URL)
        return cls(connected(place, ask(place, _asking.info(place))))

    @classmethod
    @ends_here
    def start(cls, *arguments: str, binary: str | None = None) -> Self:
        """One of its own, on free ports, which ends with this process at the latest.

        `arguments` are its flags, such as `"--max-memory", "1GB"`. The program is `binary`, else `RESTANTE_BIN`, else
        `restante` on the PATH. Raises `NotStarted` if there is none, or if it ends at once.
        """
        child, place = Child.start(arguments, binary)
        return cls(place, child)

    @classmethod
    @ends_here
    def connect_or_start(cls) -> Self:
        """The one that `RESTANTE_URL` names, if it is set; else one of its own."""
        return cls.connect() if os.environ.get("RESTANTE_URL") else cls.start()

    def mailbox(self, name: str) -> Mailbox:
        """The mailbox of this name, with mail in it or not. `default` has the mail of clients without a login."""
        return Mailbox(self._place.mailbox(name))

    def fresh_mailbox(self, hint: str = "") -> Mailbox:
        """A mailbox that nobody else has: its name is made of the hint and eight random characters."""
        return Mailbox(self._place.fresh(hint))

    @asks(RootClauses)
    def wait(self, **clauses: Unpack[RootClauses]) -> Message:
        """As `Mailbox.wait`, in all mailboxes or in `mailbox`."""
        return self._all(self._ask(_asking.wait(self._place, members("wait", clauses, RootClauses))))[0]

    @asks(RootClauses)
    def wait_several(
        self, count: int | None = None, *, exactly: int | None = None, **clauses: Unpack[RootClauses]
    ) -> list[Message]:
        """As `Mailbox.wait_several`, in all mailboxes or in `mailbox`."""
        question = members("wait_several", clauses, RootClauses)
        return self._all(self._ask(_asking.several(self._place, question, count, exactly)))

    @asks(RootClauses)
    def none(self, *, within: Seconds = 0.5, **clauses: Unpack[RootClauses]) -> None:
        """As `Mailbox.none`, in all mailboxes or in `mailbox`."""
        self._ask(_asking.none(self._place, members("none", clauses, RootClauses), within))

    def close(self) -> None:
        """Stops it, if it was started here. May be called again."""
        if self._child is not None:
            self._child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Restante at {self._place.base}>"


def connected(place: Place, told: Any) -> Place:
    """A place whose server has told of itself."""
    return Place(place.base, door_of(place.base, told), place.name)


def _in_event_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


for _public in (Attachment, Message, Mailbox, Restante):
    _public.__module__ = "restante"
