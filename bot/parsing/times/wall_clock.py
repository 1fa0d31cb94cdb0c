"""Instants and the local time that a clock on the wall shows: 14:30 in Tokyo is 5:30 UTC."""

from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from bot.parsing.times.errors import TimeParseError
from bot.parsing.times.parts import TimeParts


def local_time(at: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows at an instant, without the zone."""
    return at.astimezone(zone).replace(tzinfo=None)


def wall_clock_on_day(day: date, since_midnight: timedelta) -> datetime:
    """The local time on a day, without a zone; 25 hours since its midnight are 1:00 of the next day."""
    return datetime.combine(day, time()) + since_midnight


def instant_of_local_time(local: datetime, zone: tzinfo, *, later: bool, now: datetime) -> datetime:
    """The instant of a local time in `zone`. Raises `TimeParseError` where the time does not exist.

    Of an hour that the clocks repeat it is the earlier one, or with `later` the later one if that is past.
    """
    try:
        at, repeated = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
        local_again = local_time(at, zone)
    except (OverflowError, ValueError) as error:
        raise TimeParseError("time-impossible", understood=local) from error
    if local_again != local:
        raise TimeParseError("time-skipped-by-clocks", understood=local)
    return repeated if later and repeated <= now else at


def zone_of_time_tokens(parts: TimeParts, now: datetime, zone: tzinfo) -> tzinfo:
    """The zone of the time. Letters such as CST mean the member's own zone, or are refused."""
    if parts.offset:
        return parts.offset.zone
    if parts.zone_name is None:
        return zone
    for month in range(1, 13):
        at = datetime(now.year, month, 1, tzinfo=UTC).astimezone(zone)
        if (at.tzname() or "").casefold() == parts.zone_name.name:
            return timezone(at.utcoffset() or timedelta())
    raise TimeParseError("time-zone-letters", written=parts.zone_name.name.upper())
