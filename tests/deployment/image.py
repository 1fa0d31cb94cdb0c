"""The steps of a Dockerfile, carried out in folders of this machine: `chroot` is all that is used of a container.

Needs root but no container engine. A user that owns nothing but the image's own files runs the program, so that what a
read-only container would refuse is refused here by file permissions.
"""

import asyncio
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tests.deployment import base
from tests.deployment.dockerfile import Instruction, UnknownError, context, instructions, substituted


@dataclass
class Image:
    """One stage: its files, and how it is started."""

    root: Path
    environ: dict[str, str] = field(default_factory=lambda: {"PATH": base.PATH})
    folder: str = "/"
    user: str = "root"
    volumes: list[str] = field(default_factory=list)
    entrypoint: list[str] = field(default_factory=list)
    command: list[str] = field(default_factory=list)
    health: list[str] = field(default_factory=list)

    def path(self, written: str) -> Path:
        """The path on this machine of a path in the image."""
        return self.root / (Path(self.folder) / written).relative_to("/")

    def account(self) -> pwd.struct_passwd:
        """The entry of the image's `USER` in its /etc/passwd."""
        for line in (self.root / "etc/passwd").read_text().splitlines():
            name, _, uid, gid, about, home, shell = line.split(":")
            if name == self.user:
                return pwd.struct_passwd((name, "x", int(uid), int(gid), about, home, shell))
        raise LookupError(self.user)

    def call(self, *argv: str, **environ: str) -> list[str]:
        """What an engine starts: in the image's folder, with its environment and no other, as its user."""
        who = self.account()
        told = {**self.environ, "HOME": who.pw_dir, **environ}
        return [
            str(shutil.which("chroot", path=base.PATH)), f"--userspec={who.pw_uid}:{who.pw_gid}",
            f"--groups={who.pw_gid}", str(self.root),
            "/usr/bin/env", "-i", "-C", self.folder, *(f"{name}={value}" for name, value in told.items()), *argv,
        ]  # fmt: skip


def build(checkout: Path, folder: Path, wheels: Path) -> Image:
    """Run every step and return the last stage. pip finds in `wheels`, beside `folder`, what it would download.

    Raises `UnknownError` for what is not known here, and `AssertionError` for a step that fails.
    """
    stages: dict[str, Image] = {}
    image: Image | None = None
    for step in instructions((checkout / "Dockerfile").read_text(encoding="utf-8")):
        if step.word == "FROM":
            alias = step.rest.partition(" AS ")[2]
            image = Image(folder / f"stage{len(stages)}")
            base.lay(image.root)
            stages[alias or str(len(stages))] = image
        elif image is None:
            raise UnknownError("a step before FROM")
        elif step.word == "COPY":
            _copy(image, step, stages[step.flags["from"]] if step.flags else checkout)
        elif step.word == "RUN":
            _run(image, step, wheels)
        else:
            _configure(image, step)
    assert image is not None
    return image


def _run(image: Image, step: Instruction, wheels: Path) -> None:
    lent = wheels.rename(image.root / "wheels")
    argv = image.call("sh", "-c", step.rest, PIP_NO_INDEX="1", PIP_FIND_LINKS="/wheels")
    ended = subprocess.run(argv, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    lent.rename(wheels)
    assert ended.returncode == 0, f"RUN {step.rest}\n{ended.stdout}"


def _copy(image: Image, step: Instruction, source: Image | Path) -> None:
    """What COPY takes belongs to root, and keeps its rights: here nobody else's, as a careful umask makes them."""
    *names, to = step.words
    target = image.path(to)
    if isinstance(source, Image):
        [name] = names  # nothing of that stage is used any more but what is copied
        shutil.copytree(source.path(name), target, symlinks=True, copy_function=os.link, dirs_exist_ok=True)
        return
    files = context(source)
    for name in names:
        found = [each for each in files if each == name or each.startswith(f"{name}/")]
        assert found, f"COPY {name}: not there, or .dockerignore keeps it out"
        assert found != [name] or to.endswith("/"), "a file goes into a folder here"
        for each in found:
            copied = target / (Path(each).name if each == name else Path(each).relative_to(name))
            copied.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(source / each, copied)
            copied.chmod(0o600)


def _configure(image: Image, step: Instruction) -> None:
    match step.word:
        case "WORKDIR":
            image.folder = str(Path(image.folder) / step.rest)
            image.path(".").mkdir(parents=True, exist_ok=True)
        case "ENV":
            pairs = (each.split("=", maxsplit=1) for each in step.words)
            image.environ |= {name: substituted(value, image.environ) for name, value in pairs}
        case "USER":
            image.user = step.rest
            image.account()
        case "VOLUME":
            assert image.path(step.rest).is_dir(), "a volume takes its owner from the folder that is there"
            image.volumes.append(step.rest)
        case "HEALTHCHECK":
            form, _, listed = step.rest.partition(" ")
            image.health = Instruction(form, {}, listed.strip()).exec_form
        case "ENTRYPOINT":
            image.entrypoint = step.exec_form
        case "CMD":
            image.command = step.exec_form
        case _:
            raise UnknownError(step.word)


class Container:
    """A container: the image as the root folder of a process, while `started` runs."""

    def __init__(self, image: Image, **environ: str) -> None:
        self._image = image
        self._environ = environ
        self._process: Process | None = None

    @asynccontextmanager
    async def started(self) -> AsyncIterator[IO[bytes]]:
        """ENTRYPOINT with CMD, while the block runs; what it says is written there."""
        argv = self._image.call(*self._image.entrypoint, *self._image.command, **self._environ)
        with tempfile.TemporaryFile() as said:
            self._process = await asyncio.create_subprocess_exec(*argv, stdout=said, stderr=STDOUT)
            try:
                yield said
            finally:
                if self._process.returncode is None:
                    self._process.kill()
                    await self._process.wait()

    async def run(self, *argv: str, within: float = 60) -> tuple[int, str]:
        """Another program beside it, as `docker exec` does; its exit status and what it says."""
        process = await asyncio.create_subprocess_exec(
            *self._image.call(*argv, **self._environ), stdout=PIPE, stderr=STDOUT
        )
        try:
            async with asyncio.timeout(within):
                said, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            return 124, ""
        return process.returncode or 0, said.decode()

    async def healthy(self) -> bool:
        """What the engine would say of it, if the machine is not too busy to start the check in time."""
        status, _ = await self.run(*self._image.health)
        return status == 0

    def signal(self, which: signal.Signals) -> None:
        """Send a signal to the first process alone, as an engine does."""
        assert self._process is not None
        self._process.send_signal(which)

    @property
    def user(self) -> int:
        """The user that the process runs as."""
        assert self._process is not None
        return Path(f"/proc/{self._process.pid}").stat().st_uid

    async def end(self, within: float) -> int:
        """Wait until the process ends by itself; its exit status."""
        assert self._process is not None
        async with asyncio.timeout(within):
            return await self._process.wait()
