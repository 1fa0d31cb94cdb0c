"""Times as people write them: examples, and that no text reads as a wrong time."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.messages import Precision
from bot.i18n.translations import get_translations
from bot.parsing.times.dates import candidate_dates
from bot.parsing.times.errors import TimeParseError, TimeUncertainError, format_day_argument
from bot.parsing.times.future import parse_future_time
from bot.parsing.times.resolver import MAX_LENGTH, format_parsable_time, parse_time, text_leaves_half_of_day_open
from bot.parsing.times.tokens import Day
from tests.helpers.amounts import examples
from tests.helpers.wording import shows

TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 15, 0, 30, tzinfo=TOKYO)
"""A Tuesday."""

READ = """
今日 9:05 = 2026-11-24 09:05 | 昨日 14:30 = 2026-11-23 14:30 | きのうの午後3時 = 2026-11-23 15:00 | 一昨日 9時半 = 2026-11-22 09:30
おととい 21:15 = 2026-11-22 21:15 | 今朝8時半 = 2026-11-24 08:30 | 昨晩11時 = 2026-11-23 23:00 | 昨夜0時半 = 2026-11-24 00:30
金曜 14:00 = 2026-11-20 14:00 | 火曜 14:00 = 2026-11-24 14:00 | 午後2時 = 2026-11-24 14:00
18:00 = 2026-11-23 18:00 | 25:30 = 2026-11-24 01:30 | 昨日 25:30 = 2026-11-24 01:30 | 22日 14:00 = 2026-11-22 14:00
11/22 9:05 = 2026-11-22 09:05 | 11月22日 9時5分 = 2026-11-22 09:05 | 2026/11/22(日) 18:14 = 2026-11-22 18:14
yesterday 2pm = 2026-11-23 14:00 | today at 9 = 2026-11-24 09:00 | Fri 14:00 = 2026-11-20 14:00 | last Friday 14:00 = 2026-11-20 14:00
2026-11-22T18:14:05+09:00 = 2026-11-22 18:14 | Sun, 22 Nov 2026 18:14:05 +0900 (JST) = 2026-11-22 18:14
2026年11月22日(日) 18:14 = 2026-11-22 18:14 | Sun, Nov 22, 2026 at 6:14 PM = 2026-11-22 18:14 | １１／２２　９：０５ = 2026-11-22 09:05
Sunday, November 22, 2026 6:14 PM = 2026-11-22 18:14 | 22 November 2026 at 18:14:05 JST = 2026-11-22 18:14
3h ago = 2026-11-24 12:00 | 3時間前 = 2026-11-24 12:00 | 1時間半前 = 2026-11-24 13:30 | 90 min ago = 2026-11-24 13:30
31日 9:00 = 2026-10-31 09:00 | 12am = 2026-11-24 00:00 | 正午 = 2026-11-24 12:00 | 六時半 = 2026-11-24 06:30 | 十時〇五分 = 2026-11-24 10:05 | 一〇時三〇分 = 2026-11-24 10:30 | 九十分前 = 2026-11-24 13:30 | 二週間前の九時 = 2026-11-10 09:00
this afternoon at 2 = 2026-11-24 14:00 | 12:00 midnight = 2026-11-24 00:00 | 2026-11-22T18:14+09:00 = 2026-11-22 18:14
an hour and a half ago = 2026-11-24 13:30 | 2.5 hours ago = 2026-11-24 12:30 | half an hour ago = 2026-11-24 14:30 | 半時間前 = 2026-11-24 14:30
2 days ago 9:00 = 2026-11-22 09:00 | a week ago 9:00 = 2026-11-17 09:00 | 3日前 9:00 = 2026-11-21 09:00 | 2週間前 9:00 = 2026-11-10 09:00
一昨々日 9:00 = 2026-11-21 09:00 | 令和8年11月22日 9:00 = 2026-11-22 09:00 | R8/11/22 9:00 = 2026-11-22 09:00 | the 22nd 9:00 = 2026-11-22 09:00
11/22/2026 9:00 = 2026-11-22 09:00 | 22/11/2026 9:00 = 2026-11-22 09:00 | 17.30 = 2026-11-23 17:30 | 昨日 9.45 = 2026-11-23 09:45
昨日の夜午後10時 = 2026-11-23 22:00 | 昨日の朝午前9時 = 2026-11-23 09:00 | 昨日 14h30 = 2026-11-23 14:30 | half past 2 this afternoon = 2026-11-24 14:30 | quarter to 3 this afternoon = 2026-11-24 14:45
UTC 2026-11-22 09:14 = 2026-11-22 18:14 | 20 to 3 this afternoon = 2026-11-24 14:40
last Tuesday 14:00 = 2026-11-17 14:00 | 20261122T1814 = 2026-11-22 18:14 | 20261122T181405+0900 = 2026-11-22 18:14 | 20261122T091405Z = 2026-11-22 18:14
"""

REFUSED = [
    "", "昨日", "22日", "今日 23:00", "明日 9:00", "2027/1/1 9:00", "2/30 9:00", "13/1 9:00", "25:70", "30:00", "hello",
    "2026/11/22(月) 18:14", "昨日 14:30 に電話", "14:30 15:30", "昨日 今日 9:00", "午前12時", "午後12時半", "昨日の夜1時",
    "11-22 9:05", "last Monday 14:00", "0001/1/1 0:00", "9999/12/31 9:00", "9" * 500, "2026-11-22 18:14 x",
    "13:00-14:00", "11/23 10:00-11:30", "昨日 9:00〜10:00", "9:00か10:00", "4 to 5 in the afternoon", "today 6 to seven",
    "昨日の夜午前10時", "昨日の朝午後9時", "2 o'clock midnight", "utc3:45", "this afternoon at 11", "this evening at 7",
]  # fmt: skip


@pytest.mark.parametrize("example", [each.strip() for line in READ.strip().splitlines() for each in line.split("|")])
def test_examples(example: str) -> None:
    written, expected = example.rsplit(" = ", 1)
    assert f"{parse_time(written, now=NOW, zone=TOKYO).at.astimezone(TOKYO):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("written", "precision"),
    [
        ("昨日 14:30", Precision.MINUTE),
        ("昨日 14:30頃", Precision.ABOUT),
        ("2026-11-22T18:14:05+09:00", Precision.SECOND),
        ("20261122T181405+0900", Precision.SECOND),
        ("20261122T1814", Precision.MINUTE),
        ("3時間前", Precision.ABOUT),
        ("さっき", Precision.ABOUT),
        ("<t:1795336445:f>", Precision.SECOND),
        ("<t:1795336445:f>頃", Precision.ABOUT),
    ],
)
def test_how_precise_a_time_is(written: str, precision: Precision) -> None:
    assert parse_time(written, now=NOW, zone=TOKYO).precision is precision


@pytest.mark.parametrize("written", REFUSED)
def test_what_is_refused(written: str) -> None:
    with pytest.raises(TimeParseError):
        parse_time(written, now=NOW, zone=TOKYO)


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("hello", "time-unreadable"),
        ("14:30 hello", "time-rest-unreadable"),
        ("昨日", "time-no-time"),
        ("2007/12/31", "time-before-lancers"),
        ("2007/12/31 23:59", "time-before-lancers"),
        ("<t:0:f>", "time-before-lancers"),
    ],
)
def test_what_was_not_understood_is_said(written: str, error: str) -> None:
    with pytest.raises(TimeParseError) as refused:
        parse_time(written, now=NOW, zone=TOKYO)
    assert refused.value.message_id == error


def test_a_weekday_without_a_time_is_said_as_the_day_that_it_is() -> None:
    with pytest.raises(TimeParseError) as refused:
        parse_time("先週の金曜", now=NOW, zone=TOKYO)
    assert refused.value.arguments == {"understood": date(2026, 11, 20)}


def test_a_skipped_local_time_is_refused_and_a_repeated_one_is_the_earlier() -> None:
    with pytest.raises(TimeParseError):
        parse_time("2026-03-08 02:30", now=NOW, zone=NEW_YORK)
    assert parse_time("2026-11-01 01:30", now=NOW, zone=NEW_YORK).at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


FORMS = [
    "{0:%Y-%m-%d %H:%M}", "{0:%Y/%m/%d %H:%M}", "{0.year}年{0.month}月{0.day}日 {0.hour}時{0.minute}分", "{0:%a, %d %b %Y %H:%M:%S %z}",
    "{0:%B %d, %Y %I:%M %p}", "{0:%Y-%m-%dT%H:%M%z}", "{0:%Y/%m/%d}({1}) {0:%H:%M}", "{0:%d %B %Y} at {0:%H:%M:%S}",
]  # fmt: skip


@given(st.datetimes(datetime(2008, 1, 2), datetime(2026, 11, 23)), st.sampled_from(FORMS))
@settings(max_examples=examples(200))
def test_every_instant_in_every_form_reads_back_as_itself(wall: datetime, form: str) -> None:
    local = wall.replace(second=0, microsecond=0, tzinfo=TOKYO)
    if local.hour == 12 and "年" in form:
        local = local.replace(hour=13)
    written = form.format(local, "月火水木金土日"[local.weekday()])
    assert parse_time(written, now=NOW, zone=TOKYO).at == local


SOUP = st.lists(
    st.sampled_from(
        [
            "今日",
            "昨日",
            "一昨日",
            "11/22",
            "22日",
            "金曜",
            "(日)",
            "午前",
            "午後",
            "朝",
            "夜",
            "9:05",
            "14時",
            "半",
            "25:30",
            "3時間前",
            "3h",
            "ago",
            "yesterday",
            "2",
            "pm",
            "at",
            "last",
            "Fri",
            "2026/11/22",
            "月",
            "日",
            ":",
            "/",
            "12",
            "0",
            "頃",
            "の",
        ]
    ),
    min_size=1,
    max_size=5,
)


ZONES = ["Asia/Tokyo", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns"]


@given(st.datetimes(datetime(2008, 1, 2), datetime(2026, 11, 23)), st.sampled_from(ZONES))
@settings(max_examples=examples(300))
def test_what_is_written_into_a_form_reads_back_as_itself(wall: datetime, zone: str) -> None:
    at = wall.replace(microsecond=0, tzinfo=UTC)
    assert parse_time(format_parsable_time(at, ZoneInfo(zone)), now=NOW, zone=ZoneInfo(zone)).at == at


def test_of_two_hours_of_one_name_each_reads_back_as_itself() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    for hour in (0, 1):
        at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert parse_time(format_parsable_time(at, berlin), now=NOW, zone=berlin).at == at


@given(SOUP)
@settings(max_examples=examples(200))
def test_no_random_words_are_read_as_the_future_or_break_the_reader(words: list[str]) -> None:
    try:
        assert parse_time(" ".join(words), now=NOW, zone=TOKYO).at <= NOW
    except TimeParseError:
        pass


@given(st.text(max_size=60))
@settings(max_examples=examples(200))
def test_no_text_breaks_it(written: str) -> None:
    with suppress(TimeParseError):
        parse_time(written, now=NOW, zone=TOKYO)


def test_hostile_input_takes_no_longer() -> None:
    for written in ("1" * 200, "3時間" * 60, "昨日" * 100, "(" * 200, "1 hour and " * 18):
        with pytest.raises(TimeParseError):
            parse_time(written, now=NOW, zone=TOKYO)
    assert NOW - timedelta(hours=1) == parse_time("1h ago", now=NOW, zone=TOKYO).at


@pytest.mark.parametrize(
    ("written", "proposed"),
    [
        ("11/25 10:00", "2026-11-24 10:00"), ("25日 16:00", "2026-11-23 16:00"), ("24日 16:00", "2026-11-23 16:00"), ("火曜 16:00", "2026-11-17 16:00"), ("12/1 10:00", "2026-11-24 10:00"),
        ("16:00", "2026-11-23 16:00"), ("午後4時", "2026-11-23 16:00"),
        ("2/29 9:00", "2024-02-29 09:00"), ("9/20 9:00", "2026-09-20 09:00"), ("12/2 9:00", "2025-12-02 09:00"),
    ],
)  # fmt: skip
def test_a_day_that_was_completed_by_a_guess_is_proposed(written: str, proposed: str) -> None:
    """A day of the coming week, or a time of today that is ahead, is a slip; what is eight weeks back is confirmed."""
    with pytest.raises(TimeUncertainError) as doubt:
        parse_time(written, now=NOW, zone=TOKYO)
    assert f"{doubt.value.proposal.at.astimezone(TOKYO):%Y-%m-%d %H:%M}" == proposed


@pytest.mark.parametrize("written", ["17:00", "午後5時", "5pm"])
def test_a_time_alone_that_is_just_ahead_is_a_slip(written: str) -> None:
    """Two hours ahead it is yesterday's; one microsecond later it lies less ahead, and is asked about."""
    now, yesterday = datetime(2026, 11, 24, 15, 0, tzinfo=TOKYO), datetime(2026, 11, 23, 17, 0, tzinfo=TOKYO)
    assert parse_time(written, now=now, zone=TOKYO).at == yesterday
    with pytest.raises(TimeUncertainError, match="time-coming-hour") as doubt:
        parse_time(written, now=now + timedelta(microseconds=1), zone=TOKYO)
    assert doubt.value.proposal.at == yesterday


