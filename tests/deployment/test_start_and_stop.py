"""`python -m bot run` as a process: every step of a start may hang or fail, says so, and is ended by a signal."""

import asyncio
import json
import os
import signal
import socket
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.cli.run import EXIT_TEMPORARY
from bot.fake_discord.server import FakeDiscord
from bot.ops.stop_signals import EXIT_TIMEOUT
from tests.helpers.amounts import with_slow
from tests.helpers.closing import CloseLater
from tests.helpers.machine import ROOT, MachineClock
from tests.helpers.mail_reading import until
from tests.helpers.preloaded import PreloadedProcess, start_preloaded

STOP_SECONDS = 10
START_SECONDS = 60
"""On a busy machine."""

Json = dict[str, Any]


class BotProcess:
    """The process, and the lines of its log."""

    def __init__(self, process: PreloadedProcess) -> None:
        self.process = process
        self.lines: list[Json] = []
        self.sentences: list[str] = []
        """What the command line says when the bot ends by itself."""

    async def read_until(self, is_wanted: Callable[[Json], object]) -> Json:
        """The first line of the log that is wanted."""
        assert self.process.stderr is not None
        async with asyncio.timeout(START_SECONDS):
            while line := await self.process.stderr.readline():
                self._add(line)
                if is_wanted(self.lines[-1]):
                    return self.lines[-1]
        raise AssertionError((self.lines, self.sentences))

    async def event(self, name: str, **values: object) -> Json:
        """The first line with an event and values."""
        return await self.read_until(lambda line: line["event"] == name and line.items() >= values.items())

    def has_opened(self, file: Path) -> bool:
        """Whether the process has a file open."""
        descriptors = Path(f"/proc/{self.process.pid}/fd")
        return any(os.path.realpath(descriptor) == str(file) for descriptor in descriptors.iterdir())

    async def ended(self, within: float = START_SECONDS) -> int:
        """The exit status, after the rest of the log."""
        assert self.process.stderr is not None
        async with asyncio.timeout(within):
            rest = await self.process.stderr.read()
            status = await self.process.wait()
        for line in rest.splitlines():
            self._add(line)
        return status

    def _add(self, line: bytes) -> None:
        """A line of the log, which is JSON without exception."""
        self.lines.append(json.loads(line))
        if self.lines[-1]["event"] == "ended":
            self.sentences.append(self.lines[-1]["sentence"])


@pytest.fixture
async def discord() -> AsyncIterator[FakeDiscord]:
    async with FakeDiscord(MachineClock()) as fake:
        yield fake


@asynccontextmanager
async def bot_process(folder: Path, discord: FakeDiscord, **environ: str) -> AsyncIterator[BotProcess]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("DISCORD_", "LC_"))}
    process = await start_preloaded(
        ["-m", "bot", "run"],
        cwd=folder,
        env={
            **inherited, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PICTURES": "off", "LOG_FORMAT": "json",
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{folder}/nintei.db", **environ,
        },
        stderr=True,
    )  # fmt: skip
    try:
        yield BotProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def hang(method: str, path: str) -> Callable[[FakeDiscord], None]:
    return lambda discord: discord.faults.hang(method, path, times=99)


def gateway(fault: Any) -> Callable[[FakeDiscord], None]:
    return lambda discord: setattr(discord.faults, "every_gateway", fault)


def hang_api(discord: FakeDiscord) -> None:
    discord.faults.hang_api = True


def limit_log_in(discord: FakeDiscord) -> None:
    discord.faults.rate_limit("GET", "/users/@me", 300, times=99)


HANGING_STEPS = {
    "api": (hang_api, {"event": "starting", "step": "log-in"}),
    "own user": (hang("GET", "/users/@me"), {"event": "starting", "step": "log-in"}),
    "application": (hang("GET", "/oauth2/applications/@me"), {"event": "starting", "step": "log-in"}),
    "rate limit": (limit_log_in, {"event": "starting", "step": "log-in"}),
    "known commands": (hang("GET", "/commands"), {"event": "starting", "step": "log-in"}),
    "sent commands": (hang("PUT", "/commands"), {"event": "starting", "step": "log-in"}),
    "session limit": (hang("GET", "/gateway/bot"), {"event": "started"}),
    "handshake": (gateway("no_upgrade"), {"event": "started"}),
    "hello": (gateway("no_hello"), {"event": "started"}),
    "ready": (gateway("no_session"), {"event": "started"}),
    "503": (gateway("refused"), {"event": "gateway_connection_failed"}),
    "closed": (gateway("closed"), {"event": "gateway_connection_failed"}),
}


