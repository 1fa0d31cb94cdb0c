"""Figures as members read them."""

from datetime import date, datetime, timedelta

import pytest

from bot.discord_app.ui.formatting import format_duration
from bot.domain.calendar import MICROSECOND
from bot.domain.reply.reply_rate import ReplyRate
from bot.domain.reply.thread_state import REPLY_WINDOW
from bot.i18n import formatting
from bot.i18n.translations import Translations, get_translations

JA, EN = get_translations("ja"), get_translations("en")


@pytest.mark.parametrize("texts", [JA, EN])
def test_figures_look_alike_in_both_languages(texts: Translations) -> None:
    assert formatting.format_yen(texts, 59_125) == "¥59,125"
    assert formatting.format_yen(texts, 1_000_000_000) == "¥1,000,000,000"
    assert formatting.format_yen(texts, 0) == "¥0"
    assert formatting.format_yen(texts, None) == "–"
    assert formatting.format_count(texts, 1_234) == "1,234"
    assert formatting.format_permille_as_percent(texts, 923) == "92.3 %"
    assert formatting.format_permille_as_percent(texts, 1000) == "100.0 %"
    assert formatting.format_permille_as_percent(texts, 5) == "0.5 %"
    assert formatting.format_permille_as_percent(texts, 929, whole=True) == "92 %"
    assert formatting.format_permille_as_percent(texts, None) == "–"
    assert formatting.format_stars(texts, 480) == "4.80"
    assert formatting.format_day(texts, None) == "–"


def test_a_time_is_written_as_the_language_writes_it() -> None:
    at = datetime(2026, 12, 1, 22, 5)
    assert [formatting.format_time(texts, at) for texts in (JA, EN)] == ["22:05", "10:05 PM"]
    assert [formatting.format_datetime(texts, at) for texts in (JA, EN)] == ["2026/12/01 22:05", "Dec 1, 2026 10:05 PM"]
    assert [formatting.format_datetime_short(texts, at) for texts in (JA, EN)] == ["12月1日 22:05", "Dec 1 10:05 PM"]


def test_a_day_is_written_as_the_language_writes_it() -> None:
    assert formatting.format_day(JA, date(2026, 12, 1)) == "2026/12/01"
    assert formatting.format_day(EN, date(2026, 12, 1)) == "Dec 1, 2026"


@pytest.mark.parametrize(
    ("on_time", "replies", "shown"), [(1999, 2500, "79.9 %"), (9999, 10_000, "99.9 %"), (2, 3, "66.6 %")]
)
def test_a_rate_is_never_rounded_up(on_time: int, replies: int, shown: str) -> None:
    assert formatting.format_permille_as_percent(JA, ReplyRate(replies, on_time, 0).permille) == shown


@pytest.mark.parametrize(
    ("duration", "shown"),
    [
        (REPLY_WINDOW - MICROSECOND, "23 h 59 min"),
        (REPLY_WINDOW, "24 h"),
        (REPLY_WINDOW + MICROSECOND, "24 h 1 min"),
        (REPLY_WINDOW + timedelta(seconds=60), "24 h 1 min"),
        (REPLY_WINDOW + timedelta(seconds=119), "24 h 1 min"),
        (REPLY_WINDOW + timedelta(seconds=120), "24 h 2 min"),
        (2 * REPLY_WINDOW + timedelta(seconds=59), "48 h"),
    ],
)
def test_a_reply_after_more_than_24_hours_is_not_said_to_have_come_after_24_hours(
    duration: timedelta, shown: str
) -> None:
    assert format_duration(EN, duration) == shown
