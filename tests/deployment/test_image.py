"""The Dockerfile step by step, without an engine: what the image holds, and the bot in it from its start to its stop."""

import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from bot.fake_discord.server import FakeDiscord
from tests.deployment.compose import bots, seconds
from tests.deployment.dockerfile import context
from tests.deployment.image import Container, Image, build
from tests.helpers.machine import ROOT, MachineClock, free_port

LOCK = ROOT / "requirements.lock"

EVERY_MODULE = """
import bot, importlib, pkgutil, storage
for room in (bot, storage):
    for each in pkgutil.walk_packages(room.__path__, room.__name__ + "."):
        each.name == "bot.__main__" or importlib.import_module(each.name)
"""


@pytest.mark.root
@pytest.mark.timeout(600)  # about a minute, and several on a machine that is busy with others
@pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0,
    reason="only root on Linux may change the root folder and the user; CI is root",
)
async def test_every_step_and_a_run_in_the_image() -> None:
    # One test, for it is built once: the build takes most of the time. Half a gigabyte is not left behind.
    with tempfile.TemporaryDirectory() as folder:
        image = built(Path(folder))
        holds_what_is_needed(image)
        lets_its_user_write_in_the_volume_alone(image)
        await finds_every_module_and_file(image)
        before = snapshot(image)
        async with FakeDiscord(MachineClock()) as discord:
            await lives_and_stops(image, discord)
        assert snapshot(image) == before


def built(folder: Path) -> Image:
    """The last stage, from the files that pip would download."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    wheels = folder / "wheels"
    locked = ["--no-binary", "dkimpy", "--require-hashes", "-r", LOCK]
    subprocess.run([*pip, *locked, "-d", wheels], check=True, capture_output=True)
    # pip builds what has no wheel with these.
    subprocess.run([*pip, "setuptools", "wheel", "-d", wheels], check=True, capture_output=True)
    mask = os.umask(0o022)  # an engine's
    try:
        return build(ROOT, folder, wheels)
    finally:
        os.umask(mask)


def holds_what_is_needed(image: Image) -> None:
    top = {each.name for each in image.path("/nintei").iterdir()}
    assert top == {"bot", "storage", "data", "pyproject.toml", "requirements.lock", "LICENSE"}
    assert list(image.path("/nintei/data").iterdir()) == []
    for each in context(ROOT):
        assert image.path(f"/nintei/{each}").read_bytes() == (ROOT / each).read_bytes()
    installed = {plain(*each.stem.rsplit("-", maxsplit=1)) for each in image.path("/venv").rglob("*.dist-info")}
    locked = {plain(*each) for each in re.findall(r"^([\w.-]+)==(\S+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE)}
    assert {each for each in installed - locked if each[0] not in {"pip", "setuptools"}} == set()
    assert len(installed) > 30


def plain(name: str, version: str) -> tuple[str, str]:
    return re.sub(r"[-_.]+", "-", name).lower(), version


def lets_its_user_write_in_the_volume_alone(image: Image) -> None:
    who = image.account()
    assert (who.pw_name, who.pw_uid) == ("nintei", 10001)
    assert image.volumes == ["/nintei/data"]
    assert image.path("/nintei/data").stat().st_uid == who.pw_uid
    writable = [
        name
        for name, (mode, owner, *_) in snapshot(image).items()
        if not stat.S_ISLNK(mode) and (owner == who.pw_uid or mode & (stat.S_IWGRP | stat.S_IWOTH))
    ]
    assert writable == []


def snapshot(image: Image) -> dict[str, tuple[int, ...]]:
    """Every file and folder that is not the volume, /tmp or a device, with what would tell of a change."""
    aside = {image.path(each) for each in (*image.volumes, "/tmp", "/dev")}  # noqa: S108 — the image's own
    found = {}
    for folder, folders, files in os.walk(image.root):
        folders[:] = [each for each in folders if Path(folder) / each not in aside]
        for each in (Path(folder), *(Path(folder) / name for name in files)):
            told = each.lstat()
            found[str(each)] = (told.st_mode, told.st_uid, told.st_gid, told.st_size, told.st_mtime_ns)
    return found


async def finds_every_module_and_file(image: Image) -> None:
    inside = Container(image)
    assert await inside.run("python", "-W", "ignore", "-c", EVERY_MODULE) == (0, "")
    assert (await inside.run("python", "-m", "pip", "check"))[0] == 0
    status, said = await inside.run("python", "-m", "bot", "fee", "75000", "--on", "2026-11-24")
    assert (status, "¥68,1" in said) == (0, True), said


async def lives_and_stops(image: Image, discord: FakeDiscord) -> None:
    proxy = "http://127.0.0.1:9"  # leads nowhere; some hosts tell one to every container
    container = Container(
        image,
        DISCORD_TOKEN=discord.token,
        DISCORD_API_URL=discord.api_url,
        METRICS_PORT=str(free_port()),
        http_proxy=proxy,
    )
    assert not await container.healthy()
    mika = discord.add_user("mika")
    async with container.started() as said:
        await discord.state.wait_until(lambda: discord.gateway.connected, timeout_seconds=60)
        assert container.user == image.account().pw_uid
        assert await container.healthy()
        answer = await mika.command("fee", amount="5万")
        await discord.state.wait_until(lambda: bool(answer.message.body.get("attachments")), timeout_seconds=60)
        assert list(image.path("/tmp").glob("fontlist*")), "the drawing library keeps its list"  # noqa: S108 — as above

        # What docs/operate.md tells an operator to do beside it.
        status, told = await container.run("python", "-m", "bot", "doctor")
        assert (status, "sqlite:////nintei/data/nintei.db" in told) == (0, True), told
        status, told = await container.run("python", "-m", "bot", "backup", "data/before-upgrade.db")
        assert status == 0, told
        assert (await container.run("python", "-m", "bot", "restore", "data/before-upgrade.db"))[0] == 2

        container.signal(signal.SIGSTOP)
        assert not await container.healthy(), "it hangs"
        container.signal(signal.SIGCONT)
        assert await container.healthy()
        container.signal(signal.SIGTERM)
        status = await container.end(within=seconds(bots()["bot"]["stop_grace_period"]))
        said.seek(0)
        log = said.read().decode()
    assert (status, '"event": "stopping"' in log, "Traceback" in log) == (0, True, False), log
    assert discord.token not in log
    assert not await container.healthy()
    status, told = await container.run("python", "-m", "bot", "restore", "data/before-upgrade.db")
    assert status == 0, told
