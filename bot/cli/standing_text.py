"""The lines that `standing` prints for people."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.cli.history_input import HistoryInput
from bot.cli.terminal import display_width, enum_text_id, pad_left, pad_right
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import CertificationStatus, Criterion, Figure
from bot.domain.certification.jobs import may_have_stars
from bot.domain.certification.ranks import RankStanding
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n.criterion_status import format_criterion_status
from bot.i18n.formatting import EMPTY_VALUE, format_yen
from bot.i18n.rank_names import rank_criterion_name
from bot.i18n.reply_rate import (
    MarginTexts,
    format_margin,
    format_rate,
    format_rate_bar,
    format_rate_estimate,
    format_rate_percent,
)
from bot.i18n.translations import Translations

BAR_WIDTH: Final = 30
MARGIN_TEXTS: Final = MarginTexts("standing-slack", "standing-needed")
MAX_NAME_LENGTH: Final = 40


@dataclass(frozen=True, slots=True)
class OpenThread:
    """A thread that waits for a reply."""

    name: str
    waiting_since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class EvaluatedHistory:
    """A history, and the certification status at its moment."""

    history: HistoryInput
    standing: CertificationStatus
    rank: RankStanding

    @property
    def as_of(self) -> datetime:
        return self.history.as_of

    @property
    def open_threads(self) -> list[OpenThread]:
        """The threads that wait, by `due_at`."""
        threads = [
            OpenThread(name, thread.unanswered.oldest, thread.unanswered.due_at)
            for name, thread in self.history.thread_states.items()
            if thread.unanswered is not None and thread.is_waiting
        ]
        return sorted(threads, key=lambda thread: (thread.due_at, thread.name))

    def is_overdue(self, thread: OpenThread) -> bool:
        """Whether the reply window closed before the history's moment."""
        return self.as_of > thread.due_at

    def format_instant(self, instant: datetime) -> str:
        """2026-11-23 14:30, in the history's zone."""
        return f"{instant.astimezone(self.history.zone):%Y-%m-%d %H:%M}"


def standing_lines(evaluated: EvaluatedHistory, texts: Translations) -> Iterator[str]:
    """Verdict, reply rate, criteria, waiting threads, notes."""
    rules = evaluated.standing.rules
    yield texts("standing-title", edition=rules.name, at=evaluated.format_instant(evaluated.as_of))
    yield texts(f"standing-verdict-{enum_text_id(evaluated.standing.verdict)}")
    yield from _format_rank(evaluated.rank, texts)
    yield ""
    yield from _format_reply_rate(evaluated, texts)
    yield ""
    yield from _format_criteria(evaluated.standing, texts)
    yield ""
    yield from _format_open_threads(evaluated, texts)
    yield from _criterion_notes(evaluated.standing, evaluated.as_of, texts)
    others = ", ".join(name for name in edition_names() if name != rules.name)
    yield texts("standing-editions", others=others)


def _format_rank(standing: RankStanding, texts: Translations) -> Iterator[str]:
    """The rank and what the next one lacks; nothing in an edition without ranks."""
    following = standing.next_rank
    if standing.rank is None and following is None:
        return
    rank = "unknown" if standing.rank is None else standing.rank
    yield texts("standing-rank-declared" if standing.is_declared else "standing-rank", rank=texts(f"rank-{rank}"))
    if following is not None:
        gaps = [
            texts(f"rank-{kind}", list=", ".join(rank_criterion_name(texts, name) for name in names))
            for kind, names in (("missing", following.missing), ("not-known", following.unknown))
            if names
        ]
        gap = "; ".join(gaps) or texts("rank-complete")
        yield texts("standing-rank-next", rank=texts(f"rank-{following.rank}"), gap=gap)


