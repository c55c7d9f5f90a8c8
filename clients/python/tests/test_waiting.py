from __future__ import annotations

import concurrent.futures
import pickle
import re
import time
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from restante import Clauses, Mailbox, NotUnderstood, WaitFailed
from restante._clauses import members
from sending import send


def test_what_is_there_is_answered_at_once(box: Any) -> None:
    send(box.smtp)
    message = box.wait(to="ann@app.test", subject="welc")
    assert (message.subject, message.mailbox) == ("Welcome", box.name)


def test_what_comes_later_is_waited_for(box: Any) -> None:
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(box.wait, subject="Second", timeout=20)
        send(box.smtp, "First")
        # The first one was compared with the question, or is there when it is asked; neither is the answer.
        assert box.wait(subject="First").subject == "First"
        send(box.smtp, "Second")
        assert waiting.result(20).subject == "Second"


@pytest.mark.parametrize(
    "clauses",
    [
        {"from_": "hello@shop.test"},
        {"to": ["ann@", "app.test"]},
        {"cc": "carl@app.test"},
        {"bcc": "bea@app.test"},
        {"reply_to": "help@shop.test"},
        {"envelope": "hello@shop.test"},
        {"subject": {"equals": "Your order"}},
        {"subject": {"contains": "ORDER"}},
        {"subject": {"regex": "^your"}},
        {"subject": ("your", re.compile("order$"))},
        {"body": "tomorrow"},
        {"message_id": "one@shop.test"},
        {"header": {"X-Kind": "receipt", "X-Tags": True}},
        {"header": {"X-Kind": re.compile("^rec")}},
        {"tag": "beta"},
        {"tag": ["beta", "signup"]},
        {"attachment": False},
        {"size": {"larger": 10, "smaller": "1MB"}},
        {"findings": True},
        {"findings": "no-date"},
        {"refusable": False},
        {"query": "subject:order -has:attachment"},
        {"since": datetime(2020, 1, 1, tzinfo=timezone.utc)},
        {"timeout": timedelta(seconds=2)},
        {"timeout": 2},
    ],
    ids=str,
)
def test_each_clause_is_understood_and_counts(box: Any, clauses: dict[str, Any]) -> None:
    headers = {
        "Cc": "carl@app.test",
        "Bcc": "bea@app.test",
        "Reply-To": "help@shop.test",
        "Message-ID": "<one@shop.test>",
        "X-Kind": "receipt",
        "X-Tags": "beta, signup",
    }
    box.deliver(
        "From: hello@shop.test\r\nTo: ann@app.test\r\nSubject: Your order\r\n"
        + "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        + "\r\nIt leaves tomorrow.\r\n"
    )
    assert box.wait(**clauses).subject == "Your order"


@pytest.mark.parametrize(
    "clauses",
    [
        {"from_": "bob@shop.test"},
        {"to": ["ann@", "bob@"]},
        {"cc": "x"},
        {"subject": {"equals": "your order"}},
        {"subject": re.compile("your")},
        {"header": {"X-Kind": True}},
        {"tag": "beta"},
        {"attachment": True},
        {"attachment": re.compile("pdf")},
        {"attachment": {"type": "application/pdf"}},
        {"size": {"larger": "1MB"}},
        {"findings": "bare-lf"},
        {"refusable": True},
        {"since": "now"},
        {"since": datetime(2100, 1, 1)},
    ],
    ids=str,
)
def test_each_clause_can_fail(mailbox: Mailbox, clauses: dict[str, Any]) -> None:
    send(mailbox.smtp, "Your order")
    with pytest.raises(WaitFailed):
        mailbox.wait(**clauses, timeout=0.05)


def test_several(box: Any) -> None:
    for number in range(3):
        send(box.smtp, f"Number {number}")
    assert [one.subject for one in box.wait_several(2, subject="Number")] == ["Number 0", "Number 1"]
    assert len(box.wait_several(exactly=3)) == 3
    with pytest.raises(WaitFailed, match=r"^Exactly 2 messages were expected"):
        box.wait_several(exactly=2, subject="Number")
    with pytest.raises(WaitFailed) as failure:
        box.wait_several(4, subject="Number", timeout=0.05)
    assert [one.subject for one in failure.value.found] == [f"Number {number}" for number in range(3)]
    assert failure.value.expected == "at least 4"


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((2,), {"exactly": 2}), ((True,), {}), (("2",), {})])
def test_several_needs_one_number(box: Any, args: Any, kwargs: Any) -> None:
    with pytest.raises(TypeError):
        box.wait_several(*args, **kwargs)


def test_none(box: Any) -> None:
    send(box.smtp)
    box.none(subject="Invoice", within=0.05)
    box.none(subject="Invoice", within=timedelta(milliseconds=50))
    with pytest.raises(WaitFailed, match=r"^No message was expected in mailbox .*, but one matched") as failure:
        box.none(subject="Welcome", within=0.05)
    assert failure.value.expected == "none"
    with pytest.raises(TypeError, match="within"):
        box.none(subject="Invoice", timeout=1)


def test_a_cursor_leaves_out_what_was_there(box: Any) -> None:
    send(box.smtp, "Code 1")
    before = box.cursor()
    with pytest.raises(WaitFailed) as failure:
        box.wait(subject="code", since=before, timeout=0.05)
    assert [one.subject for one in failure.value.earlier] == ["Code 1"]
    send(box.smtp, "Code 2")
    second = box.wait(subject="code", since=before)
    assert second.subject == "Code 2"
    box.none(subject="code", since=second.cursor, within=0.05)


