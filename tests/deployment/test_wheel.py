"""What `pip install` makes of the project: the content of wheel and sdist, and the installed command in another folder."""

import ast
import asyncio
import email
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import urllib.request
import venv
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import IO

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Message
from bot.version import VERSION
from tests.deployment.compose import LONGEST_STOP
from tests.helpers.machine import ROOT, MachineClock
from tests.helpers.wording import shows

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PACKAGES = ("bot", "storage")
BESIDE = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", ".env.example", ".gitignore")
"""Files of the checkout that the sdist holds beside the packages."""
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/\S+/")
OPERATORS = b"an operator's own"
"""Written into files of a used checkout that no package may hold."""
TIMEOUT_SECONDS = 60
HISTORY = "thread,direction,sent_at\nA,received,2026-11-20 10:00\nA,sent,2026-11-20 12:00\n"


def packaged_files() -> dict[str, bytes]:
    """Every file of the packages in this checkout, by its path."""
    return {
        file.relative_to(ROOT).as_posix(): file.read_bytes()
        for package in PACKAGES
        for file in (ROOT / package).rglob("*")
        if file.is_file() and file.parent.name != "__pycache__"
    }


def declared() -> set[tuple[str, str]]:
    """Name and versions of every dependency in pyproject.toml."""
    return {normalized(each) for each in PROJECT["dependencies"]}


def normalized(requirement: str) -> tuple[str, str]:
    read = Requirement(requirement)
    assert read.marker is None, "it would not be installed everywhere"
    return canonicalize_name(read.name), str(read.specifier)


def hatchling_build(checkout: Path, *targets: str) -> None:
    """Build into `dist`, with the hatchling of this environment: nothing is downloaded."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", *targets], cwd=checkout, check=True, capture_output=True
    )


@pytest.mark.slow
def test_every_library_that_is_imported_is_declared() -> None:
    trees = [ast.parse(file) for name, file in packaged_files().items() if name.endswith(".py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module is not None}
    libraries = {module.partition(".")[0] for module in modules} - set(sys.stdlib_module_names) - set(PACKAGES)
    assert "discord" in libraries
    installed = packages_distributions()
    imported = {canonicalize_name(name) for library in libraries for name in installed[library]}
    assert imported - {name for name, _ in declared()} == set()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A used checkout, with the wheel and the sdist in its folder `dist`."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name, content in packaged_files().items():
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes(content)
    for name in BESIDE:
        shutil.copy(ROOT / name, checkout / name)
    for name in (
        ".env", "bot/.env", "data/nintei.db", "secrets/discord_token", "tests/test_it.py",
        "docs/pictures/ja/status.png", "bot/__pycache__/app.cpython-311.pyc",
    ):  # fmt: skip
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).write_bytes(OPERATORS)
    hatchling_build(checkout)
    return checkout


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    return built / f"dist/nintei-{VERSION}-py3-none-any.whl"


@pytest.mark.slow
def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    metadata = f"nintei-{VERSION}.dist-info"
    assert {name: file for name, file in content.items() if not name.startswith(f"{metadata}/")} == packaged_files()
    assert {Path(name).name for name in content if name.startswith(f"{metadata}/")} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "LICENSE",
    }  # fmt: skip
    read = email.message_from_bytes(content[f"{metadata}/METADATA"])
    assert (read["Name"], read["Version"], read["License-Expression"]) == ("nintei", VERSION, "MIT")
    assert read["Requires-Python"] == PROJECT["requires-python"]
    assert {normalized(each) for each in read.get_all("Requires-Dist", [])} == declared()


@pytest.mark.slow
def test_the_sdist_is_enough_to_build_the_same_wheel(built: Path, wheel: Path, tmp_path: Path) -> None:
    with tarfile.open(built / f"dist/nintei-{VERSION}.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = tmp_path.iterdir()
    files = {file.relative_to(source).as_posix(): file.read_bytes() for file in source.rglob("*") if file.is_file()}
    assert files.keys() == packaged_files().keys() | {*BESIDE, "PKG-INFO"}
    assert OPERATORS not in files.values()
    hatchling_build(source, "-t", "wheel")
    assert (source / "dist" / wheel.name).read_bytes() == wheel.read_bytes()


class Installed:
    """The wheel in a virtual environment of its own, and a folder of an operator to work in."""

    def __init__(self, environment: Path, folder: Path) -> None:
        self.environment = environment
        self.folder = folder
        (folder / "work").mkdir()
        (folder / "home").mkdir()
        # Whoever writes bots has a folder of this name. It is not what the command imports.
        (folder / "work/bot").mkdir()
        (folder / "work/bot/__init__.py").write_text("raise RuntimeError('the folder of somebody else')\n")
        (folder / "work/history.csv").write_text(HISTORY)

    @property
    def work(self) -> Path:
        """The current folder of every process."""
        return self.folder / "work"

    @property
    def environ(self) -> Mapping[str, str]:
        """Nothing of this process's: neither settings nor a path to this checkout."""
        return {"PATH": os.defpath, "HOME": str(self.folder / "home"), "LANG": "C.UTF-8"}

    def run(self, *argv: str, program: str = "nintei") -> tuple[int, str]:
        """A command to its end: exit status and output."""
        ended = subprocess.run(
            [self.environment / "bin" / program, *argv],
            cwd=self.work, env=self.environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=TIMEOUT_SECONDS, check=False,
        )  # fmt: skip
        return ended.returncode, ended.stdout

    @contextmanager
    def started(self, *argv: str, output: IO[bytes] | int) -> Iterator[subprocess.Popen[bytes]]:
        """A process, while the block runs."""
        with subprocess.Popen(
            [self.environment / "bin/nintei", *argv],
            cwd=self.work, env=self.environ, stdout=output, stderr=subprocess.STDOUT,
        ) as process:  # fmt: skip
            try:
                yield process
            finally:
                process.kill()

    def files(self) -> set[str]:
        """What processes have written into the current folder."""
        return {file.name for file in self.work.iterdir()} - {"bot", "history.csv"}


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment that holds the wheel; the libraries are those of this environment.

    Whether the declared ones are enough is another test's question. Downloading them takes too long.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin/python"), "install", "--quiet", "--no-index"]
    subprocess.run([*pip, "--no-deps", wheel], check=True, capture_output=True)
    [packages] = folder.glob("lib/python*/site-packages")
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return folder


