"""What can go wrong, each with the sentence that its reader sees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ._content import Summary


class RestanteError(Exception):
    """Something other than mail is wrong: no server, no program, a question that cannot be read."""


class Unreachable(RestanteError):
    """No Restante answers at the address, or what answers there is none."""


class NotStarted(RestanteError):
    """The program is not there, or ended before it was ready."""


class NotUnderstood(RestanteError, ValueError):
    """The server cannot read the question (400); the sentence names the clause."""


class NotFound(RestanteError, LookupError):
    """There is no such message."""


class Refused(RestanteError):
    """The server answered that it cannot do this, and why."""


@dataclass(frozen=True)
class FailedClause:
    """A clause that a near miss did not meet."""

    clause: str
    expected: str
    found: str


@dataclass(frozen=True)
class NearMiss:
    """A message that arrived and did not match, and why."""

    message: Summary
    failed: tuple[FailedClause, ...]


@dataclass(frozen=True)
class BrokenSession:
    """An SMTP connection that brought no message."""

    number: int
    peer: str | None
    door: str
    trouble: str | None


class WaitFailed(AssertionError):
    """Too few messages arrived within the time, or too many.

    Its text is the server's explanation: what was asked, what came close, and why it does not fit.
    """

    def __init__(self, problem: Mapping[str, Any], hint: str = "") -> None:
        self.problem: Mapping[str, Any] = problem
        """The whole answer (RFC 9457), as it came."""
        self.detail: str = str(problem.get("detail", ""))
        """The server's explanation, for people."""
        self._hint = hint
        super().__init__(f"{self.detail}\n{hint}" if hint else self.detail)

    # The test runners of Django and of multiprocessing send failures from process to process.
    def __reduce__(self) -> tuple[type[WaitFailed], tuple[Mapping[str, Any], str]]:
        return type(self), (self.problem, self._hint)

    @property
    def expected(self) -> str:
        """How many were expected: `at least 1`, `exactly 2`, `none`."""
        return str(self.problem.get("expected", ""))

    @property
    def arrived_count(self) -> int:
        """How many messages arrived that could have matched."""
        return int(self.problem.get("arrivedCount", 0))

    @property
    def found(self) -> tuple[Summary, ...]:
        """Those that match."""
        return self._summaries("found")

    @property
    def near_misses(self) -> tuple[NearMiss, ...]:
        """Those that do not match, the nearest first, each with the clauses it failed."""
        return tuple(
            NearMiss(
                Summary.read(near["message"]),
                tuple(FailedClause(miss["clause"], miss["expected"], miss["found"]) for miss in near["failed"]),
            )
            for near in self.problem.get("nearMisses", ())
        )

    @property
    def earlier(self) -> tuple[Summary, ...]:
        """Those that match and came before the cursor of `since`."""
        return self._summaries("earlier")

    @property
    def elsewhere(self) -> tuple[Summary, ...]:
        """Those that match and are in another mailbox."""
        return self._summaries("elsewhere")

    @property
    def sessions(self) -> tuple[BrokenSession, ...]:
        """The connections that broke off meanwhile."""
        return tuple(
            BrokenSession(session["number"], session["peer"], session["door"], session["trouble"])
            for session in self.problem.get("sessions", ())
        )

    def _summaries(self, name: str) -> tuple[Summary, ...]:
        return tuple(Summary.read(one) for one in self.problem.get(name, ()))


# Whoever reads a traceback knows these by the name they are imported by.
for _public in (
    *(RestanteError, Unreachable, NotStarted, NotUnderstood, NotFound, Refused, WaitFailed),
    *(FailedClause, NearMiss, BrokenSession),
):
    _public.__module__ = "restante"
