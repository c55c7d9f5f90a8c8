"""What a failing test prints, to the letter: under pytest and under unittest.

`UPDATE_GOLDEN=1` writes the files of `golden`; read them before you commit them.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent / "golden"
PYTEST = ["pytest", "--no-header", "-p", "no:cacheprovider", "-p", "no:randomly"]

# pytest, for one, cuts no line short where it believes to be in CI.
CHANGES_WHAT_IS_PRINTED = ("PYTEST", "RESTANTE", "CI", "BUILD_NUMBER", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS")

CASES = {
    "pytest": ("shop", [*PYTEST, "test_shop.py"]),
    "pytest-short": ("shop", [*PYTEST, "--tb=short", "test_shop.py"]),
    "pytest-xdist": ("shop", [*PYTEST, "-n", "1", "test_shop.py"]),
    "pytest-async": ("shop", [*PYTEST, "test_async.py"]),
    "pytest-others": ("shop", [*PYTEST, "test_others.py"]),
    "pytest-no-server": ("shop", [*PYTEST, "--restante-url", "http://localhost:1", "test_shop.py"]),
    "pytest-no-program": ("shop", [*PYTEST, "test_shop.py"]),
    "unittest": ("unit", ["unittest", "test_unit.Orders"]),
    "unittest-async": ("unit", ["unittest", "test_unit.AsyncOrders"]),
}


def normalised(text: str, folder: Path) -> str:
    """Without what differs from run to run, from machine to machine and from one Python to the next."""
    for pattern, put in (
        # Carets below a line of a traceback: 3.11 and later, each in its own way.
        (r"(?m)^ *[~^]+\n", ""),
        (r'"[^"\n]*/restante/(\w+\.py)", line \d+', r'".../restante/\1", line N'),
        # Frames of the standard library.
        (r'(?m)^  File "[^"]*/lib/python3[^"]*", line \d+, in .*\n(?:    .*\n)*', ""),
        # IsolatedAsyncioTestCase tells of every step that a busy machine takes 0.1 s for.
        (r"(?m)^Executing <.* took .* seconds\n", ""),
        # A test's name has the method since 3.11.
        (r"\b(test_\w+) \(([\w.]+)\.\1\)", r"\1 (\2)"),
        (re.escape(str(folder)), "/shop"),
        (r"\[gw\d\] .*", "[gw0] PLATFORM"),
        (r"-[a-z0-9]{8}(?=['\"])", "-XXXXXXXX"),
        (r"\b\d+\.\d s ago", "N s ago"),
        (r"in \d+\.\d+s\b", "in N s"),
        (r"(?<=http://127\.0\.0\.1:)\d+", "PORT"),
        # How the runner draws its lines depends on how many digits the time had.
        (r"(?m)^(=+) (\d .* in N s) =+$", r"=== \2 ==="),
        (r"(?m)[ \t]+$", ""),
    ):
        text = re.sub(pattern, put, text)
    return text


@pytest.mark.parametrize("case", CASES)
def test_what_is_printed(case: str, binary: str, tmp_path: Path) -> None:
    folder, command = CASES[case]
    for file in (HERE / folder).iterdir():
        if file.is_file():
            (tmp_path / file.name).write_text(file.read_text())
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(CHANGES_WHAT_IS_PRINTED)},
        "RESTANTE_BIN": "/nowhere/restante" if case == "pytest-no-program" else binary,
        "COLUMNS": "100",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }
    if case == "pytest-no-server":
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", 1)) != 0, "something listens on port 1"
    ran = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 1, ran.stdout
    said = normalised(ran.stdout, tmp_path)
    golden = HERE / f"{case}.txt"
    if os.environ.get("UPDATE_GOLDEN") == "1":
        golden.write_text(said)
    assert said == golden.read_text()
