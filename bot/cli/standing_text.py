"""The lines that `standing` prints for people."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.cli.history_input import HistoryInput
from bot.cli.terminal import display_width, pad_left, pad_right
from bot.domain.certification.criterion import Criterion, Figure
from bot.domain.certification.editions import edition_names
from bot.domain.certification.evaluation import CertificationStatus
from bot.domain.certification.jobs import may_have_stars
from bot.domain.certification.ranks import RankStanding
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n.criteria import format_criterion_status, rank_criterion_name
from bot.i18n.formatting import EMPTY_VALUE, format_yen
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


def standing_lines(
    history: HistoryInput, standing: CertificationStatus, rank: RankStanding, texts: Translations
) -> Iterator[str]:
    """Verdict, reply rate, criteria, waiting threads, notes."""
    edition = standing.rules.name
    yield texts("standing-title", edition=edition, at=history.format_instant(history.as_of))
    yield texts(f"standing-verdict-{standing.verdict}")
    yield from _format_rank(rank, texts)
    yield ""
    yield from _format_reply_rate(history, standing, texts)
    yield ""
    yield from _format_criteria(standing, texts)
    yield ""
    yield from _format_waiting_threads(history, texts)
    yield from _criterion_notes(standing, history.as_of, texts)
    others = ", ".join(name for name in edition_names() if name != edition)
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


def _format_reply_rate(history: HistoryInput, standing: CertificationStatus, texts: Translations) -> Iterator[str]:
    rate, rule = standing.rate, standing.rules.reply_rate
    if not rate.replies:
        yield f"{texts('standing-rate')}: {texts('standing-rate-none')}"
    else:
        yield f"{texts('standing-rate')}: {format_rate(texts, rate)}{format_rate_estimate(texts, rate)}"
        yield f"  {format_rate_bar(rate, rule, BAR_WIDTH)}"
    if rate.late:
        yield "  " + texts(
            "standing-late",
            late=str(rate.late),
            ambiguous=rate.ambiguous,
            newest=str(rate.on_time + rate.ambiguous),
        )
    yield f"  {format_margin(texts, rate, rule, MARGIN_TEXTS)}"
    yield from (f"  {note}" for note in history.rate_notes(texts))


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
        texts(f"status-{criterion.status}"),
        texts(f"criterion-{criterion.id}"),
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


def _format_waiting_threads(history: HistoryInput, texts: Translations) -> Iterator[str]:
    threads = history.waiting_threads
    if not threads:
        yield texts("standing-nothing-waits")
        return
    yield f"{texts('standing-waiting')} ({len(threads)})"
    width = max(display_width(name[:MAX_NAME_LENGTH]) for name, _ in threads)
    for name, unanswered in threads:
        overdue = history.as_of > unanswered.due_at
        due = texts("standing-overdue" if overdue else "standing-due", at=history.format_instant(unanswered.due_at))
        yield f"  {'!' if overdue else ' '} {pad_right(name[:MAX_NAME_LENGTH], width)}  {due}"


def _criterion_notes(standing: CertificationStatus, as_of: datetime, texts: Translations) -> Iterator[str]:
    """The data that an unknown criterion lacks, and what an average leaves out."""
    for criterion in standing.criteria:
        name = texts(f"criterion-{criterion.id}")
        if criterion.status is CriterionStatus.UNKNOWN and criterion.id != "reply_rate":
            has_sum = criterion.id == "earnings" and criterion.out_of is not None
            lacks = "earnings-line" if has_sum else criterion.id
            if criterion.id == "evaluation" and not may_have_stars(as_of):
                lacks = "evaluation-ended"
            yield texts("standing-missing", name=name, lacks=texts(f"standing-missing-{lacks}"))
        elif criterion.excluded:
            yield texts("standing-left-out", name=name, count=criterion.excluded)
