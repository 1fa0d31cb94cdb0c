"""Processes of the bot whose imports are made already: importing takes most of a start.

One process of a test run imports the bot, and forks for each one that is asked for. What is forked has its own folder, environment
and arguments, is killed and ends as one that was started anew. Its parent is the forking process, which says how it ended.
"""

import asyncio
import atexit
import gc
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final

from tests.helpers.machine import ROOT

LARGEST: Final = 1 << 17
"""Bytes of what is asked for: mostly the environment."""

LARGEST_OUTPUT: Final = 1 << 24


class _Pipe(asyncio.StreamReaderProtocol):
    """The reading end of a pipe. All that is written is read at once, whether or not a test asks for it."""

    def __init__(self) -> None:
        self.reader = asyncio.StreamReader(limit=LARGEST_OUTPUT)
        self.closed = asyncio.Event()
        super().__init__(self.reader)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.closed.set()


class PreloadedProcess:
    """A process, with the part of `asyncio.subprocess.Process` that tests use."""

    def __init__(self, pid: int, status: _Pipe, errors: _Pipe | None) -> None:
        self.pid = pid
        self.stderr = errors.reader if errors else None
        self.returncode: int | None = None
        self._pipes = [status, *([errors] if errors else [])]
        self._ending = asyncio.create_task(self._end())

    async def _end(self) -> int:
        line = await self._pipes[0].reader.readline()
        assert line, "the process that forks has died"
        self.returncode = int(line)
        for pipe in self._pipes:
            await pipe.closed.wait()
        return self.returncode

    async def wait(self) -> int:
        """The exit status, as that of `asyncio.subprocess.Process`."""
        return await asyncio.shield(self._ending)

    def send_signal(self, number: int) -> None:
        """Send a signal, unless it has ended."""
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to stop."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Kill it."""
        self.send_signal(signal.SIGKILL)


async def start_preloaded(
    argv: Sequence[str], *, cwd: Path, env: Mapping[str, str], stderr: bool = False
) -> PreloadedProcess:
    """Run `python ARGV`, where ARGV begins with a script's path, or with `-m` and a module; `stderr`: by a pipe."""
    status, status_end = await _pipe()
    errors, errors_end = await _pipe() if stderr else (None, 2)
    asked = json.dumps([list(argv), str(cwd), dict(env)]).encode()
    try:
        socket.send_fds(_forking(), [asked], [status_end, errors_end])
    finally:
        os.close(status_end)
        if stderr:
            os.close(errors_end)
    pid = await status.reader.readline()
    assert pid, "the process that forks has died"
    return PreloadedProcess(int(pid), status, errors)


async def _pipe() -> tuple[_Pipe, int]:
    """A new pipe: its reading end in this loop, and its writing end."""
    read, write = os.pipe()
    _, pipe = await asyncio.get_running_loop().connect_read_pipe(_Pipe, os.fdopen(read, "rb"))
    return pipe, write


@cache
def _forking() -> socket.socket:
    """The way to the process that forks: started once in each process of a test run, and ended with it."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.preloaded", str(theirs.fileno())],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, pass_fds=[theirs.fileno()],
        )  # fmt: skip

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def fork_when_asked(asking: socket.socket) -> tuple[list[str], Path] | None:
    """Fork for whatever is asked for: in the new process what it is to run, in this one None once nobody asks."""
    ended, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake)
    before = signal.signal(signal.SIGCHLD, lambda *_: None)
    running: dict[int, int] = {}
    while True:
        ready, _, _ = select.select([asking, ended], [], [])
        if ended in ready:
            os.read(ended, 4096)
            _report_ended(running)
        if asking not in ready:
            continue
        asked, descriptors, _, _ = socket.recv_fds(asking, LARGEST, 2)
        if not asked:
            return None
        argv, folder, environ = json.loads(asked)
        status_end, errors_end = descriptors
        if pid := os.fork():
            os.close(errors_end)
            running[pid] = status_end
            os.write(status_end, b"%d\n" % pid)
            continue
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, before)
        for descriptor in (ended, wake, status_end, asking.detach(), *running.values()):
            os.close(descriptor)
        os.dup2(errors_end, 2)
        os.close(errors_end)
        # A stream remembers of what kind its file was.
        sys.stderr = sys.__stderr__ = open(  # noqa: SIM115 — it stays open
            2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False
        )
        os.environ.clear()
        os.environ.update(environ)
        os.chdir(folder)
        return argv, Path(folder)


def _report_ended(running: dict[int, int]) -> None:
    with suppress(ChildProcessError):
        while (status := os.waitpid(-1, os.WNOHANG))[0]:
            status_end = running.pop(status[0])
            with suppress(BrokenPipeError):  # the test has ended
                os.write(status_end, b"%d\n" % os.waitstatus_to_exitcode(status[1]))
            os.close(status_end)


def _run(argv: list[str], folder: Path) -> None:
    """Run it as Python does."""
    if argv[0] == "-m":
        sys.argv = ["-m", *argv[2:]]
        sys.path[0] = str(folder)
        runpy.run_module(argv[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = argv
        sys.path[0] = str(Path(argv[0]).parent)
        runpy.run_path(argv[0], run_name="__main__")


def main() -> None:
    """Import the bot, and fork."""
    import bot.app  # noqa: PLC0415 — only this process needs it
    import bot.cli.main  # noqa: F401, PLC0415

    gc.collect()
    gc.freeze()  # no process copies what it only looks through
    with socket.socket(fileno=int(sys.argv[1])) as asking:
        asked = fork_when_asked(asking)
    if asked:
        _run(*asked)


if __name__ == "__main__":
    main()
