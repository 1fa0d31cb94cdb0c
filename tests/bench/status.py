"""`/status` through the real client, CPU of the bot's process: beside a bare handler, more messages, the other engine."""

import statistics
import tempfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from bot.fake_discord.clock import ManualClock
from bot.fake_discord.server import FakeDiscord
from bot.fake_discord.users import FakeUser
from tests.bench.measure import Row, Running, bot, in_turn, process, ratio, texts_and_labels
from tests.bench.seeds import seed_histories
from tests.helpers.machine import ROOT, free_port
from tests.helpers.servers import Server

SIZES = (100, 1_000, 10_000)


async def rows(scale: float = 1) -> AsyncIterator[Row]:
    """All rows of this file."""
    calls, rounds = max(2, int(40 * scale)), max(1, int(9 * scale))
    server = Server(Path(tempfile.mkdtemp()), durable=True)
    now = ManualClock(datetime.now(UTC))
    with tempfile.TemporaryDirectory() as folder:
        async with (
            FakeDiscord(now) as ours, FakeDiscord(now) as peers, FakeDiscord(now) as shared, FakeDiscord(now) as drawn,
            FakeDiscord(now) as seen,
        ):  # fmt: skip
            people = [ours.add_user(f"m{size}") for size in SIZES]
            on_server, watched = shared.add_user("m"), seen.add_user("m")
            file, url = f"sqlite:///{folder}/a.db", await server.make_database()
            third = f"sqlite:///{folder}/b.db"
            await seed_histories(file, {each.user.id: size for each, size in zip(people, SIZES, strict=True)})
            await seed_histories(url, {on_server.user.id: 1_000})
            await seed_histories(third, {watched.user.id: 1_000})
            painter = drawn.add_user("d")
            copied = f"sqlite:///{folder}/c.db"
            await seed_histories(copied, {painter.user.id: 1_000})
            pictures = bot(drawn, copied, PICTURES="on")
            measured = bot(seen, third, METRICS_PORT=str(free_port()))
            async with (
                bot(ours, file) as first, bot(shared, url) as second, measured as with_window,
                pictures as with_pictures,
            ):  # fmt: skip
                card = texts_and_labels((await people[1].command("status")).message)
                async with process(peers, "tests/bench/bare_bot.py", PYTHONPATH=str(ROOT), BARE_CARD=card) as other:
                    ponger = peers.add_user("p")

                    def cost(who: FakeUser, running: Running, command: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
                        async def measure() -> float:
                            before = running.cpu()
                            for _ in range(calls):
                                assert (await who.command(command)).text
                            return (running.cpu() - before) / calls * 1e3

                        return measure

                    found = await in_turn(
                        rounds,
                        *(cost(each, first, "status") for each in people),
                        cost(on_server, second, "status"),
                        cost(watched, with_window, "status"),
                        cost(ponger, other, "pong"),
                        cost(ponger, other, "card"),
                        cost(painter, with_pictures, "status"),
                    )
    server.stop()
    few, some, many, served, counted, pong, bare_card, shown = found
    middle = statistics.median
    yield Row(
        '/status, 1,000 messages : a bare "pong"', "ms CPU", middle(some), middle(pong), ratio(some, pong), at_most=3
    )
    yield Row(
        'a bare handler that sends the card of /status : the same that sends "pong"',
        "ms CPU",
        middle(bare_card),
        middle(pong),
        ratio(bare_card, pong),
    )
    yield Row(
        "/status, 10,000 messages : 100 messages", "ms CPU", middle(many), middle(few), ratio(many, few), at_most=1.5
    )
    yield Row(
        "/status, 1,000 messages: PostgreSQL : SQLite", "ms CPU", middle(served), middle(some), ratio(served, some)
    )
    yield Row(
        "/status, 1,000 messages: with its picture, drawn before : without",
        "ms CPU",
        middle(shown),
        middle(some),
        ratio(shown, some),
    )
    yield Row(
        "/status, 1,000 messages: METRICS_PORT set : not set",
        "ms CPU",
        middle(counted),
        middle(some),
        ratio(counted, some),
        at_most=1.2,
    )
