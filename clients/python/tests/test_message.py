from __future__ import annotations

import dataclasses
import hashlib
from datetime import datetime, timezone
from email.message import EmailMessage
from typing import Any

import pytest

from restante import Address, Mailbox, Message, NotFound
from sending import send, send_message

PDF = bytes(range(256)) * 40
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(255, -1, -1))
TEXT = "Grüße!\n\nYour code is 481 516.\n"
HTML = '<p>Code <b>481 516</b></p><a href="https://app.test/verify?token=ä">Confirm</a><img src="cid:logo">'


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Änne Öl <anne@shop.test>"
    message["To"] = "Ann <ann@app.test>, bob+beta@app.test"
    message["Cc"] = "carl@app.test"
    message["Reply-To"] = "help@shop.test"
    message["Subject"] = "Grüße, 你好 📬"
    message["Date"] = datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    message["Message-ID"] = "<one@shop.test>"
    message["X-Greeting"] = "Servus, Österreich"
    message.set_content(TEXT)
    message.add_alternative(HTML, subtype="html")
    message.get_payload()[1].add_related(PNG, "image", "png", cid="<logo>")  # type: ignore[union-attr]
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="Rechnung ä.pdf")
    return message


@pytest.fixture
def message(box: Any) -> Any:
    send_message(box.smtp, letter())
    return box.wait(subject="Grüße")


def test_what_it_says(message: Any, box: Any) -> None:
    assert message.subject == "Grüße, 你好 📬"
    assert message.message_id == "one@shop.test"
    assert message.from_ == Address("Änne Öl", "anne@shop.test")
    assert str(message.from_) == "Änne Öl <anne@shop.test>"
    assert message.to == (Address("Ann", "ann@app.test"), Address("", "bob+beta@app.test"))
    assert str(message.to[1]) == "bob+beta@app.test"
    assert [one.address for one in message.cc] == ["carl@app.test"]
    assert message.bcc == ()
    assert [one.address for one in message.reply_to] == ["help@shop.test"]
    assert message.date == datetime(2026, 1, 2, 3, 4, 5, tzinfo=timezone.utc)
    assert abs((datetime.now(timezone.utc) - message.created).total_seconds()) < 60
    assert message.text.replace("\r\n", "\n") == TEXT
    assert message.html.strip() == HTML
    assert (message.mailbox, message.read, message.refusable) == (box.name, False, False)
    assert message.tags == ("beta",)
    assert message.json["ID"] == message.id


def test_codes_and_links(message: Any) -> None:
    assert message.code == "481516"
    assert [code.shown for code in message.codes] == ["481 516"]
    assert message.link is not None
    assert message.link.startswith("https://app.test/verify?token=")
    assert [(link.purpose, link.text) for link in message.links] == [("verify", "Confirm")]


def test_attachments_byte_for_byte(message: Any) -> None:
    [pdf], [png] = message.attachments, message.inline
    assert (pdf.name, pdf.type, pdf.size) == ("Rechnung ä.pdf", "application/pdf", len(PDF))
    assert pdf.bytes() == PDF
    assert (png.content_id, png.type) == ("logo", "image/png")
    assert png.bytes() == PNG
    assert pdf.md5 == hashlib.md5(PDF).hexdigest()
    assert pdf.sha1 == hashlib.sha1(PDF).hexdigest()
    assert pdf.sha256 == hashlib.sha256(PDF).hexdigest()


def test_an_attachment_can_be_asked_for(box: Any) -> None:
    send_message(box.smtp, letter())
    digest = hashlib.sha256(PDF).hexdigest()
    for asked in (
        *(True, "Rechnung", {"equals": "Rechnung ä.pdf"}, {"name": "rechnung", "type": "application/pdf"}),
        *({"digest": digest}, [{"type": "application/pdf"}, "Rechnung"]),
    ):
        assert box.wait(attachment=asked, timeout=0.2).attachments[0].sha256 == digest


def test_header_source_and_the_standard_library(message: Any) -> None:
    assert message.header("x-greeting") == "Servus, Österreich"
    assert message.header("X-None") is None
    assert message.headers()["Message-Id"] == ["<one@shop.test>"]
    assert message.headers()["X-Greeting"] == ["Servus, =?utf-8?q?=C3=96sterreich?="]
    assert message.raw().startswith(b"From: ")
    assert len(message.raw()) == message.size
    email = message.email
    assert isinstance(email, EmailMessage)
    assert email["Subject"] == message.subject
    assert next(email.iter_attachments()).get_content() == PDF


def test_a_header_is_decoded_as_the_server_reads_it(box: Any) -> None:
    box.deliver(b"To: ann@app.test\r\nX-Odd: =?no-such-charset?q?=41?=\r\n\r\n")
    message = box.wait()
    assert message.header("X-Odd") == "A"


def test_its_envelope(box: Any) -> None:
    send(box.smtp)
    envelope = box.wait().envelope
    assert (envelope.from_, envelope.to) == ("hello@shop.test", ("ann@app.test",))
    assert (envelope.door, envelope.user, envelope.tls) == ("smtp", box.name, None)


def test_findings(box: Any) -> None:
    box.deliver(b"To: ann@app.test\r\n\r\nx\n")
    ids = [finding.id for finding in box.wait().findings]
    assert "no-date" in ids


def test_it_cannot_be_changed_and_shows_what_tells_it_apart(mailbox: Mailbox) -> None:
    send(mailbox.smtp, 'A "quoted" subject')
    message = mailbox.wait()
    with pytest.raises(dataclasses.FrozenInstanceError):
        message.subject = "x"  # type: ignore[misc]
    assert repr(message) == '<Message "A \\"quoted\\" subject" from hello@shop.test to ann@app.test>'
    assert isinstance(message, Message)
    assert mailbox.latest() == mailbox.message(message.id)


def test_without_code_link_html_and_date(box: Any) -> None:
    box.deliver(b"To: ann@app.test\r\nDate: someday\r\n\r\nhello\r\n")
    message = box.wait()
    assert (message.code, message.link, message.html, message.attachments) == (None, None, "", ())
    assert (message.from_.address, message.subject) == ("", "")
    assert message.date.tzinfo is not None


def test_what_was_deleted_cannot_be_fetched(message: Any, box: Any) -> None:
    [attachment] = message.attachments
    box.clear()
    for fetch in (message.raw, message.headers, attachment.bytes):
        with pytest.raises(NotFound, match="no longer"):
            fetch()
