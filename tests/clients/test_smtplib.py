"""Python's smtplib: default settings, STARTTLS and TLS verified strictly against the saved CA, every login."""

import email.message
import smtplib
import ssl
import unittest

from restante import ServerCase


def letter(subject):
    message = email.message.EmailMessage()
    message["From"] = "Änne <ann@app.test>"
    message["To"] = "bob@app.test"
    message["Subject"] = subject
    message.set_content("Grüße\n.\n..dots\nFrom here\n")
    message.add_alternative("<p>Grüße</p>", subtype="html")
    message.add_attachment(bytes(range(256)), maintype="application", subtype="octet-stream", filename="ä.bin")
    return message


class Smtplib(ServerCase):
    def strict(self):
        context = ssl.create_default_context(cafile=self.ca)
        # The default of Python 3.13 and later.
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    def test_plain_with_its_defaults(self):
        with smtplib.SMTP("localhost", self.ports["none"]) as client:
            self.assertEqual(client.send_message(letter("by default")), {})
        message = self.wait('subject:"by default"')
        self.assertEqual(message["From"]["Name"], "Änne")
        self.assertEqual(message["Attachments"][0]["FileName"], "ä.bin")
        self.assertEqual(message["Mailbox"], "default")

    def test_bytes_come_back_as_they_were_sent(self):
        raw = b"Subject: bytes\r\nX-Odd: \xff\xfe\r\n\r\n.\r\n..\r\n.x\r\n\x00\x01\r\n" + b"long " * 1000 + b"\r\n"
        with smtplib.SMTP("localhost", self.ports["none"]) as client:
            client.sendmail("a@app.test", ["b@app.test"], raw)
        self.assertEqual(self.raw(self.wait("subject:bytes")), raw)

    def test_starttls_is_offered_on_the_submission_door_only_and_verifies(self):
        with smtplib.SMTP("localhost", self.ports["none"]) as client:
            client.ehlo()
            self.assertFalse(client.has_extn("starttls"))
        with smtplib.SMTP("localhost", self.ports["starttls"]) as client:
            client.starttls(context=self.strict())
            client.login("worker-1", "anything")
            client.send_message(letter("upgraded"))
        message = self.wait("subject:upgraded", mailbox="worker-1")
        self.assertTrue(message["Envelope"]["TLS"]["Version"].startswith("TLSv1."))

    def test_tls_from_the_first_byte_verifies_by_name_and_address(self):
        for host in ("localhost", "127.0.0.1"):
            with smtplib.SMTP_SSL(host, self.ports["implicit"], context=self.strict()) as client:
                client.send_message(letter(f"wrapped {host}"))
            self.assertEqual(self.wait(f'subject:"wrapped {host}"')["Envelope"]["Door"], "smtps")

    def test_every_login_is_accepted_without_tls(self):
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5"):
            with smtplib.SMTP("localhost", self.ports["none"]) as client:
                client.ehlo()
                self.assertIn(mechanism, client.esmtp_features["auth"])
                client.user, client.password = f"user-{mechanism}", "any"
                method = getattr(client, "auth_" + mechanism.lower().replace("-", "_"))
                client.auth(mechanism, method)
                client.send_message(letter(f"login {mechanism}"))
            self.wait(f'subject:"login {mechanism}"', mailbox=f"user-{mechanism}")

    def test_an_address_beyond_ascii(self):
        with smtplib.SMTP("localhost", self.ports["none"]) as client:
            client.sendmail("grün@app.test", ["böb@app.test"], "Subject: utf8\r\n\r\nx\r\n", mail_options=["SMTPUTF8"])
        self.assertEqual(self.wait("subject:utf8")["Envelope"]["To"][0]["Address"], "böb@app.test")

    def test_a_tls_client_at_the_plain_door_is_served_at_its_second_try(self):
        def attempt():
            with smtplib.SMTP_SSL("localhost", self.ports["none"], context=self.strict()) as client:
                client.send_message(letter("knocked"))

        try:
            attempt()
        except (ssl.SSLError, OSError):
            attempt()
        self.wait("subject:knocked")


if __name__ == "__main__":
    unittest.main()
