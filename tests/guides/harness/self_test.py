"""The test of the harness: made-up guides that must pass, or fail for the right reason, and lines of runners."""

import os
import re
import tempfile
from pathlib import Path

from .comparing import missing, tests_counted
from .running import run

# Long enough for an echo on a busy machine, and no more: one guide hangs.
SECONDS = 2


def console(lines, fails=""):
    return f"```console run{fails}\n{lines}\n```\n"


def file(path, text):
    return f"```text file={path}\n{text}\n```\n"


PASSES = console("$ echo 'OK (2 tests, 3 assertions)'")
SLEEPS = "sleep 60 & echo $! > pid"
FAILS = " fails"

# A guide, its outcome, and what its report must be like.
GUIDES = {
    "passes": (PASSES, "passed", "2 counted"),
    "output": (
        console("$ printf 'one\\nand\\ntwo 1.2 s ago at localhost:99\\n'\none\ntwo N s ago … localhost:PORT"),
        "passed",
        "1 counted",
    ),
    "in order": (
        file("a/b", "x") + console("$ cat a/b\nx") + file("a/b", "y") + console("$ cat \\\n  a/b\ny"),
        "passed",
        "2 counted",
    ),
    "fails as told": (PASSES + console("$ echo so; false\nso", FAILS), "passed", "2 counted"),
    "background": (PASSES + console(f"$ {SLEEPS}\n$ kill -0 $(cat pid)"), "passed", "2 counted"),
    "background, by itself": (
        PASSES + console("$ setsid -f sh -c 'echo $$ > pid; exec sleep 60'"),
        "passed",
        "2 counted",
    ),
    "environment": (
        console(
            "$ test $(command -v restante) = $GUIDE_BIN/restante && test -x $RESTANTE_BIN && test -d $RESTANTE_ROOT\n"
            "$ echo $CI$RESTANTE_URL$SMTP_HOST.\n."
        ),
        "passed",
        "",
    ),
    "no input": (console("$ cat; echo end\nend"), "passed", ""),
    "wrong output": (console("$ echo one\ntwo"), "failed", r"did not print, in this place, the line\ntwo\n  \| one"),
    "wrong order": (
        console("$ printf 'two\\none\\n'\none\ntwo"),
        "failed",
        r"did not print, in this place, the line\ntwo",
    ),
    "printed once": (console("$ echo one\none\none"), "failed", r"the line\none\n"),
    "half a line": (console("$ echo one and two\none"), "failed", r"the line\none\n"),
    "no run block": ("```console\n$ true\n```\n", "failed", "no run block"),
    "only failures": (console("$ echo so; false\nso", FAILS), "failed", "no run block that is meant to pass"),
    "command fails": (console("$ echo so; exit 3"), "failed", r"ended with 3\n  \| so"),
    "a failure after": (PASSES + console("$ echo so; exit 3"), "failed", r"ended with 3\n  \| so"),
    "command hangs": (
        console(f"$ env -i {SLEEPS}; echo so; wait"),
        "failed",
        r"took longer than 2 s and was ended\n  \| so",
    ),
    "failure passes": (PASSES + console("$ echo so\nso", FAILS), "failed", "is meant to fail, and passed"),
    "failure hangs": (PASSES + console("$ echo so; sleep 60\nso", FAILS), "failed", "took longer than 2 s"),
    "failure differs": (PASSES + console("$ echo other; false\nso", FAILS), "failed", r"the line\nso\n  \| other"),
    "failure untold": (PASSES + console("$ false", FAILS), "failed", "say what the failure prints"),
    "failure of another kind": (PASSES + console("$ no-such-program\n… not found", FAILS), "failed", "ended with 127"),
    "no test": (console("$ true"), "failed", "no test ran"),
    "no test but one that fails": (
        console("$ true") + console("$ echo 'OK (2 tests, 3 assertions)'; false\nOK (2 tests…", FAILS),
        "failed",
        "no test ran",
    ),
    "runner counts none": (PASSES + console("$ echo 'Ran 0 tests in 0.000s'"), "failed", "ran no test"),
    "misspelt": (PASSES + console("$ false", " fail"), "failed", "is not understood"),
    "misspelt file": (PASSES + "```text files=a\n```\n", "failed", "is not understood"),
    "output first": (console("one\n$ echo one"), "failed", "begins with a command"),
    "a file in a file": (PASSES + file("a", "") + file("a/b", ""), "failed", "Error: .*a"),
    "outside": (PASSES + file("../x", ""), "failed", "no path in the project"),
    "without end": (PASSES + "```text\n", "failed", "has no end"),
    "cannot be had": (PASSES, "skipped", "cannot be had here: no ruby$"),
    "cannot be had in CI": (PASSES, "failed", "cannot be had here: no ruby$"),
    "prepare fails": (PASSES, "failed", r"prepare ended with 4\n  \| oh"),
    "prepared": (console("$ cat given made\nOK (1 test, 1 assertion)\nmade"), "passed", "1 counted"),
}
PREPARES = {
    "cannot be had": "echo first; echo no ruby; exit 77",
    "cannot be had in CI": "echo no ruby; exit 77",
    "prepare fails": "echo oh; exit 4",
    "prepared": "echo made > made",
}

