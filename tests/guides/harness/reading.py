"""A guide as it is written: its files and its commands."""

import re
from dataclasses import dataclass, field


class Fault(Exception):
    """Why a guide failed, and what its command had printed."""

    def __init__(self, sentence, output=""):
        super().__init__(sentence)
        self.output = output


@dataclass
class File:
    path: str
    text: str


@dataclass
class Command:
    line: int
    text: str
    fails: bool
    expected: list = field(default_factory=list)


def blocks(markdown):
    """The fenced blocks: number of the line, info string, lines."""
    fence = None
    for number, line in enumerate(markdown.splitlines(), 1):
        if fence is None:
            opening = re.match(r"( *)(`{3,}|~{3,})\s*([^`]*)$", line)
            if opening:
                indent, fence, info = opening.groups()
                start, held = number, []
        elif re.fullmatch(rf" *{fence[0]}{{{len(fence)},}}\s*", line):
            yield start, info.strip(), held
            fence = None
        else:
            held.append(line[len(indent) :] if line.startswith(indent) else line)
    if fence is not None:
        raise Fault(f"line {start}: the block has no end")


def steps(markdown):
    """Files and commands, in the order in which a reader meets them."""
    found = []
    for number, info, lines in blocks(markdown):
        words = info.split()
        if words[:2] == ["console", "run"]:
            if words[2:] not in ([], ["fails"]):
                raise Fault(
                    f"line {number}: {info!r} is not understood: there are `console run` and `console run fails`"
                )
            found += commands(number, lines, fails=words[2:] == ["fails"])
        elif len(words) == 2 and words[1].startswith("file="):
            path = words[1].removeprefix("file=")
            if not path or path.startswith("/") or ".." in path.split("/"):
                raise Fault(f"line {number}: {path!r} is no path in the project")
            found.append(File(path, "".join(line + "\n" for line in lines)))
        elif len(words) > 1:
            raise Fault(
                f"line {number}: {info!r} is not understood: there are `LANG file=PATH`, `console run` and `LANG`"
            )
    return found


def commands(number, lines, fails):
    found = []
    for at, line in enumerate(lines, number + 1):
        if line.startswith("$ "):
            found.append(Command(at, line[2:], fails))
        elif not found:
            raise Fault(f"line {at}: a run block begins with a command after `$ `")
        elif found[-1].text.endswith("\\") and not found[-1].expected:
            found[-1].text += "\n" + line
        elif line.strip() not in ("", "…"):
            found[-1].expected.append(line)
    if not found:
        raise Fault(f"line {number}: the run block is empty")
    for command in found:
        if fails and not command.expected:
            raise Fault(f"line {command.line}: say what the failure prints, or any failure would do")
    return found
