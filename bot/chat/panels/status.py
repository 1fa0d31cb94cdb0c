"""`/status` as a picture."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.chat.panels.picture import MARKS, Picture, described, line_tenths, line_words, listed
from bot.domain.certification.evaluation import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.services.status import StatusReport, reply_week_end
from storage.reply_state import WEEK, Week

LAST_NAMED: Final = 50
"""The last week under which a month's name has room."""


def status_picture(texts: Translations, overview: StatusReport, weeks: Sequence[Week], rows: Sequence[Row]) -> Picture:
    """The gauge, the year, the criteria (as the card reads them), the nine items."""
    figure, rule, standing = overview.year.rate, overview.standing.rules.reply_rate, overview.standing
    if not figure.replies:
        headline = texts("picture-none")
    elif figure.status(rule) is CriterionStatus.MET:
        headline = texts("picture-slack", slack=figure.late_replies_allowed(rule))
    else:
        headline = texts("picture-needed", needed=figure.replies_needed(rule))
    items = tuple(_items(texts, overview))
    if not any(each.on_time or each.late for each in weeks):
        weeks = ()  # a strip of nothing says nothing
    panel = StatusPicture(
        Gauge(
            figure.permille,
            line_tenths(rule),
            MARKS[figure.status(rule)],
            formatting.format_percent(texts, figure.permille),
            f"{figure.on_time}/{figure.replies}",
            texts("picture-line", line=line_words(rule)),
        ),
        texts("picture-rate" if overview.criteria_inputs.estimate is None else "picture-rate-recorded"),
        headline,
        Row(MARKS[standing.verdict], texts(f"picture-verdict-{_id(standing.verdict)}")),
        texts("picture-weeks" if weeks else "picture-weeks-none"),
        tuple((each.on_time, each.late) for each in weeks),
        tuple(_months(texts, overview, len(weeks))),
        texts("picture-on-time", count=figure.on_time),
        texts("picture-late", count=figure.late),
        texts("picture-criteria", edition=standing.rules.name),
        tuple(rows),
        texts("picture-items"),
        items,
    )
    return Picture(panel, _described(texts, panel))


def criterion_row(texts: Translations, criterion: Criterion, value: str, line: str) -> Row:
    """A criterion with its figure and its line."""
    if criterion.id == "reply_rate":
        line = f"{criterion.threshold} %"  # from how many replies on is said below the gauge
    words = texts("picture-value", value=value, line=line)
    return Row(MARKS[criterion.status], texts(f"criterion-{criterion.id.replace('_', '-')}"), words)


def _id(status: CriterionStatus) -> str:
    return status.replace("_", "-")


def _items(texts: Translations, overview: StatusReport) -> Iterator[Row]:
    filled = overview.criteria_inputs.profile
    for item in ProfileItem:
        mark = StatusIcon.UNKNOWN if filled is None else StatusIcon.MET if item in filled else StatusIcon.NOT_MET
        yield Row(mark, texts(f"profile-{item.replace('_', '-')}"))


def _months(texts: Translations, overview: StatusReport, count: int) -> Iterator[tuple[int, str]]:
    """The week in which each month begins."""
    day = (reply_week_end(overview.as_of) - count * WEEK).date()
    for place in range(min(count, LAST_NAMED + 1)):
        week = [day + timedelta(days=7 * place + each) for each in range(7)]
        for first in (each for each in week if each.day == 1):
            yield place, format_skeleton("MMM", first, locale=texts.locale)


def _described(texts: Translations, panel: StatusPicture) -> str:
    late = sum(1 for week in panel.weeks if week[1])
    judged = listed(
        texts("picture-judged", name=each.name, value=each.value, status=texts(f"status-{_mark(each)}-name"))
        for each in panel.criteria
    )
    items = listed(
        texts("picture-item", name=each.name, status=texts(f"picture-item-{_mark(each)}")) for each in panel.items
    )
    return described(
        texts(
            "picture-status-about",
            rate=panel.gauge.label,
            counted=panel.gauge.counted,
            line=panel.gauge.threshold_label,
        ),
        texts("picture-sentence", words=panel.headline),
        texts("picture-sentence", words=panel.verdict.name),
        texts("picture-weeks-about", on_time=panel.on_time, late=panel.late, weeks=late)
        if panel.weeks
        else texts("picture-sentence", words=panel.weeks_title),
        texts("picture-list", name=panel.criteria_title, list=judged),
        texts("picture-list", name=panel.items_title, list=items),
    )


def _mark(row: Row) -> str:
    return row.mark.replace("_", "-")