@pytest.mark.parametrize("step", with_slow(HANGING_STEPS, {*HANGING_STEPS} - {"hello"}))
async def test_a_start_that_hangs_is_ended_by_sigterm(tmp_path: Path, discord: FakeDiscord, step: str) -> None:
    make_fault, line = HANGING_STEPS[step]
    make_fault(discord)
    async with bot_process(tmp_path, discord) as bot:
        await bot.read_until(lambda logged: logged.items() >= line.items())
        await discord.state.wait_until(lambda: bool(discord.requests), timeout_seconds=START_SECONDS)
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(STOP_SECONDS) == 0
    assert any(logged["event"] == "stopping" for logged in bot.lines)


@pytest.mark.slow
async def test_a_frozen_postgresql_is_ended_by_sigterm(tmp_path: Path, discord: FakeDiscord) -> None:
    with socket.socket() as frozen:
        frozen.bind(("127.0.0.1", 0))
        frozen.listen()  # connections are accepted by the kernel, and nobody answers
        url = f"postgresql://nintei:x@127.0.0.1:{frozen.getsockname()[1]}/nintei"
        async with bot_process(tmp_path, discord, DATABASE_URL=url) as bot:
            await bot.event("starting", step="database")
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ended(STOP_SECONDS) == 0


class FreezingProxy:
    """A PostgreSQL server that falls silent after some of its answers; connections stay open."""

    def __init__(self, socket_path: str, answers: int) -> None:
        self._socket_path = socket_path
        self._answers = answers
        self.frozen = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_unix_connection(self._socket_path)
        for source, target, counts in ((reader, to_server, False), (from_server, writer, True)):
            self._tasks.add(asyncio.create_task(self._relay(source, target, counts=counts)))

    async def _relay(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, counts: bool) -> None:
        while data := await source.read(65536):
            if counts and self._answers == 0:
                self.frozen.set()
            if self.frozen.is_set():
                continue
            self._answers -= counts
            target.write(data)
        target.close()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("answers", [0, 1, 3, 10, 40])
