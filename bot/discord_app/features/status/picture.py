"""The picture of /status: the reply rate, the year by weeks, the criteria, the profile items."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.discord_app.ui import pictures
from bot.domain.certification.evaluation import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.translations import Translations, hyphenated
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.services.status import StatusReport, reply_week_end
from storage.exchanges import WEEK, Week

LAST_LABELLED_WEEK: Final = 50
"""Index of the last week below which there is room for the name of a month."""


def status_picture(
    texts: Translations, report: StatusReport, weeks: Sequence[Week], criteria: Sequence[Row]
) -> pictures.PictureSpec:
    """The picture of a report; `criteria` are the rows as the card shows them."""
    rate, rule, standing = report.year.rate, report.standing.rules.reply_rate, report.standing
    if not rate.replies:
        headline = texts("picture-none")
    elif rate.status(rule) is CriterionStatus.MET:
        headline = texts("picture-slack", slack=rate.late_replies_allowed(rule))
    else:
        headline = texts("picture-needed", needed=rate.replies_needed(rule))
    if not any(week.on_time or week.late for week in weeks):
        weeks = ()  # without replies the picture says so instead
    gauge = Gauge(
        permille=rate.permille,
        threshold=pictures.threshold_permille(rule),
        icon=pictures.STATUS_ICONS[rate.status(rule)],
        label=formatting.format_percent(texts, rate.permille),
        fraction=f"{rate.on_time}/{rate.replies}",
        threshold_label=texts("picture-line", line=pictures.threshold_label(rule)),
    )
    model = StatusPicture(
        gauge=gauge,
        title=texts("picture-rate" if report.criteria_inputs.estimate is None else "picture-rate-recorded"),
        headline=headline,
        verdict=Row(pictures.STATUS_ICONS[standing.verdict], texts(f"picture-verdict-{hyphenated(standing.verdict)}")),
        weeks_title=texts("picture-weeks" if weeks else "picture-weeks-none"),
        weeks=tuple((week.on_time, week.late) for week in weeks),
        months=tuple(_months(texts, report, len(weeks))),
        on_time_label=texts("picture-on-time", count=rate.on_time),
        late_label=texts("picture-late", count=rate.late),
        criteria_title=texts("picture-criteria", edition=standing.rules.name),
        criteria=tuple(criteria),
        items_title=texts("picture-items"),
        items=tuple(_items(texts, report)),
    )
    return pictures.PictureSpec(model, _alt_text(texts, model))


def criterion_row(texts: Translations, criterion: Criterion, value: str, threshold: str) -> Row:
    """A criterion with its figure and its threshold."""
    if criterion.id == "reply_rate":
        threshold = f"{criterion.threshold} %"  # without the minimum of replies, for which there is no room
    label = texts("picture-value", value=value, line=threshold)
    return Row(pictures.STATUS_ICONS[criterion.status], texts(f"criterion-{hyphenated(criterion.id)}"), label)


def _items(texts: Translations, report: StatusReport) -> Iterator[Row]:
    filled = report.criteria_inputs.profile
    for item in ProfileItem:
        icon = StatusIcon.UNKNOWN if filled is None else StatusIcon.MET if item in filled else StatusIcon.NOT_MET
        yield Row(icon, texts(f"profile-{hyphenated(item)}"))


def _months(texts: Translations, report: StatusReport, weeks: int) -> Iterator[tuple[int, str]]:
    """For each month, the index of the week in which it begins, and its name."""
    first_day = (reply_week_end(report.as_of) - weeks * WEEK).date()
    for week in range(min(weeks, LAST_LABELLED_WEEK + 1)):
        for offset in range(7):
            day = first_day + timedelta(days=7 * week + offset)
            if day.day == 1:
                yield week, format_skeleton("MMM", day, locale=texts.locale)


def _alt_text(texts: Translations, model: StatusPicture) -> str:
    criteria = pictures.join_phrases(
        texts("picture-judged", name=row.name, value=row.value, status=texts(f"status-{hyphenated(row.icon)}-name"))
        for row in model.criteria
    )
    items = pictures.join_phrases(
        texts("picture-item", name=row.name, status=texts(f"picture-item-{hyphenated(row.icon)}"))
        for row in model.items
    )
    weeks_with_late = sum(1 for _, late in model.weeks if late)
    gauge = model.gauge
    return pictures.alt_text(
        texts("picture-status-about", rate=gauge.label, counted=gauge.fraction, line=gauge.threshold_label),
        texts("picture-sentence", words=model.headline),
        texts("picture-sentence", words=model.verdict.name),
        texts("picture-weeks-about", on_time=model.on_time_label, late=model.late_label, weeks=weeks_with_late)
        if model.weeks
        else texts("picture-sentence", words=model.weeks_title),
        texts("picture-list", name=model.criteria_title, list=criteria),
        texts("picture-list", name=model.items_title, list=items),
    )
