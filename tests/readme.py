"""Runs every command of the README as it stands there. A command that this script does not know fails it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOME = tempfile.mkdtemp()
ENVIRONMENT = {**os.environ, "CARGO_HOME": os.environ.get("CARGO_HOME", os.path.expanduser("~/.cargo"))}
ENVIRONMENT["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", os.path.expanduser("~/.rustup"))
ENVIRONMENT["HOME"] = HOME


def commands():
    """The lines of every `sh` block, with their continuations."""
    with open(os.path.join(ROOT, "README.md")) as file:
        blocks = re.findall(r"```sh\n(.*?)```", file.read(), re.S)
    return [line for block in blocks for line in block.replace("\\\n", "").splitlines() if line.strip()]


def is_open(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Started:
    """A command that serves, until the end of the block. A build may come first."""

    def __init__(self, command, ready):
        self.process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"], cwd=ROOT, env=ENVIRONMENT, start_new_session=True, stdout=subprocess.DEVNULL
        )
        for _ in range(20 * 60 * 10):
            if ready():
                return
            assert self.process.poll() is None, f"{command} ended with {self.process.returncode}"
            time.sleep(0.1)
        raise AssertionError(f"{command} does not serve")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGTERM)
        self.process.wait(30)


class Readme(unittest.TestCase):
    known = {
        "serves by default": r"cargo run --release$",
        "keeps its CA": r"cargo run --release -- --tls-dir ~/\.restante$",
        "serves elsewhere": r"cargo run --release -- .*--ready-file ready\.json$",
        "prints its settings": r"cargo run --release -- --print-config > restante\.toml$",
        "reads its settings": r"cargo run --release -- --config restante\.toml$",
        "example": r"cargo run --features mailin --example mailin$",
        "makes a folder": r"mkdir -p tmp/mails$",
        "takes in files": r"cargo run --release -- --pickup tmp/mails$",
        "asks": r"(printf .* \| *)?curl .*(2525|8025).*$",
        "tests": r"\./test$",
        "container": r"docker (build|run) .*$",
    }

    def test_every_command_is_known(self):
        self.assertGreater(len(commands()), 5)
        for command in commands():
            self.assertTrue(any(re.match(known, command) for known in self.known.values()), command)

    def of(self, kind):
        found = [command for command in commands() if re.match(self.known[kind], command)]
        self.assertTrue(found, f"the README has no command that {kind}")
        return found

    def test_it_serves_by_default_and_answers_what_is_asked(self):
        for port in (2525, 8025):
            if is_open(port):
                self.skipTest(f"port {port} is taken on this machine")
        with Started(self.of("serves by default")[0], lambda: is_open(8025)):
            for command in self.of("asks"):
                checked = ["bash", "-c", command.replace("curl", "curl -fsS", 1)]
                done = subprocess.run(checked, cwd=HOME, text=True, capture_output=True)
                self.assertEqual(done.returncode, 0, f"{command}: {done.stderr}")
                if "/wait" in command:
                    self.assertIn("It works.", done.stdout)

    def test_it_keeps_its_ca(self):
        if is_open(8025):
            self.skipTest("port 8025 is taken on this machine")
        with Started(self.of("keeps its CA")[0], lambda: is_open(8025)):
            with open(os.path.join(HOME, ".restante/ca.pem"), "rb") as kept:
                self.assertEqual(kept.read(), urllib.request.urlopen("http://localhost:8025/ca.pem").read())

    def test_it_serves_elsewhere(self):
        ready = os.path.join(ROOT, "ready.json")
        try:
            with Started(self.of("serves elsewhere")[0], lambda: os.path.exists(ready)):
                with open(ready) as file:
                    self.assertIn('"smtp":[{', file.read())
        finally:
            if os.path.exists(ready):
                os.remove(ready)

    def test_it_prints_its_settings_and_reads_them(self):
        if is_open(8025):
            self.skipTest("port 8025 is taken on this machine")
        settings = os.path.join(ROOT, "restante.toml")
        self.assertFalse(os.path.exists(settings), "a file of the user's stands where the README writes one")
        try:
            command = ["bash", "-c", self.of("prints its settings")[0]]
            subprocess.run(command, cwd=ROOT, env=ENVIRONMENT, check=True)
            with Started(self.of("reads its settings")[0], lambda: is_open(8025)):
                self.assertTrue(is_open(2525))
        finally:
            if os.path.exists(settings):
                os.remove(settings)

    def test_it_takes_in_files(self):
        if is_open(8025):
            self.skipTest("port 8025 is taken on this machine")
        folder = os.path.join(ROOT, "tmp")
        self.assertFalse(os.path.exists(folder), "a folder of the user's stands where the README makes one")
        try:
            subprocess.run(["bash", "-c", self.of("makes a folder")[0]], cwd=ROOT, check=True)
            with Started(self.of("takes in files")[0], lambda: is_open(8025)):
                with open(os.path.join(folder, "mails", "one.eml"), "w") as file:
                    file.write("Subject: from a file\r\n\r\nHello.\r\n")
                answer = urllib.request.urlopen("http://localhost:8025/api/v1/wait?query=subject:file&timeout=20s").read()
                self.assertIn(b"from a file", answer)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def test_the_example_serves(self):
        if is_open(8025) or is_open(2526):
            self.skipTest("port 8025 or 2526 is taken on this machine")
        with Started(self.of("example")[0], lambda: is_open(2526)):
            self.assertTrue(is_open(8025))

    def test_the_container(self):
        works = shutil.which("docker") and subprocess.run(["docker", "info"], capture_output=True).returncode == 0
        if not works:
            self.skipTest("no Docker engine runs here")
        for command in self.of("container"):
            if command.startswith("docker build"):
                subprocess.run(["bash", "-c", command], cwd=ROOT, check=True)


if __name__ == "__main__":
    try:
        unittest.main()
    finally:
        shutil.rmtree(HOME)
