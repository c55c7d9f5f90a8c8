"""What Python's `re` finds the server finds too, and nothing else."""

from __future__ import annotations

import re
import warnings

import pytest

from restante import Mailbox, WaitFailed
from restante._expression import expression

SUBJECT = "Order #42 for [Ann] & co -- a]b ~~ z"


def warned_of(pattern: str) -> re.Pattern[str]:
    """One that may come to mean something else in Python some day, as it does in Rust today."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        return re.compile(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        re.compile("order"),
        re.compile("Order"),
        re.compile("order", re.I),
        re.compile("(?i)order"),
        re.compile(r"#\d+\b"),
        re.compile(r"^for"),
        re.compile(r"z\Z"),
        re.compile(r"co\Z"),
        re.compile(r"\AOrder"),
        warned_of(r"[[]Ann[]]"),
        re.compile(r"[^]]Ann"),
        re.compile(r"a[]]b"),
        re.compile(r"[a[]]b"),
        re.compile(r"[^]a]b"),
        re.compile(r"[!&]& co|[x&] co"),
        warned_of(r"Ann. [a-z&&]"),
        warned_of(r"[~~]~"),
        warned_of(r"[a-z--] a"),
        re.compile(r"[+\-~] z"),
        re.compile(r"O R D E R", re.X | re.I),
        re.compile("order [ ] [#] # the number [\n \\d+ # (of it)", re.X | re.I),
        re.compile(r"order [ #]+ 43", re.X | re.I),
        re.compile(r"(?P<what>order) (?:#)(\d+)", re.I),
        re.compile(re.escape("[Ann] & co -- a]b ~~")),
        re.compile("(?-i:order)", re.I),
        re.compile("Order.+z", re.S),
    ],
    ids=repr,
)
def test_as_python_finds_it(mailbox: Mailbox, pattern: re.Pattern[str]) -> None:
    mailbox.deliver(f"To: ann@app.test\r\nSubject: {SUBJECT}\r\n\r\n")
    if pattern.search(SUBJECT):
        assert mailbox.wait(subject=pattern, timeout=0.2).subject == SUBJECT
    else:
        with pytest.raises(WaitFailed):
            mailbox.wait(subject=pattern, timeout=0.05)


@pytest.mark.parametrize(
    ("flags", "finds"),
    [(re.M, True), (re.M | re.I, True), (0, False), (re.S, True), (re.I, False)],
    ids=str,
)
def test_lines_of_a_body(mailbox: Mailbox, flags: int, finds: bool) -> None:
    text = "One\nTwo\nThree\n"
    pattern = re.compile("One.Two" if flags & re.S else "^Two$", flags)
    assert bool(pattern.search(text)) is finds
    mailbox.deliver(f"To: ann@app.test\n\n{text}")
    if finds:
        mailbox.wait(body=pattern, timeout=0.2)
    else:
        with pytest.raises(WaitFailed):
            mailbox.wait(body=pattern, timeout=0.05)


@pytest.mark.parametrize(
    ("pattern", "written"),
    [
        (re.compile("a"), "(?-i)a"),
        (re.compile("a", re.I), "(?i)a"),
        (re.compile("a", re.M | re.S), "(?ms-i)a"),
        (re.compile("[ ]", re.X), "(?x-i)[\\ ]"),
        (warned_of(r"[[]\Z"), r"(?-i)[\[]\z"),
    ],
)
def test_flags_are_carried_over(pattern: re.Pattern[str], written: str) -> None:
    assert expression("subject", pattern) == written


def test_one_in_a_dict_is_carried_over_too(mailbox: Mailbox) -> None:
    mailbox.deliver(f"To: ann@app.test\r\nSubject: {SUBJECT}\r\n\r\n")
    assert mailbox.wait(subject={"regex": re.compile("order", re.I)}, timeout=0.2)  # type: ignore[typeddict-item]
    with pytest.raises(WaitFailed):
        mailbox.wait(subject={"regex": re.compile("order")}, timeout=0.05)  # type: ignore[typeddict-item]
