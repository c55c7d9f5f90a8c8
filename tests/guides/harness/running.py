"""A guide's project: a folder, and what runs in it."""

import contextlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from .comparing import missing, tests_counted
from .reading import Command, Fault, File, steps

ROOT = Path(__file__).resolve().parents[3]
# A command's time.
COMMAND_SECONDS = 120
# Frameworks are fetched and installed within it.
PREPARE_SECONDS = 600
# What `prepare` ends with if something cannot be had.
CANNOT_BE_HAD = 77
# What is shown of an output: its end.
LINES_SHOWN = 300


class Skipped(Exception):
    """What is missing."""


# Whose commands may be running: what a signal has to end.
open_projects = set()


def interrupted(number, _frame):
    for project in list(open_projects):
        project.end()
    os._exit(128 + number)


class Project:
    """The folder of one guide, and what runs there."""

    def __init__(self, guide, given, folder, restante):
        self.guide, self.given, self.folder = guide, given, folder
        shutil.rmtree(folder, ignore_errors=True)
        self.bin = folder.with_name(folder.name + ".bin")
        shutil.rmtree(self.bin, ignore_errors=True)
        if given.is_dir():
            shutil.copytree(given, folder, symlinks=True)
        folder.mkdir(parents=True, exist_ok=True)
        self.bin.mkdir()
        (self.bin / "restante").symlink_to(restante)
        # The session of the command that runs.
        self.session = None
        open_projects.add(self)
        # Colours, widths and languages as everywhere; a Restante, only if the guide starts one.
        dropped = re.compile(
            r"(RESTANTE|SMTP|MAIL|RUST)_.*|CI|FORCE_COLOR|CLICOLOR_FORCE|PYTHONPATH|TEST_ENV_NUMBER|TEST_TOKEN"
        )
        self.environment = {name: value for name, value in os.environ.items() if not dropped.fullmatch(name)}
        self.environment |= {
            "RESTANTE_BIN": str(restante),
            "RESTANTE_ROOT": str(ROOT),
            "GUIDE_BIN": str(self.bin),
            "PATH": f"{self.bin}:{folder / '.venv/bin'}:{os.environ['PATH']}",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "100",
            "LC_ALL": "C.UTF-8",
        }

    def bash(self, text, seconds):
        """The status, None after the time, and what was printed, on both streams."""
        with tempfile.TemporaryFile() as output:
            # A file, not a pipe: what runs on in the background would hold it open.
            child = subprocess.Popen(
                ["bash", "-c", text], cwd=self.folder, env=self.environment, start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
            )  # fmt: skip
            self.session = child.pid
            try:
                status = child.wait(seconds)
            except subprocess.TimeoutExpired:
                # Before it is waited for: its number is its own until then.
                self.end()
                child.wait()
                status = None
            self.session = None
            output.seek(0)
            return status, output.read().decode(errors="replace")

    def prepare(self):
        if not os.access(self.given / "prepare", os.X_OK):
            return
        with PREPARING:
            status, output = self.bash("./prepare", PREPARE_SECONDS)
        if status == CANNOT_BE_HAD:
            raise Skipped((output.strip() or "prepare does not say what is missing").splitlines()[-1])
        if status != 0:
            raise Fault(f"prepare {how_it_ended(status, PREPARE_SECONDS)}", output)

    def run(self, seconds):
        """All steps of the guide; how many tests ran."""
        todo = steps(self.guide.read_text(encoding="utf-8"))
        if not any(isinstance(step, Command) and not step.fails for step in todo):
            raise Fault("the guide has no run block that is meant to pass")
        self.prepare()
        counted = checked = 0
        for step in todo:
            if isinstance(step, File):
                path = self.folder / step.path
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(step.text, encoding="utf-8")
                continue
            tests = self.command(step, seconds)
            counted += tests or 0
            checked += bool(step.expected and not step.fails)
        if counted == 0 and checked == 0:
            raise Fault("no test ran: no runner counted one, and no output was compared")
        return counted or checked

    def command(self, step, seconds):
        """How many tests it ran, as far as one can see; of one that is meant to fail, none."""
        status, output = self.bash(step.text, seconds)
        where = f"line {step.line}: `{step.text}`"
        if status is None:
            raise Fault(f"{where} {how_it_ended(status, seconds)}", output)
        if step.fails and status == 0:
            raise Fault(f"{where} is meant to fail, and passed", output)
        if status in (126, 127) or (status != 0 and not step.fails):
            raise Fault(f"{where} {how_it_ended(status, seconds)}", output)
        line = missing(step.expected, output)
        if line is not None:
            raise Fault(f"{where} did not print, in this place, the line\n{line}", output)
        tests = None if step.fails else tests_counted(output)
        if tests == 0:
            raise Fault(f"{where} ran no test", output)
        return tests

    def living(self):
        """What this guide started and is still there: its environment says whose it is, or its session."""
        mark = f"GUIDE_BIN={self.bin}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            # It may end meanwhile, or be another user's.
            with contextlib.suppress(OSError, IndexError):
                state, _, _, session = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[:4]
                ours = int(session) == self.session or mark in (entry / "environ").read_bytes().split(b"\0")
                if ours and state != "Z":
                    yield int(entry.name)

    def end(self):
        """Ends all of it, also what is just coming."""
        for _ in range(500):
            living = list(self.living())
            if not living:
                return
            for pid in living:
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)

    def close(self):
        self.end()
        open_projects.discard(self)


# Debian's packager takes a lock: one prepares at a time.
PREPARING = threading.Lock()


def how_it_ended(status, seconds):
    return f"took longer than {seconds} s and was ended" if status is None else f"ended with {status}"


def run(guide, given, folder, restante, seconds=COMMAND_SECONDS):
    """passed, failed or skipped, and what there is to say."""
    began = time.monotonic()
    project = None
    try:
        project = Project(guide, given, folder, restante)
        tests = project.run(seconds)
        return "passed", f"{tests} counted, {time.monotonic() - began:.1f} s"
    except Skipped as skipped:
        return ("failed" if os.environ.get("CI") == "true" else "skipped"), f"cannot be had here: {skipped}"
    except Fault as fault:
        shown = fault.output.splitlines()[-LINES_SHOWN:]
        return "failed", "\n".join([str(fault), *(f"  | {line}" for line in shown)])
    except (OSError, UnicodeError) as error:
        return "failed", f"{type(error).__name__}: {error}"
    finally:
        if project is not None:
            project.close()
