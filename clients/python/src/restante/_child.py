"""A catcher as a child: on free ports, and gone when this process is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import threading
import weakref
from collections.abc import Sequence
from typing import IO

from ._errors import NotStarted
from ._place import Base, Place

# How long it may take until it is ready, and until it has stopped.
_READY_SECONDS = 30.0
_STOP_SECONDS = 10.0


class Child:
    """A running program. Its standard input is its lifeline: it stops when that ends, however this process does."""

    def __init__(self, binary: str, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        self._binary = binary
        self._process = process
        self._log = log
        self._closed = False
        # At the end of the interpreter too. A process that was forked off this one closes what it inherited, no more.
        self._stop = weakref.finalize(self, _stop, process, log)

    @classmethod
    def start(cls, arguments: Sequence[str], binary: str | None = None) -> tuple[Child, Place]:
        """Starts it and waits until every door is open.

        Raises `NotStarted` with what the program said.
        """
        program = _found(binary or os.environ.get("RESTANTE_BIN") or "restante", named=bool(binary))
        log = tempfile.TemporaryFile()  # noqa: SIM115 - it is open as long as the child runs
        try:
            process = subprocess.Popen(
                [program, "--attached", *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                # Ctrl-C is for the tests; they may still want to read what came.
                start_new_session=True,
            )
        except OSError as error:
            log.close()
            raise NotStarted(f"{program} cannot be started: {error.strerror}.") from None
        child = cls(program, process, log)
        line = child._line()
        if not line.endswith(b"\n"):
            raise NotStarted(child._last_words())
        opened = json.loads(line)
        door = next(((door["host"], door["port"]) for door in opened["smtp"] if door["tls"] == "none"), None)
        return child, Place(Base.of(opened["http"]), door, ended=child.ended)

    def ended(self) -> str | None:
        """Why it no longer answers; `None` as long as it runs."""
        if self._closed:
            return "This Restante was closed; start another one."
        if self._process.poll() is None:
            return None
        return f"The Restante that was started for these tests has ended{self._told()}"

    def close(self) -> None:
        """Stops it. What it holds is gone."""
        self._closed = True
        self._stop()

    def _line(self) -> bytes:
        stdout = self._process.stdout
        assert stdout is not None
        late = threading.Timer(_READY_SECONDS, self._process.kill)
        late.start()
        try:
            return stdout.readline()
        finally:
            late.cancel()

    def _last_words(self) -> str:
        self._process.wait()
        told = self._told()
        self.close()
        return f"{self._binary} ended before it was ready{told}"

    def _told(self) -> str:
        code = self._process.poll()
        how = f" (exit status {code})" if code is None or code >= 0 else f" (signal {-code})"
        self._log.seek(0)
        last = self._log.read().decode(errors="replace").strip().splitlines()[-10:]
        return f"{how}:\n" + "\n".join(last) if last else f"{how}."


def _stop(process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    log.close()


def _found(binary: str, *, named: bool) -> str:
    program = shutil.which(binary)
    if program is not None:
        return program
    if named or binary != "restante":
        said = "" if named else ", which RESTANTE_BIN names"
        raise NotStarted(f"There is no program {binary}{said}.")
    raise NotStarted(
        'There is no program "restante" on the PATH. Install it, say where it is in RESTANTE_BIN, or start one and say'
        " where it answers in RESTANTE_URL."
    )
