"""A damaged database file: every command ends with a sentence, whatever is broken in it."""

import random
import shutil
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Final

import pytest

from bot.cli.main import main
from bot.i18n.translations import get_translations
from tests.helpers.amounts import others_slow
from tests.helpers.machine import ROOT

pytestmark = pytest.mark.usefixtures("english_environment")

WHOLE: Final = ROOT / "tests" / "storage" / "schemas" / "sqlite-0006.db"
PAGE: Final = 4096
SEEDS: Final = [range(4), pytest.param(range(4, 12), marks=pytest.mark.slow)]


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


class RefusingHandler(BaseHTTPRequestHandler):
    """Knows no token."""

    def do_GET(self) -> None:
        self.send_error(401)

    def log_message(self, *_: object) -> None:  # what it prints would be taken for the command's
        pass


@pytest.fixture(scope="module")
def refusing_discord() -> Iterator[str]:
    """The address of an API that ends a bot at once, where an unreachable one would be tried again."""
    with ThreadingHTTPServer(("127.0.0.1", 0), RefusingHandler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/v10"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("seeds", SEEDS, ids=["few", "many"])
@pytest.mark.parametrize("damage", others_slow(DAMAGES))
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_damage_is_a_sentence(
    command: tuple[str, ...],
    damage: Callable[[bytearray, random.Random], None],
    seeds: range,
    refusing_discord: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DISCORD_API_URL", refusing_discord)
    monkeypatch.setenv("DISCORD_TOKEN", "x.y.z")
    monkeypatch.setenv("DATABASE_URL", "sqlite:///target.db" if command[0] == "restore" else "sqlite:///damaged.db")
    internal, *_ = get_translations("en")("cli-internal-error", error_type="", place="").partition("(")
    whole = WHOLE.read_bytes()
    for seed in seeds:
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