@pytest.mark.parametrize("written", ["3時", "3:00", "三時", "3 o'clock"])
def test_a_time_of_the_night_is_asked_about_where_the_afternoons_is_just_ahead(written: str) -> None:
    now, night = datetime(2026, 11, 24, 14, 0, tzinfo=TOKYO), datetime(2026, 11, 24, 3, 0, tzinfo=TOKYO)
    with pytest.raises(TimeUncertainError, match="time-coming-hour") as doubt:
        parse_time(written, now=now, zone=TOKYO)
    assert doubt.value.proposal.at == night
    assert parse_time(written, now=now.replace(hour=13), zone=TOKYO).at == night
    assert parse_time(written, now=night + timedelta(minutes=1), zone=TOKYO).at == night


@pytest.mark.parametrize("hour", [15, 16, 23])
@pytest.mark.parametrize("written", ["3時", "3:00", "三時"])
def test_a_time_of_the_night_is_asked_about_where_the_afternoons_is_past_too(written: str, hour: int) -> None:
    now, night = datetime(2026, 11, 24, hour, 0, tzinfo=TOKYO), datetime(2026, 11, 24, 3, 0, tzinfo=TOKYO)
    with pytest.raises(TimeUncertainError, match="time-ambiguous") as doubt:
        parse_time(written, now=now, zone=TOKYO)
    assert doubt.value.proposal.at == night
    assert doubt.value.arguments == {"written": "3:00", "one": "3:00", "other": "15:00"}


