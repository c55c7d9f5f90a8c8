"""The example of the feature `mailin`: a stock mailin-embedded server with our inbox behind it, met by real clients."""

import os
import smtplib
import socket
import subprocess
import time
import unittest

from restante import ServerCase
from test_smtplib import letter

EXAMPLE = os.environ.get("RESTANTE_MAILIN")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(EXAMPLE, "the example was not built (RESTANTE_MAILIN)")
class Mailin(ServerCase):
    @classmethod
    def setUpClass(cls):
        cls.smtp, http = free_port(), free_port()
        cls.ready = {"http": f"http://127.0.0.1:{http}"}
        cls.process = subprocess.Popen([EXAMPLE, str(cls.smtp), str(http)], stdout=subprocess.DEVNULL)
        for _ in range(3000):
            try:
                socket.create_connection(("127.0.0.1", cls.smtp)).close()
                return
            except OSError:
                time.sleep(0.01)
        raise AssertionError("the example does not listen")

    @classmethod
    def tearDownClass(cls):
        # mailin-embedded has no stop.
        cls.process.kill()
        cls.process.wait()

    def test_smtplib(self):
        with smtplib.SMTP("127.0.0.1", self.smtp) as client:
            client.send_message(letter("through mailin"))
        message = self.wait('subject:"through mailin"')
        self.assertEqual(message["Envelope"]["Door"], "mailin")
        self.assertEqual(message["Attachments"][0]["FileName"], "ä.bin")

    def test_swaks(self):
        self.need("swaks")
        command = ["swaks", "--to", "bob@app.test", "--from", "ann@app.test", "--header", "Subject: swaks-mailin"]
        done = subprocess.run([*command, "--server", f"127.0.0.1:{self.smtp}"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.wait("subject:swaks-mailin")

    def test_curl(self):
        self.need("curl")
        raw = b"Subject: curl-mailin\r\n\r\n.dot\r\n"
        command = ["curl", "-sS", f"smtp://127.0.0.1:{self.smtp}", "--mail-from", "a@app.test"]
        subprocess.run([*command, "--mail-rcpt", "b@app.test", "-T", "-"], input=raw, check=True)
        self.assertEqual(self.raw(self.wait("subject:curl-mailin")), raw)

    def test_nodemailer(self):
        self.need("node")
        folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "node")
        if not os.path.isdir(os.path.join(folder, "node_modules")):
            self.skipTest("nodemailer is not installed")
        script = (
            "import nodemailer from 'nodemailer';"
            f"await nodemailer.createTransport({{host:'127.0.0.1',port:{self.smtp}}})"
            ".sendMail({from:'a@app.test',to:'b@app.test',subject:'node-mailin',text:'Grüße'})"
        )
        subprocess.run(["node", "--input-type=module", "-e", script], cwd=folder, check=True, timeout=60)
        self.wait("subject:node-mailin")


if __name__ == "__main__":
    unittest.main()
