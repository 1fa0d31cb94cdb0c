"""No two figures of the reply rate disagree on a card or in the description of its picture, whatever was displayed."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.discord_app.features.advice.cards import absence_card, digest_card, late_reply_cost_text
from bot.discord_app.features.status.card import status_card
from bot.discord_app.features.status.forecast_card import forecast_card
from bot.discord_app.features.status.forecast_picture import forecast_picture
from bot.discord_app.features.status.picture import status_picture
from bot.discord_app.ui.layout import Card
from bot.domain.calendar import LANCERS_ZONE, lancers_midnight, year_before
from bot.domain.certification.calibration import DisplayedFigures
from bot.domain.certification.editions import edition_names, get_edition
from bot.domain.certification.evaluation import evaluate_criteria
from bot.domain.certification.facts import CriteriaInputs
from bot.domain.certification.forecast import forecast_reviews, review_days
from bot.domain.certification.ranks import RankStanding
from bot.domain.certification.unseen_replies import find_unseen_replies
from bot.domain.reply.impact import late_reply_impact
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import Exchange
from bot.domain.types import Edition, Locale
from bot.fake_discord.validation import TEXT, walk_components
from bot.i18n.translations import get_translations
from bot.services.advice import Absence, DigestReport, Forecast
from bot.services.members import effective_preferences
from bot.services.status import StatusReport
from bot.settings import read_defaults
from storage.members import Badge
from storage.waiting_threads import WaitingCounts
from tests.helpers.amounts import examples

NOW = datetime(2026, 11, 24, 12, tzinfo=LANCERS_ZONE)
REVIEW = "12/1"
"""The day of the next review, which looks like a fraction."""

NOTHING_WAITS = WaitingCounts(0, 0, 0)
PREFERENCES = effective_preferences(None, read_defaults({}))
ESTIMATE = re.compile(r"（推定[^）]*）| ?\(estimated[^)]*\)")


def rate_of(exchanges: list[Exchange]) -> ReplyRate:
    counted = [each for each in exchanges if year_before(NOW) <= each.replied_at <= NOW]
    on_time = sum(each.on_time for each in counted)
    return ReplyRate(len(counted), on_time, sum(each.on_time_by_newest for each in counted) - on_time)


def exchange(days: int, *, on_time: bool) -> Exchange:
    replied_at = NOW - timedelta(days=days, minutes=days)
    received_at = replied_at - timedelta(hours=1 if on_time else 30)
    return Exchange(received_at, received_at, replied_at)


def words(card: Card) -> str:
    return "\n".join(str(node["content"]) for node in walk_components(card.to_components()) if node["type"] == TEXT)


def rates(text: str) -> set[str]:
    """The percentages with a decimal, bounds aside."""
    return set(re.findall(r"\d+\.\d %", ESTIMATE.sub("", text)))


def fractions(text: str) -> set[str]:
    return set(re.findall(r"(?<![\d/])\d+/\d+(?![\d/])", text))


@given(
    st.lists(st.tuples(st.integers(0, 380), st.booleans()), max_size=10),
    st.integers(1, 90),
    st.integers(0, 90),
    st.sampled_from([0, 2, 100]),
    st.sampled_from(["ja", "en"]),
    st.sampled_from(edition_names()),
)
@settings(max_examples=examples(40))
def test_no_two_figures_disagree(
    replies: list[tuple[int, bool]], count: int, on_time: int, days_ago: int, locale: Locale, edition: str
) -> None:
    texts, rules = get_translations(locale), get_edition(Edition(edition))
    exchanges = [exchange(days, on_time=good) for days, good in replies]
    permille = min(on_time, count) * 1000 // count
    shown_at = NOW - timedelta(days=days_ago)
    displayed = DisplayedFigures(on=shown_at.date(), at=shown_at, reply_rate=permille, reply_rate_unit=1, replies=count)
    of_display = displayed.counted(exchanges)
    first = min((each.replied_at for each in exchanges), default=None)
    in_time = sum(each.on_time for each in of_display)
    unseen = find_unseen_replies(displayed, ReplyRate(len(of_display), in_time, 0), first)
    recorded = rate_of(exchanges)
    still_counted = sum(each.replied_at >= year_before(NOW) for each in of_display)
    rate = recorded if unseen is None else unseen.add_to(recorded, NOW, rules.reply_rate, still_counted=still_counted)
    facts = CriteriaInputs(rate=rate)
    report = StatusReport(
        preferences=PREFERENCES,
        badge=Badge.UNKNOWN,
        badge_since=None,
        next_review=date(2026, 12, 1),
        review_day=None,
        rate=rate,
        criteria_inputs=facts,
        standing=evaluate_criteria(rules, facts, NOW),
        rank=RankStanding(),
        rank_declared_on=None,
        goals=[],
        profile_confirmed=None,
        waiting=(),
        waiting_counts=NOTHING_WAITS,
        contact_requests=[],
        as_of=NOW,
        stale_after=timedelta(days=60),
    )
    impact = late_reply_impact(rate, rules.reply_rate)
    absence = Absence(
        leaves=NOW, returns=NOW + timedelta(days=2), closing_while_away=[], closing_count=1, overdue_count=0,
        cost=impact, exceeds_window=True,
    )  # fmt: skip
    digest = DigestReport(
        preferences=replace(PREFERENCES, rate_rule=rules.reply_rate), since=NOW, rate=rate, replies=[], median=None,
        slowest=None, near_misses=[], waiting=NOTHING_WAITS, rank=None, rank_before=None,
    )  # fmt: skip
    now = set() if rate.permille is None else {f"{rate.permille / 10} %"}
    then = {f"{rate.on_time * 1000 // (rate.replies + 1) / 10} %"}
    counted = {f"{rate.on_time}/{rate.replies}"}
    for shown in (words(status_card(texts, report)), status_picture(texts, report, ()).alt_text):
        assert rates(shown) <= now, shown
        assert {each for each in fractions(shown) if not each.startswith("202")} - {REVIEW} <= counted, shown
    assert rates(words(digest_card(texts, digest))) <= now
    assert fractions(words(digest_card(texts, digest))) <= counted
    for effect in (late_reply_cost_text(texts, impact) or "", words(absence_card(texts, absence, ends_with_day=False))):
        assert rates(effect) <= now | then, effect
    if not rate.has_minimum(rules.reply_rate):
        assert not rates(words(digest_card(texts, digest)) + (late_reply_cost_text(texts, impact) or ""))
    days = review_days(NOW.date(), 1, 12)
    coming = Forecast(forecast_reviews(exchanges, days, rules.reply_rate, unseen), [], rules.reply_rate, None)
    expected = {f"{each.rate.permille / 10} %" for each in coming.reviews if each.rate.permille is not None}
    assert rates(words(forecast_card(texts, coming))) == expected
    picture = forecast_picture(texts, coming).alt_text
    assert rates(picture) <= expected
    assert (texts("picture-never-safe") in picture) is (
        texts("forecast-never-safe") in words(forecast_card(texts, coming))
    )
    for review in coming.reviews:
        start, end = year_before(lancers_midnight(review.day)), lancers_midnight(review.day)
        still = [each for each in exchanges if start <= each.replied_at <= end]
        assert review.rate.replies - (review.rate.estimate.unseen if review.rate.estimate else 0) == len(still)
