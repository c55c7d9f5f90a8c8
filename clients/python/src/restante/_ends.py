"""Lets a traceback end at the line of the test."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

from ._clauses import Clauses, signature
from ._errors import RestanteError, WaitFailed

F = TypeVar("F", bound=Callable[..., Any])

# What is for the test to read; anything else is a bug of ours and keeps its whole traceback.
_TOLD = (WaitFailed, RestanteError, TypeError, ValueError)


def ends_here(method: F) -> F:
    """What fails below looks as if it had failed in the call itself; pytest leaves out that line too."""

    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        try:
            return method(*args, **kwargs)
        except _TOLD as failure:
            raise failure.with_traceback(None) from None

    return cast("F", call)


def ends_here_awaited(method: F) -> F:
    """The same for a coroutine function."""

    @functools.wraps(method)
    async def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        try:
            return await method(*args, **kwargs)
        except _TOLD as failure:
            raise failure.with_traceback(None) from None

    return cast("F", call)


def asks(known: type[Clauses]) -> Callable[[F], F]:
    """For a method that takes clauses: its traceback ends at the caller, and its signature names them."""

    def decorate(method: F) -> F:
        ended = ends_here_awaited(method) if inspect.iscoroutinefunction(method) else ends_here(method)
        setattr(ended, "__signature__", signature(inspect.signature(method), known))  # noqa: B010
        return ended

    return decorate
