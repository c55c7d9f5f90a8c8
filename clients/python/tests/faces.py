"""Both faces behind one: what is awaited of the async one is run, so that every test tries both."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from restante import AsyncAttachment, AsyncMailbox, AsyncMessage, AsyncRestante

_ASYNC = (AsyncAttachment, AsyncMailbox, AsyncMessage, AsyncRestante)


class Awaited:
    """An object of the async face that can be used as if it were of the blocking one."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._inner, name)
        if not callable(value):
            return blocking(value)

        def call(*args: Any, **kwargs: Any) -> Any:
            result = value(*args, **kwargs)
            return blocking(asyncio.run(result) if inspect.iscoroutine(result) else result)

        # The blocking face has a property here.
        return call() if name == "email" else call


def blocking(value: Any) -> Any:
    if isinstance(value, _ASYNC):
        return Awaited(value)
    if isinstance(value, (list, tuple)) and not hasattr(value, "_fields"):
        return type(value)(blocking(one) for one in value)
    return value