def test_hours_ago_are_counted_over_a_change_of_the_clocks() -> None:
    """Whatever zone the present instant is given in."""
    now = datetime(2026, 11, 1, 9, 0, tzinfo=NEW_YORK)
    for written in ("9 hours ago", "9時間前"):
        assert parse_time(written, now=now, zone=NEW_YORK).at == datetime(2026, 11, 1, 5, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("今日の3時", 14),
        ("午前3時", 14),
        ("深夜3時", 14),
        ("3am", 14),
        ("午前3時", 16),
        ("03:00", 14),
        ("03:00", 16),
        ("03時", 16),
        ("今日の3時", 16),
        ("3:00:00", 14),
        ("昨日の3時", 14),
        ("9:30", 20),
        ("9時", 20),
    ],
)
def test_a_time_that_says_its_half_of_the_day_or_is_of_the_morning_is_not_asked_about(written: str, hour: int) -> None:
    now = datetime(2026, 11, 24, hour, 0, tzinfo=TOKYO)
    assert parse_time(written, now=now, zone=TOKYO).at.astimezone(TOKYO).hour in {3, 9}


@pytest.mark.parametrize("written", ["15:00:30", "25:30", "昨晩11時", "昨日 16:00"])
def test_what_is_not_ahead_today_is_no_slip(written: str) -> None:
    assert parse_time(written, now=NOW, zone=TOKYO).at <= NOW


