from __future__ import annotations

import pickle
import re
from email.message import EmailMessage
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from restante import Mailbox, NotFound, NotUnderstood, Restante
from sending import log_in_as, send

HOSTILE = [
    *("a/b", "a b", "ann@app.test", "50%", "%2F", "a+b", "a?b#c", "...", "/", "//", "\\", "ü", "你好", "📬"),
    *('"quoted"', "<b>", "a\tb", "a:b", "a;b=c", "'", "default", "x" * 200),
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_one_mailbox(root: Any, restante: Restante, name: str) -> None:
    # Both faces, and a run beside this one, have the same names.
    own = restante.fresh_mailbox().name
    log_in_as(restante.smtp, name, f"Subject: {own}\r\n\r\n".encode()) if name != "default" else send(
        restante.smtp, own
    )
    mailbox = root.mailbox(name)
    assert mailbox.name == name
    message = mailbox.wait(subject=own)
    assert message.mailbox == name
    assert message.raw().startswith(b"Subject: " if name != "default" else b"From: ")
    assert own in [one.subject for one in mailbox.messages()]
    with urlopen(mailbox.url) as page:
        assert page.status == 200
    assert mailbox.smtp.env == {
        "SMTP_HOST": mailbox.smtp.host,
        "SMTP_PORT": str(mailbox.smtp.port),
        "SMTP_URL": mailbox.smtp.url,
        "SMTP_USER": mailbox.name,
        "SMTP_PASSWORD": "x",
    }
    assert mailbox.smtp.url.startswith(f"smtp://{mailbox.url.rstrip('/').rpartition('/')[2]}:x@")


def test_a_name_is_a_text_with_something_in_it(root: Any) -> None:
    with pytest.raises(ValueError, match="A mailbox has a name"):
        root.mailbox("")
    with pytest.raises(ValueError, match=r"No mailbox can be named '\.\.'"):
        root.mailbox("..")
    with pytest.raises(TypeError):
        root.mailbox(None)


@pytest.mark.parametrize(
    ("hint", "beginning"),
    [
        ("Sign Up!", "sign-up-"),
        ("test_welcome[größe-é]", "test-welcome-grosse-e-"),
        ("你好", "mailbox-"),
        ("", "mailbox-"),
        ("a" * 100, "a" * 40 + "-"),
        ("a" * 39 + "-b", "a" * 39 + "-"),
    ],
)
def test_a_fresh_mailbox_has_a_name_of_its_own(root: Any, hint: str, beginning: str) -> None:
    names = {root.fresh_mailbox(hint).name for _ in range(100)}
    assert len(names) == 100
    assert all(re.fullmatch(re.escape(beginning) + "[a-z0-9]{8}", name) for name in names)


def test_where_smtp_is(root: Any) -> None:
    smtp = root.mailbox("a b@c").smtp
    assert (smtp.user, smtp.password) == ("a b@c", "x")
    assert smtp.url == f"smtp://{quote('a b@c', safe='')}:x@{smtp.host}:{smtp.port}"
    assert (root.smtp.user, root.smtp.password) == (None, None)
    assert root.smtp.url == f"smtp://{smtp.host}:{smtp.port}"


def test_messages_newest_first_and_by_search(box: Any) -> None:
    assert box.messages() == []
    for subject in ("One", "Two", "Three"):
        send(box.smtp, subject, text=f"{subject} it is.\n")
    assert [one.subject for one in box.messages()] == ["Three", "Two", "One"]
    assert [one.text.strip() for one in box.messages("subject:T")] == ["Three it is.", "Two it is."]
    assert box.latest().subject == "Three"
    assert box.latest("subject:One").subject == "One"
    assert box.message(box.latest().id).subject == "Three"
    with pytest.raises(NotUnderstood):
        box.messages("(subject:One")


def test_what_is_not_there(box: Any) -> None:
    with pytest.raises(NotFound, match=re.escape(f'There is no message in mailbox "{box.name}"')):
        box.latest()
    with pytest.raises(LookupError, match=r"There is no message .\.\./x"):
        box.message("../x")


def test_clear_empties_no_other(root: Any, box: Any) -> None:
    other = root.fresh_mailbox("other")
    send(box.smtp)
    send(other.smtp)
    box.clear()
    assert box.messages() == []
    assert len(other.messages()) == 1
    box.clear()


def test_deliver(box: Any) -> None:
    source = b"Subject: as it is\r\n\r\n\xff\x00.\r\n"
    id = box.deliver(source, from_="a+b@shop.test", to=["ann@app.test", "bob@app.test"])
    message = box.message(id)
    assert message.raw() == source
    assert message.envelope.from_ == "a+b@shop.test"
    assert message.envelope.to == ("ann@app.test", "bob@app.test")
    assert box.message(box.deliver("Subject: Grüße\r\n\r\n", to="ann@app.test")).subject == "Grüße"
    letter = EmailMessage()
    letter["To"], letter["Subject"] = "ann@app.test", "Öl"
    letter.set_content("x\n")
    delivered = box.message(box.deliver(letter))
    assert delivered.subject == "Öl"
    assert b"\r\n" in delivered.raw()
    with pytest.raises(NotUnderstood, match="names no recipient"):
        box.deliver(b"Subject: x\r\n\r\n")


def test_it_and_its_messages_can_be_sent_to_another_process(binary: str) -> None:
    with Restante.start(binary=binary) as own:
        mailbox = own.fresh_mailbox("a")
        send(mailbox.smtp)
        again, message = pickle.loads(pickle.dumps((mailbox, mailbox.wait())))
        assert again.smtp == mailbox.smtp
        assert again.wait() == message
        assert len({again.wait(), message}) == 1
        assert message.raw().startswith(b"From")


def test_it_shows_where_it_is(mailbox: Mailbox) -> None:
    assert re.fullmatch(rf"<Mailbox '{mailbox.name}' of http://[^ ]+>", repr(mailbox))
