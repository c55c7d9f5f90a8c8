"""swaks, curl and openssl: what a shell script sends with, and what a strict verifier says of the certificate."""

import os
import subprocess
import unittest

from restante import ServerCase


class CommandLine(ServerCase):
    def run_ok(self, *command, **more):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, **more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def swaks(self, subject, *more):
        self.need("swaks")
        return self.run_ok(
            "swaks", "--to", "bob@app.test", "--from", "ann@app.test", "--header", f"Subject: {subject}", *more
        )

    def test_swaks_plain(self):
        self.swaks("swaks-plain", "--server", f"127.0.0.1:{self.ports['none']}")
        self.wait("subject:swaks-plain")

    def test_swaks_starttls_and_login(self):
        server = f"127.0.0.1:{self.ports['starttls']}"
        self.swaks("swaks-tls", "--server", server, "-tls", "-a", "LOGIN", "-au", "shell", "-ap", "x")
        self.assertIsNotNone(self.wait("subject:swaks-tls", mailbox="shell")["Envelope"]["TLS"])

    def test_swaks_tls_on_connect_with_an_attachment(self):
        self.swaks("swaks-file", "--server", f"127.0.0.1:{self.ports['implicit']}", "-tlsc", "--attach", "@" + __file__)
        self.assertEqual(len(self.wait("subject:swaks-file")["Attachments"]), 1)

    def curl(self, url, subject, *more):
        self.need("curl")
        path = os.path.join(self.folder, subject)
        with open(path, "wb") as file:
            file.write(f"From: a@app.test\r\nSubject: {subject}\r\n\r\n.dot\r\n".encode())
        self.run_ok("curl", "-sS", url, "--mail-from", "a@app.test", "--mail-rcpt", "b@app.test", "-T", path, *more)
        message = self.wait(f"subject:{subject}")
        with open(path, "rb") as file:
            self.assertEqual(self.raw(message), file.read())
        return message

    def test_curl_plain(self):
        self.curl(f"smtp://localhost:{self.ports['none']}", "curl-plain")

    def test_curl_starttls_verified(self):
        url = f"smtp://localhost:{self.ports['starttls']}"
        message = self.curl(url, "curl-starttls", "--ssl-reqd", "--cacert", self.ca, "-u", "curl:x")
        self.assertEqual(message["Mailbox"], "curl")

    def test_curl_tls_verified(self):
        self.curl(f"smtps://localhost:{self.ports['implicit']}", "curl-tls", "--cacert", self.ca)

    def test_the_downloaded_ca_is_the_saved_one_and_verifies_strictly(self):
        self.need("openssl")
        with open(self.ca, "rb") as file:
            self.assertEqual(self.get("/ca.pem"), file.read())
        said = self.run_ok(
            "openssl", "s_client", "-connect", f"localhost:{self.ports['implicit']}", "-CAfile", self.ca, "-x509_strict",
            "-verify_return_error", "-verify_hostname", "localhost", input="QUIT\r\n",
        )
        self.assertIn("Verify return code: 0 (ok)", said)


if __name__ == "__main__":
    unittest.main()
