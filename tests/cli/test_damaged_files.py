"""A damaged database file: every command ends with a sentence, whatever is broken in it."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from bot.cli.main import main
from bot.i18n.translations import get_translations
from tests.helpers.machine import ROOT

pytestmark = pytest.mark.usefixtures("english_environment")

WHOLE: Final = ROOT / "tests" / "storage" / "schemas" / "sqlite-0006.db"
PAGE: Final = 4096
SEEDS: Final = 24


def cut_off(content: bytearray, chance: random.Random) -> None:
    del content[chance.randrange(len(content)) :]


def scattered(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 60)):
        content[chance.randrange(len(content))] = chance.randrange(256)


def in_the_header(content: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 10)):
        content[chance.randrange(PAGE)] = chance.randrange(256)


def a_page(content: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(content) // PAGE) * PAGE
    content[start : start + PAGE] = chance.randbytes(PAGE)


def letters(content: bytearray, chance: random.Random) -> None:
    """Text that is no UTF-8 any more, which the engine's own checks do not see."""
    high = [place for place, byte in enumerate(content) if byte >= 0xE3]
    for place in chance.sample(high, min(len(high), 40)):
        content[place] = 0xFF


DAMAGES: Final[list[Callable[[bytearray, random.Random], None]]] = [cut_off, scattered, in_the_header, a_page, letters]

COMMANDS: Final = [
    ("doctor", "--all"),
    ("doctor", "--fix"),
    ("backup", "copy.db"),
    ("restore", "damaged.db"),
    ("move-database", "sqlite:///damaged.db", "sqlite:///new.db"),
    ("run",),
]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_damage_is_a_sentence(
    command: tuple[str, ...],
    damage: Callable[[bytearray, random.Random], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_API_URL", "http://127.0.0.1:1/api/v10")
    monkeypatch.setenv("DISCORD_TOKEN", "x.y.z")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///target.db" if command[0] == "restore" else "sqlite:///damaged.db")
    internal, *_ = get_translations("en")("cli-internal-error", error_type="", place="").partition("(")
    whole = WHOLE.read_bytes()
    for seed in range(SEEDS):
        for file in tmp_path.iterdir():
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        content = bytearray(whole)
        damage(content, random.Random(seed))  # noqa: S311 — the same damage in every run
        (tmp_path / "damaged.db").write_bytes(content)
        status = main(command)
        said = "".join(capsys.readouterr())
        assert "Traceback" not in said, seed
        assert internal not in said, (seed, said)
        assert "crashed" not in said, (seed, said)
        if command[0] != "doctor":
            assert status in {0, 2}, (seed, said)
