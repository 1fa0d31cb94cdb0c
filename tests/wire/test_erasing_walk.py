"""A member's whole life in random order, against a model: nothing erased comes back, nothing later is lost.

She writes, looks and erases; erasing is refused; the bot is stopped, killed and started; the database is dumped,
restored and moved to another machine. What a restored dump does not have is read again from her direct messages, but
for what she recorded by commands, which is gone with it.
"""

import asyncio
import os
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cli import move_database
from bot.errors import StorageError
from bot.fake_discord.users import text_of
from bot.i18n.translations import get_translations
from bot.services import erasure
from bot.services.members import MemberService
from storage import erased_members, member_data
from storage.admin.backup import create_backup, restore_backup
from tests.helpers.amounts import others_slow
from tests.helpers.locking import refused_by_a_lock
from tests.helpers.servers import server
from tests.helpers.stage import Stage
from tests.helpers.wording import says, shows

STEPS = 40
KANA = "アイウエオカキクケコ"


@dataclass
class State:
    """What is recorded, and whether the bot knows her channel."""

    recorded: dict[str, bool] = field(default_factory=dict)
    """The clients; whether they were written in the direct message."""
    known: bool = True
    erasures: int = 0


class Walk:
    """One walk on one engine."""

    def __init__(self, stage: Stage, folder: Path, seed: int, patch: pytest.MonkeyPatch) -> None:
        self.stage, self.folder, self.patch = stage, folder, patch
        self.choices = random.Random(seed)  # noqa: S311 — a walk that can be repeated
        self.trace: list[str] = []
        self.count = 0
        self.state = State()
        self.unread: set[str] = set()
        """Written while the bot was away, since the last erasure."""
        self.written: set[str] = set()
        """Everything written in the direct message since the last erasure."""
        self.gone: set[str] = set()
        self.seen = 0
        self.dumps: list[tuple[Path, State]] = []
        self.running: AsyncExitStack | None = None
        self.killed = False

    def step(self) -> Any:
        """What may happen now."""
        if self.running:
            names = ["write", "write", "command", "look", "erase", "refuse", "stop", "kill", "dump", "wait"]
        else:
            names = ["write", "start", "start", "dump", "restore", "move"]
        return getattr(self, self.choices.choice(names))

    def client(self) -> str:
        self.count += 1
        return "".join(KANA[int(digit)] for digit in f"{self.count:03}") + "社"

    async def start(self) -> None:
        self.killed = False
        self.running = AsyncExitStack()
        bot = await self.running.enter_async_context(self.stage.open_bot())
        if self.state.known:
            self.read()
        await bot.client.finish_handlers()

    def read(self) -> None:
        self.state.recorded |= dict.fromkeys(self.unread, True)
        self.unread = set()

    async def stop(self) -> None:
        assert self.running
        await self.running.aclose()
        self.running = None

    async def kill(self) -> None:
        """As if it died before anything was noted: read again, and its notes are missing."""

        async def nothing(*_args: object) -> None:
            pass

        self.killed = True  # before its next start pg_restore would take the erasures with it that have no note yet
        with self.patch.context() as dead:
            dead.setattr(MemberService, "set_last_read", nothing)
            dead.setattr(erasure, "write_missing_erasure_notes", nothing)
            for step in self.choices.choices([self.write, self.erase, self.look], k=3):
                self.trace.append(step.__name__)
                await step()
            await self.stop()
        await self.stage.rows("DELETE FROM claimed_events")

    async def write(self) -> None:
        client = self.client()
        self.written.add(client)
        self.unread.add(client)
        self.stage.news()
        await self.stage.mika.write(f"{client}様 昨日 14:30")
        if self.running:
            await self.stage.mika.next_bot_message()
            await self.idle()
            self.state.known = True
            self.read()

    async def idle(self) -> None:
        assert self.stage.bot is not None
        await self.stage.bot.client.finish_handlers()

    async def command(self) -> None:
        client = self.client()
        await self.stage.mika.command("received", client=client, at="10:00")
        self.state.recorded[client] = False
        self.state.known = True

    async def look(self) -> None:
        command = self.choices.choice(["status", "help", "erase", "history", "pending"])
        self.check(text_of((await self.stage.mika.command(command)).message))
        self.state.known = True

    async def erase(self) -> None:
        asked = await self.stage.mika.command("erase")
        answer = await self.stage.mika.click(asked.message, says("action-confirm"))
        assert shows(answer.text, "erase-done")
        self.gone |= set(self.state.recorded) | self.written
        self.state = State(known=False, erasures=self.state.erasures + 1)
        self.written, self.unread = set(), set()
        self.seen = len(self.stage.mika.bot_messages())

    async def refuse(self) -> None:
        asked = await self.stage.mika.command("erase")
        self.state.known = True
        reason = self.choices.choice(["locked", "storage-full", "storage-unreachable"])
        if reason == "locked":
            answer = await refused_by_a_lock(self.stage, self.stage.mika.click(asked.message, says("action-confirm")))
        else:

            async def fail(*_args: object, **_options: object) -> None:
                raise StorageError(reason)

            module, name = self.choices.choice([(member_data, "erase_member"), (erased_members, "save_erasures")])
            with self.patch.context() as fault:
                fault.setattr(module, name, fail)
                answer = await self.stage.mika.click(asked.message, says("action-confirm"))
            assert shows(answer.text, reason)
        assert not shows(answer.text, "erase-done")

    async def wait(self) -> None:
        minutes = self.choices.choice([0, 1, 20])
        await self.stage.move_to(self.stage.clock.now() + timedelta(minutes=minutes))

    async def dump(self) -> None:
        file = self.folder / f"{len(self.dumps)}.dump"
        if self.stage.database_url.startswith("sqlite"):
            await asyncio.to_thread(create_backup, self.stage.database, file)
        else:
            await server().run_tool("pg_dump", "--format=custom", f"--file={file}", self.stage.database_url)
        self.dumps.append((file, State(dict(self.state.recorded), self.state.known, self.state.erasures)))

    async def restore(self) -> None:
        if not self.dumps or (self.killed and not self.stage.database_url.startswith("sqlite")):
            return
        file, dumped = self.choices.choice(self.dumps)
        if self.stage.database_url.startswith("sqlite"):
            self.stage.clock.advance(timedelta(seconds=1))  # what was there is kept under a name with the second
            _, kept = await asyncio.to_thread(restore_backup, file, self.stage.database, now=self.stage.clock.now())
            assert kept is not None
            kept.unlink()
        else:
            where = f"--dbname={self.stage.database_url}"
            await server().run_tool("pg_restore", "--clean", "--if-exists", where, str(file))
            await self.stage.rows("DELETE FROM processes")  # else the next start waits for one that ran at the dump
        if dumped.erasures == self.state.erasures:
            self.state = State(dict(dumped.recorded), dumped.known, dumped.erasures)
        else:
            self.state = State(known=False, erasures=self.state.erasures)
        self.unread = self.written - set(self.state.recorded)

    async def move(self) -> None:
        """To another machine: its folder is another one, and what is shared or moved is what the guide says."""
        machine = self.folder / f"machine {self.count} {self.choices.random()}"
        machine.mkdir()
        if self.stage.database_url.startswith("sqlite"):
            target = f"sqlite:///{machine}/nintei.db"
            await move_database._copy_rows_and_erasure_notes(
                self.stage.database_url, target, machine, get_translations("ja")
            )
            self.stage.database_url = target
        else:
            self.patch.chdir(machine)

    def check(self, text: str) -> None:
        assert not [client for client in self.gone if client in text]

    async def audit(self) -> None:
        """What is stored, sent, shown and exported."""
        for message in self.stage.mika.bot_messages()[self.seen :]:
            self.check(text_of(message))
        if not self.running:
            return
        rows = await self.stage.rows("SELECT client FROM threads")
        assert sorted(row[0] for row in rows) == sorted(self.state.recorded)
        kept = await self.stage.raw()
        assert not [client for client in self.gone if client.encode() in kept]
        if self.choices.random() < 0.2:
            files = (await self.stage.mika.command("export")).files
            self.state.known = True
            self.check("".join(data.decode() for data in files.values()))


@pytest.mark.both_engines
@pytest.mark.slow
@pytest.mark.parametrize("seed", others_slow(range(int(os.environ.get("ERASING_WALKS", "4")))))
async def test_nothing_erased_comes_back_and_nothing_later_is_lost(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    stage.newcomer = True
    stage.environ["ERASURES_FOLDER"] = str(tmp_path / "shared")
    walk = Walk(stage, tmp_path, seed, monkeypatch)
    await walk.start()
    try:
        await walk.write()
        for _ in range(STEPS):
            step = walk.step()
            walk.trace.append(step.__name__)
            await step()
            await walk.audit()
        if not walk.running:
            await walk.start()
        await walk.write()
        await walk.audit()
    except BaseException as error:
        error.add_note(f"after {', '.join(walk.trace)}")
        raise
    finally:
        if walk.running:
            await walk.stop()