@pytest.fixture
def installed(environment: Path, tmp_path: Path) -> Installed:
    return Installed(environment, tmp_path)


@pytest.mark.slow
def test_the_command_works_in_any_folder(installed: Installed) -> None:
    code = "import bot, storage; print(bot.__file__, storage.__file__, sep='\\n')"
    status, output = installed.run("-P", "-c", code, program="python")
    assert status == 0, output
    assert all(Path(file).is_relative_to(installed.environment) for file in output.splitlines()), output

    assert installed.run("--version") == (0, f"nintei {VERSION}\n")
    status, output = installed.run("--help")
    assert (status, output.startswith("usage: nintei [")) == (0, True), output
    status, output = installed.run("fee", "50000", "--on", "2026-11-24")
    assert (status, "¥41,750" in output) == (0, True), output
    status, output = installed.run("standing", "history.csv", "--as-of", "2026-11-24T12:00")
    assert (status, "100.0 % (1/1)" in output) == (0, True), output
    status, output = installed.run("run")
    assert (status, "nintei rehearse" in output) == (2, True), output
    assert installed.files() == set()

    (installed.work / ".env").write_text("DEFAULT_LOCALE=ja\n")
    status, output = installed.run("fee", "50000", "--on", "2026-11-24")
    assert (status, shows(output, "fee-name-take-home")) == (0, True), output


@pytest.mark.slow
def test_the_rehearsal_opens_without_a_token(installed: Installed) -> None:
    with installed.started(output=subprocess.PIPE) as process:
        assert process.stdout is not None
        address, output = None, ""
        while address is None:
            line = process.stdout.readline().decode()
            assert line, f"it ended without an address: {output}"
            output += line
            address = ADDRESS.search(output)
        for path, content in (
            ("", b"<title>Nintei</title>"),
            ("static/main.js", b"import "),
            ("static/style.css", b"{"),
        ):
            with urllib.request.urlopen(address[0] + path, timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 — loopback
                assert content in answer.read(), path
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=TIMEOUT_SECONDS)
    assert (process.returncode, rest) == (0, b"")
    assert installed.files() == set()


async def _has_picture(discord: FakeDiscord, answer: Message) -> bool:
    """Whether an answer gets its picture, for which some seconds are waited."""
    with suppress(TimeoutError):
        await discord.state.wait_until(lambda: bool(answer.body.get("attachments")), timeout_seconds=60)
    return bool(answer.body.get("attachments"))


@pytest.mark.timeout(300)
@pytest.mark.slow
async def test_the_bot_runs_and_its_data_are_in_the_current_folder(installed: Installed) -> None:
    async with FakeDiscord(MachineClock()) as discord:
        settings = {
            "DISCORD_TOKEN": discord.token, "DISCORD_API_URL": discord.api_url, "BACKUP_KEEP": "1",
            "DEFAULT_LOCALE": "en",
        }  # fmt: skip
        (installed.work / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        (installed.work / ".env").chmod(0o600)
        mika = discord.add_user("mika")
        with (installed.folder / "log").open("wb") as log, installed.started("run", output=log) as process:
            await discord.state.wait_until(lambda: discord.gateway.connected, timeout_seconds=TIMEOUT_SECONDS)
            # Drawn by another process, with the libraries and the texts of the installation. A busy machine may give up
            # the first picture, and for a minute those after it.
            while not await _has_picture(discord, (await mika.command("fee", amount="5万")).message):
                pass
            status, output = await asyncio.to_thread(installed.run, "doctor")
            assert (status, f"sqlite:///{installed.work}/data/nintei.db" in output) == (0, True), output
            process.send_signal(signal.SIGTERM)
            status = await asyncio.to_thread(process.wait, LONGEST_STOP)
    text = (installed.folder / "log").read_text()
    assert (status, "Traceback" in text) == (0, False), text
    assert installed.files() == {".env", "data"}
    assert {"nintei.db", "backups"} <= {file.name for file in (installed.work / "data").iterdir()}
