"""The pictures of /status: the rate on a gauge with the criteria, and the weeks of the year."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.discord_app.ui import pictures
from bot.domain.certification.criterion import Criterion
from bot.i18n import formatting
from bot.i18n.criteria import format_criterion_status
from bot.i18n.reply_rate import (
    MarginTexts,
    format_margin,
    format_rate,
    format_rate_estimate,
    format_rate_fraction,
    format_rate_percent,
)
from bot.i18n.translations import Translations
from bot.pictures.models import CriterionRow, Gauge, StatusIcon, StatusPicture, YearPicture
from bot.services.status import StatusReport, reply_week_end
from storage.exchanges import WEEK, Week

_MARGIN_TEXTS: Final = MarginTexts("picture-slack", "picture-needed", "picture-published", likely=None)

LAST_LABELLED_WEEK: Final = 49
"""Index of the last week below which there is room for the name of a month."""


def status_picture(texts: Translations, report: StatusReport, criteria: Sequence[CriterionRow]) -> pictures.PictureSpec:
    """The picture of a report; `criteria` are its rows."""
    rate, rule = report.rate, report.standing.rules.reply_rate
    counts = (texts("picture-on-time", count=rate.on_time), texts("picture-late", count=rate.late))
    gauge = Gauge(
        permille=rate.permille,
        threshold=pictures.threshold_permille(rule),
        icon=pictures.STATUS_ICONS[rate.status(rule)] if rule.is_criterion else StatusIcon.NOT_JUDGED,
        label=format_rate_percent(texts, rate),
        fraction=format_rate_fraction(texts, rate) if rate.replies else "",
        threshold_label=pictures.threshold_line(texts, rule),
    )
    model = StatusPicture(
        gauge=gauge,
        title=texts("picture-rate-estimated", estimate=format_rate_estimate(texts, rate))
        if rate.estimate
        else texts("picture-rate"),
        headline=format_margin(texts, rate, rule, _MARGIN_TEXTS) if rate.replies else texts("picture-none"),
        lines=counts if rate.replies else (),
        criteria=tuple(criteria),
    )
    return pictures.PictureSpec(model, _status_alt_text(texts, report, model))


def criterion_picture_row(texts: Translations, criterion: Criterion, value: str, threshold: str) -> CriterionRow:
    """A criterion with its figure and its threshold."""
    # The threshold alone: there is no room for the words that stand beside it in the text.
    match criterion.id, criterion.value, criterion.threshold:
        case "reply_rate", _, line:
            threshold = f"{line} %"
        case "earnings", _, None:
            threshold = texts("threshold-earnings-short")
        case "earnings", _, int(line):
            threshold = formatting.format_yen(texts, line)
        case "last_login", last_login, date() as earliest:
            threshold = formatting.format_day_short(texts, earliest)
            if isinstance(last_login, date):
                value = formatting.format_day_short(texts, last_login)
    label = texts("picture-value", value=value, line=threshold)
    return CriterionRow(pictures.STATUS_ICONS[criterion.status], texts(f"criterion-short-{criterion.id}"), label)


def _status_alt_text(texts: Translations, report: StatusReport, model: StatusPicture) -> str:
    criteria = pictures.join_picture_phrases(
        texts(
            "picture-judged",
            name=row.name,
            value=row.value,
            status=format_criterion_status(texts, report.standing, criterion),
        )
        for row, criterion in zip(model.criteria, report.standing.criteria, strict=False)
    )
    gauge = model.gauge
    return pictures.join_alt_text(
        texts("picture-status-about", rate=format_rate(texts, report.rate), line=gauge.threshold_label),
        *(texts("picture-sentence", words=words) for words in (model.headline, *model.lines)),
        texts("picture-list", name=texts("picture-criteria"), list=criteria),
    )


def year_picture(texts: Translations, report: StatusReport, weeks: Sequence[Week]) -> pictures.PictureSpec | None:
    """A bar for each week; None without replies."""
    on_time, late = sum(week.on_time for week in weeks), sum(week.late for week in weeks)
    if not on_time + late:
        return None
    model = YearPicture(
        title=texts("picture-weeks" if report.rate.estimate is None else "picture-weeks-recorded"),
        weeks=tuple((week.on_time, week.late) for week in weeks),
        months=tuple(_month_labels(texts, report, len(weeks))),
        on_time_label=texts("picture-on-time", count=on_time),
        late_label=texts("picture-late", count=late),
    )
    weeks_with_late = sum(1 for week in weeks if week.late)
    sentence = texts("picture-weeks-about", on_time=model.on_time_label, late=model.late_label, weeks=weeks_with_late)
    return pictures.PictureSpec(model, pictures.join_alt_text(sentence))


def _month_labels(texts: Translations, report: StatusReport, weeks: int) -> Iterator[tuple[int, str]]:
    """For each month, the index of the week in which it begins, and its name."""
    first_day = (reply_week_end(report.as_of) - weeks * WEEK).date()
    for week in range(min(weeks, LAST_LABELLED_WEEK + 1)):
        for offset in range(7):
            day = first_day + timedelta(days=7 * week + offset)
            if day.day == 1:
                yield week, format_skeleton("MMM", day, locale=texts.locale)
