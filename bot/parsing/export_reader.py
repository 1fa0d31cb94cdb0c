"""The reader of the JSON of a member's export (`export_format`)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple, TypeVar

from bot.domain.calendar import (
    ensure_lancers_day_possible,
    ensure_lancers_instant_possible,
    instant_from_micros,
    instant_to_micros,
    lancers_date,
)
from bot.domain.certification.calibration import FIGURE_NAMES, MAX_REPLIES, DisplayedFigures
from bot.domain.certification.facts import DeclaredItem, parse_declared_item
from bot.domain.certification.jobs import Evaluation, Job, JobOutcome
from bot.domain.lancers_pages import is_lancers_page
from bot.domain.messages import MessageSource, Precision
from bot.domain.names import clean_name, clean_title, client_key, title_key
from bot.domain.reply.thread_state import Direction, EventKind, ThreadEvent
from bot.domain.types import ContractMethod, Site, Yen
from bot.errors import InvalidInputError
from bot.parsing.amount import MAX_AMOUNT
from bot.parsing.export_format import EXPORT_VERSION, FORMAT
from bot.parsing.jobs_csv import MAX_JOBS
from bot.parsing.json_scanner import JsonScanner

MAX_HEAD_KEYS: Final = 20

LATER_TABLES: Final = ("muted_clients",)
"""Tables that exports of former versions do not have."""

_RECEIVED_KINDS: Final = frozenset({EventKind.MESSAGE, EventKind.CONTACT_REQUEST})
_SENT_KINDS: Final = frozenset(EventKind) - {EventKind.CONTACT_REQUEST}

BadRowCallback = Callable[[str, int, InvalidInputError], None]
"""Takes the table of a row, its number from 1 on, and the error."""


class WrittenThread(NamedTuple):
    """A thread as a message of a file names it; the names are cleaned."""

    client: str | None
    title: str | None
    unassigned: str | None = None
    """Its title key, if it has one forwarded message whose client or thread is not known."""
    site: Site = Site.LANCERS
    contract_at: datetime | None = None
    """Since when it is under contract."""
    page: str | None = None
    """The path of its page on www.lancers.jp."""

    @property
    def key(self) -> tuple[str, str]:
        """By which its client and its title are matched."""
        title = title_key(self.title or "") if self.unassigned is None else self.unassigned
        return client_key(self.client or ""), title

    @property
    def is_marked(self) -> bool:
        """Whether something is said of it."""
        return self.site is not Site.LANCERS or self.contract_at is not None or self.page is not None


class ImportedMessage(NamedTuple):
    """One message to record."""

    thread: WrittenThread
    entry: ThreadEvent
    precision: Precision
    source: MessageSource
    source_key: str | None
    """The message's identity; None: it is identified by its thread, direction and time."""
    looks_final: bool = False
    recorded_at: datetime | None = None


ImportedGoal = tuple[str, Yen, str | None, date]
"""The category, the line, where it comes from, and the day on which it was set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportData:
    """The contents of an export; preferences as the columns of the table `members`."""

    messages: list[ImportedMessage]
    jobs: list[Job]
    profile: dict[DeclaredItem, tuple[bool, date]]
    calibrations: list[DisplayedFigures]
    goals: list[ImportedGoal]
    muted_clients: list[tuple[str, datetime]]
    """The names of clients of whom the member wants no reminders, and since when."""
    member: dict[str, Any]
    """Its `last_login` and `rank_on` are dates, its `badge_since` an instant."""


def parse_export(data: bytes, *, now: datetime, on_bad_row: BadRowCallback) -> ExportData:
    """Read an export of this bot, row by row. Raises `InvalidInputError` for anything else.

    A row with a date or a figure outside its limits is left out and passed to `on_bad_row`.
    """
    try:
        text = data.decode("utf-8-sig")
        del data
        scanner = JsonScanner(text)
        head: dict[str, object] = {}
        positions: dict[str, int] = {}
        for key in scanner.read_keys():
            if key != "tables":
                head[key] = scanner.read_value()
                if len(head) > MAX_HEAD_KEYS:
                    raise InvalidInputError("import-json")
                continue
            for table in scanner.read_keys():
                positions[table] = scanner.position
                scanner.skip_rows()
        scanner.expect_end()
        if head.get("format") != FORMAT:
            raise InvalidInputError("import-json")
        if head["version"] != EXPORT_VERSION:
            raise InvalidInputError("import-json-version", version=str(head["version"])[:20])

        def rows_of(table: str) -> Iterator[Any]:
            if table in LATER_TABLES and table not in positions:
                return iter(())
            return JsonScanner(text, positions[table]).read_rows()

        return _parse_export_tables(rows_of, now, on_bad_row)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InvalidInputError("import-json") from error


_Result = TypeVar("_Result")


def _parse_export_tables(
    rows_of: Callable[[str], Iterator[Any]], now: datetime, on_bad_row: BadRowCallback
) -> ExportData:
    def read(table: str, parse: Callable[[Any], _Result]) -> Iterator[_Result]:
        for number, row in enumerate(rows_of(table), start=1):
            try:
                yield parse(row)
            except InvalidInputError as error:
                on_bad_row(table, number, error)

    threads = {
        row["thread_id"]: WrittenThread(
            _clean_client(row["client"]),
            clean_title(row["title"]) or None if row["title"] else None,
            _parse_source_key(row["title_key"]) if row["unsorted"] or not _clean_client(row["client"]) else None,
            *_parse_thread_marks(row, now),
        )
        for row in rows_of("threads")
    }
    return ExportData(
        messages=list(read("messages", lambda row: _parse_exported_message(row, threads[row["thread_id"]], now))),
        jobs=list(read("jobs", lambda row: _parse_exported_job(row, now))),
        profile=dict(
            read(
                "profile_items",
                lambda row: (
                    parse_declared_item(row["item"]),
                    (bool(row["filled"]), _parse_past_day(row["confirmed_on"], now)),
                ),
            )
        ),
        calibrations=list(read("calibrations", lambda row: _parse_exported_calibration(row, now))),
        muted_clients=list(
            read("muted_clients", lambda row: (clean_name(row["client"]), _parse_timestamp(row["muted_at"], now)))
        ),
        goals=list(read("goals", lambda row: _parse_exported_goal(row, now))),
        member=next(read("members", lambda row: _parse_exported_settings(row, now)), {}),
    )


def _parse_past_day(text: str, now: datetime) -> date:
    return ensure_lancers_day_possible(date.fromisoformat(text), now)


def _parse_timestamp(text: str, now: datetime) -> datetime:
    return ensure_lancers_instant_possible(_parse_stored_instant(text), now)


def _parse_stored_instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return instant_from_micros(instant_to_micros(at))


def _parse_figure(row: Mapping[str, Any], name: str, minimum: int, maximum: int) -> int:
    value = row[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(name)
    if not minimum <= value <= maximum:
        raise InvalidInputError("import-figure", name=name)
    return value


def _parse_source_key(value: object) -> str:
    """At most 100 characters that both databases can store as text."""
    key = str(value)[:100]
    if "\0" in key or not key.encode():
        raise ValueError(key)
    return key


def _parse_exported_settings(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The settings without the dates that cannot be read: such a value can be stored, and its default holds."""
    settings = dict(row)
    for name, parse in (
        ("last_login", _parse_past_day),
        ("rank_on", _parse_past_day),
        ("badge_since", _parse_timestamp),
    ):
        try:
            if settings.get(name) is not None:
                settings[name] = parse(settings[name], now)
        except (ValueError, TypeError, InvalidInputError):
            del settings[name]
    return settings


