"""`make simulate`: a week with a million members, second by second, without sockets: lateness, peaks, first contacts.

Every second is a step of levelling. The plans are the bot's own (`reminders.plan`), and so are levelling (`reminders.levelling`) and the gap between first
contacts (`delivery.openings`); only Discord and the database are left out. What members do is assumed, and said below.
"""

import argparse
import random
import time
from array import array
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from operator import add
from zoneinfo import ZoneInfo

from bot.domain.reminders.load_spreading import MAX_EARLY, STEPS, lookahead_for_rate
from bot.domain.reminders.plan import ReminderKind, ReminderPreferences, plan_reminders
from bot.domain.reminders.quiet_hours import parse_quiet_hours
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

OWN_SECOND = {12 * 3600, 20 * 3600, 23 * 3600, 24 * 3600 + 1}
"""Seconds after the message that are not moved to an evening or a morning: these keep the message's own second."""

NIGHTS = (("23:00-07:00", 70), ("00:00-08:00", 15), ("", 15))
"""Quiet hours and their share among the members."""


@dataclass
class Demand:
    """How many direct messages are due in each second, and when each first contact is."""

    early: array  # type: ignore[type-arg]
    never_early: array  # type: ignore[type-arg]
    first: list[int]


def demand(members: int, messages: float, choices: random.Random, days: int = 7) -> Demand:
    """The reminders of some days that are still needed when their moment comes."""
    plans = {night: _plans(night) for night, _ in NIGHTS}
    end = days * DAY
    early, never_early = array("L", [0]) * (end + WEEK), array("L", [0]) * (end + WEEK)
    first: list[int] = []
    hours = range(24)
    for _ in range(members):
        [night] = choices.choices([each for each, _ in NIGHTS], [share for _, share in NIGHTS])
        opened = choices.random() >= NEW
        begins = end
        at = choices.expovariate(messages / WEEK)
        while at < end:
            day, [hour] = int(at) // DAY, choices.choices(hours, BY_HOUR)
            asked = day * DAY + hour * 3600 + int(choices.random() * 3600)
            answered = asked + (choices.expovariate(1 / MEAN_ANSWER) if choices.random() < ANSWERED else 10 * WEEK)
            for offset, may_be_early in plans[night][asked // MINUTE % 1440]:
                due = asked - asked % MINUTE + offset
                if due >= answered:
                    break
                if offset in OWN_SECOND:
                    due += asked % MINUTE
                (never_early if may_be_early is False else early)[due] += 1
                begins = min(begins, due)
            at += choices.expovariate(messages / WEEK)
        if not opened and begins < end:
            first.append(begins)
    return Demand(early, never_early, sorted(first))


def _plans(night: str) -> list[list[tuple[int, bool]]]:
    """For each minute of a day: seconds from the message to each reminder, and whether that may go early."""
    preferences = ReminderPreferences(
        tuple(timedelta(hours=hours) for hours in (12, 4, 1)), parse_quiet_hours(night), ZoneInfo("Asia/Tokyo")
    )
    found = []
    for minute in range(1440):
        asked = START + timedelta(minutes=minute)
        planned = plan_reminders(asked, asked + timedelta(hours=24), preferences, notify_when_closed=True)
        found.append(
            [(int((each.remind_at - asked).total_seconds()), each.kind is not ReminderKind.CLOSED) for each in planned]
        )
    return found


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
    arguments = parser.parse_args()
    began = time.monotonic()
    wanted = demand(arguments.members, arguments.messages, random.Random(arguments.seed))
    print(
        f"{arguments.members:,} members, {arguments.messages:g} messages each in a week, limit {SEND_RATE}/s, up to {MAX_EARLY.seconds // 60} min early"
    )
    for name, level in (("without levelling", False), ("with levelling", True)):
        found = send(wanted, SEND_RATE, level=level)
        print(
            f"{name}: {found['sent']:,} sent; peak due {found['peak_due']:,}/s, peak sent {found['peak_sent']}/s;"
            f" before the close: late p99 {found['p99']} s, worst {found['worst']} s;"
            f" closed messages: late p99 {found['p99_closed']} s, worst {found['worst_closed']} s"
        )
    longest, most = openings(wanted.first)
    print(f"first contacts: {len(wanted.first):,}; at most {most} in a minute; the longest wait {longest} s")
    print(f"took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