def _format_reply_rate(evaluated: EvaluatedHistory, texts: Translations) -> Iterator[str]:
    rate, rule = evaluated.standing.rate, evaluated.standing.rules.reply_rate
    if not rate.replies:
        yield f"{texts('standing-rate')}: {texts('standing-rate-none')}"
    else:
        yield f"{texts('standing-rate')}: {format_rate(texts, rate)}{format_rate_estimate(texts, rate)}"
        yield f"  {format_rate_bar(rate, rule, BAR_WIDTH)}"
    if rate.late:
        yield "  " + texts(
            "standing-late",
            late=str(rate.late),
            ambiguous=str(rate.ambiguous),
            newest=str(rate.on_time + rate.ambiguous),
        )
    yield f"  {format_margin(texts, rate, rule, MARGIN_TEXTS)}"
    yield from (f"  {note}" for note in evaluated.history.judgement_notes(texts))


def _format_criteria(standing: CertificationStatus, texts: Translations) -> Iterator[str]:
    titles = [texts(f"standing-{title}") for title in ("criteria", "value", "line", "status")]
    rows = [("", *titles, ""), *(_criterion_row(standing, criterion, texts) for criterion in standing.criteria)]
    widths = [max(display_width(row[column]) for row in rows) for column in range(5)]
    for symbol, name, value, threshold, status, source in rows:
        cells = (
            pad_right(symbol, 2), pad_right(name, widths[1]), pad_left(value, widths[2]),
            pad_left(threshold, widths[3]), pad_right(status, widths[4]), source,
        )  # fmt: skip
        yield "  ".join(cells).rstrip()


def _criterion_row(standing: CertificationStatus, criterion: Criterion, texts: Translations) -> tuple[str, ...]:
    is_reply_rate = criterion.id == "reply_rate"
    value = (
        format_rate_percent(texts, standing.rate)
        if is_reply_rate
        else _format_criterion_figure(criterion, criterion.value, texts)
    )
    return (
        texts(f"status-{enum_text_id(criterion.status)}"),
        texts(f"criterion-{enum_text_id(criterion.id)}"),
        value,
        _format_criterion_figure(criterion, criterion.threshold, texts),
        format_criterion_status(texts, standing, criterion),
        texts("rule-source", confidence=criterion.confidence, source=criterion.source),
    )


def _format_criterion_figure(criterion: Criterion, value: Figure | None, texts: Translations) -> str:
    match criterion.id, value:
        case _, None:
            return EMPTY_VALUE
        case "reply_rate" | "completion_rate" | "task_approval" | "satisfaction", _:
            return f"{value} %"
        case "earnings", int():
            return format_yen(texts, value)
        case _:
            return f"{value}"


def _format_open_threads(evaluated: EvaluatedHistory, texts: Translations) -> Iterator[str]:
    threads = evaluated.open_threads
    if not threads:
        yield texts("standing-nothing-waits")
        return
    yield f"{texts('standing-waiting')} ({len(threads)})"
    width = max(display_width(thread.name[:MAX_NAME_LENGTH]) for thread in threads)
    for thread in threads:
        overdue = evaluated.is_overdue(thread)
        due = texts("standing-overdue" if overdue else "standing-due", at=evaluated.format_instant(thread.due_at))
        yield f"  {'!' if overdue else ' '} {pad_right(thread.name[:MAX_NAME_LENGTH], width)}  {due}"


def _criterion_notes(standing: CertificationStatus, as_of: datetime, texts: Translations) -> Iterator[str]:
    """The data that an unknown criterion lacks, and what an average leaves out."""
    for criterion in standing.criteria:
        name = texts(f"criterion-{enum_text_id(criterion.id)}")
        if criterion.status is CriterionStatus.UNKNOWN and criterion.id != "reply_rate":
            has_sum = criterion.id == "earnings" and criterion.out_of is not None
            lacks = "earnings-line" if has_sum else enum_text_id(criterion.id)
            if criterion.id == "evaluation" and not may_have_stars(as_of):
                lacks = "evaluation-ended"
            yield texts("standing-missing", name=name, lacks=texts(f"standing-missing-{lacks}"))
        elif criterion.excluded:
            yield texts("standing-left-out", name=name, count=criterion.excluded)
