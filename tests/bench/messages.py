"""A forwarded message, recorded and answered, CPU of the bot's process: beside a bare handler that answers."""

import statistics
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta

from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser
from tests.bench.measure import Row, Running, bot, in_turn, process, ratio, texts_and_labels
from tests.helpers.machine import ROOT

CLIENTS = ("高橋", "山田", "佐藤", "鈴木", "田中", "伊藤", "渡辺", "中村", "小林", "加藤")


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    count, rounds = max(2, int(200 * scale)), max(1, int(9 * scale))
    now = ManualClock(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        async with FakeDiscord(now) as ours, FakeDiscord(now) as peers, FakeDiscord(now) as storing_peers:
            members = [ours.add_user(f"m{number}") for number in range(count)]
            writers = [peers.add_user(f"m{number}") for number in range(count)]
            recording = bot(ours, f"sqlite:///{folder}/a.db", RECEIPT_WAIT="0")
            answering = process(peers, "tests/bench/bare_bot.py", PYTHONPATH=str(ROOT))
            async with recording as first, answering as second:
                for member in members:  # each is welcomed once
                    receipt = await forward(member, 0)
                    await member.next_bot_message()
                card, path = texts_and_labels(receipt), f"{folder}/b.db"
                storing = process(
                    storing_peers,
                    "tests/bench/bare_bot.py",
                    PYTHONPATH=str(ROOT),
                    BARE_CARD=card,
                    BARE_DATABASE=path,
                )
                savers = [storing_peers.add_user(f"m{number}") for number in range(count)]
                async with storing as third:
                    found = await in_turn(rounds, cost(members, first), cost(writers, second), cost(savers, third))
    recorded, answered, stored = found
    yield Row(
        "a forwarded message, recorded and answered : a bare handler that answers",
        "ms CPU",
        statistics.median(recorded),
        statistics.median(answered),
        ratio(recorded, answered),
        at_most=4,
    )
    yield Row(
        "a forwarded message, recorded and answered : a bare handler that stores as often and answers with that card",
        "ms CPU",
        statistics.median(recorded),
        statistics.median(stored),
        ratio(recorded, stored),
    )


async def forward(member: FakeUser, number: int) -> Message:
    """Forward a notification that was not forwarded before; the answer."""
    content = f"[ランサーズ] {CLIENTS[number % len(CLIENTS)]} さんから バナー のコメントが届いています"
    await member.forward(content, posted_at=datetime.now(UTC) - timedelta(hours=1, seconds=number))
    return await member.next_bot_message()


def cost(people: Sequence[FakeUser], running: Running) -> Callable[[], Awaitable[float]]:
    """Milliseconds of a message, of one member after the other."""
    number = 0

    async def measure() -> float:
        nonlocal number
        number += 1
        before = running.cpu()
        for person in people:
            await forward(person, number)
        return (running.cpu() - before) / len(people) * 1e3

    return measure
