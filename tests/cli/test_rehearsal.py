"""`make run` without a token, and `rehearse`: the page's address, its end, and what cannot be served."""

import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli.main import main
from tests.helpers.amounts import others_slow
from tests.helpers.machine import HEED_SIGNALS, ROOT
from tests.helpers.wording import count_shown

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/")


@contextmanager
def started(*argv: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process, and what it printed up to the address."""
    with running(*argv) as process:
        assert process.stdout is not None
        printed = ""
        while not ADDRESS.search(printed):
            line = process.stdout.readline()
            assert line, "it ended without an address"
            printed += line
        yield process, printed


@contextmanager
def running(*argv: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    """A process, which is ended with the block."""
    whole = {**os.environ, "DISCORD_TOKEN": "", "DEFAULT_LOCALE": "en", **environ}
    command = [sys.executable, "-c", HEED_SIGNALS, "-m", "bot", *argv]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=ROOT, env=whole, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_interactive_one_while_it_waits_for_a_line(number: signal.Signals, tmp_path: Path) -> None:
    """The thread that reads the line waits on; the database of the rehearsal is removed all the same."""
    with running("rehearse", "--interactive", TMPDIR=str(tmp_path)) as process:
        assert process.stdout is not None
        printed = ""
        while not printed.endswith("\n> "):
            letter = process.stdout.read(1)
            assert letter, "it ended without a prompt"
            printed += letter
        process.send_signal(number)
        process.wait(20)
        assert process.returncode == 128 + number
        assert process.stderr is not None
        assert process.stderr.read() == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_no_button_has_the_number_0(tmp_path: Path) -> None:
    with running("rehearse", "--interactive", TMPDIR=str(tmp_path)) as process:
        printed, faults = process.communicate("!0\n!99\nquit\n", timeout=60)
    assert count_shown(printed, "rehearse-cannot", "en") == 2
    assert faults == ""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_of_the_day_leaves_no_database(number: signal.Signals, tmp_path: Path) -> None:
    with running("rehearse", TMPDIR=str(tmp_path), PYTHONUNBUFFERED="1") as process:
        assert process.stdout is not None
        while "/start" not in (line := process.stdout.readline()):
            assert line, "it ended without a day"
        assert list(tmp_path.iterdir()) != []
        process.send_signal(number)
        _, faults = process.communicate(timeout=20)
        assert (process.returncode, faults) == (128 + number, "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("argv", [(), ("rehearse", "--page")])
def test_the_page_is_served_until_it_is_stopped(argv: tuple[str, ...], stop: signal.Signals) -> None:
    with started(*argv) as (process, printed):
        found = ADDRESS.search(printed)
        assert found is not None
        assert "Ctrl-C" in printed
        with urllib.request.urlopen(found[0], timeout=20) as answer:  # noqa: S310 — it printed this address itself
            assert b"<title>Nintei</title>" in answer.read()
        process.send_signal(stop)
        _, faults = process.communicate(timeout=20)
        assert process.returncode == 0
        assert faults == ""


def test_a_port_in_use_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", "en")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["rehearse", "--page", "--port", port]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert port in err


@pytest.mark.parametrize(
    "argv",
    [
        ["--page", "--port", "x"], ["--page", "--port", "-1"], ["--page", "--port", "70000"], ["--page", "--port", "٣"],
        ["--port", "80"], ["--page", "--interactive"],
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], argv: list[str]
) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", "ja")
    assert main(["rehearse", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1


@pytest.mark.parametrize("locale", others_slow(["ja", "en"]))
def test_the_day_is_played_in_the_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], locale: str
) -> None:
    monkeypatch.setenv("DEFAULT_LOCALE", locale)
    monkeypatch.setenv("MAX_RECORDS_A_DAY", "1")  # the bot's, not the rehearsal's
    assert main(["rehearse"]) == 0
    assert "制作会社A" in capsys.readouterr().out
