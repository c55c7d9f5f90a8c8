"""The async face: the same names and arguments as the blocking one, awaited.

It holds no connection and no loop between calls, so one object may be used by any number of tasks, and from one event
loop after another. It runs on asyncio.
"""

from __future__ import annotations

import asyncio
import builtins
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.message import Message as StdlibMessage
from types import TracebackType
from typing import TYPE_CHECKING, TypeVar

from . import _asking
from ._asking import Asking
from ._child import Child
from ._clauses import Clauses, RootClauses, Seconds, members
from ._client import connected
from ._content import AttachmentContent, Json, MessageContent, attachment_fields, first_field, message_fields
from ._ends import asks, ends_here_awaited
from ._place import DEFAULT_URL, Place, Smtp
from ._wire import send_async

if TYPE_CHECKING:
    from typing_extensions import Self, Unpack

T = TypeVar("T")


async def _ask(place: Place, asking: Asking[T]) -> T:
    try:
        request = next(asking)
        while True:
            request = asking.send(await send_async(place, request))
    except StopIteration as done:
        answer: T = done.value
        return answer


@dataclass(frozen=True)
class AsyncAttachment(AttachmentContent):
    """As `Attachment`."""

    _place: Place = field(repr=False, compare=False)
    _id: str = field(repr=False, compare=False)

    @ends_here_awaited
    async def bytes(self) -> builtins.bytes:
        """Its bytes, transfer encoding undone; fetched now."""
        return await _ask(self._place, _asking.part(self._place, self._id, self.part))


@dataclass(frozen=True, repr=False)
class AsyncMessage(MessageContent[AsyncAttachment]):
    """As `Message`: what is not a field is fetched when it is awaited, while the server has it."""

    _place: Place = field(repr=False, compare=False)

    @ends_here_awaited
    async def raw(self) -> bytes:
        """The source, byte for byte as it was sent."""
        return await _ask(self._place, _asking.raw(self._place, self.id))

    @ends_here_awaited
    async def headers(self) -> dict[str, list[str]]:
        """Every field by its name (`Message-Id`), its values unfolded and otherwise as sent."""
        return await _ask(self._place, _asking.headers(self._place, self.id))

    @ends_here_awaited
    async def header(self, name: str) -> str | None:
        """The first field of this name, whatever its case, decoded; `None` if there is none."""
        return first_field(await _ask(self._place, _asking.headers(self._place, self.id, decoded=True)), name)

    @ends_here_awaited
    async def email(self) -> EmailMessage:
        """The source as the standard library reads it."""
        return message_from_bytes(await self.raw(), policy=policy.default)


