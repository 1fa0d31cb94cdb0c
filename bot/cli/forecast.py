"""`python -m bot forecast HISTORY.csv`: what the coming reviews will find if nothing more happens."""

import argparse
import json
from collections.abc import Iterator, Mapping

from bot.cli.history_input import HistoryInput, add_history_options, parse_options, percent, percent_text
from bot.cli.terminal import display_width, pad_left, pad_right
from bot.domain.calendar import first_date_outside_year, lancers_date
from bot.domain.certification.forecast import (
    DEFAULT_REVIEW_DAY,
    FIRST_DAY,
    LAST_DAY,
    Review,
    first_review_met,
    forecast,
    review_days,
)
from bot.domain.reply.reply_rate import CriterionStatus
from bot.errors import InvalidInputError
from bot.i18n.translations import Translations

REVIEWS = 12
MAX_REVIEWS = 1200
BAR_WIDTH = 20


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]", texts: Translations) -> None:
    """Add the command."""
    parser = commands.add_parser("forecast", help=texts("cli-help-forecast"), description=texts("cli-help-forecast"))
    add_history_options(parser, texts)
    parser.add_argument("--reviews", metavar="N", default=str(REVIEWS), help=texts("cli-help-reviews"))
    parser.add_argument("--review-day", metavar="DAY", help=texts("cli-help-review-day"))
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Look ahead and print."""
    count = _parse_int(arguments.reviews, 1, MAX_REVIEWS, "--reviews")
    day = DEFAULT_REVIEW_DAY
    if arguments.review_day is not None:
        day = _parse_int(arguments.review_day, FIRST_DAY, LAST_DAY, "--review-day")
    history = parse_options(arguments, environ)
    days = review_days(lancers_date(history.as_of), day, count)
    reviews = forecast((each for _, each in history.exchanges_in_year), days, history.rules.reply_rate)
    if arguments.json:
        print(json.dumps([as_json(each) for each in reviews], indent=2))
    else:
        print("\n".join(as_text(history, reviews, texts, default_review_day=arguments.review_day is None)))
    return 0


def _parse_int(written: str, minimum: int, maximum: int, option: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) < 10 and minimum <= int(written) <= maximum):  # noqa: PLR2004
        raise InvalidInputError("cli-whole", option=option, written=written[:40], least=str(minimum), most=str(maximum))
    return int(written)


def as_json(review: Review) -> dict[str, object]:
    """One entry of the list (COMMAND_LINE.md, Forecast and check)."""
    return {
        "review": review.day.isoformat(),
        "replies": review.rate.replies,
        "on_time": review.rate.on_time,
        "percent": percent(review.rate),
        "status": review.status,
    }


def as_text(
    history: HistoryInput, reviews: list[Review], texts: Translations, *, default_review_day: bool
) -> Iterator[str]:
    """A line for each review, then when the late replies leave."""
    rule = history.rules.reply_rate
    yield texts("forecast-title", at=f"{history.as_of.astimezone(history.zone):%Y-%m-%d %H:%M}")
    if default_review_day:
        yield texts("forecast-assumed")
    yield ""
    names = [texts(f"status-{each.status.replace('_', '-')}-name") for each in reviews]
    columns = max(map(display_width, names))
    for each, name in zip(reviews, names, strict=True):
        rate = each.rate
        filled = rate.on_time * BAR_WIDTH // rate.replies if rate.replies else 0
        cells = ["█" if place < filled else "░" for place in range(BAR_WIDTH)]
        cells.insert(BAR_WIDTH * rule.numerator // rule.denominator, "┃")
        mark = texts(f"status-{each.status.replace('_', '-')}")
        counted = f"({rate.on_time}/{rate.replies})"
        figure = f"{pad_left(percent_text(rate), 7)} {pad_right(counted, 11)}"
        yield f"{each.day}  {''.join(cells)}  {figure} {pad_right(mark, 2)} {pad_right(name, columns)}".rstrip()
    yield ""
    safe = first_review_met(reviews)
    yield texts("forecast-safe", day=f"{safe.day}") if safe else texts("forecast-never-safe")
    late = [
        (first_date_outside_year(lancers_date(each.replied_at)), thread, each)
        for thread, each in history.exchanges_in_year
        if not each.on_time
    ]
    if late:
        yield texts("forecast-leaves", count=len(late))
    for leaves, thread, exchange in late:
        replied = f"{exchange.replied_at.astimezone(history.zone):%Y-%m-%d %H:%M}"
        yield f"  {texts('forecast-leaves-line', day=f'{leaves}', thread=thread[:40], replied=replied)}"
    if any(each.status is CriterionStatus.NOT_JUDGED for each in reviews):
        yield texts("forecast-not-judged", minimum=str(rule.minimum))