@pytest.mark.parametrize(
    "written", ["2026/9/20 9:00", "11/25/2025 9:00", "10/1 9:00", "2025年11月25日 9:00", "11/25(火) 9:00"]
)
def test_a_day_that_is_said_in_full_or_lately_is_not_asked_about(written: str) -> None:
    with suppress(TimeParseError):
        parse_time(written, now=NOW, zone=TOKYO)


def test_of_a_repeated_hour_the_earlier_is_received_and_the_later_replied() -> None:
    now = datetime(2026, 11, 1, 9, 0, tzinfo=NEW_YORK)
    received = parse_time("1:30", now=now, zone=NEW_YORK)
    replied = received.of_reply()
    assert replied.at - received.at == timedelta(hours=1)
    assert replied == replied.of_reply()
    between = received.at + timedelta(minutes=20)
    assert parse_time("1:30", now=between, zone=NEW_YORK).of_reply().at == received.at


@pytest.mark.parametrize(
    ("zone", "letters", "hours"),
    [
        ("Asia/Shanghai", "CST", 8), ("America/Chicago", "CST", -6), ("America/New_York", "EDT", -4), ("Asia/Kolkata", "IST", 5.5),
        ("Europe/Dublin", "IST", 1), ("Asia/Tokyo", "JST", 9),
    ],
)  # fmt: skip
def test_letters_of_a_zone_are_read_in_the_members_own(zone: str, letters: str, hours: float) -> None:
    now = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)
    expected = datetime(2026, 11, 22, 9, 5, tzinfo=UTC) - timedelta(hours=hours)
    assert parse_time(f"2026/11/22 9:05 {letters}", now=now, zone=ZoneInfo(zone)).at == expected


