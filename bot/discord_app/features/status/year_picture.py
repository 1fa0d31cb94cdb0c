"""The picture of `/status view:detail`: the replies of the year by weeks."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from babel.dates import format_skeleton

from bot.discord_app.ui import pictures
from bot.i18n.translations import Translations
from bot.pictures.models import YearPicture
from bot.services.status import StatusReport, reply_week_end
from storage.exchanges import WEEK, Week

LAST_LABELLED_WEEK: Final = 49
"""Index of the last week below which there is room for the name of a month."""


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
    return pictures.PictureSpec(model, pictures.picture_alt_text(sentence))


def _month_labels(texts: Translations, report: StatusReport, weeks: int) -> Iterator[tuple[int, str]]:
    """For each month, the index of the week in which it begins, and its name."""
    first_day = (reply_week_end(report.as_of) - weeks * WEEK).date()
    for week in range(min(weeks, LAST_LABELLED_WEEK + 1)):
        for offset in range(7):
            day = first_day + timedelta(days=7 * week + offset)
            if day.day == 1:
                yield week, format_skeleton("MMM", day, locale=texts.locale)
