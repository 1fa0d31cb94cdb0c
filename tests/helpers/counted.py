"""Counting what runs while something happens: statements, and functions of the bot."""

import asyncio
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from storage.engines.postgresql import PostgreSQLTransaction
from storage.engines.sqlite import SQLiteTransaction
from tests.helpers.machine import ROOT

BACKGROUND_TASKS = {
    "dispatcher", "periodic_tasks", "membership", "heartbeat", "notifications", "operator_requests", "card_updates",
}  # fmt: skip
"""Tasks that run beside what a member does: whether one of them works in the meantime is chance."""


def is_in_background() -> bool:
    """Whether a task that runs beside what is counted is being executed; False in a thread."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.get_name() in BACKGROUND_TASKS


@contextmanager
def counted_statements() -> Iterator[list[str]]:
    """The statements that run while the block does, on either engine; begin, commit and empty ones do not count."""
    statements: list[str] = []

    def count(sql: str) -> None:
        if not sql.startswith(("BEGIN", "COMMIT")) and not is_in_background():
            statements.append(sql)

    def counting(kind: Any, patch: pytest.MonkeyPatch) -> None:
        fetch, execute_many = kind.fetch, kind.execute_many

        async def counted_fetch(self: Any, sql: str, *values: Any) -> Any:
            count(sql)
            return await fetch(self, sql, *values)

        async def counted_execute_many(self: Any, sql: str, rows: Any) -> None:
            bound = list(rows)
            if bound:
                count(sql)
            await execute_many(self, sql, bound)

        patch.setattr(kind, "fetch", counted_fetch)
        patch.setattr(kind, "execute_many", counted_execute_many)

    with pytest.MonkeyPatch.context() as patch:
        counting(SQLiteTransaction, patch)
        counting(PostgreSQLTransaction, patch)
        yield statements


def _file_of(code: CodeType) -> str | None:
    """The file of a function of the bot, below the checkout; None for every other function."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[:2] == ("bot", "fake_discord"):
        return None
    return str(path.relative_to(ROOT)) if path.relative_to(ROOT).parts[0] in {"bot", "storage"} else None


@contextmanager
def counted_functions() -> Iterator[set[tuple[str, str]]]:
    """The functions of the bot that are entered while the block runs, as file and name; filled when it ends.

    Comprehensions do not count: from Python 3.12 on they are no functions (PEP 709).
    """
    entered: set[CodeType] = set()
    functions: set[tuple[str, str]] = set()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and not is_in_background():
            entered.add(frame.f_code)

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())  # its threads start under the profile
    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        yield functions
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
        for code in entered:
            if not code.co_name.endswith("comp>") and (file := _file_of(code)) is not None:
                functions.add((file, f"{code.co_qualname}:{code.co_firstlineno}"))
