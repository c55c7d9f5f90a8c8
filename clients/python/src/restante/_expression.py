"""Python's regular expressions in the words of the server's, which are those of Rust's `regex`.

Most of the syntax is the same. What differs silently is put right here; what is not there (look-around, references to
groups) the server refuses with a sentence.
"""

from __future__ import annotations

import re

# What means an operation within a class of Rust's, and itself within one of Python's.
_OPERATIONS = ("&&", "--", "~~")


def expression(name: str, pattern: re.Pattern[str]) -> str:
    """The expression with its flags: the server ignores case unless it is told `(?-i)`."""
    if not isinstance(pattern.pattern, str):
        raise TypeError(f"{name}: a pattern of bytes cannot be compared with text; compile it from a str.")
    if pattern.flags & re.ASCII:
        raise ValueError(
            f"{name}: the flag re.ASCII cannot be passed on; write [0-9] for \\d and [A-Za-z0-9_] for \\w."
        )
    on = "".join(
        letter for letter, flag in (("i", re.I), ("m", re.M), ("s", re.S), ("x", re.X)) if pattern.flags & flag
    )
    off = "" if pattern.flags & re.I else "-i"
    return f"(?{on}{off}){_in_rust(pattern.pattern, verbose=bool(pattern.flags & re.X))}"


def _in_rust(pattern: str, *, verbose: bool) -> str:
    written: list[str] = []
    in_class, at = False, 0
    while at < len(pattern):
        char, pair = pattern[at], pattern[at : at + 2]
        if char == "\\":
            # The end of the text is \Z in Python and \z in Rust.
            written.append("\\z" if pair == "\\Z" and not in_class else pair)
            at += 2
            continue
        if in_class:
            if char == "]":
                in_class = False
            elif char == "[" or pair in _OPERATIONS or (verbose and (char.isspace() or char == "#")):
                written.append("\\")
        elif char == "[":
            in_class = True
            # A bracket that closes stands for itself right after the one that opens.
            opening = re.match(r"\[\^?\]?", pattern[at:])
            if opening:
                written.append(opening.group())
                at += opening.end()
                continue
        elif verbose and char == "#":
            end = pattern.find("\n", at)
            end = len(pattern) if end < 0 else end
            written.append(pattern[at:end])
            at = end
            continue
        written.append(char)
        at += 1
    return "".join(written)
