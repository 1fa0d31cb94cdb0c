"""Time zones are found by what people call them, and none is offered that reads as another."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from bot.i18n.translations import get_translations
from bot.i18n.zone_search import format_zone_label, search_zones, search_zones_by_name

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "typed",
    [
        "JST",
        "jst",
        "ＪＳＴ",
        "+9",
        "+09:00",
        "GMT+9",
        "UTC+9",
        "utc + 9",
        "UTC+0900",
        "東京",
        "日本",
        "Japan",
        "tokyo",
        "asia/to",
        "",
    ],
)
def test_tokyo_is_offered_first(typed: str) -> None:
    assert search_zones(typed, NOW)[0] == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("UTC-5", "America/New_York"), ("-5", "America/New_York"), ("−5", "America/New_York"), ("GMT-8", "America/Los_Angeles"),
        ("+5:30", "Asia/Kolkata"), ("EST", "America/New_York"), ("CST", "Asia/Shanghai"), ("CST", "America/Chicago"),
        ("CEST", "Europe/Berlin"), ("ベルリン", "Europe/Berlin"), ("ドイツ", "Europe/Berlin"), ("new york", "America/New_York"),
        ("ニューヨーク", "America/New_York"), ("calcutta", "Asia/Kolkata"), ("UTC", "UTC"), ("ロンドン", "Europe/London"),
    ],
)  # fmt: skip
def test_a_place_is_found(typed: str, zone: str) -> None:
    assert zone in search_zones(typed, NOW)[:25]


@pytest.mark.parametrize(
    "typed", [*(f"{word}{sign}{hours}" for word in ("", "GMT", "UTC", "utc ") for sign in "+-" for hours in range(13))]
)
def test_an_offset_offers_only_zones_that_have_it_now(typed: str) -> None:
    hours = int(typed.lower().removeprefix("gmt").removeprefix("utc"))
    offered = search_zones(typed, NOW)
    assert all(NOW.astimezone(ZoneInfo(zone)).utcoffset().total_seconds() == hours * 3600 for zone in offered)


@pytest.mark.parametrize(
    "typed", ["", "etc", "gmt", "Etc/GMT+9", "local", "localtime", "fact", "Factory", "GMT+9", "GMT-9", "posix"]
)
def test_what_misleads_is_never_offered(typed: str) -> None:
    assert not [
        zone for zone in search_zones(typed, NOW) if zone.startswith("Etc/") or zone in {"localtime", "Factory"}
    ]


def test_every_zone_that_is_offered_is_known_and_named_by_itself() -> None:
    every = search_zones("", NOW)
    assert len(every) > 400
    assert set(every) <= available_timezones()
    assert all(zone in search_zones_by_name(zone, NOW) for zone in every)


def test_a_choice_shows_the_present_time() -> None:
    texts = get_translations("ja")
    assert format_zone_label(texts, "Asia/Tokyo", NOW) == "Asia/Tokyo  11月24日 12:00 (UTC+9)"
    assert format_zone_label(texts, "America/New_York", NOW) == "America/New_York  11月23日 22:00 (UTC-5)"
    assert format_zone_label(texts, "Asia/Kolkata", NOW).endswith("(UTC+5:30)")
    assert all(
        len(format_zone_label(get_translations(locale), zone, NOW)) <= 100
        for locale in ("ja", "en")
        for zone in search_zones("", NOW)
    )
