from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from restante import AsyncMailbox, AsyncRestante, Mailbox, Restante, WaitFailed
from sending import send

MANY = 64


def test_many_waits_in_threads(restante: Restante) -> None:
    mailboxes = [restante.fresh_mailbox(f"thread-{number}") for number in range(MANY)]
    # All are held at once: a limit of threads or connections below it would hold up the first of them.
    all_there = threading.Barrier(MANY)

    def wait(mailbox: Mailbox) -> str:
        all_there.wait(20)
        return mailbox.wait(subject="Welcome", timeout=60).mailbox

    with ThreadPoolExecutor(MANY) as pool:
        waiting = [pool.submit(wait, mailbox) for mailbox in mailboxes]
        for mailbox in reversed(mailboxes):
            send(mailbox.smtp)
        assert [one.result(60) for one in waiting] == [mailbox.name for mailbox in mailboxes]


def test_many_waits_in_tasks(async_restante: AsyncRestante) -> None:
    async def all_of_them() -> None:
        mailboxes = [async_restante.fresh_mailbox(f"task-{number}") for number in range(MANY)]
        waiting = [asyncio.create_task(mailbox.wait(subject="Welcome", timeout=60)) for mailbox in mailboxes]
        # What is sent last is waited for first.
        for mailbox in reversed(mailboxes):
            await mailbox.deliver("Subject: Welcome\r\n\r\n", to="ann@app.test")
        found = await asyncio.gather(*waiting)
        assert [message.mailbox for message in found] == [mailbox.name for mailbox in mailboxes]

    asyncio.run(all_of_them())


def test_many_waits_are_held_while_one_after_the_other_is_answered(async_restante: AsyncRestante) -> None:
    async def all_of_them() -> None:
        mailbox = async_restante.fresh_mailbox("one")
        waiting = [
            asyncio.create_task(mailbox.wait(subject={"equals": f"Number {number}"}, timeout=60))
            for number in range(MANY)
        ]
        for number in reversed(range(MANY)):
            await mailbox.deliver(f"Subject: Number {number}\r\n\r\n", to="ann@app.test")
            assert (await waiting[number]).subject == f"Number {number}"

    asyncio.run(all_of_them())


def test_a_cancelled_wait_closes_its_connection() -> None:
    """Against a server that never answers."""

    async def cancelled() -> None:
        asked, closed = asyncio.Event(), asyncio.Event()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            head = await reader.readuntil(b"\r\n\r\n")
            if b"/info" in head:
                body = b'{"Cursor": "a-0", "Doors": []}'
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            else:
                asked.set()
                try:
                    while await reader.read(1000):
                        pass
                except ConnectionError:
                    pass
                closed.set()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            restante = await AsyncRestante.connect(f"http://127.0.0.1:{port}")
            waiting = asyncio.create_task(restante.mailbox("a").wait(timeout=60))
            await asked.wait()
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await asyncio.wait_for(closed.wait(), 5)

    asyncio.run(cancelled())


def test_one_object_in_several_event_loops(async_mailbox: AsyncMailbox) -> None:
    for number in range(3):
        asyncio.run(async_mailbox.deliver(f"Subject: Number {number}\r\n\r\n", to="ann@app.test"))
    assert len(asyncio.run(async_mailbox.messages())) == 3


@pytest.mark.parametrize("number", range(32))
def test_each_test_sees_its_own_mail(mailbox: Mailbox, number: int) -> None:  # noqa: ARG001 - so many tests
    """With pytest-xdist many at once, all with the same recipient and subject."""
    for turn in range(3):
        send(mailbox.smtp, "Welcome", to="ann@app.test", text=f"{mailbox.name} {turn}\n")
    found = mailbox.wait_several(exactly=3, to="ann@app.test", subject="Welcome")
    assert [message.text.strip() for message in found] == [f"{mailbox.name} {turn}" for turn in range(3)]


def test_what_is_elsewhere_is_not_here(restante: Restante, mailbox: Mailbox) -> None:
    send(restante.fresh_mailbox("other").smtp)
    with pytest.raises(WaitFailed, match="Nothing arrived in it"):
        mailbox.wait(subject="Welcome", timeout=0.05)
