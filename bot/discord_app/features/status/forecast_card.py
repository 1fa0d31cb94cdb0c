"""The forecast: what the coming reviews would find if nothing more happened."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from discord import ui

from bot.discord_app.features.status.forecast_picture import forecast_picture
from bot.discord_app.ui.components import action_row
from bot.discord_app.ui.formatting import format_short_thread_name, format_timestamp
from bot.discord_app.ui.layout import DANGER, INFO, SUCCESS, Card, LayoutItem, build_card, small_print, text_block
from bot.discord_app.ui.press_words import Action, Target
from bot.domain.certification.forecast import first_review_met, is_never_met
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n.formatting import format_day
from bot.i18n.reply_rate import format_rate_fraction, format_rate_percent
from bot.i18n.translations import Translations
from bot.services.advice import Forecast

MAX_ROWS: Final = 10
"""Late replies on the card, each with the day on which it leaves the year."""


def forecast_card(texts: Translations, forecast: Forecast) -> Card:
    """A line for each review, the first that finds the rate met, and when the late replies leave the year.

    Its button leads back to the summary. Without replies the reviews say nothing.
    """
    next_status = forecast.reviews[0].status if forecast.rule.is_criterion else CriterionStatus.NOT_JUDGED
    colour = {CriterionStatus.MET: SUCCESS, CriterionStatus.NOT_MET: DANGER}.get(next_status, INFO)
    picture = partial(forecast_picture, texts, forecast) if _has_replies(forecast) else None
    return build_card(_forecast_parts(texts, forecast), colour, picture)


def _has_replies(forecast: Forecast) -> bool:
    return any(review.rate.replies for review in forecast.reviews)


def _forecast_parts(texts: Translations, forecast: Forecast) -> Iterator[LayoutItem]:
    yield text_block(
        texts("forecast-card-title"),
        texts("forecast-card-assumed") if forecast.review_day is None else None,
        small_print(texts("forecast-estimated")) if forecast.is_estimated else None,
        None if _has_replies(forecast) else texts("forecast-card-none"),
        *(
            texts(
                "forecast-card-line",
                day=format_day(texts, review.day),
                rate=format_rate_percent(texts, review.rate),
                counted=format_rate_fraction(texts, review.rate),
                mark=texts(f"status-{review.status}") if forecast.rule.is_criterion else "·",
            )
            for review in forecast.reviews
            if _has_replies(forecast)
        ),
    )
    yield ui.Separator()
    first_met = first_review_met(forecast.reviews)
    if not forecast.rule.is_criterion:
        yield text_block(texts("rate-published"))
    elif first_met is not None:
        yield text_block(texts("forecast-safe", day=format_day(texts, first_met.day)))
    elif is_never_met(forecast.reviews):
        yield text_block(texts("forecast-never-safe"))
    if forecast.expiring:
        yield ui.Separator()
        lines = [
            texts(
                "forecast-card-leaves",
                day=format_day(texts, day),
                thread=format_short_thread_name(texts, reply.thread),
                replied=format_timestamp(reply.exchange.replied_at),
            )
            for day, reply in forecast.expiring[:MAX_ROWS]
        ]
        if len(forecast.expiring) > MAX_ROWS:
            lines.append(texts("more-rows", count=len(forecast.expiring) - MAX_ROWS))
        yield text_block(texts("forecast-leaves", count=len(forecast.expiring)), *lines)
    if forecast.rule.is_criterion and any(review.status is CriterionStatus.NOT_JUDGED for review in forecast.reviews):
        yield text_block(small_print(texts("forecast-not-judged", minimum=str(forecast.rule.minimum))))
    yield action_row(texts, Target.STATUS, 0, [Action.BACK])
