"""`/status view:forecast` as a picture."""

from babel.dates import format_date, format_skeleton

from bot.chat.panels.picture import MARKS, Picture, described, line_tenths, line_words, listed
from bot.domain.certification.forecast import first_review_met
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import ForecastPicture, ReviewBar
from bot.services.advice import Forecast


def forecast_picture(texts: Translations, found: Forecast) -> Picture:
    """A column for each review, the first safe one marked."""
    safe = first_review_met(found.reviews)
    if safe is None:
        outcome = texts("picture-never-safe")
    else:
        outcome = texts("picture-safe", day=format_date(safe.day, "long", locale=texts.locale))
    panel = ForecastPicture(
        texts("picture-forecast"),
        line_tenths(found.rule),
        line_words(found.rule),
        tuple(
            ReviewBar(
                format_skeleton("MMM", each.day, locale=texts.locale),
                each.rate.permille,
                formatting.format_percent(texts, each.rate.permille).removesuffix(" %"),
                MARKS[each.status],
                each is safe,
            )
            for each in found.reviews
        ),
        outcome,
    )
    return Picture(panel, _described(texts, panel))


def _described(texts: Translations, panel: ForecastPicture) -> str:
    reviews = listed(
        texts(
            "picture-judged",
            name=each.day,
            value=each.words if each.tenths is None else f"{each.words} %",
            status=texts(f"status-{each.mark.replace('_', '-')}-name"),
        )
        for each in panel.reviews
    )
    return described(
        texts("picture-forecast-about", line=panel.line_words),
        texts("picture-sentence", words=panel.outcome),
        reviews,
    )