def _parse_exported_goal(row: Mapping[str, Any], now: datetime) -> ImportedGoal:
    return (
        clean_title(row["category"]),
        Yen(_parse_figure(row, "line", 1, MAX_AMOUNT)),
        None if row["source"] is None else clean_title(row["source"]),
        _parse_past_day(row["set_on"], now),
    )


def _parse_thread_marks(row: Mapping[str, Any], now: datetime) -> tuple[Site, datetime | None, str | None]:
    """Site, contract and page of a thread; exports of former versions do not have them, and what is unknown is none."""
    contract_at, page = row.get("contract_at"), str(row.get("page") or "")
    try:
        since = None if contract_at is None else _parse_timestamp(contract_at, now)
    except InvalidInputError:
        since = None
    site = Site.OTHER if row.get("site", Site.LANCERS) == Site.OTHER else Site.LANCERS
    return site, since, page if is_lancers_page(page) else None


def _clean_client(name: str | None) -> str | None:
    return clean_name(name) or None if name else None


def _parse_exported_message(row: Mapping[str, Any], thread: WrittenThread, now: datetime) -> ImportedMessage:
    direction, kind = Direction(row["direction"]), EventKind(row["kind"])
    allowed = _RECEIVED_KINDS if direction is Direction.RECEIVED else _SENT_KINDS
    if kind not in allowed:
        raise ValueError(kind)
    return ImportedMessage(
        thread=thread,
        entry=ThreadEvent(direction, kind, _parse_timestamp(row["sent_at"], now)),
        precision=Precision(row["exactness"]),
        source=MessageSource(row["source"]),
        source_key=_parse_source_key(row["source_key"]),
        looks_final=bool(row["closing"]),
        recorded_at=_parse_timestamp(row["recorded_at"], now),
    )


def _parse_exported_job(row: Mapping[str, Any], now: datetime) -> Job:
    tenths, satisfied = row["stars"], row["satisfied"]
    evaluation = None
    if satisfied is not None:
        evaluation = Evaluation(None if tenths is None else _parse_figure(row, "stars", 10, 50), bool(satisfied))
    return Job(
        day=_parse_past_day(row["day"], now),
        method=ContractMethod(row["method"]),
        category=clean_title(row["category"]),
        reward=Yen(_parse_figure(row, "reward", 0, MAX_AMOUNT)),
        outcome=JobOutcome(row["outcome"]),
        evaluation=evaluation,
        client=_clean_client(row["client"]),
        count=_parse_figure(row, "count", 1, MAX_JOBS),
        withheld=bool(row.get("withheld")),
    )


_FIGURE_LIMITS: Final = {
    "reply_rate": (0, 1000),
    "reply_rate_unit": (1, 10),
    "replies": (0, MAX_REPLIES),
    "completion_rate": (0, 1000),
    "task_approval": (0, 1000),
    "satisfaction": (0, 1000),
    "evaluation": (100, 500),
    "earnings": (0, MAX_AMOUNT),
}
"""As `/calibrate` accepts them."""


def _parse_exported_calibration(row: Mapping[str, Any], now: datetime) -> DisplayedFigures:
    if row["reply_rate_unit"] not in {None, 1, 10}:
        raise ValueError(row["reply_rate_unit"])
    figures = {
        name: None if row[name] is None else _parse_figure(row, name, *_FIGURE_LIMITS[name]) for name in FIGURE_NAMES
    }
    day = _parse_past_day(row["shown_on"], now)
    return DisplayedFigures(on=day, at=_parse_displayed_at(row.get("counted_until"), day), **figures)


def _parse_displayed_at(text: str | None, day: date) -> datetime | None:
    """The instant of a display, if it is one of its day; an export of a former version has none."""
    at = None if text is None else _parse_stored_instant(text)
    return at if at is not None and lancers_date(at) == day else None
