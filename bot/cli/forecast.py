"""`python -m bot forecast HISTORY.csv`: the reply rate at the coming monthly reviews if nothing more happens."""

import argparse
from collections.abc import Iterator, Mapping, Sequence

from bot.cli.history_input import HistoryInput, add_history_options, load_history_input, parse_whole_number
from bot.cli.terminal import Subcommands, add_command_parser, pad_left, pad_right, print_json, print_lines
from bot.domain.calendar import first_date_outside_year, lancers_date
from bot.domain.certification.forecast import (
    DEFAULT_REVIEW_DAY,
    FIRST_DAY,
    LAST_DAY,
    Review,
    first_counted_instant,
    first_review_met,
    forecast_reviews,
    is_never_met,
    review_days,
)
from bot.domain.reply.reply_rate import CriterionStatus
from bot.domain.reply.thread_state import Exchange
from bot.domain.text import cut_text
from bot.i18n.reply_rate import format_rate_bar, format_rate_fraction, format_rate_percent
from bot.i18n.translations import Translations

REVIEWS = 12
MAX_REVIEWS = 1200
BAR_WIDTH = 20


def add_parser(commands: Subcommands, texts: Translations) -> None:
    """Add the command."""
    parser = add_command_parser(commands, "forecast", texts("cli-help-forecast"), run)
    add_history_options(parser, texts)
    parser.add_argument("--reviews", metavar="N", default=str(REVIEWS), help=texts("cli-help-reviews"))
    parser.add_argument("--review-day", metavar="DAY", help=texts("cli-help-review-day"))


def run(arguments: argparse.Namespace, environ: Mapping[str, str], texts: Translations) -> int:
    """Forecast the reviews, and print them."""
    count = parse_whole_number(arguments.reviews, 1, MAX_REVIEWS, "--reviews")
    day = DEFAULT_REVIEW_DAY
    if arguments.review_day is not None:
        day = parse_whole_number(arguments.review_day, FIRST_DAY, LAST_DAY, "--review-day")
    history = load_history_input(arguments, environ)
    days = review_days(lancers_date(history.as_of), day, count)
    replies = history.exchanges_since(first_counted_instant(history.as_of, days))
    reviews = forecast_reviews((exchange for _, exchange in replies), days, history.rules.reply_rate, history.unseen)
    if arguments.json:
        print_json([review_as_json(review) for review in reviews])
    else:
        print_lines(forecast_as_text(history, replies, reviews, texts, default_review_day=arguments.review_day is None))
    return 0


def review_as_json(review: Review) -> dict[str, object]:
    """One element of the array that `--json` prints (docs/cli-reference.md#forecast)."""
    return {
        "review": review.day.isoformat(),
        "replies": review.rate.replies,
        "on_time": review.rate.on_time,
        "percent": review.rate.percent,
        "status": review.status,
    }


def forecast_as_text(
    history: HistoryInput,
    replies: Sequence[tuple[str, Exchange]],
    reviews: list[Review],
    texts: Translations,
    *,
    default_review_day: bool,
) -> Iterator[str]:
    """A line for each review, then the days on which late replies leave the year."""
    rule = history.rules.reply_rate
    yield texts("forecast-title", at=history.format_instant(history.as_of))
    if default_review_day:
        yield texts("forecast-assumed")
    if any(review.rate.estimate for review in reviews):
        yield texts("forecast-estimated")
    yield from history.displayed_figure_notes(texts)
    yield ""
    for review in reviews:
        rate, status = review.rate, f"status-{review.status}"
        percentage = pad_left(format_rate_percent(texts, rate), 7)
        counted = pad_right(f"({format_rate_fraction(texts, rate)})", 11)
        judged = f" {pad_right(texts(status), 2)} {texts(f'{status}-name')}" if rule.is_criterion else ""
        bar = format_rate_bar(rate, rule, BAR_WIDTH)
        yield f"{review.day}  {bar}  {percentage} {counted}{judged}".rstrip()
    yield ""
    first_met = first_review_met(reviews)
    if not rule.is_criterion:
        yield texts("rate-published")
    elif first_met is not None:
        yield texts("forecast-safe", day=f"{first_met.day}")
    elif is_never_met(reviews):
        yield texts("forecast-never-safe")
    late = [
        (first_date_outside_year(lancers_date(exchange.replied_at)), thread, exchange)
        for thread, exchange in replies
        if not exchange.on_time
    ]
    if late:
        yield texts("forecast-leaves", count=len(late))
    for day, thread, exchange in late:
        replied = history.format_instant(exchange.replied_at)
        yield f"  {texts('forecast-leaves-line', day=f'{day}', thread=cut_text(thread, 40), replied=replied)}"
    if rule.is_criterion and any(review.status is CriterionStatus.NOT_JUDGED for review in reviews):
        yield texts("forecast-not-judged", minimum=str(rule.minimum))
