"""Fills fuzz/corpus with what the house has: the dialogues of tests/transcripts, the mails of tests/eml and, where it is
there, of ../shared/corpus. Names are sums of the content, so it can be run again."""

import hashlib
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parent.parent
SEED_BYTES_MAX = 64 << 10


def main():
    counts = {target: 0 for target in ("session", "message", "page", "query")}

    def put(target, seed):
        folder = ROOT / "fuzz" / "corpus" / target
        folder.mkdir(parents=True, exist_ok=True)
        (folder / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
        counts[target] += 1

    for path in sorted((ROOT / "tests" / "transcripts").glob("*/*.txt")):
        put("session", dialogue(path.read_text()))
    for folder in (ROOT / "tests" / "eml", ROOT.parent / "shared" / "corpus"):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix not in (".json", ".md", ".tsv", ".txt") and path.stat().st_size <= SEED_BYTES_MAX:
                put("message", path.read_bytes())
                if path.stat().st_size <= 8 << 10:
                    put("page", path.read_bytes())
    query = ROOT / "src" / "mailbox" / "query"
    source = "".join(path.read_text() for path in (query.with_suffix(".rs"), query / "tests.rs", query / "grammar" / "tests.rs"))
    for text in re.findall(r'"((?:[^"\\]|\\.)*)"', source):
        put("query", text.replace('\\"', '"').encode())
    for target, count in counts.items():
        print(f"{target}: {count} seeds")


def dialogue(text):
    """What the client said and what happened, as fuzz_targets/session.rs reads it."""
    kind, said = 0, b""
    for line in text.splitlines():
        mark, value = line[:2], line[2:].removeprefix(" ")
        if mark == "C:":
            said += literal(value) + b"\r\n"
        elif mark == "C|":
            said += literal(value)
        elif mark == "T:":
            said += b"\xffT"
        elif mark == "! ":
            said += {"expired": b"\xffE", "shutdown": b"\xffS", "storage-full": b"\xffF"}.get(line[2:], b"")
        elif line.startswith("set max-"):
            kind |= 1
        elif line == "set auth-required yes":
            kind |= 2
        elif line == "set starttls absent":
            kind |= 4
        elif line == "set starttls understood":
            kind |= 8
        elif line == "set tls yes":
            kind |= 16
        elif line.startswith("V: ") and not line.startswith("V: kept"):
            kind |= 32
    return bytes([kind, 1]) + said


def literal(value):
    names = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "s": b" ", "\\": b"\\"}

    def one(match):
        word = match.group(1)
        if word.startswith("{"):
            times, what = word[1:-1].split("*", 1)
            return literal(what) * int(times)
        return bytes([int(word[1:], 16)]) if word.startswith("x") else names[word]

    out, at = b"", 0
    for match in re.finditer(r"\\(\{\d+\*(?:[^}\\]|\\.)*\}|x[0-9a-fA-F]{2}|.)", value):
        out += value[at : match.start()].encode().replace(b"\xff", b"\xff\xff") + one(match).replace(b"\xff", b"\xff\xff")
        at = match.end()
    return out + value[at:].encode()


main()
