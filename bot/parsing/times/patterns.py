"""The patterns of a time: what one word of it looks like, and the tokens that it stands for.

Every pattern is anchored and bounded, so that matching takes a time linear in the length of the text. The first one
that matches decides: 30分前 is tried before 30分, 14:30 before 14.
"""

import re
from collections.abc import Callable
from datetime import timedelta, timezone
from typing import Final

from bot.parsing.times.tokens import (
    HOURS_OF_CLOCK,
    Day,
    DayPart,
    DiscordTimestamp,
    RelativeDay,
    RelativeOffset,
    TimeMark,
    TimeOfDay,
    Token,
    UtcOffset,
    Weekday,
    ZoneName,
)

MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
"""English names by their first three letters."""
_MONTH: Final = (
    r"(?P<month_name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?(?![a-z])"
)
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""English names by their first three letters."""
_KANJI_WEEKDAYS: Final = "月火水木金土日"
_WEEKDAY: Final = (
    r"(mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday)?|thu(?:rs?(?:day)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
    r"\.?(?![a-z])"
)
_ORDINAL_SUFFIX: Final = r"(?:st|nd|rd|th)"
_AGO: Final = r"(?:ほど|くらい|ぐらい)?(?:前|まえ)"
_BEHIND_KANA: Final = r"(?=に|ごろ|ころ|くらい|ぐらい|すぎ|です|かな|かも|[^\u3041-\u309f]|$)"
_AM_OR_PM: Final = r"[ap]\.?m(?![a-z])"
ZONES: Final = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "jst": 9, "日本標準時": 9, "日本時間": 9}
"""Hours ahead of UTC."""
_AMBIGUOUS_ZONES: Final = (
    "est|edt|cst|cdt|mst|mdt|pst|pdt|akst|akdt|hst|ist|bst|cet|cest|eet|eest|wet|west|msk|hkt|sgt|pht|wib|ict"
    "|kst|aest|aedt|acst|acdt|awst|nzst|nzdt"
)
_NUMBER_WORDS: Final = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"], start=1
    )
} | {"a": 1, "an": 1, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50}  # fmt: skip
_NUMBER: Final = rf"(\d{{1,4}}|{'|'.join(sorted(_NUMBER_WORDS, key=len, reverse=True))})"
_HOUR_WORDS: Final = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_MAX_OFFSET: Final = timedelta(hours=14)

_YEAR_BEFORE_REIWA: Final = 2018


def _day_token(match: re.Match[str]) -> Day:
    """Of the groups year or reiwa, month or month_name, and day; all but the day may be left out."""
    parts: dict[str, str | None] = match.groupdict()
    year, month = parts.get("year"), parts.get("month")
    if reiwa := parts.get("reiwa"):
        year = str(_YEAR_BEFORE_REIWA + (1 if reiwa == "元" else int(reiwa)))
    if name := parts.get("month_name"):
        month = str(MONTHS.index(name[:3]) + 1)
    return Day(int(year) if year else None, int(month) if month else None, int(match["day"]))


def _clock_of_hour(hour: str) -> bool | None:
    """The `twelve_hours` of a written hour."""
    return False if hour.startswith("0") else None


def _time_of_day(match: re.Match[str]) -> TimeOfDay:
    """Of the groups hour, minute, second and fraction of a second; behind the hour all may be left out."""
    hour, minute, second, fraction = (*match.groups(""), "", "", "")[:4]
    return TimeOfDay(
        int(hour),
        int(minute or 0),
        int(second) if second else None,
        int(fraction[:6].ljust(6, "0")),
        _clock_of_hour(hour),
    )


def _offset_token(match: re.Match[str]) -> RelativeOffset:
    """Of the groups hours, half (of an hour), minutes and seconds, each of which may be left out."""
    parts = match.groupdict()
    half = timedelta(minutes=30) if parts.pop("half", None) else timedelta()
    return RelativeOffset(timedelta(**{unit: int(number) for unit, number in parts.items() if number}) + half)


def _parse_number_token(text: str) -> int:
    return _NUMBER_WORDS.get(text) or int(text)


def _relative_token(match: re.Match[str]) -> RelativeDay | RelativeOffset:
    number, unit = _parse_number_token(match[1]), match[2]
    if unit in {"day", "week"}:
        return RelativeDay(number * (7 if unit == "week" else 1))
    return RelativeOffset(timedelta(minutes=number if unit.startswith("m") else 60 * number))


def _clock_words(part: str, relation: str, hour: str) -> TimeOfDay | None:
    """The time that words name: half past 2 is 2:30, quarter to 3 is 2:45. Nobody says half to 3.

    None for 5 to 6, which is 5:55 or the hour from 5 to 6.
    """
    minute = {"half": 30, "quarter": 15}.get(part) or _parse_number_token(part)
    named = _parse_number_token(hour)
    if relation == "past":
        return TimeOfDay(named, minute, None, twelve_hours=named <= HOURS_OF_CLOCK)
    before = named - 1 if named > 1 else HOURS_OF_CLOCK
    if (part != "quarter" and minute <= HOURS_OF_CLOCK) or part == "half":
        return None
    return TimeOfDay(before, 60 - minute, None, twelve_hours=named <= HOURS_OF_CLOCK)


def parse_utc_offset(sign: str, hours: str, minutes: str | None) -> timedelta | None:
    """The offset of a zone; None for one that no zone has."""
    part = timedelta(minutes=int(minutes or 0))
    offset = timedelta(hours=int(hours)) + part
    if offset > _MAX_OFFSET or part >= timedelta(hours=1):
        return None
    return offset if sign == "+" else -offset


def _utc_offset_token(sign: str, hours: str, minutes: str | None) -> UtcOffset | None:
    offset = parse_utc_offset(sign, hours, minutes)
    return None if offset is None else UtcOffset(timezone(offset))


TokenFactory = Callable[["re.Match[str]"], "Token | None"]
"""Its result is None where the text has the form of the token, but not a possible value."""

_PATTERNS: Final[tuple[tuple[re.Pattern[str], Token | tuple[Token, ...] | TokenFactory | None], ...]] = tuple(
    (re.compile(pattern), made)
    for pattern, made in (
        # One word with two tokens: 今朝 is today, in the morning.
        (r"朝イチ|朝一番?|朝いち", (TimeOfDay(9, 0, None), TimeMark.APPROXIMATE)),
        (r"今朝|けさ|this morning(?![a-z])", (RelativeDay(0), DayPart.MORNING)),
        (r"this afternoon(?![a-z])", (RelativeDay(0), DayPart.PM)),
        (r"this evening(?![a-z])", (RelativeDay(0), DayPart.EVENING)),
        (r"今晩|今夜|tonight(?![a-z])", (RelativeDay(0), DayPart.NIGHT)),
        (r"昨朝", (RelativeDay(1), DayPart.MORNING)),
        # Words without a meaning of their own. "at 9" and "9 o'clock" are matched further below.
        (r"[\s,、，]+", ()),
        (rf"の|に|on(?![a-z])|the(?![a-z])(?! \d{{1,2}}{_ORDINAL_SUFFIX})", ()),
        (r"at(?=\s+\d{1,2}:|\s+(?:noon))|[tT](?=\d{2}:?\d{2})", ()),
        (
            r"頃|ごろ|ころ|くらい|ぐらい|だいたい|約|about(?![a-z])|around(?![a-z])|approx(?:\.|imately)?(?![a-z])",
            TimeMark.APPROXIMATE,
        ),
        # Behind a time of day; 昼過ぎ and 20日過ぎ say none.
        (r"(?:(?<=[時分半じ])|(?<=じはん)|(?<=[ふぷ]ん)|(?<=:\d\d))(?:過ぎ|すぎ)", TimeMark.APPROXIMATE),
        (r"<t:(\d{1,12})(?::[a-z])?>", lambda m: DiscordTimestamp(int(m[1]))),
        # Offsets back from now.
        (
            r"(?:(?P<hours>\d{1,4})時間)?(?:(?P<minutes>\d{1,5})分)?(?:(?P<seconds>\d{1,6})秒)?(?<=[間分秒])" + _AGO,
            _offset_token,
        ),
        (rf"(?P<hours>\d{{1,4}})時間(?P<half>半){_AGO}", _offset_token),
        (r"an hour and a half ago(?![a-z])", RelativeOffset(timedelta(minutes=90))),
        (r"(?P<hours>\d{1,2})(?P<half>\.5) hours? ago(?![a-z])", _offset_token),
        (r"半時間前|half an hour ago(?![a-z])", RelativeOffset(timedelta(minutes=30))),
        (rf"{_NUMBER} (hour|hr|minute|min|day|week)s? ago(?![a-z])", _relative_token),
        (
            rf"{_NUMBER} h(?:ou)?rs? and {_NUMBER} min(?:ute)?s? ago(?![a-z])",
            lambda m: RelativeOffset(timedelta(hours=_parse_number_token(m[1]), minutes=_parse_number_token(m[2]))),
        ),
        (
            (
                r"(?:つい|今|いま)?(?:さっき|先ほど|先程|さきほど)|(?:今|いま)しがた|数分前"
                r"|a (?:few minutes|moment) ago(?![a-z])"
            ),
            TimeMark.RECENTLY,
        ),
        (
            (
                r"(?:(?P<hours>\d{1,4})\s?(?:h|hrs?|hours?)(?![a-z])[\s,]*(?:and\s)?)?"
                r"(?:(?P<minutes>\d{1,5})\s?(?:m|mins?|minutes?)(?![a-z])\s*)?"
                r"(?:(?P<seconds>\d{1,6})\s?(?:s|secs?|seconds?)(?![a-z])\s*)?(?<=[a-z\s])ago(?![a-z])"
            ),
            lambda m: _offset_token(m) if any(m.groups()) else None,
        ),
        (
            r"たった今|いま|今(?![日朝晩夜週年月回])|(?:just|right) now(?![a-z])|now(?![a-z])",
            RelativeOffset(timedelta()),
        ),
        (r"(\d{1,3})(日|週間)前", lambda m: RelativeDay(int(m[1]) * (1 if m[2] == "日" else 7))),
        # Days by name.
        (r"今日|本日|きょう|today(?![a-z])", RelativeDay(0)),
        (r"一昨々日|一昨昨日|さきおととい", RelativeDay(3)),
        (r"一昨日|おととい|おとつい|(?:the )?day before yesterday(?![a-z])", RelativeDay(2)),
        (r"昨日|きのう|前日|yesterday(?![a-z])", RelativeDay(1)),
        (r"明後日|あさって", RelativeDay(-2)),
        (r"明日|あした|あす|翌日|tomorrow(?![a-z])", RelativeDay(-1)),
        (r"昨晩|昨夜|ゆうべ|夕べ|last night(?![a-z])", TimeMark.LAST_NIGHT),
        # Days by number.
        (r"(?P<year>\d{4})年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日", _day_token),
        (r"(?P<year>\d{4})[-/.]\s?(?P<month>\d{1,2})[-/.]\s?(?P<day>\d{1,2})(?![\d/-])", _day_token),
        (r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})(?=t\d{4})", _day_token),
        (r"令和\s?(?P<reiwa>元|\d{1,2})年\s?(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日", _day_token),
        (r"r(?P<reiwa>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})(?![\d/.])", _day_token),
        (rf"the (?P<day>\d{{1,2}}){_ORDINAL_SUFFIX}(?![a-z])(?! of)", _day_token),
        (r"(?P<month>\d{1,2})月\s?(?P<day>\d{1,2})日(?!前)", _day_token),
        # With a year behind: 11/22/2026 and 22/11/2026, where only one order is possible.
        (r"(?P<month>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})(?!\d)", _day_token),
        (r"(?P<day>1[3-9]|2\d|3[01])/(?P<month>\d{1,2})/(?P<year>\d{4})(?!\d)", _day_token),
        (r"(?P<month>\d{1,2})/(?P<day>\d{1,2})(?![\d/])", _day_token),
        (r"(?P<day>\d{1,2})日(?![前間後])", _day_token),
        (
            rf"(?P<day>\d{{1,2}}){_ORDINAL_SUFFIX}?(?:\s+of)?[\s/-]+{_MONTH}(?:,?[\s/-]+(?P<year>\d{{4}})(?![\d:]))?",
            _day_token,
        ),
        (
            rf"{_MONTH}\s+(?P<day>\d{{1,2}}){_ORDINAL_SUFFIX}?(?![\d:])(?:,?\s+(?P<year>\d{{4}})(?![\d:]))?",
            _day_token,
        ),
        # Weekdays.
        (rf"\(\s*([{_KANJI_WEEKDAYS}])(?:曜日?)?\s*\)", lambda m: Weekday(_KANJI_WEEKDAYS.index(m[1]), None)),
        (rf"\(\s*{_WEEKDAY}\s*\)", lambda m: Weekday(WEEKDAYS.index(m[1][:3]), None)),
        (
            rf"(?:(先週|今週)の?\s?)?([{_KANJI_WEEKDAYS}])曜日?",
            lambda m: Weekday(_KANJI_WEEKDAYS.index(m[2]), {"先週": "last", "今週": "this"}.get(m[1] or "")),
        ),
        (rf"{_WEEKDAY}\s+(last|this)\s+week(?![a-z])", lambda m: Weekday(WEEKDAYS.index(m[1][:3]), m[2])),
        (
            rf"(?:(last|this)\s+)?{_WEEKDAY}",
            lambda m: Weekday(WEEKDAYS.index(m[2][:3]), {"last": "latest", "this": "this"}.get(m[1] or "")),
        ),
        # Times.
        (r"(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?![\d:])", _time_of_day),
        (
            rf"(half|quarter|{_NUMBER}) (past|to) {_NUMBER}(?:\s?o'clock)?(?![a-z\d:])",
            lambda m: _clock_words(m[1], m[3], m[4]),
        ),
        (r"(\d{1,2})h(\d{2})(?![\da-z])", _time_of_day),
        # With a dot only where it cannot be a day of a month: 17.30, 9.45.
        (r"(1[3-9]|2[0-3])\.([0-5]\d)(?![\d.])", _time_of_day),
        (rf"(\d{{1,2}})\.([0-5]\d)(?=\s?{_AM_OR_PM})", _time_of_day),
        (r"(\d{1,2})\.(3[2-9]|[45]\d)(?![\d.])", _time_of_day),
        (
            r"(?<!\d)([01]\d|2[0-3])([0-5]\d)(?![\d:/.年月日円¥k-])(?<!19\d\d)(?<!20\d\d)",
            _time_of_day,
        ),
        (r"(?<=t)(\d{2})(\d{2})(\d{2})?(?!\d)", _time_of_day),
        (r"(\d{1,2})時半", lambda m: TimeOfDay(int(m[1]), 30, None, twelve_hours=_clock_of_hour(m[1]))),
        # Written in kana, where no name can go on: 9じに, but not 9じろう.
        (
            rf"(\d{{1,2}})じはん{_BEHIND_KANA}",
            lambda m: TimeOfDay(int(m[1]), 30, None, twelve_hours=_clock_of_hour(m[1])),
        ),
        (rf"(\d{{1,2}})じ(?:(\d{{1,2}})[ふぷ]ん)?{_BEHIND_KANA}", _time_of_day),
        (
            r"(\d{1,2})時(?!間)\s?(?:(\d{1,2})分(?!前)\s?(?:(\d{1,2})秒)?)?(?:ちょうど)?",
            _time_of_day,
        ),
        (rf"(\d{{1,2}})(?=\s?{_AM_OR_PM})", _time_of_day),
        (
            r"(?:at\s+(\d{1,2})(?:\s?o'clock)?|(\d{1,2})\s?o'clock)(?![\d:/-]|\.\d)",
            lambda m: TimeOfDay(int(m[1] or m[2]), 0, None, twelve_hours=int(m[1] or m[2]) <= HOURS_OF_CLOCK),
        ),
        (
            rf"at ({_HOUR_WORDS})(?: o'clock)?(?![a-z-])(?! (?:minute|hour|day))",
            lambda m: TimeOfDay(_parse_number_token(m[1]), 0, None, twelve_hours=True),
        ),
        (r"midnight(?![a-z])", TimeMark.MIDNIGHT),
        (r"正午|noon(?![a-z])", TimeOfDay(12, 0, None)),
        # Parts of the day.
        (r"午前", DayPart.BEFORE_NOON),
        (r"午後", DayPart.AFTER_NOON),
        (r"a\.?m(?:\.|(?![a-z]))", DayPart.AM),
        (r"p\.?m(?:\.|(?![a-z]))", DayPart.PM),
        (r"未明|明け方|早朝", DayPart.DAWN),
        (r"朝|(?:in the )?morning(?![a-z])", DayPart.MORNING),
        (r"(?:in the )?afternoon(?![a-z])", DayPart.PM),
        (r"お昼|昼", DayPart.NOON),
        (r"夕方|夕|(?:in the )?evening(?![a-z])", DayPart.EVENING),
        (r"深夜|夜中|真夜中", DayPart.DEEP_NIGHT),
        (r"夜|晩|(?:at )?night(?![a-z])", DayPart.NIGHT),
        # Zones. UTC4:30 is four thirty in UTC, or the zone UTC+4:30.
        (r"\(?(?:gmt|utc?)(?=\d)", None),
        (r"(?:\(?(?:gmt|utc)\s?)?([+-])(\d{2}):?(\d{2})\)?(?!\d)", lambda m: _utc_offset_token(m[1], m[2], m[3])),
        (r"\(?(?:gmt|utc)\s?([+-])(\d{1,2})\)?(?!\d)", lambda m: _utc_offset_token(m[1], m[2], None)),
        (rf"\(?({_AMBIGUOUS_ZONES})\)?(?![a-z])", lambda m: ZoneName(m[1])),
        (
            rf"\(?({'|'.join(ZONES)})\)?(?![a-z])",
            lambda m: UtcOffset(timezone(timedelta(hours=ZONES[m[1]]))),
        ),
    )
)


def match_time_tokens(text: str, position: int) -> tuple[int, tuple[Token, ...]] | None:
    """The end of the match at a position, and its tokens; None where no pattern matches.

    There are no tokens where the match has no meaning of its own: a space, の, on.
    """
    for pattern, made in _PATTERNS:
        if (match := pattern.match(text, position)) and match.end() > position:
            tokens = made(match) if callable(made) else made
            if tokens is None:
                return None
            return match.end(), tokens if isinstance(tokens, tuple) else (tokens,)
    return None
