"""`python -m bot standing HISTORY.csv`: judge a history without Discord."""

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.certification.editions import edition_named, edition_names
from bot.certification.reply_clock import Entry, Exchange, read_thread
from bot.certification.reply_rate import ReplyRate, Status, year_before
from bot.certification.standing import Criterion, Standing, judge
from bot.cli.terminal import left, right, width
from bot.errors import InputError
from bot.intake.history import BadHistoryError, read_history, read_instant
from bot.settings import read_defaults
from bot.texts.catalogue import Texts
from bot.values import Edition

BAR = 30


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thread that waits."""

    thread: str
    waiting_since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A history at one moment."""

    as_of: datetime
    standing: Standing
    newest_on_time: int
    waiting: tuple[Waiting, ...]
    exchanges: tuple[tuple[str, Exchange], ...]


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Texts) -> None:
    """Add the command."""
    parser = commands.add_parser("standing", help=texts("cli-help-standing"), description=texts("cli-help-standing"))
    parser.add_argument("history", metavar="HISTORY.csv", help=texts("cli-help-history"))
    parser.add_argument("--as-of", metavar="INSTANT", help=texts("cli-help-as-of"))
    parser.add_argument("--edition", help=texts("cli-help-edition"))
    parser.add_argument("--timezone", metavar="ZONE", help=texts("cli-help-timezone"))
    parser.add_argument("--json", action="store_true", help=texts("cli-help-json"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Texts) -> int:
    """Judge and print."""
    defaults = read_defaults(environ)
    zone = read_zone(arguments.timezone or defaults.timezone)
    as_of = read_as_of(arguments.as_of, zone)
    threads = read_file(arguments.history, zone)
    judged = judge_history(threads, as_of, Edition(arguments.edition or defaults.edition))
    if arguments.json:
        print(json.dumps(as_json(judged), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(judged, zone, texts)))
    return 0


def read_zone(name: str) -> ZoneInfo:
    """A zone by its IANA name. Raises `InputError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as fault:
        raise InputError("choices-zone-unknown", written=name[:60]) from fault


def read_as_of(written: str | None, zone: ZoneInfo) -> datetime:
    """The moment to judge at; now without one."""
    if written is None:
        return datetime.now(UTC)
    try:
        return read_instant(written.strip(), zone)
    except InputError as fault:
        raise InputError("cli-as-of", written=written[:60]) from fault


def read_file(path: str, zone: ZoneInfo) -> dict[str, list[Entry]]:
    """The history in a file. Raises `InputError`."""
    try:
        with Path(path).open("rb") as file:
            return read_history(file, zone)
    except BadHistoryError:
        raise
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise InputError("cli-file", path=path[:200], reason=reason) from fault


def judge_history(threads: Mapping[str, Iterable[Entry]], as_of: datetime, edition: Edition) -> Judged:
    """What the entries up to `as_of` come to."""
    rules, start = edition_named(edition), year_before(as_of)
    exchanges: list[tuple[str, Exchange]] = []
    waiting: list[Waiting] = []
    for thread, entries in threads.items():
        clock = read_thread(entry for entry in entries if entry.at <= as_of)
        exchanges += [(thread, each) for each in clock.exchanges if each.replied_at >= start]
        if clock.unanswered is not None and clock.waiting:
            waiting.append(Waiting(thread, clock.unanswered.oldest, clock.unanswered.due_at))
    on_time = sum(each.on_time for _, each in exchanges)
    newest = sum(each.on_time_by_newest for _, each in exchanges)
    rate = ReplyRate(len(exchanges), on_time, newest - on_time)
    return Judged(
        as_of,
        judge(rules, rate),
        newest,
        tuple(sorted(waiting, key=lambda each: (each.due_at, each.thread))),
        tuple(sorted(exchanges, key=lambda each: (each[1].replied_at, each[0]))),
    )


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def as_json(judged: Judged) -> dict[str, object]:
    """The shape of DESIGN.md §5."""
    rate, rule = judged.standing.rate, judged.standing.rules.reply_rate
    return {
        "as_of": _utc(judged.as_of),
        "edition": judged.standing.rules.name,
        "verdict": judged.standing.verdict,
        "reply_rate": {
            "replies": rate.replies,
            "on_time": rate.on_time,
            "late": rate.late,
            "ambiguous": rate.ambiguous,
            "percent": None if rate.tenths is None else rate.tenths / 10,
            "status": rate.status(rule),
            "slack": rate.slack(rule),
            "needed": rate.needed(rule),
            "newest_reading": {"replies": rate.replies, "on_time": judged.newest_on_time},
        },
        "waiting": [
            {
                "thread": each.thread,
                "waiting_since": _utc(each.waiting_since),
                "due_at": _utc(each.due_at),
                "overdue": judged.as_of > each.due_at,
            }
            for each in judged.waiting
        ],
        "criteria": [
            {
                "id": each.id,
                "status": each.status,
                "value": each.value,
                "threshold": each.threshold,
                "confidence": each.confidence,
                "source": each.source,
            }
            for each in judged.standing.criteria
        ],
        "exchanges": [
            {
                "thread": thread,
                "asked_at": _utc(each.asked_at),
                "newest_asked_at": _utc(each.newest_asked_at),
                "replied_at": _utc(each.replied_at),
                "on_time": each.on_time,
            }
            for thread, each in judged.exchanges
        ],
    }


def as_text(judged: Judged, zone: ZoneInfo, texts: Texts) -> Iterator[str]:
    """What a person reads."""
    rules = judged.standing.rules
    yield texts("standing-title", edition=rules.name, at=f"{judged.as_of.astimezone(zone):%Y-%m-%d %H:%M}")
    yield texts(f"status-verdict-{_id(judged.standing.verdict)}")
    yield ""
    yield from _rate(judged, texts)
    yield ""
    yield from _criteria(judged.standing, texts)
    yield ""
    yield from _waiting(judged, zone, texts)
    others = ", ".join(name for name in edition_names() if name != rules.name)
    yield texts("standing-editions", others=others)


def _id(status: Status) -> str:
    return status.replace("_", "-")


def _rate(judged: Judged, texts: Texts) -> Iterator[str]:
    rate, rule = judged.standing.rate, judged.standing.rules.reply_rate
    if rate.tenths is None:
        yield f"{texts('standing-rate')}: {texts('standing-rate-none')}"
    else:
        filled = rate.on_time * BAR // rate.replies
        cells = ["█" if place < filled else "░" for place in range(BAR)]
        cells.insert(BAR * rule.numerator // rule.denominator, "┃")
        percent = f"{rate.tenths // 10}.{rate.tenths % 10} %"
        yield f"{texts('standing-rate')}: {percent} ({rate.on_time}/{rate.replies})"
        yield f"  {''.join(cells)}"
    if rate.late:
        yield "  " + texts(
            "standing-late", late=str(rate.late), ambiguous=str(rate.ambiguous), newest=str(judged.newest_on_time)
        )
    if rate.status(rule) is Status.MET:
        yield "  " + texts("standing-slack", slack=rate.slack(rule))
    else:
        yield "  " + texts("standing-needed", needed=rate.needed(rule))


def _criteria(standing: Standing, texts: Texts) -> Iterator[str]:
    head = (
        "",
        texts("standing-criteria"),
        texts("standing-value"),
        texts("standing-line"),
        texts("standing-status"),
        "",
    )
    rows = [head, *(_criterion(each, texts) for each in standing.criteria)]
    columns = [max(width(row[column]) for row in rows) for column in range(5)]
    for mark, name, value, line, status, source in rows:
        cells = (
            left(mark, 2), left(name, columns[1]), right(value, columns[2]), right(line, columns[3]),
            left(status, columns[4]), source,
        )  # fmt: skip
        yield "  ".join(cells).rstrip()


def _criterion(criterion: Criterion, texts: Texts) -> tuple[str, ...]:
    percent = " %" if criterion.id in {"reply_rate", "completion_rate", "task_approval", "satisfaction"} else ""
    known = texts(f"confidence-{criterion.confidence}")
    return (
        texts(f"status-{_id(criterion.status)}"),
        texts(f"criterion-{criterion.id.replace('_', '-')}"),
        "–" if criterion.value is None else f"{criterion.value}{percent}",
        "–" if criterion.threshold is None else f"{criterion.threshold}{percent}",
        texts(f"status-{_id(criterion.status)}-name"),
        texts("standing-source", confidence=known, source=criterion.source),
    )


def _waiting(judged: Judged, zone: ZoneInfo, texts: Texts) -> Iterator[str]:
    if not judged.waiting:
        yield texts("standing-nothing-waits")
        return
    yield f"{texts('standing-waiting')} ({len(judged.waiting)})"
    names = max(width(each.thread[:40]) for each in judged.waiting)
    for each in judged.waiting:
        overdue = judged.as_of > each.due_at
        said = texts(
            "standing-overdue" if overdue else "standing-due", at=f"{each.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
        )
        yield f"  {'!' if overdue else ' '} {left(each.thread[:40], names)}  {said}"


def complaints(error: BadHistoryError, texts: Texts) -> Iterator[str]:
    """One line for each bad row."""
    for row in error.rows:
        yield texts("history-bad-row", line=str(row.line), reason=texts.error(row.reason))
