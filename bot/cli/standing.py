"""`python -m bot standing HISTORY.csv`: judge a history, and what else is known, without Discord."""

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from bot.cli.history_input import HistoryInput, add_history_options, parse_file, parse_options, percent_text, utc
from bot.cli.terminal import display_width, pad_left, pad_right
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import CertificationStatus, Criterion, Figure, evaluate
from bot.domain.certification.facts import CriteriaInputs, ProfileItem
from bot.domain.certification.jobs import aggregate_jobs
from bot.domain.reply.reply_rate import CriterionStatus
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.parsing.jobs_csv import parse_jobs

BAR_WIDTH = 30


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread that waits."""

    thread: str
    waiting_since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class EvaluatedHistory:
    """A history at one moment."""

    history: HistoryInput
    standing: CertificationStatus

    @property
    def as_of(self) -> datetime:
        return self.history.as_of

    @property
    def newest_on_time(self) -> int:
        return self.standing.rate.on_time + self.standing.rate.ambiguous

    @property
    def open_threads(self) -> list[OpenThread]:
        """By `due_at`."""
        waiting = [
            OpenThread(thread, clock.unanswered.oldest, clock.unanswered.due_at)
            for thread, clock in self.history.thread_states.items()
            if clock.unanswered is not None and clock.is_waiting
        ]
        return sorted(waiting, key=lambda each: (each.due_at, each.thread))


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    parser = commands.add_parser("standing", help=texts("cli-help-standing"), description=texts("cli-help-standing"))
    add_history_options(parser, texts)
    parser.add_argument("--jobs", metavar="JOBS.csv", help=texts("cli-help-jobs"))
    parser.add_argument("--category", metavar="NAME", help=texts("cli-help-category"))
    parser.add_argument("--line", metavar="YEN", help=texts("cli-help-line"))
    parser.add_argument("--profile", metavar="ITEMS", help=texts("cli-help-profile"))
    parser.add_argument("--last-login", metavar="DATE", help=texts("cli-help-last-login"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Judge and print."""
    history = parse_options(arguments, environ)
    jobs = None if arguments.jobs is None else parse_file(arguments.jobs, partial(parse_jobs, now=history.as_of))
    facts = CriteriaInputs(
        history.rate,
        None if jobs is None else aggregate_jobs(jobs, history.as_of),
        arguments.category,
        None if arguments.line is None else parse_amount(arguments.line),
        None if arguments.profile is None else parse_profile(arguments.profile),
        None if arguments.last_login is None else parse_day(arguments.last_login, now=history.as_of),
    )
    evaluated = EvaluatedHistory(history, evaluate(history.rules, facts, history.as_of))
    if arguments.json:
        print(json.dumps(as_json(evaluated), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(evaluated, history.zone, texts)))
    return 0


def parse_profile(written: str) -> frozenset[ProfileItem]:
    """`all`, or items of DESIGN.md §5 with commas between. Raises `InputError` for an unknown one."""
    if written.strip().casefold() == "all":
        return frozenset(ProfileItem)
    names = [each.strip().casefold() for each in written.split(",") if each.strip()]
    for name in names:
        if name not in set(ProfileItem):
            raise InvalidInputError("cli-profile", written=name[:40], known=", ".join(ProfileItem))
    return frozenset(ProfileItem(name) for name in names)


def as_json(evaluated: EvaluatedHistory) -> dict[str, object]:
    """The shape of DESIGN.md §5."""
    rate, rule = evaluated.standing.rate, evaluated.standing.rules.reply_rate
    return {
        "as_of": utc(evaluated.as_of),
        "edition": evaluated.standing.rules.name,
        "verdict": evaluated.standing.verdict,
        "reply_rate": {
            "replies": rate.replies,
            "on_time": rate.on_time,
            "late": rate.late,
            "ambiguous": rate.ambiguous,
            "percent": None if rate.permille is None else rate.permille / 10,
            "status": rate.status(rule),
            "slack": rate.late_replies_allowed(rule),
            "needed": rate.replies_needed(rule),
            "newest_reading": {"replies": rate.replies, "on_time": evaluated.newest_on_time},
        },
        "waiting": [
            {
                "thread": each.thread,
                "waiting_since": utc(each.waiting_since),
                "due_at": utc(each.due_at),
                "overdue": evaluated.as_of > each.due_at,
            }
            for each in evaluated.open_threads
        ],
        "criteria": [
            {
                "id": each.id,
                "status": each.status,
                "value": _json_number(each.value),
                "threshold": _json_number(each.threshold),
                "confidence": each.confidence,
                "source": each.source,
            }
            for each in evaluated.standing.criteria
        ],
        "exchanges": [
            {
                "thread": thread,
                "asked_at": utc(each.received_at),
                "newest_asked_at": utc(each.newest_received_at),
                "replied_at": utc(each.replied_at),
                "on_time": each.on_time,
            }
            for thread, each in evaluated.history.exchanges_in_year
        ],
    }


