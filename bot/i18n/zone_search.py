"""Time zones by what people call them: a city or a country in Japanese or English, letters like JST, an offset.

Only zones of places are found: `Etc/GMT+9` is nine hours behind UTC, and `localtime` depends on the machine.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from babel.core import get_global

from bot.domain.text import to_half_width
from bot.i18n.formatting import format_datetime_short
from bot.i18n.translations import Translations

COMMON_ZONES: Final = (
    "Asia/Tokyo", "Asia/Seoul", "Asia/Shanghai", "Asia/Singapore", "Asia/Bangkok", "Asia/Kolkata", "UTC",
    "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "Australia/Sydney", "Pacific/Auckland", "Pacific/Honolulu",
)  # fmt: skip
"""Found before the others that fit as well."""

SHARED_LETTERS: Final = frozenset({"est", "mst"})
"""Letters that are a zone's own name, too: that zone never changes its clocks, the places that use them mostly do."""

HALF_YEAR: Final = timedelta(days=182)
"""Later a zone has its other name, if it has two."""

_OFFSET: Final = re.compile(r"(?:utc|gmt)?\s*([+-])\s*([0-9]{1,2})(?::?([0-5][0-9]))?")
_LETTERS: Final = re.compile(r"[a-z]{2,5}")
_MINUS_SIGNS: Final = str.maketrans("−‐‑–—ー", "------")


@dataclass(frozen=True, slots=True)
class _Place:
    """A zone, and what its place is called, folded."""

    zone: ZoneInfo
    names: frozenset[str]


def search_zones(text: str, now: datetime) -> list[str]:
    """The zones that fit what was typed so far, the best first."""
    return [*dict.fromkeys((*search_zones_by_name(text, now), *_zones_containing(_fold_place_name(text))))]


def search_zones_by_name(text: str, now: datetime) -> list[str]:
    """The zones that the whole text names: by place, or by letters or an offset in use at `now` or half a year on."""
    typed = _fold_place_name(text)
    if offset := _OFFSET.fullmatch(typed):
        sign, hours, minutes = offset.groups()
        difference = timedelta(hours=int(hours), minutes=int(minutes or 0)) * (-1 if sign == "-" else 1)
        return [name for name, place in _load_places().items() if now.astimezone(place.zone).utcoffset() == difference]
    named = [name for name, place in _load_places().items() if typed in place.names - SHARED_LETTERS]
    if not named and _LETTERS.fullmatch(typed):
        instants = (now, now + HALF_YEAR)
        return [
            name
            for name, place in _load_places().items()
            if any((at.astimezone(place.zone).tzname() or "").casefold() == typed for at in instants)
        ]
    return named


def format_zone_label(texts: Translations, name: str, now: datetime) -> str:
    """A zone with its present time: `Asia/Tokyo  11月24日 12:00 (UTC+9)`."""
    local = now.astimezone(_load_places()[name].zone)
    minutes = (local.utcoffset() or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    offset = f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
    return f"{name}  {format_datetime_short(texts, local)} ({offset})"


def _zones_containing(typed: str) -> Iterator[str]:
    """The zones of which a name contains the text; those of which a name begins with it come first."""
    if _OFFSET.fullmatch(typed):
        return
    for begins in (True, False):
        for name, place in _load_places().items():
            if any(known.startswith(typed) if begins else typed in known for known in place.names):
                yield name


def _fold_place_name(text: str) -> str:
    return to_half_width(text).translate(_MINUS_SIGNS).strip().casefold().replace("_", " ")


@cache
def _load_places() -> Mapping[str, _Place]:
    """Every zone of a place, the common ones first. Reads some 450 files, once."""
    territories: Mapping[str, str] = get_global("zone_territories")
    aliases: dict[str, list[str]] = {}
    for alias, zone in get_global("zone_aliases").items():
        aliases.setdefault(zone, []).append(alias)
    locales = [Locale("ja"), Locale("en")]
    available = available_timezones()
    zones: list[str] = [zone for zone in COMMON_ZONES if zone in available]
    places_of_the_world = available & territories.keys() - {*COMMON_ZONES}
    zones += sorted(zone for zone in places_of_the_world if "/" in zone and not zone.startswith("Etc/"))
    places: dict[str, _Place] = {}
    for zone in zones:
        names = {zone, *aliases.get(zone, ())}
        names |= {name.rpartition("/")[2] for name in names}
        for locale in locales:
            city = locale.time_zones.get(zone, {}).get("city")
            territory = locale.territories.get(territories.get(zone, ""))
            names |= {name for name in (city, territory) if name}
        places[zone] = _Place(ZoneInfo(zone), frozenset(map(_fold_place_name, names)))
    return places
