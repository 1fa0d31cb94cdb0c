"""A week of many members: when clients write and members answer, and which requests of the bot follow.

The bot's own are the plans (`reminders.plan`) and what one message takes (`reminders.merging`). What members do is
assumed, and said here.
"""

import random
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.reminders.merging import MAY_BE_EARLY, WaitingReminder, choose_reminders_for_message
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, plan_reminders
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.types import PlannedReminderId, ThreadId
from storage.cards import MAX_CARDS_PER_THREAD, MIN_EDIT_INTERVAL

DAY, MINUTE = 86_400, 60
WEEK = 7 * DAY
START = datetime(2026, 11, 22, 15, tzinfo=UTC)
"""Monday, midnight in Tokyo."""

MESSAGES_A_WEEK = 3.0
ANSWERED = 0.85
MEAN_ANSWER = 5 * 3600
NEW = 0.02
"""Share of the members whose direct message was never opened before the week."""

BY_MAIL = 0.5
"""Share of the members whose notifications come by mail, a minute after the client wrote."""
MEAN_FORWARD = 3600
"""Seconds until one of the others forwards a message; if it is answered before, it is not forwarded."""
PRESSED = 0.8
"""Share of the answers that are recorded by a button of a card; the rest by a command or a line."""

BY_HOUR = (2, 1, 1, 1, 1, 2, 3, 5, 8, 12, 14, 13, 9, 12, 14, 14, 13, 11, 9, 8, 8, 7, 5, 3)
"""When clients write, in Tokyo."""

NIGHTS = (("23:00-07:00", 70), ("00:00-08:00", 15), ("", 15))
"""Quiet hours and their share among the members."""


@dataclass
class Demand:
    """How many requests of each kind are due in each second, and when each first contact is."""

    early: array  # type: ignore[type-arg]
    """Reminders that may go early."""
    never_early: array  # type: ignore[type-arg]
    receipts: array  # type: ignore[type-arg]
    edits: array  # type: ignore[type-arg]
    """Of cards whose windows were answered or closed, without the card that was pressed: that one is answered."""
    first: list[int]

    def times(self, weight: int) -> "Demand":
        """Of so many times the members."""
        kinds = (self.early, self.never_early, self.receipts, self.edits)
        return Demand(*(array("L", (count * weight for count in kind)) for kind in kinds), sorted(self.first * weight))


def demand(members: int, messages: float, choices: random.Random, days: int = 7) -> Demand:
    """The requests of some days; reminders only where they are still needed when their moment comes."""
    plans = {night: _plans(night) for night, _ in NIGHTS}
    end = days * DAY
    early, never_early, receipts, edits = (array("L", [0]) * (end + WEEK) for _ in range(4))
    first: list[int] = []
    hours = range(24)
    for _ in range(members):
        [night] = choices.choices([each for each, _ in NIGHTS], [share for _, share in NIGHTS])
        opened = choices.random() >= NEW
        begins = end
        windows: list[tuple[int, float]] = []
        at = choices.expovariate(messages / WEEK)
        while at < end:
            day, [hour] = int(at) // DAY, choices.choices(hours, BY_HOUR)
            asked = day * DAY + hour * 3600 + int(choices.random() * 3600)
            answered = asked + (choices.expovariate(1 / MEAN_ANSWER) if choices.random() < ANSWERED else 10 * WEEK)
            windows.append((asked, answered))
            at += choices.expovariate(messages / WEEK)
        cards = list(_receipts(windows, choices))
        for due, _ in cards:
            receipts[due] += 1
        for due, may_be_early, shown in _messages(windows, plans[night]):
            (early if may_be_early else never_early)[due] += 1
            cards.append((due, shown))
        for due in _edits(windows, cards, choices):
            if due < end + WEEK:
                edits[due] += 1
        begins = min((due for due, _ in cards), default=end)
        if not opened and begins < end:
            first.append(begins)
    return Demand(early, never_early, receipts, edits, sorted(first))


