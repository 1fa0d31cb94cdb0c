"""What a process leaves behind of an error that nobody handles: never what a member wrote, and no memory."""

import pickle
import resource
import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.pictures.worker_protocol import frame_worker_message
from bot.services.import_contents import ImportFile
from tests.helpers.machine import ROOT

SECRET = "制作会社ひみつ"
FAULT = f"""
def fail(*_):
    raise ValueError("invalid literal: {SECRET}") from KeyError("{SECRET}")
"""


def run(code: str, given: bytes = b"") -> str:
    """What a program prints to stderr, and to stdout where it is text."""
    done = subprocess.run(
        [sys.executable, "-c", code], input=given, capture_output=True, cwd=ROOT, check=False, timeout=60
    )
    return (done.stderr + done.stdout).decode(errors="replace")


def test_a_fault_of_the_process_that_reads_a_file_quotes_nothing_of_it() -> None:
    code = f"from bot.services import import_process as process\n{FAULT}\nprocess.read_import_contents = fail\nprocess.main()"
    file = ImportFile("a.csv", SECRET.encode(), datetime(2026, 11, 24, tzinfo=UTC), ZoneInfo("Asia/Tokyo"))
    printed = run(code, pickle.dumps(file))
    assert "builtins.ValueError" in printed
    assert SECRET not in printed


def test_a_fault_of_the_process_that_draws_quotes_nothing_of_the_picture() -> None:
    code = f"from bot.pictures import drawing, worker\n{FAULT}\ndrawing.draw_picture = fail\nworker.main()"
    printed = run(code, frame_worker_message(pickle.dumps(SECRET)))
    assert "builtins.ValueError" in printed
    assert SECRET not in printed


@pytest.mark.parametrize(
    "unhandled",
    [
        "fail()",
        "import threading; thread = threading.Thread(target=fail); thread.start(); thread.join()",
        "class Leaves: __del__ = fail\nLeaves()",
    ],
    ids=["in the main thread", "in a thread", "when an object goes"],
)
def test_an_error_that_nobody_handles_quotes_nothing(unhandled: str) -> None:
    code = f"from bot.unhandled_errors import redact_unhandled_errors\nredact_unhandled_errors()\n{FAULT}\n{unhandled}"
    printed = run(code)
    assert "builtins.ValueError" in printed
    assert SECRET not in printed


def test_no_command_leaves_its_memory_in_a_file() -> None:
    before = resource.getrlimit(resource.RLIMIT_CORE)[1]
    if not before:
        pytest.skip("the machine allows no core dumps")
    code = (
        "import resource; from bot.cli.main import main\n"
        f"resource.setrlimit(resource.RLIMIT_CORE, ({before}, {before}))\n"
        "main(['fee', '50000']); print('limit', resource.getrlimit(resource.RLIMIT_CORE)[0])"
    )
    assert "limit 0" in run(code).splitlines()
