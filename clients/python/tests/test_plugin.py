"""The plugin, in runs of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from restante import Restante

SHOP = """
import smtplib

def order(smtp, subject="Welcome"):
    with smtplib.SMTP(smtp.host, smtp.port) as client:
        client.login(smtp.user, smtp.password)
        client.sendmail("hello@shop.test", ["ann@app.test"], "Subject: " + subject + "\\r\\n\\r\\n")
"""


@pytest.fixture
def run(pytester: pytest.Pytester, bare_environment: pytest.MonkeyPatch, binary: str) -> pytest.Pytester:
    """Runs tests in a process of their own, which has to find the program."""
    bare_environment.setenv("RESTANTE_BIN", binary)
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID"):
        bare_environment.delenv(name, raising=False)
    pytester.makepyfile(shop=SHOP)
    pytester.makeini("[pytest]\nfilterwarnings = error\nasyncio_default_fixture_loop_scope = function")
    return pytester


@pytest.mark.parametrize("workers", [[], ["-n", "0"], ["-n", "3"]], ids=str)
def test_one_catcher_for_the_whole_run(run: pytest.Pytester, workers: list[str]) -> None:
    run.makepyfile(
        """
        import os, pathlib, pytest
        from shop import order

        @pytest.mark.parametrize("number", range(12))
        def test_mail(number, restante, mailbox, async_restante, async_mailbox):
            order(mailbox.smtp)
            assert mailbox.wait(subject="Welcome").mailbox == mailbox.name == async_mailbox.name
            worker = os.environ.get("PYTEST_XDIST_WORKER")
            assert mailbox.name.startswith(f"{worker}-test-mail-{number}-" if worker else f"test-mail-{number}-")
            told = f"{restante.url} {restante.smtp.port} {async_restante.url}"
            pathlib.Path(f"told-{number}").write_text(told)
        """
    )
    run.runpytest_subprocess(*workers).assert_outcomes(passed=12)
    told = {file.read_text() for file in run.path.glob("told-*")}
    assert len(told) == 1
    # It went with the run.
    url = told.pop().split()[0]
    with pytest.raises(Exception, match="No Restante answers"):
        Restante.connect(url)


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=str)
def test_the_mailbox_of_a_worker(run: pytest.Pytester, workers: list[str]) -> None:
    run.makepyfile(
        """
        import os, pytest
        from shop import order

        class Application:
            def __init__(self, smtp):
                self.smtp = smtp

        @pytest.fixture(scope="session")
        def application(worker_mailbox):
            return Application(worker_mailbox.smtp)

        @pytest.fixture
        def greeted(application):
            order(application.smtp, "Hello")

        @pytest.mark.parametrize("number", range(8))
        def test_mail(number, application, greeted, worker_mailbox, async_worker_mailbox):
            worker = os.environ.get("PYTEST_XDIST_WORKER", "worker")
            assert worker_mailbox.name.startswith(f"{worker}-")
            assert worker_mailbox.name == async_worker_mailbox.name
            order(application.smtp)
            # Emptied before each test, and before its fixtures.
            found = worker_mailbox.wait_several(exactly=2)
            assert [message.subject for message in found] == ["Hello", "Welcome"]
        """
    )
    run.runpytest_subprocess(*workers).assert_outcomes(passed=8)


def test_a_failure_lists_the_mail(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import pytest
        from shop import order

        def test_few(mailbox):
            order(mailbox.smtp, "One")
            order(mailbox.smtp, "Two")
            assert 1 == 2

        def test_many(mailbox):
            for number in range(23):
                order(mailbox.smtp, f"Number {number:02}")
            assert 1 == 2

        def test_without(restante):
            assert 1 == 2

        @pytest.fixture
        def broken(mailbox):
            order(mailbox.smtp, "In a fixture")
            raise RuntimeError("broken")

        def test_broken(broken):
            pass

        def test_passes(mailbox):
            order(mailbox.smtp, "Not to be seen")

        @pytest.mark.xfail
        def test_expected_to_fail(mailbox):
            order(mailbox.smtp, "Not to be seen")
            assert 1 == 2
        """
    )
    result = run.runpytest_subprocess("-p", "no:randomly", "-rN")
    result.assert_outcomes(passed=1, failed=3, errors=1, xfailed=1)
    result.stdout.re_match_lines(
        [
            r'-* mail in mailbox "test-broken-\w{8}" -*',
            r'- "In a fixture" from hello@shop.test to ann@app.test, \d\.\d s ago',
            r'-* mail in mailbox "test-few-\w{8}" -*',
            r'- "Two" from hello@shop.test to ann@app.test, \d\.\d s ago',
            r'- "One" from hello@shop.test to ann@app.test, \d\.\d s ago',
            r'-* mail in mailbox "test-many-\w{8}" -*',
            r'- "Number 22" .*',
            r'- "Number 03" .*',
            r"and 3 more",
        ]
    )
    result.stdout.no_fnmatch_line("*Not to be seen*")
    assert str(result.stdout).count("mail in mailbox") == 3
    # It ends with the run: there is no page to look at.
    result.stdout.no_fnmatch_line("http://*")


