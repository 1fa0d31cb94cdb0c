"""Time zones by name: whatever is written, a zone or one error."""

from zoneinfo import ZoneInfoNotFoundError

import pytest

from bot.domain.zones import load_zone, parse_zone_name
from bot.errors import InvalidInputError

UNKNOWN = ("", ".", "Asia", "../etc/passwd", "a\0b", "x" * 5000, "a/" * 2000, ":/..:" * 166, "Asia/Tokyo/..", "\ud800")


@pytest.mark.parametrize("name", UNKNOWN)
def test_a_name_of_any_make_is_an_error(name: str) -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        load_zone(name)
    with pytest.raises(InvalidInputError):
        parse_zone_name(name)


def test_the_longest_name_there_is_is_known() -> None:
    assert load_zone("America/Argentina/ComodRivadavia").key == "America/Argentina/ComodRivadavia"
