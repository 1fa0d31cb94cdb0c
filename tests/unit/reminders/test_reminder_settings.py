"""Lead times and quiet hours as people write them: what is read, what is refused with a sentence, and back."""

from datetime import time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.reminders.lead_times import format_lead_times, parse_lead_times
from bot.domain.reminders.quiet_hours import QuietHours, format_quiet_hours, parse_quiet_hours
from bot.errors import InvalidInputError
from bot.i18n.translations import get_translations
from tests.helpers.amounts import examples


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("12h,4h,1h", "12h,4h,1h"),
        ("1h, 4h ,12H", "12h,4h,1h"),
        ("1h30m", "1h30m"),
        ("90m", "1h30m"),
        ("90m,1h30m", "1h30m"),
        ("45s", "45s"),
        ("23h59m50s", "23h59m50s"),
        ("12時間、30分", "12h,30m"),
        ("１２時間，４ｈ", "12h,4h"),
        ("1時間半前", "1h30m"),
        ("2 hours, 15 minutes before", "2h,15m"),
        ("", ""),
        ("  ", ""),
        ("none", ""),
        ("なし", ""),
    ],
)
def test_lead_times_are_read_as_people_write_them(written: str, printed: str) -> None:
    assert format_lead_times(parse_lead_times(written)) == printed


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("12", "reminders-lead-time-unreadable"),
        ("soon", "reminders-lead-time-unreadable"),
        ("12h 4h 1h", "reminders-lead-time-unreadable"),
        ("12h,,4h", "reminders-lead-time-unreadable"),
        ("-1h", "reminders-lead-time-unreadable"),
        ("1.5h", "reminders-lead-time-unreadable"),
        ("1²h", "reminders-lead-time-unreadable"),
        ("١٢h", "reminders-lead-time-unreadable"),
        ("before", "reminders-lead-time-unreadable"),
        ("9" * 100_000 + "h", "reminders-lead-time-unreadable"),
        ("0h", "reminders-lead-time-range"),
        ("24h", "reminders-lead-time-range"),
        ("23h60m", "reminders-lead-time-range"),
        ("99999h", "reminders-lead-time-range"),
        (",".join(f"{number}m" for number in range(1, 12)), "reminders-lead-times-many"),
    ],
)
def test_other_lead_times_get_a_short_sentence(written: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_lead_times(written)
    assert refused.value.message_id == text
    for locale in ("ja", "en"):
        assert 10 < len(get_translations(locale).format_error(refused.value)) < 200


def test_ten_lead_times_are_taken() -> None:
    assert len(parse_lead_times(",".join(f"{number}m" for number in range(1, 11)) + ",60s")) == 10


@given(st.lists(st.integers(1, 86399), max_size=10, unique=True))
@settings(max_examples=examples(100))
def test_every_printed_list_of_lead_times_reads_back(seconds: list[int]) -> None:
    leads = tuple(timedelta(seconds=number) for number in sorted(seconds, reverse=True))
    assert parse_lead_times(format_lead_times(leads)) == leads


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("23:00-07:00", "23:00-07:00"),
        ("23:00〜07:00", "23:00-07:00"),
        ("２３：００－７：００", "23:00-07:00"),
        ("23時-7時", "23:00-07:00"),
        ("22時30分から6時半まで", "22:30-06:30"),
        ("0:30 – 8", "00:30-08:00"),
        ("22 to 24:00", "22:00-00:00"),
        ("13:00-14:00", "13:00-14:00"),
        ("", ""),
        ("なし", ""),
        ("OFF", ""),
    ],
)
def test_quiet_hours_are_read_as_people_write_them(written: str, printed: str) -> None:
    assert format_quiet_hours(parse_quiet_hours(written)) == printed


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("23:00", "reminders-quiet-hours-unreadable"),
        ("25:00-07:00", "reminders-quiet-hours-unreadable"),
        ("24:30-07:00", "reminders-quiet-hours-unreadable"),
        ("23:60-07:00", "reminders-quiet-hours-unreadable"),
        ("11pm-7am", "reminders-quiet-hours-unreadable"),
        ("23:00-07:00-09:00", "reminders-quiet-hours-unreadable"),
        ("23:00-07:00" * 10_000, "reminders-quiet-hours-unreadable"),
        ("07:00-7時", "reminders-quiet-hours-no-span"),
        ("0:00-24:00", "reminders-quiet-hours-no-span"),
    ],
)
def test_other_quiet_hours_get_a_short_sentence(written: str, text: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_quiet_hours(written)
    assert refused.value.message_id == text
    for locale in ("ja", "en"):
        assert 10 < len(get_translations(locale).format_error(refused.value)) < 200


minutes = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))


@given(minutes, minutes)
@settings(max_examples=examples(100))
def test_all_printed_quiet_hours_read_back(start: time, end: time) -> None:
    quiet_hours = None if start == end else QuietHours(start, end)
    assert parse_quiet_hours(format_quiet_hours(quiet_hours)) == quiet_hours


@given(st.text(max_size=60))
@settings(max_examples=examples(200))
def test_no_text_does_more_than_be_refused(text: str) -> None:
    for parse in (parse_lead_times, parse_quiet_hours):
        try:
            parse(text)
        except InvalidInputError as refused:
            assert get_translations("ja").format_error(refused)  # noqa: PT017 — either outcome is fine, a fault is not
