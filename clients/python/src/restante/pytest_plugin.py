"""The pytest plugin: a mailbox for each test, and what is in it when the test fails.

One Restante serves the whole run: the one of `--restante-url`, of `RESTANTE_URL` or of the ini option `restante_url`;
else a child, which is started when it is first asked for. With pytest-xdist the controller starts it and tells the
workers.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from datetime import datetime, timezone
from typing import Any

import pytest

from ._client import Mailbox, Restante
from ._content import Summary, quoted
from ._errors import NotStarted, RestanteError
from .aio import AsyncMailbox, AsyncRestante

_ROWS_MAX = 20


class _Run:
    """What the tests of this process share."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._restante: Restante | None = None
        self.worker_mailbox: Mailbox | None = None
        # pytest-xdist: what the controller has told this process, if it is a worker.
        self._told: dict[str, Any] | None = getattr(config, "workerinput", None)
        self.is_own = False
        """Whether the catcher ends with the run."""

    def restante(self) -> Restante:
        if self._restante is None:
            self._restante = self._opened()
        return self._restante

    def _opened(self) -> Restante:
        told = (self._told or {}).get("restante")
        if told is None:
            url = self._url()
            self.is_own = url is None
            return Restante.start() if url is None else Restante.connect(url)
        if told["failure"] is not None:
            raise NotStarted(told["failure"])
        self.is_own = told["is_own"]
        return Restante.connect(told["url"])

    def for_workers(self) -> dict[str, Any]:
        """What a worker is told. A failure is told by the tests that need a catcher; others pass without."""
        url, failure = self._url(), None
        if url is not None:
            return {"url": url, "is_own": False, "failure": None}
        try:
            url = str(self.restante()._place.base)
        except RestanteError as error:
            failure = str(error)
        return {"url": url, "is_own": True, "failure": failure}

    def _url(self) -> str | None:
        option: str | None = self._config.getoption("restante_url")
        return option or os.environ.get("RESTANTE_URL") or self._config.getini("restante_url") or None

    @property
    def worker(self) -> str | None:
        """The name of this worker of pytest-xdist, such as `gw0`."""
        return None if self._told is None else str(self._told.get("workerid"))

    def close(self) -> None:
        if self._restante is not None:
            self._restante.close()


_RUN = pytest.StashKey[_Run]()
_USED = pytest.StashKey[list[Mailbox]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    said = "where a running Restante answers, such as http://localhost:8025; without one, one is started for the run"
    group = parser.getgroup("restante", "mail")
    group.addoption("--restante-url", metavar="URL", default=None, help=f"{said} (also RESTANTE_URL)")
    parser.addini("restante_url", said, default=None)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_RUN] = _Run(config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if _RUN in config.stash:
        config.stash[_RUN].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Of pytest-xdist, in its controller, before a worker starts."""
    node.workerinput["restante"] = node.config.stash[_RUN].for_workers()


@pytest.fixture(scope="session")
def restante(pytestconfig: pytest.Config) -> Restante:
    """The mail catcher of this run, and the view of all its mailboxes."""
    try:
        return pytestconfig.stash[_RUN].restante()
    except (RestanteError, ValueError) as error:
        failure = str(error)
    # The sentence says all; that this line raised it helps nobody.
    pytest.fail(failure, pytrace=False)


@pytest.fixture
def mailbox(restante: Restante, request: pytest.FixtureRequest) -> Mailbox:
    """A mailbox of this test alone, named after it. The application logs in by `mailbox.smtp`."""
    worker = request.config.stash[_RUN].worker
    fresh = restante.fresh_mailbox(f"{worker}-{request.node.name}" if worker else request.node.name)
    request.node.stash[_USED].append(fresh)
    return fresh


@pytest.fixture(scope="session")
def worker_mailbox(restante: Restante, pytestconfig: pytest.Config) -> Mailbox:
    """The mailbox of this worker, for an application that is set up once; emptied before each test."""
    run = pytestconfig.stash[_RUN]
    if run.worker_mailbox is None:
        run.worker_mailbox = restante.fresh_mailbox(run.worker or "worker")
    return run.worker_mailbox


@pytest.fixture(scope="session")
def async_restante(restante: Restante) -> AsyncRestante:
    """As `restante`, to be awaited."""
    return AsyncRestante(restante._place)


@pytest.fixture
def async_mailbox(mailbox: Mailbox) -> AsyncMailbox:
    """The same mailbox as `mailbox`, to be awaited."""
    return AsyncMailbox(mailbox._place)


@pytest.fixture(scope="session")
def async_worker_mailbox(worker_mailbox: Mailbox) -> AsyncMailbox:
    """The same mailbox as `worker_mailbox`, to be awaited."""
    return AsyncMailbox(worker_mailbox._place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Before any fixture of the test, which may send already."""
    # Of a test that is run again only its last run is told.
    item.stash[_USED] = []
    kept = item.config.stash[_RUN].worker_mailbox
    if kept is None:
        return
    try:
        kept.clear()
        return
    except RestanteError as error:
        failure = str(error)
    pytest.fail(failure, pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    if not report.failed:
        return
    run = item.config.stash[_RUN]
    used = item.stash.get(_USED, []).copy()
    if run.worker_mailbox is not None and "worker_mailbox" in getattr(item, "fixturenames", ()):
        used.append(run.worker_mailbox)
    for box in used:
        report.sections.append((f"mail in mailbox {quoted(box.name)}", _listed(box, is_own=run.is_own)))


def _listed(box: Mailbox, *, is_own: bool) -> str:
    try:
        rows = box._rows()
    except RestanteError as error:
        return f"It cannot be listed. {error}"
    now = datetime.now(timezone.utc)
    lines = [_row(row, now) for row in rows[:_ROWS_MAX]] or ["No mail is in it."]
    if len(rows) > _ROWS_MAX:
        lines.append(f"and {len(rows) - _ROWS_MAX} more")
    if not is_own:
        lines.append(box.url)
    return "\n".join(lines)


def _row(row: Summary, now: datetime) -> str:
    """As the server's explanations have it."""
    age = max((now - row.created).total_seconds(), 0)
    sender, recipients = row.envelope.from_ or "<>", ", ".join(row.envelope.to)
    return f"- {quoted(row.subject)} from {sender} to {recipients}, {age:.1f} s ago"
