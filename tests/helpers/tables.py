"""The rows of a table as one test: what pytest and its workers do for a test takes longer than many a row.

Only in a run with workers. Without them each row is a test, and can be run alone by the name that its failure tells.
"""

import functools
import inspect
from collections.abc import Callable, Generator, Sequence
from typing import Any, Final

import pytest

FIXTURES_OF_EVERY_TEST: Final = {"event_loop_policy", "logs_as_they_were", "command_ids_as_they_were"}
"""One that asks for another is no table."""


def _run_all(rows: Sequence[pytest.Function]) -> Callable[[], None]:
    """A test of these rows: each is run, then those that failed are told."""

    @functools.wraps(rows[0].function)
    def run() -> None:
        failures = list[BaseException]()
        skipped: BaseException | None = None
        for row in rows:
            try:
                row.obj(**row.callspec.params)
            except pytest.skip.Exception as error:
                skipped = error
            except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 — it is raised below
                error.add_note(f"in the row {row.name}")
                failures.append(error)
        if len(failures) > 1:
            raise BaseExceptionGroup(f"{len(failures)} of {len(rows)} rows failed", failures)
        for error in (*failures, skipped):
            if error is not None:
                raise error

    vars(run)["__signature__"] = inspect.Signature()
    return run


def _is_row(item: Any) -> bool:
    """Whether it needs nothing but its values, and has no marker of its own. The workers share out slow ones."""
    if type(item) is not pytest.Function or not hasattr(item, "callspec") or item.callspec.marks:
        return False
    if item.get_closest_marker("slow"):
        return False
    if inspect.iscoroutinefunction(item.function) or hasattr(item.function, "hypothesis"):
        return False
    values = set[str]()
    for mark in item.iter_markers("parametrize"):
        if "indirect" in mark.kwargs:
            return False
        names = mark.args[0]
        values.update(map(str.strip, names.split(",")) if isinstance(names, str) else names)
    return set(item.callspec.params) == values and set(item.fixturenames) <= values | FIXTURES_OF_EVERY_TEST


class Tables:
    """A plugin."""

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pycollect_makeitem(self) -> Generator[None, Any, Any]:
        """Put one test in place of the rows."""
        made = yield
        rows = [item for item in made if _is_row(item)] if isinstance(made, list) else []
        if len(rows) < 2:
            return made
        first = rows[0]
        table = pytest.Function.from_parent(first.parent, name=first.originalname, callobj=_run_all(rows))
        return [table, *(item for item in made if item not in rows)]