@pytest.mark.parametrize("letters", ["CST", "PST", "MST", "EST", "IST", "BST"])
def test_letters_of_another_zone_are_refused(letters: str) -> None:
    with pytest.raises(TimeParseError) as refused:
        parse_time(f"9:05 {letters}", now=NOW, zone=TOKYO)
    assert refused.value.message_id == "time-zone-letters"


@pytest.mark.parametrize(("written", "weekday"), [("11/22(月) 9:00", 6), ("11/20(土) 9:00", 4), ("11/19 Mon 9:00", 3)])
def test_a_wrong_weekday_names_the_right_one(written: str, weekday: int) -> None:
    with pytest.raises(TimeParseError) as refused:
        parse_time(written, now=NOW, zone=TOKYO)
    assert shows(get_translations("ja").format_error(refused.value), "time-weekday", weekday=weekday)


@pytest.mark.parametrize(("read", "text"), [(parse_time, "今日 12:00"), (parse_future_time, "今日 18:00")])
def test_a_time_of_200_characters_is_read_and_none_of_more(read: Callable[..., object], text: str) -> None:
    assert read(text.ljust(MAX_LENGTH), now=NOW, zone=TOKYO) == read(text, now=NOW, zone=TOKYO)
    with pytest.raises(TimeParseError, match="time-too-long"):
        read(text.ljust(MAX_LENGTH + 1), now=NOW, zone=TOKYO)


def test_a_day_that_exists_has_candidates_to_the_end() -> None:
    days = list(candidate_dates(Day(None, 2, 29), date(2026, 11, 24)))
    assert days[0] == date(2024, 2, 29)
    assert {(day.month, day.day) for day in days} == {(2, 29)}


@pytest.mark.parametrize(
    ("written", "is_open"),
    [
        ("9時", True), ("11時", True), ("9:05", True), ("1 o'clock", True), ("昨日 9時", True), ("昨日", True),
        ("09:05", False), ("12時", False), ("21時", False), ("13:00", False), ("0時", False), ("朝9時", False), ("9am", False),
    ],
)  # fmt: skip
def test_which_hours_may_be_of_either_half_of_the_day(written: str, *, is_open: bool) -> None:
    assert text_leaves_half_of_day_open(written) is is_open


def test_a_day_in_an_error_is_named_as_far_as_it_is_known() -> None:
    assert format_day_argument(Day(year=2026, month=2, day=28)) == date(2026, 2, 28)
    assert format_day_argument(Day(year=2026, month=2, day=30)) == "2026/2/30"
    assert format_day_argument(Day(year=None, month=2, day=30)) == "2/30"
    assert format_day_argument(Day(year=None, month=None, day=31)) == "31"


@pytest.mark.parametrize("number", range(1, 13))
@pytest.mark.parametrize("text", ["at {}", "at {} o'clock", "yesterday at {}"])
def test_an_hour_in_words_is_the_one_in_figures(number: int, text: str) -> None:
    word = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"][
        number - 1
    ]
    now = datetime(2026, 11, 24, 12, tzinfo=ZoneInfo("Asia/Tokyo"))

    def read(hour: object) -> object:
        try:
            return parse_time(text.format(hour), now=now, zone=ZoneInfo("Asia/Tokyo"))
        except TimeParseError as error:
            return error.message_id

    assert read(word) == read(number)
