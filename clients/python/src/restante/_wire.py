"""Carries a request to the server and its answer back.

Each has a connection of its own, so that any number can be under way, from any thread and in any event loop.
"""

from __future__ import annotations

import asyncio
import errno
import http.client
import io
import os
import re
import ssl
from typing import Any

from ._asking import Answer, Request
from ._errors import RestanteError
from ._place import Place

_CONNECT_SECONDS = 10.0


def send(place: Place, request: Request) -> Answer:
    """Blocks the thread until the answer is there.

    Raises `Unreachable` if none comes.
    """
    base = place.base
    kind = http.client.HTTPSConnection if base.secure else http.client.HTTPConnection
    connection = kind(base.host, base.port, timeout=_CONNECT_SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(request.seconds)
        connection.request(request.method, request.path, request.body, _headers(request))
        answer = connection.getresponse()
        return Answer(answer.status, answer.reason, answer.read())
    except (OSError, http.client.HTTPException) as error:
        raise place.unreachable(_reason(error, request)) from None
    finally:
        connection.close()


async def send_async(place: Place, request: Request) -> Answer:
    """Awaits the answer. Cancelled, it closes its connection.

    Raises `Unreachable` if none comes.
    """
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        raise RestanteError(
            "The async face runs on asyncio, and no event loop of asyncio runs here; with anyio, choose that back end."
        ) from None
    try:
        return await asyncio.wait_for(_exchange(place, request), _CONNECT_SECONDS + request.seconds)
    except (OSError, EOFError, http.client.HTTPException, asyncio.TimeoutError, asyncio.LimitOverrunError) as error:
        raise place.unreachable(_reason(error, request)) from None


async def _exchange(place: Place, request: Request) -> Answer:
    base = place.base
    context = ssl.create_default_context() if base.secure else None
    reader, writer = await asyncio.open_connection(base.host, base.port, ssl=context)
    try:
        fields = {"Host": base.authority, "Content-Length": str(len(request.body)), **_headers(request)}
        lines = [f"{request.method} {request.path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        writer.write("\r\n".join([*lines, "", ""]).encode("ascii") + request.body)
        await writer.drain()
        head = await _head(reader)
        length = re.search(rb"\r\ncontent-length: *([0-9]+)\r\n", head, re.I)
        # Without a length the answer ends with the connection.
        body = await (reader.read() if length is None else reader.readexactly(int(length[1])))
        return _parsed(head + body)
    finally:
        writer.transport.abort()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise http.client.BadStatusLine(error.partial.decode("latin-1")) from None
        raise http.client.RemoteDisconnected("") from None


def _parsed(answer: bytes) -> Answer:
    """An answer read by the standard library's own parser."""

    class Wire:
        def makefile(self, _mode: str) -> io.BytesIO:
            return io.BytesIO(answer)

    wire: Any = Wire()
    response = http.client.HTTPResponse(wire)
    response.begin()
    return Answer(response.status, response.reason, response.read())


def _headers(request: Request) -> dict[str, str]:
    fields = {"Accept": "application/json", "Connection": "close"}
    return {**fields, "Content-Type": request.type} if request.body else fields


def _reason(error: BaseException, request: Request) -> str:
    """Why there is no answer, in the system's words, the same for both faces."""
    if isinstance(error, (asyncio.TimeoutError, TimeoutError)) and getattr(error, "errno", None) is None:
        return f"it took longer than {request.seconds:g} s"
    if isinstance(error, http.client.RemoteDisconnected):
        return "it closed the connection without an answer"
    if isinstance(error, http.client.BadStatusLine):
        return f"what answers does not speak HTTP ({str(error).strip()[:80]})"
    if isinstance(error, http.client.HTTPException):
        return f"the answer broke off ({error})" if str(error) else "the answer broke off"
    if isinstance(error, ssl.SSLError):
        return f"TLS failed ({getattr(error, 'verify_message', '') or error.reason or error})"
    if isinstance(error, EOFError):
        return "the answer broke off"
    number = getattr(error, "errno", None)
    if number is None:
        # asyncio tells of several addresses at once.
        several = set(re.findall(r"\[Errno (\d+)\]", str(error)))
        number = int(several.pop()) if len(several) == 1 else None
    if isinstance(number, int) and number in errno.errorcode:
        return os.strerror(number)
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