Shown = tuple[int, frozenset[int]]
"""The second of a card, and the windows it shows by number."""


def _receipts(windows: list[tuple[int, float]], choices: random.Random) -> Iterator[Shown]:
    """The receipts of what one member forwards, or of the mails."""
    by_mail = choices.random() < BY_MAIL
    for number, (asked, answered) in enumerate(windows):
        at = asked + (MINUTE if by_mail else int(choices.expovariate(1 / MEAN_FORWARD)))
        if at < answered and at < asked + DAY:
            yield at, frozenset([number])


def _edits(windows: list[tuple[int, float]], cards: list[Shown], choices: random.Random) -> Iterator[int]:
    """The instants of the edits of one member's cards; changes of a card within a minute of its edit are one edit."""
    interval = int(MIN_EDIT_INTERVAL.total_seconds())
    edited: dict[int, int] = {}
    changes = sorted((min(int(answered), asked + DAY), number) for number, (asked, answered) in enumerate(windows))
    for at, number in changes:
        showing = [card for card, (sent, shown) in enumerate(cards) if number in shown and sent < at]
        newest = sorted(showing, key=lambda card: cards[card][0])[-MAX_CARDS_PER_THREAD:]
        if newest and windows[number][1] <= at and choices.random() < PRESSED:
            newest.pop()  # pressed, which edits it by the answer
        for card in newest:
            due = max(at, edited.get(card, 0) + interval)
            if edited.get(card, -1) < at:
                yield due
                edited[card] = due


PlannedOffset = tuple[int, ReminderKind, bool]
"""Seconds from the message to a reminder, its kind, and whether it keeps the message's own second."""


def _plans(night: str) -> list[list[PlannedOffset]]:
    """The reminders of a message in each minute of a day."""
    preferences = ReminderPreferences(
        tuple(timedelta(hours=hours) for hours in (12, 4, 1)), parse_quiet_hours(night), ZoneInfo("Asia/Tokyo")
    )
    found = []
    for minute in range(1440):
        asked = START + timedelta(minutes=minute)
        planned = plan_reminders(asked, asked + timedelta(hours=24), preferences, notify_when_closed=True)
        found.append(
            [
                (int((each.remind_at - asked).total_seconds()), each.kind, each.kind is ReminderKind.LEAD)
                for each in planned
            ]
        )
    return found


def _messages(
    windows: list[tuple[int, float]], plans: list[list[PlannedOffset]]
) -> Iterator[tuple[int, bool, frozenset[int]]]:
    """The instants of one member's reminders, whether each may go early, and its windows.

    `windows`: the seconds at which each was asked and answered.
    """
    waiting: list[tuple[int, float, WaitingReminder]] = []
    for number, (asked, answered) in enumerate(windows):
        minute = asked - asked % MINUTE
        for offset, kind, own_second in plans[asked // MINUTE % 1440]:
            due = minute + offset + (asked % MINUTE if own_second else 0)
            if due < answered:
                reminder = WaitingReminder(
                    id=PlannedReminderId(len(waiting)),
                    window=(ThreadId(number), START),
                    closes_at=START + timedelta(seconds=asked + DAY),
                    kind=kind,
                    remind_at=START + timedelta(seconds=due),
                )
                waiting.append((due, answered, reminder))
    waiting.sort(key=lambda each: each[0])
    while waiting:
        now = waiting[0][0]
        at = START + timedelta(seconds=now)
        # Some in a message are answered before they would have been due by themselves.
        known = [each for due, _, each in waiting if windows[each.window[0]][0] <= now < windows[each.window[0]][1]]
        chosen = set(choose_reminders_for_message(known, now=at, early_until=at))
        shown = frozenset(int(each.window[0]) for each in known if each.id in chosen)
        yield now, all(each.kind in MAY_BE_EARLY for due, _, each in waiting if due <= now), shown
        waiting = [each for each in waiting if each[2].id not in chosen and each[0] > now]
