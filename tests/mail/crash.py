"""Mails arrive while the bot is killed again and again: none is lost, none is recorded twice, no folder has one left.

`python -m tests.mail.crash` does the long run: 1,000 mails and 50 kills.
"""

import argparse
import asyncio
import os
import random
import secrets
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.header import Header
from email.utils import format_datetime
from pathlib import Path
from typing import Final

from bot.app import _mail_options
from bot.domain.types import MemberId
from bot.fake_discord.server import FakeDiscord
from bot.services.container import Services
from bot.settings import read_settings
from storage.connect import connect, open_database
from tests.helpers.closing import closing
from tests.helpers.dovecot import PASSWORD, USER, Dovecot, running_dovecot
from tests.helpers.machine import ROOT, MachineClock
from tests.helpers.preloaded import PreloadedProcess, start_preloaded

MEMBERS: Final = 20
END_SECONDS: Final = 180.0
"""How long the bot may take in the end for what is still in the mailbox."""


@dataclass
class Report:
    """What a run found."""

    mails: int
    kills: int = 0
    lost: int = 0
    doubled: int = 0
    folders: dict[str, int] = field(default_factory=dict)
    """Mails that are left, by folder."""

    @property
    def clean(self) -> bool:
        """Whether every mail is recorded once and gone."""
        return not (self.lost or self.doubled or self.folders)


def notification(number: int, address: str) -> bytes:
    """A notification of Lancers', each of another client."""
    subject = Header(f"依頼者{number}さんからのメッセージ受信通知", "utf-8").encode()
    return (
        f"From: noreply@lancers.co.jp\r\nTo: {address}\r\nDate: {format_datetime(datetime.now(UTC))}\r\n"
        f"Subject: {subject}\r\nMessage-ID: <{number}@lancers.co.jp>\r\n\r\n.\r\n"
    ).encode()


class MailCrashes:
    """One run, on SQLite."""

    def __init__(self, discord: FakeDiscord, server: Dovecot, folder: str, seed: int, changes: list[str]) -> None:
        self._discord, self._server = discord, server
        self._choices = random.Random(seed)
        self._changes = changes
        self._people = [discord.add_user(f"member{number}") for number in range(MEMBERS)]
        self._process: PreloadedProcess | None = None
        self._environ = {
            **os.environ,
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.api_url,
            "DATABASE_URL": f"sqlite:///{folder}/nintei.db",
            "ERASURES_FOLDER": folder,
            "DEFAULT_QUIET_HOURS": "",
            "RECEIPT_WAIT": "0.2",
            "LOG_LEVEL": "ERROR",
            "PICTURES": "off",
            "PYTHONPATH": str(ROOT),
            "MAIL_ADDRESS": f"{USER}@example.jp",
            "MAIL_IMAP_HOST": f"localhost:{server.port}",
            "MAIL_IMAP_USER": USER,
            "MAIL_IMAP_PASSWORD": PASSWORD,
            "MAIL_IMAP_CA_FILE": str(server.ca_file),
        }
        self._url = self._environ["DATABASE_URL"]

    async def addresses(self) -> dict[MemberId, str]:
        """An address for each member."""
        settings = read_settings(self._environ)
        database = await open_database(self._url)
        try:
            mail = Services(database, settings.defaults, lambda: None, mail=_mail_options(settings)).mail
            members = [MemberId(person.user.id) for person in self._people]
            return {
                member: mail.full_address(await mail.get_or_create_address(member, now=datetime.now(UTC)))
                for member in members
            }
        finally:
            await database.close()

    async def _start(self) -> None:
        await self._discord.gateway.close_all()
        script = str(Path(__file__).with_name("bot_under_test.py"))
        self._process = await start_preloaded([script, *self._changes], cwd=ROOT, env=self._environ)
        await self._discord.state.wait_until(lambda: self._discord.gateway.connected, timeout_seconds=60)

    async def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill() if kill else process.terminate()
            await process.wait()

    async def _meet(self) -> None:
        """Everybody has written once: the bot opens only one channel a second by itself."""
        await self._start()
        for person in self._people:
            await person.command("status")
        await self._end(kill=False)

    async def run(self, mails: int, kills: int) -> Report:
        """Deliver the mails in portions, kill after each of them, and look in the end."""
        report = Report(mails)
        addresses = list((await self.addresses()).items())
        expected = Counter(addresses[number % MEMBERS][0] for number in range(mails))
        portions = [range(start, mails, kills) for start in range(kills)]
        try:
            await self._meet()
            for portion in portions:
                arriving = [notification(number, addresses[number % MEMBERS][1]) for number in portion]
                await self._start()
                delivering = asyncio.create_task(asyncio.to_thread(self._server.deliver, *arriving))
                await asyncio.sleep(self._choices.uniform(0.0, 1.0))  # a random instant is what the run is about
                await self._end(kill=True)
                report.kills += 1
                await delivering
            await self._start()
            async with asyncio.timeout(END_SECONDS):
                while await asyncio.to_thread(self._server.folders):
                    await asyncio.sleep(0.5)  # the mailbox belongs to other processes
        except TimeoutError:
            pass
        finally:
            await self._end(kill=False)
        report.folders = await asyncio.to_thread(self._server.folders)
        async with closing(await connect(self._url)) as database:
            rows = await database.fetch("SELECT member_id, count(*) FROM messages GROUP BY member_id")
        recorded = Counter({MemberId(row[0]): int(row[1]) for row in rows})
        report.lost, report.doubled = (expected - recorded).total(), (recorded - expected).total()
        return report


async def run_mail_crashes(mails: int, kills: int, seed: int, sabotage: str | None = None) -> Report:
    """So many mails and kills, and what was found in the end."""
    with tempfile.TemporaryDirectory() as folder, running_dovecot() as server:
        async with FakeDiscord(MachineClock()) as discord:
            changes = [sabotage] if sabotage else []
            return await MailCrashes(discord, server, folder, seed, changes).run(mails, kills)


def main() -> int:
    """Run, and print the result in one line."""
    parser = argparse.ArgumentParser(prog="python -m tests.mail.crash", description=__doc__)
    parser.add_argument("--mails", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--sabotage", default=None, help="remove-first: the run must notice")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    report = asyncio.run(run_mail_crashes(arguments.mails, arguments.kills, arguments.seed, arguments.sabotage))
    print(report)
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
