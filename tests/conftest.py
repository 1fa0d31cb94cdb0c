"""Both engines: what asks for `database_url` runs on SQLite, and in `make test-all` on PostgreSQL too."""

import gc
import logging
import os
import sys
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
import structlog
from hypothesis import settings
from structlog._config import BoundLoggerLazyProxy

from bot.i18n.command_mentions import set_command_ids
from bot.logging_setup import OWN_LOGGERS
from tests.helpers.amounts import examples
from tests.helpers.api_description import DESCRIPTION, NOT_CHECKED
from tests.helpers.closing import CloseLater
from tests.helpers.compilation import compile_in_turn
from tests.helpers.engine_statements import EngineStatements
from tests.helpers.memory_folder import use_memory_folder
from tests.helpers.run_times import RunTimes
from tests.helpers.servers import database_of, end_server_of_run, server
from tests.helpers.tables import Tables

use_memory_folder()
settings.register_profile("nintei", max_examples=examples(100), deadline=None)  # the machine may be busy
settings.load_profile("nintei")

ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that ran in this process has set up the logs for a process of its own."""
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        for module in [each for name, each in sys.modules.items() if name.partition(".")[0] in OWN_LOGGERS]:
            if isinstance(ours := getattr(module, "log", None), BoundLoggerLazyProxy):
                vars(ours).pop("bind", None)  # it remembers how it was set up when it was first used
    for ours in [each for each in logging.root.handlers if type(each).__module__ == "bot.logging_setup"]:
        logging.root.removeHandler(ours)
    logging.root.setLevel(logging.WARNING)
    for name in (*OWN_LOGGERS, "discord"):
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(autouse=True)
def command_ids_as_they_were() -> Iterator[None]:
    """A bot that ran in this process knew the ids that a Discord had given its commands."""
    yield
    set_command_ids({})


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """The engine that the test runs on: `sqlite` or `postgresql`."""
    return str(request.param)


@pytest.fixture
async def database_url(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of a new database, at the newest schema and otherwise empty."""
    if engine != "sqlite":
        monkeypatch.chdir(tmp_path)  # erasures are noted under data/
    async with database_of(engine, tmp_path / "nintei.db") as url:
        yield url


@pytest.fixture
async def close_later() -> AsyncIterator[CloseLater]:
    """Close what it is called with when the test ends. A test asks for it after what that needs, such as `database_url`."""
    async with AsyncExitStack() as stack:
        yield CloseLater(stack)


@pytest.fixture
async def server_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """The address of a new, empty PostgreSQL database: for tests marked `postgres`."""
    monkeypatch.chdir(tmp_path)
    url = await server().make_database()
    yield url
    server().drop_database(url)


@pytest.fixture
def english_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line speaks English, whatever the environment of this machine says."""
    for name in ("DEFAULT_LOCALE", "DEFAULT_EDITION", "DEFAULT_TIMEZONE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """More than processors, since many tests wait for a time-out or for another process: most of all the slow ones."""
    from xdist.plugin import pytest_xdist_auto_num_workers as processors  # noqa: PLC0415 — where it is installed

    return (3 * processors(config) // 2) if config.option.markexpr else 3 * processors(config)


def pytest_configure(config: pytest.Config) -> None:
    """The run's name, by which its processes share a server, is known also to the process that starts the others.

    The run is timed. In its workers the rows of a table are one test.
    """
    if "testrunuid" in config.option and not config.option.testrunuid:
        config.option.testrunuid = uuid4().hex
    config.pluginmanager.register(RunTimes())
    if hasattr(config, "workerinput"):
        config.pluginmanager.register(Tables())
    options = config.option
    if not (options.markexpr or options.keyword or options.collectonly or options.file_or_dir):
        config.pluginmanager.register(EngineStatements())


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Thousands of tests and imported modules stay until the end: no garbage collection looks at them, then or later.

    And it looks for cycles after more objects than in a bot: most of those that a test makes go without it.
    """
    gc.disable()
    try:
        if hasattr(session.config, "workerinput") and not session.config.option.file_or_dir:
            compile_in_turn(**session.config.workerinput)
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, 20, 20)
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    """A worker that was killed could not stop the server."""
    if not hasattr(config, "workerinput") and (run := config.getoption("testrunuid", None)):
        end_server_of_run(run)


@pytest.hookimpl(trylast=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a failure at once: a run that is stopped from outside prints no summary."""
    if report.failed and "PYTEST_XDIST_WORKER" not in os.environ:
        sys.stdout.write(f"\nFAILED {report.nodeid} ({report.when})\n")
        sys.stdout.flush()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say that a check did not run for want of a file that is not in the repository."""
    if not DESCRIPTION.exists():
        terminalreporter.section("NOT CHECKED", yellow=True, bold=True)
        terminalreporter.line(NOT_CHECKED, yellow=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out PostgreSQL for tests of SQLite's file, and for what reaches no database in another way."""
    seen = set[tuple[str, ...]]()

    def is_left_out(item: pytest.Item) -> bool:
        call = getattr(item, "callspec", None)
        if call is None or call.params.get("engine") != "postgresql":
            return False
        if item.get_closest_marker("sqlite_only"):
            return True
        if "wire" in item.path.parts and not item.get_closest_marker("both_engines"):
            return True
        once = item.get_closest_marker("others_on_sqlite")
        if once is None:
            return False
        others = [repr(value) for name, value in call.params.items() if once.args and name not in once.args]
        is_further = (name := (item.nodeid.partition("[")[0], *others)) in seen
        seen.add(name)
        return is_further

    left_out = [item for item in items if is_left_out(item)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    # The long ones first, so that no worker is left with one; then those that wait most, whose gaps the others fill.
    items.sort(key=lambda item: (item.get_closest_marker("slow") is None, "wire" not in item.path.parts))
