"""Sends as an application does: by SMTP, with the login of a mailbox."""

from __future__ import annotations

import smtplib
from email.message import EmailMessage

from restante import Smtp


def send(
    smtp: Smtp,
    subject: str = "Welcome",
    *,
    to: str = "ann@app.test",
    sender: str = "hello@shop.test",
    text: str = "Good day.\n",
    headers: dict[str, str] | None = None,
) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    send_message(smtp, message)


def send_message(smtp: Smtp, message: EmailMessage) -> None:
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        if smtp.user is not None:
            client.login(smtp.user, smtp.password or "")
        client.send_message(message)


def log_in_as(smtp: Smtp, name: str, source: bytes) -> None:
    """For names that smtplib does not log in by: it writes ASCII alone."""
    import base64

    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.ehlo()
        login = base64.b64encode(b"\0" + name.encode() + b"\0x").decode()
        assert client.docmd("AUTH", f"PLAIN {login}")[0] == 235
        client.sendmail("hello@shop.test", ["ann@app.test"], source)
