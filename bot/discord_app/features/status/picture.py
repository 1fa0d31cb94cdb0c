"""The picture of /status: the reply rate, the year by weeks, the criteria, the profile items."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.discord_app.ui import pictures
from bot.domain.certification.evaluation import Criterion
from bot.domain.certification.facts import ProfileItem
from bot.i18n.reply_rate import MarginTexts, format_estimate, format_margin, format_rate_fraction, format_rate_percent
from bot.i18n.translations import Translations, hyphenated
from bot.pictures.models import Gauge, Row, StatusIcon, StatusPicture
from bot.services.status import StatusReport, reply_week_end
from storage.exchanges import WEEK, Week

LAST_LABELLED_WEEK: Final = 50
"""Index of the last week below which there is room for the name of a month."""

_MARGIN_TEXTS: Final = MarginTexts("picture-slack", "picture-needed", "picture-published")


def status_picture(
    texts: Translations, report: StatusReport, weeks: Sequence[Week], criteria: Sequence[Row]
) -> pictures.PictureSpec:
    """The picture of a report; `criteria` are the rows as the card shows them."""
    rate, rule, standing = report.rate, report.standing.rules.reply_rate, report.standing
    headline = format_margin(texts, rate, rule, _MARGIN_TEXTS) if rate.replies else texts("picture-none")
    if not any(week.on_time or week.late for week in weeks):
        weeks = ()  # without replies the picture says so instead
        weeks_title = "picture-weeks-none"
    else:
        weeks_title = "picture-weeks" if rate.estimate is None else "picture-weeks-recorded"
    gauge = Gauge(
        permille=rate.permille,
        threshold=pictures.threshold_permille(rule),
        icon=pictures.STATUS_ICONS[rate.status(rule)] if rule.is_criterion else StatusIcon.NOT_JUDGED,
        label=format_rate_percent(texts, rate),
        fraction=format_rate_fraction(texts, rate),
        threshold_label=pictures.threshold_line(texts, rule),
    )
    model = StatusPicture(
        gauge=gauge,
        title=texts("picture-rate-estimated", estimate=format_estimate(texts, rate))
        if rate.estimate
        else texts("picture-rate"),
        headline=headline,
        verdict=Row(pictures.STATUS_ICONS[standing.verdict], texts(f"picture-verdict-{hyphenated(standing.verdict)}")),
        weeks_title=texts(weeks_title),
        weeks=tuple((week.on_time, week.late) for week in weeks),
        months=tuple(_months(texts, report, len(weeks))),
        on_time_label=texts("picture-on-time", count=sum(week.on_time for week in weeks)),
        late_label=texts("picture-late", count=sum(week.late for week in weeks)),
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
