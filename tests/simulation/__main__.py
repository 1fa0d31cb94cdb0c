"""`make simulate`: a week with a million members, second by second, without sockets: lateness, peaks, first contacts.

The bot's own are the plans (`reminders.plan`), what one message takes (`reminders.merging`), the steps of a second by
which load is spread (`reminders.load_spreading`), and the gap between first contacts (`scheduling.dm_open_limiter`);
only Discord and the database are left out. What members do is assumed, and said below.
"""

import argparse
import random
import time
from array import array
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import add
from zoneinfo import ZoneInfo

from bot.domain.reminders.load_spreading import MAX_EARLY, STEPS, lookahead_for_rate
from bot.domain.reminders.merging import MAY_BE_EARLY, WaitingReminder, choose_for_message
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, plan_reminders
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.domain.types import PlannedReminderId, ThreadId
from bot.scheduling.dispatcher import RATE
from bot.scheduling.dm_open_limiter import OPEN_INTERVAL
from bot.settings import SEND_RATE

DAY, MINUTE = 86_400, 60
WEEK = 7 * DAY
START = datetime(2026, 11, 22, 15, tzinfo=UTC)
"""Monday, midnight in Tokyo."""

MESSAGES_A_WEEK = 3.0
ANSWERED = 0.85
MEAN_ANSWER = 5 * 3600
NEW = 0.02
"""Share of the members whose direct message was never opened before the week."""

BY_HOUR = (2, 1, 1, 1, 1, 2, 3, 5, 8, 12, 14, 13, 9, 12, 14, 14, 13, 11, 9, 8, 8, 7, 5, 3)
"""When clients write, in Tokyo."""

NIGHTS = (("23:00-07:00", 70), ("00:00-08:00", 15), ("", 15))
"""Quiet hours and their share among the members."""


@dataclass
class Demand:
    """How many direct messages are due in each second, and when each first contact is."""

    early: array  # type: ignore[type-arg]
    never_early: array  # type: ignore[type-arg]
    first: list[int]


def demand(members: int, messages: float, choices: random.Random, days: int = 7) -> Demand:
    """The direct messages of some days whose reminders are still needed when their moment comes."""
    plans = {night: _plans(night) for night, _ in NIGHTS}
    end = days * DAY
    early, never_early = array("L", [0]) * (end + WEEK), array("L", [0]) * (end + WEEK)
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
        for due, may_be_early in _messages(windows, plans[night]):
            (early if may_be_early else never_early)[due] += 1
            begins = min(begins, due)
        if not opened and begins < end:
            first.append(begins)
    return Demand(early, never_early, sorted(first))


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


def _messages(windows: list[tuple[int, float]], plans: list[list[PlannedOffset]]) -> Iterator[tuple[int, bool]]:
    """The instants of one member's messages about windows, given as asked and answered; whether each may go early."""
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
        chosen = set(choose_for_message(known, now=at, early_until=at))
        yield now, all(each.kind in MAY_BE_EARLY for due, _, each in waiting if due <= now)
        waiting = [each for each in waiting if each[2].id not in chosen and each[0] > now]


def send(wanted: Demand, rate: int, days: int = 7, *, level: bool) -> dict[str, float]:
    """Second by second: what is due, at most `rate` of it, the longest due first; early what levelling says."""
    late: dict[str, array] = {"early": array("L"), "never_early": array("L")}  # type: ignore[type-arg]
    queues: dict[str, deque[list[int]]] = {"early": deque(), "never_early": deque()}
    taken = 0
    peak = busiest = 0
    for now in range((days + 1) * DAY):
        ahead = 0
        if level:
            due = list(wanted.never_early[now : now + STEPS])
            begin = max(taken, now)
            due[begin - now :] = map(add, due[begin - now :], wanted.early[begin : now + STEPS])
            due[0] += sum(each[1] for queue in queues.values() for each in queue)
            ahead = int(lookahead_for_rate(due, RATE).total_seconds())
        for second in range(max(taken, 0), now + ahead + 1):
            if wanted.early[second]:
                queues["early"].append([second, wanted.early[second]])
        taken = max(taken, now + ahead + 1)
        if wanted.never_early[now]:
            queues["never_early"].append([now, wanted.never_early[now]])
        peak = max(peak, wanted.early[now] + wanted.never_early[now])
        left = rate
        while left and (queues["early"] or queues["never_early"]):
            name = min((each for each in queues if queues[each]), key=lambda each: queues[each][0][0])
            head = queues[name][0]
            sent = min(left, head[1])
            late[name].extend([max(0, now - head[0])] * sent)
            head[1] -= sent
            left -= sent
            if not head[1]:
                queues[name].popleft()
        busiest = max(busiest, rate - left)
    return {
        "sent": len(late["early"]) + len(late["never_early"]),
        "p99": _percentile(late["early"], 0.99),
        "worst": max(late["early"], default=0),
        "p99_closed": _percentile(late["never_early"], 0.99),
        "worst_closed": max(late["never_early"], default=0),
        "peak_due": peak,
        "peak_sent": busiest,
    }


def _percentile(figures: array, share: float) -> int:  # type: ignore[type-arg]
    ordered = sorted(figures)
    return ordered[int(len(ordered) * share)] if ordered else 0


def openings(first: list[int]) -> tuple[int, int]:
    """The longest wait for a first contact's turn in seconds, and the most in one minute."""
    gap = int(OPEN_INTERVAL.total_seconds())
    turn = longest = 0
    by_minute: dict[int, int] = {}
    for due in first:
        turn = max(due, turn + gap)
        longest = max(longest, turn - due)
        by_minute[turn // MINUTE] = by_minute.get(turn // MINUTE, 0) + 1
    return longest, max(by_minute.values(), default=0)


def main() -> None:
    """Run, and print the figures."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--members", type=int, default=1_000_000)
    parser.add_argument("--messages", type=float, default=MESSAGES_A_WEEK, help="received by a member in the week")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--weight", type=int, default=10, help="members for which each one that is played stands")
    arguments = parser.parse_args()
    began = time.monotonic()
    weight = arguments.weight
    played = demand(arguments.members // weight, arguments.messages, random.Random(arguments.seed))
    wanted = Demand(
        array("L", (count * weight for count in played.early)),
        array("L", (count * weight for count in played.never_early)),
        sorted(played.first * weight),
    )
    print(
        f"{arguments.members:,} members, {arguments.messages:g} messages each in a week, limit {SEND_RATE}/s, up to {MAX_EARLY.seconds // 60} min early"
    )
    sent = sum(wanted.early) + sum(wanted.never_early)
    print(f"{sent / arguments.members / 7:.3f} messages a member and day")
    for name, level in (("without levelling", False), ("with levelling", True)):
        found = send(wanted, SEND_RATE, level=level)
        print(
            f"{name}: {found['sent']:,} sent; peak due {found['peak_due']:,}/s, peak sent {found['peak_sent']}/s;"
            f" what may be early: late p99 {found['p99']} s, worst {found['worst']} s;"
            f" lists and notices at the end of quiet hours: p99 {found['p99_closed']} s, worst {found['worst_closed']} s"
        )
    longest, most = openings(wanted.first)
    print(f"first contacts: {len(wanted.first):,}; at most {most} in a minute; the longest wait {longest} s")
    print(f"took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
