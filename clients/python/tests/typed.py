"""What a type checker is to accept, and what it is to refuse: the lines with an `expect`."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from typing_extensions import assert_type

from restante import AsyncMailbox, AsyncMessage, Mailbox, Message, Restante


def right(mailbox: Mailbox, restante: Restante) -> None:
    message = mailbox.wait(
        from_="hello@",
        to=["ann@app.test", re.compile("ann")],
        subject={"regex": "order #[0-9]+"},
        header={"X-Kind": "welcome", "X-Other": True},
        attachment={"name": re.compile("pdf$"), "type": "application/pdf"},
        size={"larger": "100kb"},
        findings=["no-date"],
        since=datetime.now(),
        timeout=timedelta(seconds=2),
    )
    assert_type(message, Message)
    assert_type(message.code, "str | None")
    assert_type(message.attachments[0].bytes(), bytes)
    assert_type(mailbox.wait_several(2, to="ann@app.test"), "list[Message]")
    mailbox.none(to="ann@app.test", within=0.5)
    restante.wait(mailbox="worker-3", timeout=1)


async def right_async(mailbox: AsyncMailbox) -> None:
    message = await mailbox.wait(to="ann@app.test")
    assert_type(message, AsyncMessage)
    assert_type(await message.attachments[0].bytes(), bytes)


def wrong(mailbox: Mailbox) -> None:
    mailbox.wait(sbject="Welcome")  # expect: Unexpected keyword argument "sbject" for "wait" of "Mailbox"
    mailbox.wait(mailbox="other")  # expect: Unexpected keyword argument "mailbox"
    mailbox.wait(subject=None)  # expect: Argument "subject" to "wait" of "Mailbox" has incompatible type "None"
    mailbox.wait(subject=re.compile(b"Welcome"))  # expect: Argument 1 to "compile" has incompatible type "bytes"
    mailbox.wait(timeout="3s")  # expect: Argument "timeout" to "wait" of "Mailbox" has incompatible type "str"
    mailbox.wait(size={"bigger": 1})  # expect: Extra key "bigger" for TypedDict "SizeMatch"
    mailbox.wait("Welcome")  # expect: Too many positional arguments for "wait" of "Mailbox"
    mailbox.wait(to="ann@app.test").subject = "x"  # expect: Property "subject" defined in


async def wrong_async(mailbox: AsyncMailbox) -> None:
    await mailbox.none(sbject="Welcome")  # expect: Unexpected keyword argument "sbject" for "none" of "AsyncMailbox"