def _json_number(value: Figure | None) -> float | int | str | None:
    return value.isoformat() if isinstance(value, date) else value


def as_text(evaluated: EvaluatedHistory, zone: ZoneInfo, texts: Translations) -> Iterator[str]:
    """What a person reads."""
    rules = evaluated.standing.rules
    yield texts("standing-title", edition=rules.name, at=f"{evaluated.as_of.astimezone(zone):%Y-%m-%d %H:%M}")
    yield texts(f"status-verdict-{_id(evaluated.standing.verdict)}")
    yield ""
    yield from _rate(evaluated, texts)
    yield ""
    yield from _criteria(evaluated.standing, texts)
    yield ""
    yield from _waiting(evaluated, zone, texts)
    yield from _notes(evaluated.standing, texts)
    others = ", ".join(name for name in edition_names() if name != rules.name)
    yield texts("standing-editions", others=others)


def _id(status: CriterionStatus) -> str:
    return status.replace("_", "-")


def _rate(evaluated: EvaluatedHistory, texts: Translations) -> Iterator[str]:
    rate, rule = evaluated.standing.rate, evaluated.standing.rules.reply_rate
    if rate.permille is None:
        yield f"{texts('standing-rate')}: {texts('standing-rate-none')}"
    else:
        filled = rate.on_time * BAR_WIDTH // rate.replies
        cells = ["█" if place < filled else "░" for place in range(BAR_WIDTH)]
        cells.insert(BAR_WIDTH * rule.numerator // rule.denominator, "┃")
        yield f"{texts('standing-rate')}: {percent_text(rate)} ({rate.on_time}/{rate.replies})"
        yield f"  {''.join(cells)}"
    if rate.late:
        yield "  " + texts(
            "standing-late", late=str(rate.late), ambiguous=str(rate.ambiguous), newest=str(evaluated.newest_on_time)
        )
    if rate.status(rule) is CriterionStatus.MET:
        yield "  " + texts("standing-slack", slack=rate.late_replies_allowed(rule))
    else:
        yield "  " + texts("standing-needed", needed=rate.replies_needed(rule))


def _criteria(standing: CertificationStatus, texts: Translations) -> Iterator[str]:
    head = (
        "",
        texts("standing-criteria"),
        texts("standing-value"),
        texts("standing-line"),
        texts("standing-status"),
        "",
    )
    rows = [head, *(_criterion(each, texts) for each in standing.criteria)]
    columns = [max(display_width(row[column]) for row in rows) for column in range(5)]
    for mark, name, value, line, status, source in rows:
        cells = (
            pad_right(mark, 2), pad_right(name, columns[1]), pad_left(value, columns[2]), pad_left(line, columns[3]),
            pad_right(status, columns[4]), source,
        )  # fmt: skip
        yield "  ".join(cells).rstrip()


def _criterion(criterion: Criterion, texts: Translations) -> tuple[str, ...]:
    return (
        texts(f"status-{_id(criterion.status)}"),
        texts(f"criterion-{criterion.id.replace('_', '-')}"),
        _format_figure(criterion, criterion.value),
        _format_figure(criterion, criterion.threshold),
        texts(f"status-{_id(criterion.status)}-name"),
        texts("known-from", confidence=criterion.confidence, source=criterion.source),
    )


def _format_figure(criterion: Criterion, value: Figure | None) -> str:
    match criterion.id, value:
        case _, None:
            return "–"
        case "reply_rate" | "completion_rate" | "task_approval" | "satisfaction", _:
            return f"{value} %"
        case "earnings", int():
            return f"¥{value:,}"
        case _:
            return f"{value}"


def _notes(standing: CertificationStatus, texts: Translations) -> Iterator[str]:
    """What would make an unknown criterion known, and what an average leaves out."""
    for each in standing.criteria:
        name = texts(f"criterion-{each.id.replace('_', '-')}")
        if each.status is CriterionStatus.UNKNOWN and each.id != "reply_rate":
            lacks = "earnings-line" if each.id == "earnings" and each.out_of is not None else each.id.replace("_", "-")
            yield texts("standing-lacks", name=name, lacks=texts(f"standing-lacks-{lacks}"))
        elif each.excluded:
            yield texts("standing-left-out", name=name, count=each.excluded)


def _waiting(evaluated: EvaluatedHistory, zone: ZoneInfo, texts: Translations) -> Iterator[str]:
    if not evaluated.open_threads:
        yield texts("standing-nothing-waits")
        return
    yield f"{texts('standing-waiting')} ({len(evaluated.open_threads)})"
    names = max(display_width(each.thread[:40]) for each in evaluated.open_threads)
    for each in evaluated.open_threads:
        overdue = evaluated.as_of > each.due_at
        said = texts(
            "standing-overdue" if overdue else "standing-due", at=f"{each.due_at.astimezone(zone):%Y-%m-%d %H:%M}"
        )
        yield f"  {'!' if overdue else ' '} {pad_right(each.thread[:40], names)}  {said}"