def _message(place: Place, json: Json, cursor: str | None) -> AsyncMessage:
    def parts(name: str) -> tuple[AsyncAttachment, ...]:
        return tuple(AsyncAttachment(**attachment_fields(one), _place=place, _id=json["ID"]) for one in json[name])

    fields = message_fields(json, cursor)
    return AsyncMessage(**fields, attachments=parts("Attachments"), inline=parts("Inline"), _place=place)


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

    @ends_here_awaited
    async def messages(self, query: str | None = None) -> list[AsyncMessage]:
        """All messages, or those that a search such as `subject:welcome` finds; the newest first. Does not wait."""
        return self._all(await self._ask(_asking.messages(self._place, query)))

    @ends_here_awaited
    async def latest(self, query: str | None = None) -> AsyncMessage:
        """The newest message, or the newest that a search finds. Does not wait.

        Raises `NotFound` if there is none.
        """
        return _message(self._place, await self._ask(_asking.latest(self._place, query)), None)

    @ends_here_awaited
    async def message(self, id: str) -> AsyncMessage:
        """The message of this id. Raises `NotFound` if there is none."""
        return _message(self._place, await self._ask(_asking.message(self._place, id)), None)

    @ends_here_awaited
    async def cursor(self) -> str:
        """Now, in the order of arrival: `since=` this, a wait counts only what comes from now on."""
        return await self._ask(_asking.cursor(self._place))

    @ends_here_awaited
    async def clear(self) -> None:
        """Deletes every message of this mailbox, and of no other."""
        await self._ask(_asking.clear(self._place))

    @ends_here_awaited
    async def deliver(
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
        return await self._ask(_asking.deliver(self._place, source, from_, to))

    async def _ask(self, asking: Asking[T]) -> T:
        return await _ask(self._place, asking)

    def _all(self, found: _asking.Found) -> list[AsyncMessage]:
        return [_message(self._place, one, found.cursor) for one in found.messages]


class AsyncMailbox(_View):
    """As `Mailbox`: one mailbox, the messages whose client logged in by its name."""

    @property
    def name(self) -> str:
        """Its name, which is the SMTP user name."""
        assert self._place.name is not None
        return self._place.name

    @asks(Clauses)
    async def wait(self, **clauses: Unpack[Clauses]) -> AsyncMessage:
        """The oldest message like this: at once if it is there, else as soon as it comes.

        Waits 3 s, or `timeout` seconds. Raises `WaitFailed`, an AssertionError, with the server's explanation if none
        comes, and `NotUnderstood` if a clause cannot be read. Cancelled, it closes its connection.
        """
        return self._all(await self._ask(_asking.wait(self._place, members("wait", clauses, Clauses))))[0]

    @asks(Clauses)
    async def wait_several(
        self, count: int | None = None, *, exactly: int | None = None, **clauses: Unpack[Clauses]
    ) -> list[AsyncMessage]:
        """The oldest `count` messages like this, as soon as there are so many; or `exactly` so many.

        `exactly` also watches for 200 ms that no other comes. The oldest is the first. Waits 3 s, or `timeout` seconds.
        Raises `WaitFailed` if there are too few or too many.
        """
        question = members("wait_several", clauses, Clauses)
        return self._all(await self._ask(_asking.several(self._place, question, count, exactly)))

    @asks(Clauses)
    async def none(self, *, within: Seconds = 0.5, **clauses: Unpack[Clauses]) -> None:
        """That no message like this is there, nor comes within so many seconds. Raises `WaitFailed` if one does."""
        await self._ask(_asking.none(self._place, members("none", clauses, Clauses), within))

    def __repr__(self) -> str:
        return f"<AsyncMailbox {self.name!r} of {self._place.base}>"


class AsyncRestante(_View):
    """As `Restante`: a mail catcher, and the view of all its mailboxes. Made by awaiting `connect`, `start` or
    `connect_or_start`.
    """

    def __init__(self, place: Place, child: Child | None = None) -> None:
        super().__init__(place)
        self._child = child

    @classmethod
    @ends_here_awaited
    async def connect(cls, url: str | None = None) -> Self:
        """One that runs: at `url`, else `RESTANTE_URL`, else http://localhost:8025.

        `RESTANTE_SMTP_ADDRESS` (host:port) says where its SMTP is, if that is not where it says itself.
        Raises `Unreachable` if none answers there.
        """
        place = _asking.open_place(url or os.environ.get("RESTANTE_URL") or DEFAULT_URL)
        return cls(connected(place, await _ask(place, _asking.info(place))))

    @classmethod
    @ends_here_awaited
    async def start(cls, *arguments: str, binary: str | None = None) -> Self:
        """One of its own, on free ports, which ends with this process at the latest.

        `arguments` are its flags, such as `"--max-memory", "1GB"`. The program is `binary`, else `RESTANTE_BIN`, else
        `restante` on the PATH. Raises `NotStarted` if there is none, or if it ends at once.
        """
        child, place = await asyncio.to_thread(Child.start, arguments, binary)
        return cls(place, child)

    @classmethod
    @ends_here_awaited
    async def connect_or_start(cls) -> Self:
        """The one that `RESTANTE_URL` names, if it is set; else one of its own."""
        return await (cls.connect() if os.environ.get("RESTANTE_URL") else cls.start())

    def mailbox(self, name: str) -> AsyncMailbox:
        """The mailbox of this name, with mail in it or not. `default` has the mail of clients without a login."""
        return AsyncMailbox(self._place.mailbox(name))

    def fresh_mailbox(self, hint: str = "") -> AsyncMailbox:
        """A mailbox that nobody else has: its name is made of the hint and eight random characters."""
        return AsyncMailbox(self._place.fresh(hint))

    @asks(RootClauses)
    async def wait(self, **clauses: Unpack[RootClauses]) -> AsyncMessage:
        """As `AsyncMailbox.wait`, in all mailboxes or in `mailbox`."""
        return self._all(await self._ask(_asking.wait(self._place, members("wait", clauses, RootClauses))))[0]

    @asks(RootClauses)
    async def wait_several(
        self, count: int | None = None, *, exactly: int | None = None, **clauses: Unpack[RootClauses]
    ) -> list[AsyncMessage]:
        """As `AsyncMailbox.wait_several`, in all mailboxes or in `mailbox`."""
        question = members("wait_several", clauses, RootClauses)
        return self._all(await self._ask(_asking.several(self._place, question, count, exactly)))

    @asks(RootClauses)
    async def none(self, *, within: Seconds = 0.5, **clauses: Unpack[RootClauses]) -> None:
        """As `AsyncMailbox.none`, in all mailboxes or in `mailbox`."""
        await self._ask(_asking.none(self._place, members("none", clauses, RootClauses), within))

    async def close(self) -> None:
        """Stops it, if it was started here. May be called again."""
        if self._child is not None:
            await asyncio.to_thread(self._child.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<AsyncRestante at {self._place.base}>"


for _public in (AsyncAttachment, AsyncMessage, AsyncMailbox, AsyncRestante):
    _public.__module__ = "restante"
