"""`/status` as a picture."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.discord_app.ui.pictures import (
    STATUS_ICONS,
    PictureSpec,
    alt_text,
    join_phrases,
    threshold_label,
    threshold_permille,
)
from bot.domain.certification.evaluation import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.services.status import StatusReport, reply_week_end
from storage.reply_state import WEEK, Week

LAST_LABELLED_WEEK: Final = 50
"""The last week under which a month's name has room."""


def status_picture(
    texts: Translations, report: StatusReport, weeks: Sequence[Week], rows: Sequence[Row]
) -> PictureSpec:
    """The gauge, the year, the criteria (as the card reads them), the nine items."""
    figure, rule, standing = report.year.rate, report.standing.rules.reply_rate, report.standing
    if not figure.replies:
        headline = texts("picture-none")
    elif figure.status(rule) is CriterionStatus.MET:
        headline = texts("picture-slack", slack=figure.late_replies_allowed(rule))
    else:
        headline = texts("picture-needed", needed=figure.replies_needed(rule))
    items = tuple(_items(texts, report))
    if not any(each.on_time or each.late for each in weeks):
        weeks = ()  # a strip of nothing says nothing
    panel = StatusPicture(
        Gauge(
            figure.permille,
            threshold_permille(rule),
            STATUS_ICONS[figure.status(rule)],
            formatting.format_percent(texts, figure.permille),
            f"{figure.on_time}/{figure.replies}",
            texts("picture-line", line=threshold_label(rule)),
        ),
        texts("picture-rate" if report.criteria_inputs.estimate is None else "picture-rate-recorded"),
        headline,
        Row(STATUS_ICONS[standing.verdict], texts(f"picture-verdict-{_id(standing.verdict)}")),
        texts("picture-weeks" if weeks else "picture-weeks-none"),
        tuple((each.on_time, each.late) for each in weeks),
        tuple(_months(texts, report, len(weeks))),
        texts("picture-on-time", count=figure.on_time),
        texts("picture-late", count=figure.late),
        texts("picture-criteria", edition=standing.rules.name),
        tuple(rows),
        texts("picture-items"),
        items,
    )
    return PictureSpec(panel, _alt_text(texts, panel))


def criterion_row(texts: Translations, criterion: Criterion, value: str, threshold: str) -> Row:
    """A criterion with its figure and its line."""
    if criterion.id == "reply_rate":
        threshold = f"{criterion.threshold} %"  # from how many replies on is said below the gauge
    words = texts("picture-value", value=value, line=threshold)
    return Row(STATUS_ICONS[criterion.status], texts(f"criterion-{criterion.id.replace('_', '-')}"), words)


def _id(status: CriterionStatus) -> str:
    return status.replace("_", "-")


def _items(texts: Translations, report: StatusReport) -> Iterator[Row]:
    filled = report.criteria_inputs.profile
    for item in ProfileItem:
        mark = StatusIcon.UNKNOWN if filled is None else StatusIcon.MET if item in filled else StatusIcon.NOT_MET
        yield Row(mark, texts(f"profile-{item.replace('_', '-')}"))


def _months(texts: Translations, report: StatusReport, count: int) -> Iterator[tuple[int, str]]:
    """The week in which each month begins."""
    day = (reply_week_end(report.as_of) - count * WEEK).date()
    for place in range(min(count, LAST_LABELLED_WEEK + 1)):
        week = [day + timedelta(days=7 * place + each) for each in range(7)]
        for first in (each for each in week if each.day == 1):
            yield place, format_skeleton("MMM", first, locale=texts.locale)


def _alt_text(texts: Translations, panel: StatusPicture) -> str:
    late = sum(1 for week in panel.weeks if week[1])
    judged = join_phrases(
        texts("picture-judged", name=each.name, value=each.value, status=texts(f"status-{_status_icon(each)}-name"))
        for each in panel.criteria
    )
    items = join_phrases(
        texts("picture-item", name=each.name, status=texts(f"picture-item-{_status_icon(each)}"))
        for each in panel.items
    )
    return alt_text(
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


def _status_icon(row: Row) -> str:
    return row.mark.replace("_", "-")
