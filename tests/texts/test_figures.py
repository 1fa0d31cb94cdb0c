"""Figures as members read them."""

from datetime import date, datetime

import pytest

from bot.domain.reply.reply_rate import ReplyRate
from bot.texts import figures
from bot.texts.catalogue import Texts, texts_in

JA, EN = texts_in("ja"), texts_in("en")


@pytest.mark.parametrize("texts", [JA, EN])
def test_figures_look_alike_in_both_languages(texts: Texts) -> None:
    assert figures.yen(texts, 59_125) == "¥59,125"
    assert figures.yen(texts, 1_000_000_000) == "¥1,000,000,000"
    assert figures.yen(texts, 0) == "¥0"
    assert figures.yen(texts, None) == "–"
    assert figures.count(texts, 1_234) == "1,234"
    assert figures.percent(texts, 923) == "92.3 %"
    assert figures.percent(texts, 1000) == "100.0 %"
    assert figures.percent(texts, 5) == "0.5 %"
    assert figures.percent(texts, 929, whole=True) == "92 %"
    assert figures.percent(texts, None) == "–"
    assert figures.stars(texts, 480) == "4.80"
    assert figures.day(texts, None) == "–"


def test_a_time_is_written_as_the_language_writes_it() -> None:
    at = datetime(2026, 12, 1, 22, 5)
    assert [figures.clock(texts, at) for texts in (JA, EN)] == ["22:05", "10:05 PM"]
    assert [figures.moment(texts, at) for texts in (JA, EN)] == ["2026/12/01 22:05", "Dec 1, 2026 10:05 PM"]
    assert [figures.near_moment(texts, at) for texts in (JA, EN)] == ["12月1日 22:05", "Dec 1 10:05 PM"]


def test_a_day_is_written_as_the_language_writes_it() -> None:
    assert figures.day(JA, date(2026, 12, 1)) == "2026/12/01"
    assert figures.day(EN, date(2026, 12, 1)) == "Dec 1, 2026"


@pytest.mark.parametrize(
    ("on_time", "replies", "shown"), [(1999, 2500, "79.9 %"), (9999, 10_000, "99.9 %"), (2, 3, "66.6 %")]
)
def test_a_rate_is_never_rounded_up(on_time: int, replies: int, shown: str) -> None:
    assert figures.percent(JA, ReplyRate(replies, on_time, 0).permille) == shown
