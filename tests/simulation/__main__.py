"""`make simulate`: a week with a million members, second by second, without sockets: lateness, peaks, first contacts.

The bot's own are the plans, what one message takes, the steps of a second by which load is spread
(`reminders.load_spreading`), and the gap between first contacts (`scheduling.dm_open_limiter`); only Discord and the
database are left out. What members do stands in week.py.
"""

import argparse
import random
import time
from array import array
from collections import deque
from itertools import accumulate
from operator import add

from bot.domain.reminders.load_spreading import MAX_EARLY, STEPS, lookahead_for_sending_rate
from bot.scheduling.dispatcher import RATE
from bot.scheduling.dm_open_limiter import OPEN_INTERVAL
from bot.settings import SEND_RATE
from tests.simulation.week import DAY, MESSAGES_A_WEEK, MINUTE, Demand, demand

KINDS = ("receipts", "early", "never_early", "edits")


def send(wanted: Demand, rate: int, days: int = 7, *, level: bool) -> dict[str, float]:
    """Second by second: what is due, at most `rate` of it; reminders early as levelling says."""
    late: dict[str, array] = {kind: array("L") for kind in KINDS}  # type: ignore[type-arg]
    queues: dict[str, deque[list[int]]] = {kind: deque() for kind in KINDS}
    reminders = [queues["early"], queues["never_early"]]
    taken = 0
    peak = busiest = 0
    counted = list(accumulate(map(add, wanted.early, wanted.never_early), initial=0))
    for now in range((days + 1) * DAY):
        ahead = 0
        if level:
            overdue = sum(count for queue in reminders for _, count in queue)
            # Behind these steps all that is due can be sent: they change nothing, and are most of them.
            steps = min(STEPS, int((overdue + counted[now + STEPS] - counted[now]) / RATE) + 2)
            due = list(wanted.never_early[now : now + steps])
            begin = max(taken, now)
            due[begin - now :] = map(add, due[begin - now :], wanted.early[begin : now + steps])
            due[0] += overdue
            ahead = int(lookahead_for_sending_rate(due, RATE).total_seconds())
        for second in range(max(taken, 0), now + ahead + 1):
            if wanted.early[second]:
                queues["early"].append([second, wanted.early[second]])
        taken = max(taken, now + ahead + 1)
        for kind in ("receipts", "never_early", "edits"):
            if count := getattr(wanted, kind)[now]:
                queues[kind].append([now, count])
        peak = max(peak, wanted.early[now] + wanted.never_early[now])
        left = rate
        while left and (kind := _next_kind(queues)):
            queue, head = queues[kind], queues[kind][0]
            sent = min(left, head[1])
            late[kind].extend([max(0, now - head[0])] * sent)
            head[1] -= sent
            left -= sent
            if not head[1]:
                queue.popleft()
        busiest = max(busiest, rate - left)
    found: dict[str, float] = {"peak_due": peak, "peak_sent": busiest}
    for kind, seconds in late.items():
        found |= {f"sent_{kind}": len(seconds), f"p99_{kind}": _percentile(seconds, 0.99)}
        found[f"worst_{kind}"] = max(seconds, default=0)
    return found


def _next_kind(queues: dict[str, deque[list[int]]]) -> str | None:
    """The kind that is sent next: receipts, which are waited for; the reminders due longest; then edits."""
    if queues["receipts"]:
        return "receipts"
    reminders = [kind for kind in ("early", "never_early") if queues[kind]]
    if reminders:
        return min(reminders, key=lambda kind: queues[kind][0][0])
    return "edits" if queues["edits"] else None


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
    wanted = played.times(weight)
    print(
        f"{arguments.members:,} members, {arguments.messages:g} messages each in a week, limit {SEND_RATE}/s, up to {MAX_EARLY.seconds // 60} min early"
    )
    for kind in KINDS:
        due = getattr(wanted, kind)
        busiest = max(sum(due[hour : hour + 3600]) for hour in range(0, 7 * DAY, 3600))
        print(
            f"{kind}: {sum(due):,}, {sum(due) / arguments.members / 7:.3f} a member and day;"
            f" {sum(due) / 7 / DAY:.1f}/s on average, {busiest / 3600:.1f}/s in the busiest hour"
        )
    for name, level in (("without levelling", False), ("with levelling", True)):
        found = send(wanted, SEND_RATE, level=level)
        print(f"{name}: peak due {found['peak_due']:,}/s, peak sent {found['peak_sent']}/s")
        for kind in KINDS:
            print(f"  {kind}: late p99 {found[f'p99_{kind}']} s, worst {found[f'worst_{kind}']} s")
    longest, most = openings(wanted.first)
    print(f"first contacts: {len(wanted.first):,}; at most {most} in a minute; the longest wait {longest} s")
    print(f"took {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
