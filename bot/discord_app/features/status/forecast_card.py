"""The coming reviews, if nothing more happens."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from discord import ui

from bot.discord_app.features.status.forecast_picture import forecast_picture
from bot.discord_app.ui.formatting import short_name, timestamp_full
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, LayoutItem, build_card, separator, text
from bot.domain.certification.forecast import first_review_met
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n.formatting import format_count, format_day, format_percent
from bot.i18n.translations import Translations
from bot.services.advice import Forecast

MAX_ROWS: Final = 10
BAR_WIDTH: Final = 10


def forecast_card(texts: Translations, forecast: Forecast) -> ui.LayoutView:
    """A line for each review, the first safe one, and when the late replies leave."""
    coming = forecast.reviews[0].status
    colour = {CriterionStatus.MET: SUCCESS, CriterionStatus.NOT_MET: DANGER}.get(coming, INFO)
    return build_card(_parts(texts, forecast), colour, partial(forecast_picture, texts, forecast))


def _parts(texts: Translations, forecast: Forecast) -> Iterator[LayoutItem]:
    yield text(
        texts("forecast-card-title"),
        texts("forecast-card-assumed") if forecast.review_day is None else None,
        texts("forecast-card-none") if all(not each.rate.replies for each in forecast.reviews) else None,
        *(
            texts(
                "forecast-card-line",
                day=format_day(texts, each.day),
                bar="█" * (each.rate.on_time * BAR_WIDTH // each.rate.replies if each.rate.replies else 0),
                rate=format_percent(texts, each.rate.permille),
                counted=f"{format_count(texts, each.rate.on_time)}/{format_count(texts, each.rate.replies)}",
                mark=texts(f"status-{each.status.replace('_', '-')}"),
            )
            for each in forecast.reviews
        ),
    )
    yield separator()
    safe = first_review_met(forecast.reviews)
    yield text(texts("forecast-safe", day=format_day(texts, safe.day)) if safe else texts("forecast-never-safe"))
    if forecast.expiring:
        yield separator()
        lines = [
            texts(
                "forecast-card-leaves",
                day=format_day(texts, day),
                thread=short_name(texts, each.thread),
                replied=timestamp_full(each.exchange.replied_at),
            )
            for day, each in forecast.expiring[:MAX_ROWS]
        ]
        if len(forecast.expiring) > MAX_ROWS:
            lines.append(texts("more-rows", count=len(forecast.expiring) - MAX_ROWS))
        yield text(texts("forecast-leaves", count=len(forecast.expiring)), *lines)
    if any(each.status is CriterionStatus.NOT_JUDGED for each in forecast.reviews):
        yield text("-# " + texts("forecast-not-judged", minimum=str(forecast.rule.minimum)))
