"""Figures formatted for members in their language (Unicode CLDR): yen, percent, counts, days, times."""

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Final

from babel.dates import format_date, format_skeleton
from babel.dates import format_time as babel_format_time
from babel.numbers import NumberPattern, parse_pattern

from bot.domain.types import Locale
from bot.i18n.translations import Translations

EMPTY_VALUE: Final = "–"
"""Shown where a figure is missing."""

_WHOLE: Final = parse_pattern("#,##0")
_TENTHS: Final = parse_pattern("#,##0.0")
_HUNDREDTHS: Final = parse_pattern("#,##0.00")


@lru_cache(maxsize=4096)
def _format_cached_number(locale: Locale, pattern: NumberPattern, value: int | Decimal) -> str:
    return str(pattern.apply(value, locale))


@lru_cache(maxsize=1024)
def _format_cached_day(locale: Locale, day: date) -> str:
    return format_date(day, "medium", locale)


@lru_cache(maxsize=1024)
def _format_cached_day_short(locale: Locale, day: date) -> str:
    return format_skeleton("Md" if locale == "ja" else "MMMd", day, locale=locale)


def format_count(texts: Translations, number: int) -> str:
    """1,234."""
    return _format_cached_number(texts.locale, _WHOLE, number)


def format_yen(texts: Translations, amount: int | None) -> str:
    """¥50,000, with the narrow sign in both languages: Lancers writes 円 or ¥, never ￥."""
    return EMPTY_VALUE if amount is None else f"¥{format_count(texts, amount)}"


def format_permille_as_percent(texts: Translations, permille: int | None, *, whole: bool = False) -> str:
    """92.3 % for 923 permille, or 92 % if `whole`; truncated, never rounded up."""
    if permille is None:
        return EMPTY_VALUE
    figure = (
        format_count(texts, permille // 10)
        if whole
        else _format_cached_number(texts.locale, _TENTHS, Decimal(permille) / 10)
    )
    return f"{figure} %"


def format_stars(texts: Translations, hundredths: int) -> str:
    """4.83 for 483 hundredths of a star."""
    return _format_cached_number(texts.locale, _HUNDREDTHS, Decimal(hundredths) / 100)


def format_day(texts: Translations, day: date | None) -> str:
    """2026/12/01, or Dec 1, 2026."""
    return EMPTY_VALUE if day is None else _format_cached_day(texts.locale, day)


def format_day_short(texts: Translations, day: date) -> str:
    """Without the year: 12/1, or Dec 1."""
    return _format_cached_day_short(texts.locale, day)


def format_time(texts: Translations, time: datetime) -> str:
    """22:05, or 10:05 PM, in the zone of `time`."""
    words = babel_format_time(time, "short", locale=texts.locale)
    return words.replace("\u202f", " ")  # not every font has the narrow space


def format_datetime(texts: Translations, time: datetime) -> str:
    """2026/12/01 22:05, or Dec 1, 2026 10:05 PM."""
    return f"{format_day(texts, time.date())} {format_time(texts, time)}"


def format_datetime_short(texts: Translations, time: datetime) -> str:
    """Without the year, for labels: 12月1日 22:05, or Dec 1 10:05 PM."""
    return f"{format_skeleton('MMMd', time, locale=texts.locale)} {format_time(texts, time)}"
