"""Where the time of a test run goes, printed at its end: the files that took the most, with their set-up apart."""

import resource
import time
from collections import Counter, defaultdict
from collections.abc import Generator
from typing import Any, Final

import pytest

FILES: Final = 10
"""How many files are printed; a run of no more than these prints nothing."""

COLLECTION: Final = "collection"

SHARED: Final = "(what a worker's tests share, such as a browser)"
"""In place of a file: what ends with a worker's last test. A process counts when it has ended."""


def processor_seconds() -> float:
    """Of this process with its threads, and of the processes that it started and that have ended."""
    usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


class RunTimes:
    """A plugin. A worker notes the processor time in its reports; the process that prints adds them up by file."""

    def __init__(self) -> None:
        self._last = time.process_time()
        self._is_last_test = False
        self._collections: list[float] = []
        self._tests = Counter[str]()
        self._elapsed = Counter[str]()
        self._phases: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def _since_last(self) -> float:
        last, self._last = self._last, processor_seconds()
        return self._last - last

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note what imports and collection took: in every worker the same."""
        self._last, taken = processor_seconds(), processor_seconds()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput[COLLECTION] = taken
        else:
            self._collections.append(taken)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over a worker's note."""
        if taken := getattr(node, "workeroutput", {}).get(COLLECTION):
            self._collections.append(taken)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_teardown(self, nextitem: pytest.Item | None) -> None:
        """Remember that whatever the tests of this worker share ends with this one."""
        self._is_last_test = nextitem is None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Add the processor time since the last report."""
        report = yield
        report.processor_seconds = self._since_last()
        report.ends_shared = self._is_last_test
        return report

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Add up, in the process that prints."""
        file = report.nodeid.partition("::")[0]
        used = SHARED if getattr(report, "ends_shared", False) else file
        self._phases[report.when][used] += getattr(report, "processor_seconds", 0)  # a worker that died sends none
        self._elapsed[file] += report.duration
        self._tests[file] += report.when == "call"

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print it."""
        setup, call, teardown = (self._phases[phase] for phase in ("setup", "call", "teardown"))
        files = setup + call + teardown
        if len(self._tests) <= FILES:
            return
        line = terminalreporter.line
        terminalreporter.section("where the time went, in seconds")
        line("processor  of it set-up  elapsed  tests  file")
        for file, seconds in files.most_common(FILES):
            counted = f"{self._elapsed[file]:>7.1f}  {self._tests[file]:>5}"
            line(f"{seconds:>9.1f}  {setup[file]:>12.1f}  {counted}  {file}")
        parts = ", ".join(
            f"{name} {seconds:.0f}"
            for name, seconds in (
                (f"imports and collection in {len(self._collections)} processes", sum(self._collections)),
                ("set-up", setup.total()),
                ("tests", call.total()),
                ("teardown", teardown.total()),
            )
        )
        line(f"Processor time: {parts}; elapsed in tests: {sum(self._elapsed.values()):.0f}.")
