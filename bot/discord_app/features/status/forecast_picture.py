"""The picture of a forecast."""

from babel.dates import format_date, format_skeleton

from bot.discord_app.ui import pictures
from bot.domain.certification.forecast import first_review_met, is_never_met
from bot.i18n.reply_rate import format_rate_percent
from bot.i18n.translations import Translations
from bot.pictures.models import ForecastPicture, ReviewBar, StatusIcon
from bot.services.advice import Forecast


def forecast_picture(texts: Translations, forecast: Forecast) -> pictures.PictureSpec:
    """A column for each review; the first that finds the rate met is marked."""
    rule = forecast.rule
    first_met = first_review_met(forecast.reviews) if rule.is_criterion else None
    if not rule.is_criterion:
        outcome = texts("picture-published")
    elif first_met is not None:
        outcome = texts("picture-safe", day=format_date(first_met.day, "long", locale=texts.locale))
    else:
        outcome = texts("picture-never-safe" if is_never_met(forecast.reviews) else "picture-not-judged")
    bars = tuple(
        ReviewBar(
            format_skeleton("MMM", review.day, locale=texts.locale),
            review.rate.permille,
            format_rate_percent(texts, review.rate).removesuffix(" %"),
            pictures.STATUS_ICONS[review.status] if rule.is_criterion else StatusIcon.NOT_JUDGED,
            is_first_met=review is first_met,
        )
        for review in forecast.reviews
    )
    title = texts("picture-forecast", estimate=texts("rate-estimated") if forecast.is_estimated else "")
    model = ForecastPicture(title, pictures.threshold_permille(rule), pictures.threshold_label(rule), bars, outcome)
    return pictures.PictureSpec(model, _forecast_alt_text(texts, model, pictures.threshold_line(texts, rule)))


def _forecast_alt_text(texts: Translations, model: ForecastPicture, threshold_line: str) -> str:
    reviews = pictures.join_picture_phrases(
        _review_bar_alt_text(texts, bar, is_judged=model.threshold is not None) for bar in model.reviews
    )
    return pictures.join_alt_text(
        texts("picture-forecast-about", line=threshold_line),
        texts("picture-sentence", words=model.outcome),
        reviews,
    )


def _review_bar_alt_text(texts: Translations, bar: ReviewBar, *, is_judged: bool) -> str:
    value = bar.label if bar.permille is None else f"{bar.label} %"
    if not is_judged:
        return texts("picture-published-value", name=bar.month, value=value)
    return texts("picture-judged", name=bar.month, value=value, status=texts(f"status-{bar.icon}-name"))
