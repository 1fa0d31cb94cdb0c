"""See that PostgreSQL runs every statement that SQLite runs, though most tests of the wire run on SQLite alone."""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

from storage import database, engines
from storage.database import Executor, Query, Transaction
from storage.engines.postgresql import PostgreSQL, PostgreSQLTransaction
from storage.engines.sqlite import SQLite, SQLiteTransaction
from tests.helpers.machine import ROOT

ENGINES: Final = {"sqlite": (SQLiteTransaction, SQLite), "postgresql": (PostgreSQLTransaction, PostgreSQL)}

METHODS: Final = ("fetch", "execute_many")

ALLOWED_ON_SQLITE_ALONE: Final = {
    "SELECT 1": "sends what has waited for a statement with a result",
    "SELECT done_at FROM duties WHERE name = $1": "the daily backup copies a file, and PostgreSQL has none of ours",
}

SEVERAL_QUERIES: Final = "WITH q0 (c0"
"""How a statement of several queries begins. These are noted one by one: SQLite joins more of them."""

PASSING_FILES: Final = {__file__, database.__file__}
"""Files through which a statement passes on its way to the engine."""

ENGINE_FILES: Final = str(Path(engines.__file__).parent)
OWN_FOLDERS: Final = (str(ROOT / "bot"), str(ROOT / "storage"))

NOT_COMPARED: Final = (ENGINE_FILES, str(ROOT / "storage" / "migrations"), str(ROOT / "storage" / "admin"))
"""What these folders send is one engine's own, or the same for whatever tables there are."""

OUTPUT_KEY: Final = "statements"
"""The key of what a worker notes."""

_PLACEHOLDERS: Final = re.compile(r"\$\d+(?:, \$\d+)*")
_ROWS: Final = re.compile(r"\(\$\)(?:, \(\$\))+")


def _common_form(transaction: type[Transaction], sql: str) -> str:
    """The statement without what differs between the engines, and with as many values as may be."""
    rows_as_json, row_as_json, as_json = transaction.json_functions
    for function, common in ((rows_as_json, "ROWS"), (row_as_json, "ROW"), (as_json, "")):
        if function:  # PostgreSQL needs none for a text that is JSON
            sql = re.sub(rf"\b{function}\(", f"{common}(", sql)
    return _ROWS.sub("($)", _PLACEHOLDERS.sub("$", sql.replace(transaction.sql_now, "NOW")))


def _sender(frame: FrameType | None) -> str:
    """The file of the code that sends a statement."""
    while frame is not None:
        file, function = frame.f_code.co_filename, frame.f_code.co_name
        if file not in PASSING_FILES and not (
            file.startswith(ENGINE_FILES) and function in {*METHODS, "lock_and_query"}
        ):
            return file
        frame = frame.f_back
    return ""


class EngineStatements:
    """A plugin for runs of all tests. A worker notes the statements; the process that prints compares them."""

    def __init__(self) -> None:
        self._statements: dict[str, set[str]] = {engine: set() for engine in ENGINES}

    def pytest_sessionstart(self) -> None:
        """Note each statement on its way."""
        for engine, (transaction, database_class) in ENGINES.items():
            for method in METHODS:
                self._note_statements(engine, transaction, method)
            for executor in (transaction, database_class):
                self._note_queries(engine, executor)

    def _note(self, engine: str, sql: str, frame: FrameType) -> None:
        sender = _sender(frame)
        if sender.startswith(OWN_FOLDERS) and not sender.startswith(NOT_COMPARED):
            self._statements[engine].add(_common_form(ENGINES[engine][0], sql))

    def _note_queries(self, engine: str, executor: type[Executor]) -> None:
        original: Callable[..., Any] = executor.query_many

        def noting(executor: Executor, *queries: Query[Any]) -> Any:
            for query in queries:
                self._note(engine, f"SELECT {', '.join(query.columns)} {query.source}", sys._getframe(1))
            return original(executor, *queries)

        setattr(executor, "query_many", noting)  # noqa: B010 — a type has no such attribute to set

    def _note_statements(self, engine: str, transaction: type[Transaction], method: str) -> None:
        original: Callable[..., Any] = getattr(transaction, method)

        def noting(transaction: Transaction, sql: str, *values: Any) -> Any:
            if sql not in ALLOWED_ON_SQLITE_ALONE and not sql.startswith(SEVERAL_QUERIES):
                self._note(engine, sql, sys._getframe(1))
            return original(transaction, sql, *values)

        setattr(transaction, method, noting)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail where a statement ran on SQLite alone."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[OUTPUT_KEY] = {
                engine: sorted(noted) for engine, noted in self._statements.items()
            }
        elif self.only_on_sqlite():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over a worker's note."""
        for engine, noted in getattr(node, "workeroutput", {}).get(OUTPUT_KEY, {}).items():
            self._statements[engine].update(noted)

    def only_on_sqlite(self) -> Iterable[str]:
        """The statements that no test sends to PostgreSQL."""
        return sorted(self._statements["sqlite"] - self._statements["postgresql"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print them."""
        if missing := self.only_on_sqlite():
            terminalreporter.section(
                "NOT RUN ON POSTGRESQL: mark a test that sends it `both_engines`", red=True, bold=True
            )
            for statement in missing:
                terminalreporter.line(statement)