# Lines that are the same, and lines that are not.
SAME = [
    ("3.1 s ago", "N s ago"),
    ("in 0.52s", "in 1.2 s"),
    ("adds (12 ms)", "adds (N s)"),
    ("took 312ms", "took 1ms"),
    ("Time: 00:00.355, Memory", "Time: 01:02:03, Memory"),
    ("at http://localhost:8025/", "at http://localhost:PORT/"),
    ('mailbox "gw0-k3x9q2m1"', 'mailbox "gw0-a1b2c3d4"'),
    ('mailbox "gw0-abcdefgh"', 'mailbox "gw0-qrstuvwx"'),
    ("\x1b[31mred\x1b[0m  ", "red"),
    ("found … here", "found this here"),
]
OTHERS = [
    ("within 300 ms", "within 400 ms"),
    ("2 passed", "3 passed"),
    ("sign-received", "sign-refusals"),
    ("mailbox gw0-k3x9q2m1", "mailbox gw1-k3x9q2m1"),
    ("found … here", "found this there"),
    (" one", "one"),
]

# How many tests a runner says it ran; None if it says nothing.
LINES = [
    ("", None),
    ("3 is a number", None),
    ("===== 2 passed in 0.01s =====", 2),
    ("2 passed in 0.01s", 2),
    ("==== no tests ran in 0.01s ====", 0),
    ("Ran 4 tests in 0.004s", 4),
    ("  3 passed (1.2s)", 3),
    ("  3 passing (12ms)", 3),
    ("Tests:       1 skipped, 2 passed, 3 total", 2),
    ("      Tests  2 passed (2)", 2),
    ("\x1b[2m      Tests \x1b[22m \x1b[32m2 passed\x1b[39m (2)", 2),
    ("# tests 2\n# pass 2", 2),
    ("ℹ pass 0", 0),
    ("ok  \tshop\t0.012s", 1),
    ("ok  \tshop\t(cached)", 1),
    ("ok  \tshop\t0.002s [no tests to run]", 0),
    ("?   \tshop\t[no test files]", 0),
    ("[INFO] Tests run: 2, Failures: 0, Errors: 0, Skipped: 0", 2),
    ("[         2 tests successful      ]", 2),
    ("3 examples, 0 failures", 3),
    ("2 runs, 4 assertions, 0 failures, 0 errors, 0 skips", 2),
    ("OK (3 tests, 8 assertions)", 3),
    ("No tests executed!", 0),
    ("test result: ok. 2 passed; 0 failed\ntest result: ok. 0 passed; 0 failed", 2),
    ("     Summary [   0.012s] 2 tests run: 2 passed, 0 skipped", 2),
]


def self_test():
    """How many of them came out as they must, and how many did not, which are printed."""
    wrong = []
    ci = os.environ.get("CI")
    with tempfile.TemporaryDirectory() as temporary:
        for name, (markdown, outcome, report) in GUIDES.items():
            guide, given, folder = (
                Path(temporary) / part / name.replace(" ", "-") for part in ("guides", "given", "run")
            )
            for parent in (guide.parent, given, folder.parent):
                parent.mkdir(parents=True, exist_ok=True)
            guide.write_text(markdown, encoding="utf-8")
            os.environ["CI"] = "true" if name.endswith("in CI") else "1"
            if name in PREPARES:
                (given / "given").write_text("OK (1 test, 1 assertion)\n")
                (given / "prepare").write_text(f"#!/bin/bash\n{PREPARES[name]}\n")
                (given / "prepare").chmod(0o755)
            got, said = run(guide, given, folder, Path("/bin/true"), SECONDS)
            if got != outcome or not re.search(report, said):
                wrong.append(f"the guide {name!r}: expected {outcome}, {report!r}; found {got}, {said}")
            if (folder / "pid").exists() and is_alive(int((folder / "pid").read_text())):
                wrong.append(f"the guide {name!r} left a process")
    os.environ.pop("CI")
    if ci is not None:
        os.environ["CI"] = ci
    for line, count in LINES:
        if tests_counted(line) != count:
            wrong.append(f"{line!r}: expected {count}, counted {tests_counted(line)}")
    for pairs, same in (SAME, True), (OTHERS, False):
        for expected, printed in pairs:
            if (missing([expected], printed) is None) != same:
                wrong.append(f"{expected!r} and {printed!r} {'differ' if same else 'are the same'}")
    for one in wrong:
        print(f"FAILED: the harness itself: {one}")
    return len(GUIDES) + len(LINES) + len(SAME) + len(OTHERS) - len(wrong), len(wrong)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
