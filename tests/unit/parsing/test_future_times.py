"""Times that are still to come."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.future import parse_future_time

TOKYO = ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, tzinfo=TOKYO)  # a Tuesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12/29 18:00", datetime(2026, 12, 29, 18)),
        ("1/4 9:00", datetime(2027, 1, 4, 9)),
        ("18:00", datetime(2026, 11, 24, 18)),
        ("12:00", datetime(2026, 11, 24, 12)),
        ("11:59", datetime(2026, 11, 25, 11, 59)),
        ("9:00", datetime(2026, 11, 25, 9)),
        ("明日 9:00", datetime(2026, 11, 25, 9)),
        ("明後日 午後3時", datetime(2026, 11, 26, 15)),
        ("tomorrow 9:00", datetime(2026, 11, 25, 9)),
        ("2027/2/1 8:30", datetime(2027, 2, 1, 8, 30)),
        ("28日 10時", datetime(2026, 11, 28, 10)),
        ("金曜 18:00", datetime(2026, 11, 27, 18)),
        ("今週の金曜 18:00", datetime(2026, 11, 27, 18)),
        ("今週の日曜", datetime(2026, 11, 29)),
        ("this Tuesday 18:00", datetime(2026, 11, 24, 18)),
        ("明日", datetime(2026, 11, 25)),
        ("12/29", datetime(2026, 12, 29)),
        ("今日", datetime(2026, 11, 24)),
        ("11/28(土) 9:00", datetime(2026, 11, 28, 9)),
        ("12/26(土)", datetime(2026, 12, 26)),
        ("3日後", datetime(2026, 11, 27)),
        ("3日後 9:00", datetime(2026, 11, 27, 9)),
        ("1日後", datetime(2026, 11, 25)),
        ("2時間後", datetime(2026, 11, 24, 14)),
        ("24時間後", datetime(2026, 11, 25, 12)),
        ("30時間後", datetime(2026, 11, 25, 18)),
        ("90分後", datetime(2026, 11, 24, 13, 30)),
        ("in 24 hours", datetime(2026, 11, 25, 12)),
        ("in 48 hours", datetime(2026, 11, 26, 12)),
        ("2週間後", datetime(2026, 12, 8)),
        ("in 3 days", datetime(2026, 11, 27)),
        ("in 1 day", datetime(2026, 11, 25)),
        ("in 1 week", datetime(2026, 12, 1)),
        ("in 2 weeks 9:00", datetime(2026, 12, 8, 9)),
        ("in 1 hour", datetime(2026, 11, 24, 13)),
        ("in 90 minutes", datetime(2026, 11, 24, 13, 30)),
        ("now", datetime(2026, 11, 24, 12)),
        ("いま", datetime(2026, 11, 24, 12)),
        ("今から", datetime(2026, 11, 24, 12)),
        ("from tomorrow", datetime(2026, 11, 25)),
        ("11/30まで", datetime(2026, 11, 30)),
        ("until Friday", datetime(2026, 11, 27)),
        ("18時から", datetime(2026, 11, 24, 18)),
    ],
)
def test_the_nearest_instant_from_now_on(text: str, expected: datetime) -> None:
    assert parse_future_time(text, now=NOON, zone=TOKYO) == expected.replace(tzinfo=TOKYO)


@pytest.mark.parametrize(("year", "days"), [(2026, 365), (2027, 366)])
def test_an_instant_that_has_just_passed_is_a_year_ahead(year: int, days: int) -> None:
    """Also where a 29 February lies between."""
    now = NOON.replace(year=year)
    assert (parse_future_time("11/24 11:59", now=now, zone=TOKYO).date() - now.date()).days == days


def test_a_day_that_ends_something_is_taken_whole() -> None:
    assert parse_future_time("12/29", now=NOON, zone=TOKYO, end_of_day=True) == datetime(2026, 12, 30, tzinfo=TOKYO)


def test_a_day_without_a_midnight_begins_with_its_first_instant() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    now = datetime(2018, 11, 1, 12, tzinfo=zone)
    assert parse_future_time("11/4", now=now, zone=zone).astimezone(zone).hour in {0, 1}
    assert parse_future_time("11/3", now=now, zone=zone, end_of_day=True) == parse_future_time(
        "11/4", now=now, zone=zone
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        "11/28(日) 9:00",
        "1日前",
        "さっき",
        "いつか",
        "2025/12/1 9:00",
        "昨日 9:00",
        "13/40",
        "x" * 300,
        "明日 25:99",
        "30時間後 9:00",
        "先週の金曜 9:00",
        "last Friday",
        "Friday last week",
        "今週の月曜",
    ],
)
def test_what_is_no_coming_time_is_a_sentence(text: str) -> None:
    with pytest.raises(TimeParseError):
        parse_future_time(text, now=NOON, zone=TOKYO)


@pytest.mark.parametrize("text", ["今夜", "明日の朝", "約3日後", "11/25〜11/27", "明日 9:00です"])
def test_no_refusal_has_an_example_of_the_past(text: str) -> None:
    with pytest.raises(TimeParseError) as refused:
        parse_future_time(text, now=NOON, zone=TOKYO)
    assert refused.value.message_id == "time-not-in-future"