async def test_a_postgresql_that_freezes_after_some_answers_is_ended_by_sigterm(
    server_url: str, tmp_path: Path, discord: FakeDiscord, close_later: CloseLater, answers: int
) -> None:
    parts = urlsplit(server_url)
    proxy = close_later(FreezingProxy(f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432", answers))
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    url = f"postgresql://{parts.username}@127.0.0.1:{port}{parts.path}?sslmode=disable"
    async with bot_process(tmp_path, discord, DATABASE_URL=url) as bot:
        async with asyncio.timeout(START_SECONDS):
            await proxy.frozen.wait()
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(STOP_SECONDS) == 0
    server.close()


@pytest.mark.slow
async def test_a_locked_database_is_ended_by_sigterm(tmp_path: Path, discord: FakeDiscord) -> None:
    with closing(sqlite3.connect(tmp_path / "nintei.db", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        async with bot_process(tmp_path, discord) as bot:
            await bot.event("starting", step="database")
            bot.process.send_signal(signal.SIGTERM)
            assert await bot.ended(STOP_SECONDS) == 0


async def test_a_second_interrupt_ends_it_at_once(tmp_path: Path, discord: FakeDiscord) -> None:
    with closing(sqlite3.connect(tmp_path / "nintei.db", isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")  # a thread waits until it may write, which nothing cancels
        async with bot_process(tmp_path, discord) as bot:
            await bot.event("starting", step="database")
            await until(lambda: bot.has_opened(tmp_path / "nintei.db"))
            bot.process.send_signal(signal.SIGINT)
            await bot.event("stopping")
            bot.process.send_signal(signal.SIGINT)
            assert await bot.ended(EXIT_TIMEOUT / 2) == 128 + signal.SIGINT


@pytest.mark.slow
@pytest.mark.skipif(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN, reason="nohup has this signal ignored")
async def test_a_terminal_that_is_closed_ends_it_in_order(tmp_path: Path, discord: FakeDiscord) -> None:
    async with bot_process(tmp_path, discord) as bot:
        await bot.event("ready")
        bot.process.send_signal(signal.SIGHUP)
        await bot.event("stopping")
        assert await bot.ended(STOP_SECONDS) == 0


@pytest.mark.slow
async def test_a_running_bot_whose_discord_hangs_is_ended_by_sigterm(tmp_path: Path, discord: FakeDiscord) -> None:
    mika = discord.add_user("mika")
    async with bot_process(tmp_path, discord, RECEIPT_WAIT="0") as bot:
        await bot.event("ready")
        hang_api(discord)
        before = len(discord.requests)
        await mika.write("制作会社A様 昨日 17:00")
        await discord.state.wait_until(lambda: len(discord.requests) > before, timeout_seconds=START_SECONDS)
        bot.process.send_signal(signal.SIGTERM)
        assert await bot.ended(STOP_SECONDS) == 0


@pytest.mark.slow
@pytest.mark.parametrize("status", [500, 502, 503])
async def test_a_log_in_that_fails_is_logged_tried_again_and_passing(
    tmp_path: Path, discord: FakeDiscord, status: int
) -> None:
    path = "/users/@me"
    if status == 503:
        discord.faults.status("GET", path, status, times=99)
    else:
        discord.faults.drop_connection("GET", path, "before", times=99)
    async with bot_process(tmp_path, discord) as bot:
        assert await bot.ended() == EXIT_TEMPORARY
    assert [line["attempt"] for line in bot.lines if line["event"] == "login_failed"] == [1, 2]
    assert any(line["event"] == "start_failed" and line["step"] == "log-in" for line in bot.lines)
    assert len(bot.sentences) == 1


@pytest.mark.slow
async def test_a_log_in_that_fails_once_passes(tmp_path: Path, discord: FakeDiscord) -> None:
    discord.faults.status("GET", "/users/@me", 503)
    async with bot_process(tmp_path, discord) as bot:
        await bot.event("ready")


@pytest.mark.slow
async def test_exit_statuses_say_whether_to_start_again(tmp_path: Path, discord: FakeDiscord) -> None:
    cases: list[tuple[dict[str, str], int]] = [
        ({"DISCORD_TOKEN": "wrong"}, 2),
        ({"DISCORD_TOKEN": ""}, 2),
        ({"SHARD_COUNT": "many"}, 2),
        ({"DATABASE_URL": "mysql://a"}, 2),
        ({"DATABASE_URL": "sqlite:////proc/nowhere/a.db"}, 2),
        ({"DATABASE_URL": "postgresql://nintei:x@127.0.0.1:1/nintei"}, EXIT_TEMPORARY),
        ({"DISCORD_API_URL": "http://127.0.0.1:1/api/v10"}, EXIT_TEMPORARY),
    ]
    for environ, status in cases:
        async with bot_process(tmp_path, discord, **environ) as bot:
            assert await bot.ended() == status, environ
            assert len(bot.sentences) == 1, (environ, bot.sentences)


@pytest.mark.slow
async def test_a_second_bot_on_the_same_file_ends_with_a_sentence(tmp_path: Path, discord: FakeDiscord) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "nintei.db")
    async with bot_process(tmp_path, discord) as first:
        await first.event("ready")
        for name in ("nintei.db", "link.db"):
            async with bot_process(tmp_path, discord, DATABASE_URL=f"sqlite:///{tmp_path}/{name}") as second:
                assert await second.ended() == EXIT_TEMPORARY
                assert "PostgreSQL" in second.sentences[0]
        first.process.kill()
        await first.process.wait()
    async with bot_process(tmp_path, discord) as third:  # the kernel has freed the lock
        await third.event("ready")


@pytest.mark.slow
async def test_systemd_is_told_when_it_is_ready_lives_and_stops(tmp_path: Path, discord: FakeDiscord) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)  # noqa: FBT003 — the socket's own interface
        loop = asyncio.get_running_loop()

        async def message() -> str:
            async with asyncio.timeout(START_SECONDS):
                return (await loop.sock_recv(systemd, 200)).decode()

        environ = {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "200000"}
        async with bot_process(tmp_path, discord, **environ) as bot:
            assert [await message() for _ in range(4)] == ["READY=1", *["WATCHDOG=1"] * 3]
            bot.process.send_signal(signal.SIGTERM)
            while (told := await message()) == "WATCHDOG=1":
                pass
            assert told == "STOPPING=1"
            assert await bot.ended(STOP_SECONDS) == 0
