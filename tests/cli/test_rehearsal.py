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

import pytest

from bot.cli.main import main
from tests.helpers.amounts import others_slow

ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/")


@contextmanager
def started(*argv: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process, and what it printed up to the address."""
    environ = {**os.environ, "DISCORD_TOKEN": "", "DEFAULT_LOCALE": "en"}
    command = [sys.executable, "-m", "bot", *argv]
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            printed = ""
            while not ADDRESS.search(printed):
                line = process.stdout.readline()
                assert line, "it ended without an address"
                printed += line
            yield process, printed
        finally:
            process.kill()


@pytest.mark.parametrize("stop", others_slow([signal.SIGINT, signal.SIGTERM]))
@pytest.mark.parametrize("argv", [(), pytest.param(("rehearse", "--page"), marks=pytest.mark.slow)])
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
    assert main(["rehearse"]) == 0
    assert "制作会社A" in capsys.readouterr().out
