"""`/status view:forecast` as a picture."""

from babel.dates import format_date, format_skeleton

from bot.discord_app.ui.pictures import (
    STATUS_ICONS,
    PictureSpec,
    alt_text,
    join_phrases,
    threshold_label,
    threshold_permille,
)
from bot.domain.certification.forecast import first_review_met
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.pictures.models import ForecastPicture, ReviewBar
from bot.services.advice import Forecast


def forecast_picture(texts: Translations, forecast: Forecast) -> PictureSpec:
    """A column for each review, the first safe one marked."""
    safe = first_review_met(forecast.reviews)
    if safe is None:
        outcome = texts("picture-never-safe")
    else:
        outcome = texts("picture-safe", day=format_date(safe.day, "long", locale=texts.locale))
    model = ForecastPicture(
        texts("picture-forecast"),
        threshold_permille(forecast.rule),
        threshold_label(forecast.rule),
        tuple(
            ReviewBar(
                format_skeleton("MMM", each.day, locale=texts.locale),
                each.rate.permille,
                formatting.format_percent(texts, each.rate.permille).removesuffix(" %"),
                STATUS_ICONS[each.status],
                each is safe,
            )
            for each in forecast.reviews
        ),
        outcome,
    )
    return PictureSpec(model, _alt_text(texts, model))


def _alt_text(texts: Translations, model: ForecastPicture) -> str:
    reviews = join_phrases(
        texts(
            "picture-judged",
            name=each.day,
            value=each.words if each.tenths is None else f"{each.words} %",
            status=texts(f"status-{each.mark.replace('_', '-')}-name"),
        )
        for each in model.reviews
    )
    return alt_text(
        texts("picture-forecast-about", line=model.line_words),
        texts("picture-sentence", words=model.outcome),
        reviews,
    )
