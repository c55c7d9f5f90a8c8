"""The README shows what is really printed."""

from __future__ import annotations

import re
from pathlib import Path

from restante import Clauses, Mailbox, Message

HERE = Path(__file__).parent
README = (HERE.parent / "README.md").read_text()


def test_the_failure_is_the_one_that_is_printed() -> None:
    [shown] = re.findall(r"(?ms)^```text\n(.*?)^```$", README)
    assert shown in (HERE / "golden" / "pytest.txt").read_text()


def test_everything_is_named() -> None:
    """What a mailbox can do, what can be asked of it, and what a message has."""
    names = {name for name in dir(Mailbox) if not name.startswith("_")}
    names |= set(Clauses.__annotations__)
    names |= {name for name in (*Message.__dataclass_fields__, *dir(Message)) if not name.startswith("_")}
    # Of `link`, and of no interest to a test.
    names -= {"main_link", "read"}
    missing = {name for name in names if not re.search(rf"`{name}\b", README)}
    assert not missing
