"""The date in a mail's header, and in the header that a mailer quotes. A date that could mean two days is none."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final

from bot.domain.calendar import LANCERS_SINCE
from bot.domain.messages import ParsedTime, Precision
from bot.parsing.times.dates import existing_day
from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.patterns import MONTHS, WEEKDAYS, ZONES, parse_utc_offset
from bot.parsing.times.resolver import MAX_LENGTH, parse_time
from bot.parsing.times.tokenizer import normalize_time_text, tokenize_time_text
from bot.parsing.times.tokens import Day, DiscordTimestamp

_CLOCK: Final = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d{1,9})?)?"
_ZONE: Final = r"(?P<zone>(?:gmt|utc)?[+-](?:\d{4}|\d{1,2}(?::\d{2})?)|gmt|utc|ut|z|jst)"
_STANDARD: Final = re.compile(
    r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s*)?(?P<day>\d{1,2})[ -](?P<month>[a-z]{3,9})\.?[ -](?P<year>\d{4}|\d{2}),?\s+"
    rf"(?:at\s+)?{_CLOCK}\s*{_ZONE}\s*(?:\([^()]*\))?"
)
_ISO: Final = re.compile(rf"(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}})[t ]{_CLOCK}\s*{_ZONE}")
_OFFSET: Final = re.compile(r"(?:gmt|utc)?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?")
_JAPANESE_OUTLOOK: Final = re.compile(
    r"^(?:[月火水木金土日](?:曜日?)?,?\s*)?(\d{1,2})月\s*(\d{1,2}),\s*(\d{4})[,\s]+(?:at\s+)?(.*)$"
)
_BARE_WEEKDAY: Final = re.compile(r"(?<=\d)[,\s]+([月火水木金土日])[,\s]+(?=\d)")
"""As Yahoo!メール writes it: 2026/11/22 日 18:14."""
_HALF_OF_DAY_LAST: Final = re.compile(r"(\d{1,2}:\d{2}(?::\d{2})?)\s*(午前|午後)")
_SLASHED: Final = re.compile(r"^(?:(?P<weekday>[A-Za-z]{3,9})\.?,?\s+)?(\d{1,2})[/.](\d{1,2})[/.](\d{4}),?\s+(.*)$")
_COMMA_AT: Final = re.compile(r",?\s+at\s+(?=\d)", re.IGNORECASE)


def parse_mail_date(text: str, now: datetime) -> ParsedTime | None:
    """The date of a mail's own header. None: unreadable, without a zone, or of another time than this service's.

    `-0000` is UTC: only the place is not known.
    """
    line = " ".join(text[:MAX_LENGTH].split()).casefold()
    match = _STANDARD.fullmatch(line) or _ISO.fullmatch(line)
    return None if match is None else _instant_of_fields(match.groupdict(), now)


def _instant_of_fields(parts: dict[str, str | None], now: datetime) -> ParsedTime | None:
    offset = _parse_zone_offset(parts["zone"] or "")
    month = parts["month"] or ""
    if offset is None or not (month.isdigit() or month[:3] in MONTHS):
        return None
    year = int(parts["year"] or "")
    try:
        local = datetime(
            year + (now.year // 100 * 100 if year < 100 else 0),  # noqa: PLR2004 — written with two digits
            int(month) if month.isdigit() else MONTHS.index(month[:3]) + 1,
            int(parts["day"] or ""),
            int(parts["hour"] or ""),
            int(parts["minute"] or ""),
            min(int(parts["second"] or 0), 59),
            tzinfo=timezone(offset),
        )
    except ValueError:
        return None
    weekday = (parts.get("weekday") or "")[:3]
    # An earlier date is that of a clock that was never set.
    if local.year < LANCERS_SINCE.year or (weekday and WEEKDAYS[local.weekday()] != weekday):
        return None
    return ParsedTime(local.astimezone(UTC), Precision.SECOND if parts["second"] else Precision.MINUTE)


def _parse_zone_offset(zone: str) -> timedelta | None:
    if zone in ZONES:
        return timedelta(hours=ZONES[zone])
    match = _OFFSET.fullmatch(zone)
    if match is None:
        return None
    return parse_utc_offset(match["sign"], match["hours"], match["minutes"])


def parse_quoted_date(text: str, *, now: datetime, zone: tzinfo) -> ParsedTime | None:
    """The date of a quoted header; without a zone it is a local time in `zone`. None: unreadable or ambiguous."""
    if (exact := parse_mail_date(text, now)) is not None:
        return exact
    line = _rearrange_date(" ".join(text[:MAX_LENGTH].split()))
    if line is None or not any(
        isinstance(token, Day | DiscordTimestamp) for token in tokenize_time_text(normalize_time_text(line)).tokens
    ):
        return None  # 昨日 18:14 is relative to when it was quoted, which nobody knows
    try:
        return parse_time(line, now=now, zone=zone)
    except TimeParseError:
        return None


def _rearrange_date(line: str) -> str | None:
    """The date in an order that `parse_time` reads; None where day and month could be exchanged."""
    if match := _JAPANESE_OUTLOOK.match(line):
        line = f"{match[3]}年{match[1]}月{match[2]}日 {match[4]}"
    line = _BARE_WEEKDAY.sub(r" (\1) ", line)
    line = _COMMA_AT.sub(" ", _HALF_OF_DAY_LAST.sub(r"\2\1", line))
    match = _SLASHED.match(line)
    if match is None:
        return line
    days = {
        day
        for month, number in ((match[2], match[3]), (match[3], match[2]))
        if (day := existing_day(int(match[4]), int(month), int(number))) is not None
        and (match["weekday"] is None or WEEKDAYS[day.weekday()] == match["weekday"][:3].casefold())
    }
    return f"{days.pop():%Y-%m-%d} {match[5]}" if len(days) == 1 else None
