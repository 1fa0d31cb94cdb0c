"""The picture of the forecast: a column for each coming review."""

from babel.dates import format_date, format_skeleton

from bot.discord_app.ui import pictures
from bot.domain.certification.forecast import first_review_met
from bot.i18n import formatting
from bot.i18n.translations import Translations, hyphenated
from bot.pictures.models import ForecastPicture, ReviewBar
from bot.services.advice import Forecast


def forecast_picture(texts: Translations, forecast: Forecast) -> pictures.PictureSpec:
    """A column for each review; the first that finds the rate met is marked."""
    first_met = first_review_met(forecast.reviews)
    if first_met is None:
        outcome = texts("picture-never-safe")
    else:
        outcome = texts("picture-safe", day=format_date(first_met.day, "long", locale=texts.locale))
    bars = tuple(
        ReviewBar(
            format_skeleton("MMM", review.day, locale=texts.locale),
            review.rate.permille,
            formatting.format_percent(texts, review.rate.permille).removesuffix(" %"),
            pictures.STATUS_ICONS[review.status],
            is_first_met=review is first_met,
        )
        for review in forecast.reviews
    )
    threshold = pictures.threshold_permille(forecast.rule)
    model = ForecastPicture(
        texts("picture-forecast"), threshold, pictures.threshold_label(forecast.rule), bars, outcome
    )
    return pictures.PictureSpec(model, _alt_text(texts, model))


def _alt_text(texts: Translations, model: ForecastPicture) -> str:
    reviews = pictures.join_phrases(
        texts(
            "picture-judged",
            name=bar.month,
            value=bar.label if bar.permille is None else f"{bar.label} %",
            status=texts(f"status-{hyphenated(bar.icon)}-name"),
        )
        for bar in model.reviews
    )
    return pictures.alt_text(
        texts("picture-forecast-about", line=model.threshold_label),
        texts("picture-sentence", words=model.outcome),
        reviews,
    )
