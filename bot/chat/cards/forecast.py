"""The coming reviews, if nothing more happens."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from discord import ui

from bot.chat.cards.frame import CALM, GOOD, LATE, Part, card, line, text
from bot.chat.panels.forecast import forecast_picture
from bot.chat.words import on, short_name
from bot.domain.certification.forecast import first_review_met
from bot.domain.reply.reply_rate import CriterionStatus
from bot.i18n import formatting
from bot.i18n.translations import Translations
from bot.services.advice import Forecast

SHOWN: Final = 10
BAR: Final = 10


def forecast_card(texts: Translations, found: Forecast) -> ui.LayoutView:
    """A line for each review, the first safe one, and when the late replies leave."""
    coming = found.reviews[0].status
    colour = {CriterionStatus.MET: GOOD, CriterionStatus.NOT_MET: LATE}.get(coming, CALM)
    return card(_parts(texts, found), colour, partial(forecast_picture, texts, found))


def _parts(texts: Translations, found: Forecast) -> Iterator[Part]:
    yield text(
        texts("forecast-card-title"),
        texts("forecast-card-assumed") if found.review_day is None else None,
        texts("forecast-card-none") if all(not each.rate.replies for each in found.reviews) else None,
        *(
            texts(
                "forecast-card-line",
                day=formatting.format_day(texts, each.day),
                bar="█" * (each.rate.on_time * BAR // each.rate.replies if each.rate.replies else 0),
                rate=formatting.format_percent(texts, each.rate.permille),
                counted=f"{formatting.format_count(texts, each.rate.on_time)}/{formatting.format_count(texts, each.rate.replies)}",
                mark=texts(f"status-{each.status.replace('_', '-')}"),
            )
            for each in found.reviews
        ),
    )
    yield line()
    safe = first_review_met(found.reviews)
    yield text(
        texts("forecast-safe", day=formatting.format_day(texts, safe.day)) if safe else texts("forecast-never-safe")
    )
    if found.expiring:
        yield line()
        lines = [
            texts(
                "forecast-card-leaves",
                day=formatting.format_day(texts, day),
                thread=short_name(texts, each.thread),
                replied=on(each.exchange.replied_at),
            )
            for day, each in found.expiring[:SHOWN]
        ]
        if len(found.expiring) > SHOWN:
            lines.append(texts("missed-more", count=len(found.expiring) - SHOWN))
        yield text(texts("forecast-leaves", count=len(found.expiring)), *lines)
    if any(each.status is CriterionStatus.NOT_JUDGED for each in found.reviews):
        yield text("-# " + texts("forecast-not-judged", minimum=str(found.rule.minimum)))
