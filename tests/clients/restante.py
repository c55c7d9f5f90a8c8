"""A running restante for the tests of real clients: free ports, stopped at the end."""

import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest
import urllib.parse
import urllib.request

BINARY = os.environ.get("RESTANTE_BIN", "target/debug/restante")


class ServerCase(unittest.TestCase):
    """Each class of tests has a server of its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        ready = os.path.join(cls.folder, "ready.json")
        arguments = ["--smtp", "0", "--submission", "0", "--smtps", "0", "--http", "0"]
        arguments += ["--tls-dir", os.path.join(cls.folder, "tls"), "--ready-file", ready]
        cls.process = subprocess.Popen(
            [os.path.abspath(BINARY), *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while not os.path.exists(ready):
            assert cls.process.poll() is None, "restante ended"
            assert time.monotonic() < deadline, "restante is not ready"
            time.sleep(0.01)
        with open(ready) as file:
            cls.ready = json.load(file)
        cls.ports = {door["tls"]: door["port"] for door in cls.ready["smtp"]}
        cls.ca = cls.ready["ca"]

    @classmethod
    def tearDownClass(cls):
        cls.process.terminate()
        assert cls.process.wait(30) == 0, "restante did not stop in order"
        shutil.rmtree(cls.folder)

    def get(self, path):
        with urllib.request.urlopen(self.ready["http"] + path) as answer:
            return answer.read()

    def wait(self, query, mailbox=None):
        """The message that fits, as soon as it is there."""
        mount = f"/mailbox/{urllib.parse.quote(mailbox, safe='')}" if mailbox else ""
        asked = urllib.parse.urlencode({"query": query, "timeout": "10s"})
        return json.loads(self.get(f"{mount}/api/v1/wait?{asked}"))

    def raw(self, message):
        return self.get(f"/api/v1/message/{message['ID']}/raw")

    @staticmethod
    def need(program):
        """What is not installed is skipped; CI has everything, or fails."""
        if shutil.which(program) is None:
            error = AssertionError if os.environ.get("CI") == "true" else unittest.SkipTest
            raise error(f"{program} is not installed")