@pytest.mark.parametrize("workers", [[], ["-n", "1"]], ids=str)
@pytest.mark.parametrize("how", ["option", "variable", "ini"])
def test_a_running_one_can_be_named(run: pytest.Pytester, restante: Restante, how: str, workers: list[str]) -> None:
    run.makepyfile(
        f"""
        def test_mail(mailbox, restante):
            assert restante.url == {restante.url!r}
            mailbox.wait(timeout=0)
        """
    )
    run._monkeypatch.setenv("RESTANTE_BIN", "/nowhere/restante")
    options = list(workers)
    if how == "option":
        run._monkeypatch.setenv("RESTANTE_URL", "http://localhost:1")
        options += ["--restante-url", restante.url]
    elif how == "variable":
        run.makeini("[pytest]\nrestante_url = http://localhost:1")
        run._monkeypatch.setenv("RESTANTE_URL", restante.url)
    else:
        run.makeini(f"[pytest]\nrestante_url = {restante.url}")
    result = run.runpytest_subprocess(*options)
    result.assert_outcomes(failed=1)
    # It outlives the run: its page can be looked at.
    result.stdout.re_match_lines([rf"{restante.url}mailbox/(gw0-)?test-mail-\w{{8}}/"])


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=str)
def test_without_a_program_only_those_fail_that_need_it(run: pytest.Pytester, workers: list[str]) -> None:
    run._monkeypatch.setenv("RESTANTE_BIN", "/nowhere/restante")
    run.makepyfile("def test_other(): pass\ndef test_one(mailbox): pass\ndef test_two(async_restante): pass")
    result = run.runpytest_subprocess(*workers)
    result.assert_outcomes(passed=1, errors=2)
    result.stdout.fnmatch_lines(["There is no program /nowhere/restante, which RESTANTE_BIN names."])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_no_catcher_is_started_for_those_who_ask_none(run: pytest.Pytester) -> None:
    program = run.path / "restante"
    program.write_text(f"#!/bin/sh\ntouch {run.path}/started\nexit 1\n")
    program.chmod(0o755)
    run._monkeypatch.setenv("RESTANTE_BIN", str(program))
    run.makepyfile("def test_other(): pass")
    run.runpytest_subprocess().assert_outcomes(passed=1)
    assert not (run.path / "started").exists()


def test_a_test_that_is_run_again_lists_its_last_run(run: pytest.Pytester) -> None:
    run.makeconftest(
        """
        import pytest
        from _pytest.runner import runtestprotocol

        @pytest.hookimpl(tryfirst=True)
        def pytest_runtest_protocol(item, nextitem):
            runtestprotocol(item, nextitem=nextitem, log=False)
            for report in runtestprotocol(item, nextitem=nextitem, log=False):
                item.ihook.pytest_runtest_logreport(report=report)
            return True
        """
    )
    run.makepyfile("def test_it(mailbox): assert 1 == 2")
    result = run.runpytest_subprocess()
    result.assert_outcomes(failed=1)
    assert str(result.stdout).count("mail in mailbox") == 1


ASYNC = """
from shop import order

MARK
async def test_mail(async_mailbox):
    order(async_mailbox.smtp)
    message = await async_mailbox.wait(subject="Welcome")
    assert message.mailbox == async_mailbox.name

MARK
async def test_several(async_mailbox, async_worker_mailbox, async_restante):
    order(async_worker_mailbox.smtp)
    order(async_mailbox.smtp)
    assert (await async_restante.wait(mailbox=async_mailbox.name)).mailbox == async_mailbox.name
    await async_worker_mailbox.wait_several(exactly=1)
"""


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=str)
def test_with_pytest_asyncio(run: pytest.Pytester, workers: list[str]) -> None:
    run.makepyfile(ASYNC.replace("MARK", "@__import__('pytest').mark.asyncio"))
    run.runpytest_subprocess("-p", "no:anyio", *workers).assert_outcomes(passed=2)


def test_with_anyio(run: pytest.Pytester) -> None:
    run.makeconftest("import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'")
    run.makeini("[pytest]\nfilterwarnings = error")
    run.makepyfile(ASYNC.replace("MARK", "@__import__('pytest').mark.anyio"))
    run.runpytest_subprocess("-p", "no:asyncio").assert_outcomes(passed=2)


def test_with_neither(run: pytest.Pytester) -> None:
    run.makeini("[pytest]\nfilterwarnings = error")
    run.makepyfile("import asyncio\ndef test_it(async_mailbox): asyncio.run(async_mailbox.none(within=0))")
    run.runpytest_subprocess("-p", "no:asyncio", "-p", "no:anyio", "-p", "no:xdist").assert_outcomes(passed=1)


def test_on_another_event_loop_it_says_so(run: pytest.Pytester) -> None:
    run.makepyfile(
        """
        import pytest, restante

        def test_it(async_mailbox):
            # Driven by no loop at all, as trio drives it.
            with pytest.raises(restante.RestanteError, match="runs on asyncio"):
                async_mailbox.messages().send(None)
        """
    )
    run.runpytest_subprocess().assert_outcomes(passed=1)


def test_it_can_be_switched_off(run: pytest.Pytester) -> None:
    run.makepyfile("def test_it(mailbox): pass")
    result = run.runpytest_subprocess("-p", "no:restante")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'mailbox' not found*"])


def test_the_fixtures_and_the_option_are_explained(run: pytest.Pytester) -> None:
    run.runpytest_subprocess("--fixtures").stdout.fnmatch_lines(["mailbox -- *", "*A mailbox of this test alone*"])
    run.runpytest_subprocess("--help").stdout.fnmatch_lines(["*--restante-url=URL*", "*restante_url*"])


def test_this_file_is_about_the_plugin_beside_it(pytestconfig: pytest.Config) -> None:
    plugin = pytestconfig.pluginmanager.get_plugin("restante")
    assert plugin is not None
    assert Path(plugin.__file__).parent == Path(__import__("restante").__file__).parent
