"""Days of a freelancer with the default settings, played over the wire: how many direct messages they make, and which.

The counts are in docs/reliability.md and docs/scale.md. Receipts are not counted: commands are answered in place.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.fake_discord.users import text_of
from tests.helpers.stage import Stage
from tests.helpers.wording import count_shown, shows

pytestmark = pytest.mark.both_engines

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class Day:
    """The direct messages so far, and when each came."""

    stage: Stage
    sent: list[tuple[datetime, str]] = field(default_factory=list)

    async def live_to(self, instant: datetime) -> None:
        """Let the time pass from one reminder to the next."""
        bot = self.stage.bot
        assert bot is not None
        while (due := await bot.dispatcher.next_due()) is not None and due <= instant:
            await self.stage.move_to(max(due, self.stage.clock.now()))
            self._read()
        await self.stage.move_to(instant)
        self._read()

    def _read(self) -> None:
        self.sent += [(self.stage.clock.now(), text_of(message)) for message in self.stage.news()]

    async def receive(self, client: str, at: datetime) -> None:
        """A client writes, and it is recorded at once."""
        await self.live_to(at)
        await self.stage.mika.command("received", client=client, at=f"{at:%Y-%m-%d %H:%M:%S}")

    async def reply(self, client: str, at: datetime) -> None:
        """The member replies."""
        await self.live_to(at)
        await self.stage.mika.command("replied", client=client, at=f"{at:%Y-%m-%d %H:%M:%S}")

    def times(self) -> list[str]:
        """When the messages came, as days since the first one and wall-clock time."""
        first = self.stage.at(0)
        return [f"{(at - first).days} {at.astimezone(first.tzinfo):%H:%M}" for at, _ in self.sent]


async def test_six_unanswered_messages_of_a_day(up: Stage) -> None:
    day = Day(up)
    for hour in (9, 11, 13, 15, 17, 19):
        await day.receive(f"甲野{hour}", up.at(hour, days=1))
    await day.live_to(up.at(12, days=4))
    assert day.times() == ["1 21:00", "2 07:00", "2 10:00", "2 14:00", "2 18:00", "3 07:00"]
    texts = [text for _, text in day.sent]
    assert shows(texts[1], "reminder-morning")
    assert all(f"甲野{hour}" in texts[1] for hour in (9, 11, 13, 15, 17, 19))
    assert shows(texts[2], "reminder-title", count=6, overdue=1)
    told = [count_shown(text, "reminder-closed") + count_shown(text, "shown-closed-short") for text in texts]
    assert told == [0, 0, 1, 2, 2, 1]
    assert [shows(text, "reminder-title") for text in texts] == [True, True, True, True, True, False]
    assert [shows(text, "reminder-closed-title") for text in texts] == [False, False, False, False, False, True]


async def test_six_unanswered_messages_at_random_instants(up: Stage) -> None:
    instants, day = random.Random(20), Day(up)  # noqa: S311 — a repeatable day
    for number, second in enumerate(sorted(instants.randrange(86400) for _ in range(6))):
        await day.receive(f"甲野{number}", up.at(0, days=1) + timedelta(seconds=second))
    await day.live_to(up.at(12, days=4))
    assert len(day.sent) <= 9
    for number in range(6):
        assert any(f"甲野{number}" in text for _, text in day.sent)


async def test_nineteen_windows_that_close_in_one_night(up: Stage) -> None:
    day = Day(up)
    for number in range(19):
        await day.receive(f"甲野{number:02}", up.at(0, 1, days=1) + number * 17 * MINUTE)
    await day.live_to(up.at(12, days=3))
    assert day.times() == ["1 22:30", "2 07:00"]
    (_, evening), (_, morning) = day.sent
    assert shows(evening, "reminder-overnight", count=19)
    assert shows(evening, "reminder-title", count=19, overdue=0)
    assert shows(morning, "reminder-closed-title", count=19)
    assert "19" in (await up.mika.command("pending")).text
    assert [each for each in up.discord.requests if each.status >= 400] == []


async def test_the_morning_list_names_what_closes_tonight(up: Stage) -> None:
    day = Day(up)
    await day.receive("昼野商会", up.at(15))
    await day.receive("甲野", up.at(2, days=1))
    await day.receive("乙野", up.at(3, days=1))
    await up.mika.command("mute", client="乙野")  # nobody is reminded of it again
    await day.live_to(up.at(7, days=1))
    [(_, text)] = day.sent
    assert shows(text, "reminder-morning")
    assert shows(text, "reminder-tonight", threads="**甲野**", others=0)
    assert "乙野" not in text
    await day.live_to(up.at(22, 30, days=1))
    assert day.times() == ["1 07:00", "1 14:00", "1 22:30"]


async def test_what_is_received_by_day_has_no_reminder_in_the_evening(up: Stage) -> None:
    day = Day(up)
    for number, hour in enumerate(range(11, 20)):
        await day.receive(f"甲野{number}", up.at(hour, days=1))
    await day.live_to(up.at(23, days=1))
    assert day.sent == []
    await day.live_to(up.at(7, days=2))
    assert len(day.sent) == 1


@pytest.mark.slow
async def test_a_week_of_a_busy_freelancer(up: Stage) -> None:
    """40 messages in working hours, most answered within some hours, 10 late: never in the night, few a day."""
    choices, day = random.Random(7), Day(up)  # noqa: S311 — a repeatable week
    events: list[tuple[datetime, str, str]] = []
    for number in range(40):
        asked = up.at(8, days=number % 5 + 1) + timedelta(seconds=choices.randrange(14 * 3600))
        after = choices.uniform(25, 40) if number % 4 == 0 else min(choices.expovariate(1 / 5), 23)
        events += [(asked, "receive", f"甲野{number:02}"), (asked + after * HOUR, "reply", f"甲野{number:02}")]
    for at, what, client in sorted(events):
        await (day.receive if what == "receive" else day.reply)(client, at.replace(microsecond=0))
    await day.live_to(up.at(8, days=8))  # a digest comes at nine
    assert all(7 <= at.astimezone(up.at(0).tzinfo).hour < 23 for at, _ in day.sent)
    assert all(second - first >= MINUTE for (first, _), (second, _) in pairwise(day.sent))
    assert len(day.sent) == 16
