from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from faces import Awaited
from restante import AsyncMailbox, AsyncRestante, Mailbox, Restante

# What the golden outputs are of: those tests fail.
collect_ignore = ["golden"]

BINARY = os.environ.get("RESTANTE_BIN")


@pytest.fixture(params=["blocking", "async"])
def box(request: pytest.FixtureRequest, mailbox: Mailbox, async_mailbox: AsyncMailbox) -> Any:
    """A mailbox of its own, by either face."""
    return mailbox if request.param == "blocking" else Awaited(async_mailbox)


@pytest.fixture(params=["blocking", "async"])
def root(request: pytest.FixtureRequest, restante: Restante, async_restante: AsyncRestante) -> Any:
    """All mailboxes, by either face."""
    return restante if request.param == "blocking" else Awaited(async_restante)


@pytest.fixture(params=["blocking", "async"])
def face(request: pytest.FixtureRequest) -> Any:
    """The class that is started or connected, by either face."""
    return Restante if request.param == "blocking" else Awaited(AsyncRestante)


@pytest.fixture
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No variable says where a Restante is."""
    for name in ("RESTANTE_URL", "RESTANTE_SMTP_ADDRESS", "RESTANTE_BIN"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


@pytest.fixture(scope="session")
def binary() -> str:
    found = BINARY or shutil.which("restante")
    assert found, "RESTANTE_BIN says where the program is"
    return str(Path(found).resolve())
