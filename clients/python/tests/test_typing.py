from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("mypy")
TYPED = Path(__file__).with_name("typed.py")


def test_mypy_sees_what_is_wrong_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mypy", "--strict", "--hide-error-context", "--no-error-summary"]
    ran = subprocess.run(
        # The cache of MYPY_CACHE_DIR, if the check has one.
        [*command, "--config-file=", str(TYPED)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    said = {int(line): text for line, text in re.findall(r"typed\.py:(\d+): error: (.*)", ran.stdout)}
    expected = {
        number: line.partition("# expect: ")[2]
        for number, line in enumerate(TYPED.read_text().splitlines(), 1)
        if "# expect: " in line
    }
    assert expected
    assert said.keys() == expected.keys(), ran.stdout + ran.stderr
    for number, text in expected.items():
        assert text in said[number]