def test_all_mailboxes_and_one_of_them_from_the_root(root: Any, mailbox: Mailbox) -> None:
    send(mailbox.smtp, to="only-here@app.test")
    assert root.wait(to="only-here@app.test", mailbox=mailbox.name).mailbox == mailbox.name
    assert root.wait(query=f"mailbox:{mailbox.name}").mailbox == mailbox.name
    assert len(root.wait_several(exactly=1, mailbox=mailbox.name)) == 1
    root.none(mailbox=mailbox.name, subject="Invoice", within=0.05)


def test_a_failure_has_its_parts(box: Any, root: Any) -> None:
    other = root.fresh_mailbox("other")
    send(other.smtp, "Welcome")
    send(box.smtp, "Welcom")
    with pytest.raises(WaitFailed) as caught:
        box.wait(subject="Welcome", timeout=0.05)
    failure = caught.value
    assert str(failure) == failure.detail == failure.problem["detail"]
    assert failure.detail.startswith(f'No message in mailbox "{box.name}" matched subject:Welcome within 50 ms.\n')
    assert failure.arrived_count == 1
    [near] = failure.near_misses
    assert near.message.subject == "Welcom"
    assert [(miss.clause, miss.found) for miss in near.failed] == [("subject", '"Welcom"')]
    assert other.name in [one.mailbox for one in failure.elsewhere]
    # From process to process, as parallel runners send it.
    again = pickle.loads(pickle.dumps(failure))
    assert (type(again), str(again), again.near_misses) == (WaitFailed, str(failure), failure.near_misses)


def test_a_broken_connection_is_told(mailbox: Mailbox) -> None:
    import socket

    smtp = mailbox.smtp
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(mailbox.wait, timeout=1)
        with socket.create_connection((smtp.host, smtp.port)) as wire:
            wire.recv(100)
            wire.sendall(b"EHLO broken.test\r\nMAIL FROM:<a@b.test>\r\n")
            wire.recv(1000)
        with pytest.raises(WaitFailed) as failure:
            waiting.result()
    assert any(session.door == "smtp" and session.trouble for session in failure.value.sessions)


def test_a_misspelt_clause_is_refused_before_anything_is_sent(box: Any) -> None:
    with pytest.raises(
        TypeError, match=r"^wait\(\) got an unexpected keyword argument 'sbject'. Did you mean 'subject'"
    ):
        box.wait(sbject="Welcome")
    with pytest.raises(TypeError, match=r"^none\(\) got .* 'replyTo'. Did you mean 'reply_to'"):
        box.none(replyTo="Welcome")
    with pytest.raises(TypeError, match="'mailbox'"):
        box.wait(mailbox="other")


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ({"subject": None}, "subject is None; leave it out"),
        ({"subject": b"Welcome"}, "subject must be a text"),
        ({"subject": re.compile(b"Welcome")}, "a pattern of bytes cannot be compared"),
        ({"subject": 7}, "subject must be a text, a pattern or a list of them, found 7"),
        ({"header": "X-Kind"}, "header must be a dict"),
        ({"size": 100}, "size must be a dict"),
        ({"refusable": "yes"}, "refusable must be True or False"),
        ({"timeout": "3s"}, "timeout must be a number of seconds or a timedelta, found '3s'"),
        ({"timeout": True}, "timeout must be a number of seconds"),
        ({"attachment": 7}, "attachment must be"),
    ],
    ids=str,
)
def test_a_value_of_the_wrong_type_is_refused(box: Any, clauses: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=re.escape(said)):
        box.wait(**clauses)


@pytest.mark.parametrize(
    ("clauses", "said"),
    [
        ({"timeout": -1}, "timeout cannot be -1"),
        ({"timeout": float("nan")}, "timeout cannot be nan"),
        ({"subject": []}, "subject is empty"),
        ({"subject": ""}, '"subject" is empty'),
        ({"subject": re.compile("a", re.ASCII)}, "re.ASCII cannot be passed on"),
        ({"subject": re.compile("(?=a)")}, "look-around"),
        ({"subject": {"like": "a"}}, '"subject.like" is not known here'),
        ({"attachment": {"nme": "a"}}, '"attachment.nme" is not known here'),
        ({"findings": "no-such"}, 'there is no finding "no-such"'),
        ({"timeout": 500}, "timeout is 500 s; a question is held for 300 s at most"),
        ({"since": "yesterday"}, '"yesterday" is not a cursor'),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_read_is_refused(box: Any, clauses: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=re.escape(said)) as failure:
        box.wait(**clauses)
    assert isinstance(failure.value, NotUnderstood) or not said.startswith('"')


def test_a_datetime_without_a_zone_is_local_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XXX-2")
    time.tzset()
    try:
        asked = members("wait", {"since": datetime(2026, 1, 2, 3, 4, 5, 600000)}, Clauses)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert asked == {"since": "2026-01-02T01:04:05.600000Z"}


def test_the_time_is_kept(mailbox: Mailbox) -> None:
    began = time.monotonic()
    with pytest.raises(WaitFailed, match="within 300 ms"):
        mailbox.wait(timeout=0.3)
    assert time.monotonic() - began >= 0.3


async def blocked(mailbox: Mailbox) -> None:
    mailbox.wait(subject="Welcome", timeout=0.05)


def test_a_blocking_wait_in_an_event_loop_says_so_when_it_fails(mailbox: Mailbox) -> None:
    import asyncio

    with pytest.raises(WaitFailed) as failure:
        asyncio.run(blocked(mailbox))
    assert str(failure.value).startswith(failure.value.detail + "\nThis wait held up the event loop")
    assert "async_mailbox" in str(failure.value)
