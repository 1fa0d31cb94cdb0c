"""`/status` for a member with 10,000 messages against one with 100: CPU of the bot's process, side by side in one run."""

import statistics
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot_process import bot_process

from bot.rehearsal.clock import RehearsalClock
from bot.rehearsal.person import Person
from bot.rehearsal.server import StandIn
from bot.services.house import open_services
from bot.settings import read_defaults
from bot.values import MemberId
from storage.database import open_database

REACH = 2.0
ROUNDS, CALLS = 7, 40

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="CPU of another process is read from /proc")


def history(messages: int, now: datetime) -> bytes:
    """So many messages within the year, in 40 threads; five of them wait."""
    lines = ["thread,direction,sent_at"]
    pairs = (messages - 5) // 2
    for number in range(pairs):
        asked = now - timedelta(days=2) - timedelta(days=340) * number / pairs
        late = 30 if number % 10 == 0 else 1
        lines.append(f"T{number % 40},received,{asked.isoformat()}")
        lines.append(f"T{number % 40},sent,{(asked + timedelta(hours=late)).isoformat()}")
    lines += [f"W{number},received,{(now - timedelta(hours=number)).isoformat()}" for number in range(5)]
    return "\n".join(lines).encode()


async def seed(database: Path, sizes: dict[int, int]) -> None:
    opened = await open_database(f"sqlite:///{database}")
    services = open_services(opened, read_defaults({}), lambda: None)
    now = datetime.now(UTC)

    async def silent(_written: int, _total: int) -> None:
        pass

    for member, messages in sizes.items():
        await services.porter.preview(MemberId(member), "h.csv", history(messages, now), now=now)
        await services.porter.commit(MemberId(member), silent, now=now)
    await opened.close()


async def test_status_of_10_000_messages_against_100(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async with StandIn(RehearsalClock(datetime.now(UTC))) as discord:
        few, many = discord.add_person("few"), discord.add_person("many")
        await seed(tmp_path / "a.db", {few.user.id: 100, many.user.id: 10_000})
        async with bot_process(discord, tmp_path / "a.db") as bot:
            cost: dict[str, list[float]] = {"few": [], "many": []}

            async def measure(who: Person) -> float:
                before = bot.cpu()
                for _ in range(CALLS):
                    assert "%" in (await who.command("status")).text
                return (bot.cpu() - before) / CALLS

            await measure(few)
            await measure(many)
            for _ in range(ROUNDS):
                cost["few"].append(await measure(few))
                cost["many"].append(await measure(many))
    ratio = statistics.median(m / f for m, f in zip(cost["many"], cost["few"], strict=True))
    with capsys.disabled():
        print(
            f"\n/status, CPU a call: 100 messages {statistics.median(cost['few']) * 1e3:.2f} ms,"
            f" 10,000 messages {statistics.median(cost['many']) * 1e3:.2f} ms, ratio {ratio:.2f} (reach {REACH})"
        )
    assert ratio <= REACH
