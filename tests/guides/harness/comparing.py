"""What a command printed: whether it is what the guide says, and whether a test ran."""

import re

# What differs from run to run becomes a letter, in what is expected as in what was printed.
NORMALISED = [
    (r"\x1b\[[0-9;?]*[A-Za-z]", ""),
    (r"\d+(\.\d+)? (s|ms|min) ago", "N s ago"),
    (r"\b\d+\.\d+ ?(s|ms|seconds?|secs?)\b", "N s"),
    (r"\(\d+ ?(s|ms)\)", "(N s)"),
    (r"\b\d+ms\b", "N s"),
    (r"\b\d\d:\d\d(:\d\d)?([.,]\d+)?", "TIME"),
    (r"(127\.0\.0\.1|localhost|\[::1\]):(\d{2,5}|PORT)\b", r"\1:PORT"),
    # A mailbox's random end.
    (r"-(?:[a-z0-9]{8}(?=\")|(?=[a-z0-9]*\d)[a-z0-9]{8}\b)", "-NNNNNNNN"),
]


def normal(line):
    for pattern, instead in NORMALISED:
        line = re.sub(pattern, instead, line)
    return line.rstrip()


def missing(expected, output):
    """The first of the expected lines that is not there after those before it; None if all are."""
    printed = iter([normal(line) for line in output.splitlines()])
    for line in expected:
        pattern = re.compile(".*".join(re.escape(part) for part in normal(line).split("…")))
        if not any(pattern.fullmatch(one) for one in printed):
            return line
    return None


# How runners say how many tests they ran: each match's first group is a number, or is empty for one.
COUNTS = [
    r"^test result: \w+\. (\d+) passed",  # cargo test
    r"\b(\d+) tests? run: ",  # cargo-nextest
    r"^=* ?(?:\d+ failed, )?(\d+) passed\b",  # pytest, Playwright
    r"^ +(\d+) (?:passed|passing)\b",  # Playwright, Cypress, Mocha
    r"^=* ?(no tests) ran",
    r"^Ran (\d+) tests? in",  # unittest, Django
    r"^ *Tests:? +(?:\d+ \w+ ?[,|] ?)*(\d+) passed",  # Jest, Vitest
    r"^[#ℹ] pass (\d+)$",  # node:test
    r"^ok\s+\S+\s(?!.*\[no test)()",  # go test, a package
    r"^(?:ok|\?)\s.*\[(no test)",
    r"Tests run: (\d+), Failures",  # Surefire, JUnit 4
    r"^\[ +(\d+) tests successful",  # JUnit's console
    r"^(\d+) examples?, ",  # RSpec
    r"^(\d+) runs?, \d+ assertions",  # Minitest
    r"^OK \((\d+) tests?, ",  # PHPUnit
    r"^(No tests) executed",
]


def tests_counted(output):
    """How many tests the runners say they ran; None if no runner says anything."""
    plain = "\n".join(re.sub(NORMALISED[0][0], "", line) for line in output.splitlines())
    matches = [match for pattern in COUNTS for match in re.finditer(pattern, plain, re.MULTILINE)]
    counts = [next((group for group in match.groups() if group is not None), "") for match in matches]
    return sum(1 if count == "" else int(count) if count.isdigit() else 0 for count in counts) if counts else None
