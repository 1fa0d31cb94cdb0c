"""Every parser that reads what others wrote: what it is fed, and what of its answers is no fault.

A value or an error of the family that becomes a sentence; anything else that is raised is found.
"""

import io
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.discord_app.ui.components import parse_custom_id, parse_selected_id
from bot.domain.names import clean_name, client_key, title_key
from bot.domain.reminders.lead_times import parse_lead_times
from bot.domain.reminders.quiet_hours import parse_quiet_hours
from bot.errors import InvalidInputError, NinteiError, SettingError
from bot.i18n.translations import get_translations
from bot.mail.signatures import SignatureChecker
from bot.parsing import closing_phrases, mail, notification
from bot.parsing.amount import parse_amount
from bot.parsing.day import parse_day
from bot.parsing.export_reader import parse_export
from bot.parsing.forwarding_confirmation import parse_forwarding_confirmation
from bot.parsing.history_csv import parse_history
from bot.parsing.import_file import parse_import_file
from bot.parsing.incoming import Attachment, Embed, ForwardedMessage, IncomingMessage
from bot.parsing.jobs_csv import parse_job_count, parse_job_evaluation, parse_job_reward, parse_jobs
from bot.parsing.line.interpretation import parse_typed_lines
from bot.parsing.mail_envelope import parse_envelope
from bot.parsing.message import parse_mail, parse_message
from bot.parsing.quoted_header import quoted_headers
from bot.parsing.times.future import parse_future_time
from bot.parsing.times.resolver import parse_time
from bot.settings import load_environment, read_settings
from tests.fuzz.material import (
    AMOUNTS,
    COMING,
    CUSTOM_IDS,
    HISTORY,
    JOBS,
    LEADS,
    LINES,
    NAMES,
    NOTIFICATIONS,
    QUIETS,
    QUOTES,
    WHENS,
    arriving,
    bundles,
    encoded,
    exports,
    mails,
    signed,
    texts,
)  # fmt: skip
from tests.helpers.erasure_notes import list_noted

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
LONGEST = 3.0
"""Seconds of its own processor time that one example may take."""


@dataclass(frozen=True)
class Parser:
    """A parser under test: its input, and the error with which it may refuse it."""

    name: str
    given: st.SearchStrategy[Any]
    call: Callable[[Any], object]
    refusal: type[NinteiError] = InvalidInputError

    def try_one(self, example: Any) -> float:
        """Feed it; the seconds it took. Raises what is a fault."""
        began = time.thread_time()
        try:
            self.call(example)
        except self.refusal as error:
            get_translations("ja").format_error(error)  # raises where there is no such sentence
            get_translations("en").format_error(error)
        took = time.thread_time() - began
        assert took < LONGEST, f"{self.name}: {took:.1f} s"
        return took


def _names(text: str) -> None:
    shown = clean_name(text)
    assert len(shown) <= 100
    assert "\0" not in shown
    shown.encode()
    client_key(text).encode()
    title_key(text).encode()


def _parcel(drawn: tuple[str, str, list[str], bytes]) -> None:
    content, posted, fields, data = drawn
    embed = Embed(fields[0], fields[1], fields[2], ((fields[0], fields[1]),))
    snapshot = ForwardedMessage(content=posted, embeds=(embed,), posted_at=NOW, original_id=None, attachments=())
    attached = (Attachment(fields[0], len(data), data), Attachment("b", 10, None))
    for parcel in (
        IncomingMessage("1", content, (snapshot,), ()), IncomingMessage("1", content, (), ()),
        IncomingMessage("1", content, (), attached), IncomingMessage("1", "", (ForwardedMessage(content="", embeds=(), posted_at=NOW, original_id="2", attachments=attached),), ()),
    ):  # fmt: skip
        assert parse_message(parcel, now=NOW, zone=TOKYO)


def _mail(data: bytes) -> None:
    mail.parse_eml(data, now=NOW, zone=TOKYO)


def _envelope(data: bytes) -> None:
    envelope = parse_envelope(data, mailbox="box@example.jp")
    assert all(re.fullmatch("[a-z0-9]+", token) for token in envelope.tokens)
    assert not re.search(r"\s", envelope.sender_domain + envelope.envelope_sender_domain)
    parse_envelope(b"", mailbox="box@example.jp", envelope_recipient=data.decode("latin-1"), envelope_sender="<>")


def _confirmation(data: bytes) -> None:
    confirmation = parse_forwarding_confirmation(b"From: forwarding-noreply@google.com\r\n" + data)
    if confirmation is not None and confirmation.link is not None:
        assert re.match(r"https://mail(-settings)?\.google\.com/mail/vf-", confirmation.link)


def _signature(drawn: tuple[bytes, bytes]) -> None:
    mail_bytes, record = drawn
    checker = SignatureChecker(["lancers.jp"], lambda _name: record)
    assert not checker._has_valid_signature(mail_bytes, math.inf), "no key of these records has signed anything"


def _settings(drawn: dict[str, str]) -> None:
    read_settings(drawn)


def _env(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "env"
        file.write_bytes(data)
        load_environment(file)


def _erasures(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "erasures"
        file.write_bytes(data)
        for member, at in list_noted(file):
            assert 0 <= member < 2**63
            assert at.tzinfo is not None


NAMES_OF_SETTINGS = [
    "DISCORD_API_URL", "DISCORD_GATEWAY_URL", "DATABASE_URL", "DATABASE_URL_FILE", "DISCORD_TOKEN_FILE", "SHARD_COUNT",
    "SEND_RATE", "DEFAULT_EDITION", "DEFAULT_LOCALE", "DEFAULT_TIMEZONE", "DEFAULT_LEAD_TIMES", "DEFAULT_QUIET_HOURS",
    "OLD_AFTER_DAYS", "KEEP_MONTHS", "BACKUP_DAYS", "MAX_MEMBERS", "MAX_RECORDS_A_DAY", "MAX_IMPORTS", "LOG_LEVEL", "LOG_FORMAT",
]  # fmt: skip
VALUES = [
    "http://[::1",
    "https://a:99999/x",
    "../../etc",
    "Asia/Tokyo",
    "/",
    "/etc/passwd",
    "2016",
    "-1",
    "１２",
    "1e9",
    *LEADS,
    *QUIETS,
]

PARSERS = {
    each.name: each
    for each in (
        Parser("notification", texts(NOTIFICATIONS), notification.parse_notification_subject),
        Parser("mail", mails(), _mail),
        Parser("arrived_mail", arriving(), lambda data: parse_mail(data, now=NOW, zone=TOKYO)),
        Parser("mail_envelope", arriving(), _envelope),
        Parser("forwarding_confirmation", arriving(), _confirmation),
        Parser("signature", signed(), _signature),
        Parser("quoted", texts(QUOTES), quoted_headers),
        Parser("closing", texts(["ok", "okay", "ありがとうございました", "承知しました。"]), closing_phrases.is_closing_message),
        Parser("when", texts(WHENS), lambda text: parse_time(text, now=NOW, zone=TOKYO)),
        Parser("when_line", texts(LINES + WHENS), lambda text: parse_typed_lines(text, "line", now=NOW, zone=TOKYO)),
        Parser("coming", texts(COMING + WHENS), lambda text: parse_future_time(text, now=NOW, zone=TOKYO)),
        Parser("amount", texts(AMOUNTS), parse_amount),
        Parser("names", texts(NAMES), _names),
        Parser("history", encoded([HISTORY]), lambda data: parse_history(io.BytesIO(data), TOKYO)),
        Parser("jobs", encoded([JOBS]), lambda data: parse_jobs(io.BytesIO(data), now=NOW)),
        Parser("day", texts(["2026-11-22", "2026/1/1", "11/22", "11月22日"]), lambda text: parse_day(text, now=NOW)),
        Parser("job_reward", texts(AMOUNTS), parse_job_reward),
        Parser("job_evaluation", texts(["4.5", "満足", "★5"]), parse_job_evaluation),
        Parser("job_count", texts(["3", "１２"]), parse_job_count),
        Parser("export", exports(), lambda data: parse_export(data, now=NOW, on_bad_row=lambda *_: None)),
        Parser("bundle", bundles(), lambda drawn: parse_import_file(*drawn, now=NOW, zone=TOKYO)),
        Parser("parcel", st.tuples(texts(QUOTES + LINES), texts(QUOTES + NOTIFICATIONS), st.lists(texts(NAMES), min_size=3, max_size=3), mails()), _parcel),
        Parser("custom_id", texts(CUSTOM_IDS), parse_custom_id),
        Parser("chosen", st.lists(texts(["1", "９", "another"]), max_size=2), parse_selected_id),
        Parser("lead_times", texts(LEADS), parse_lead_times),
        Parser("quiet_hours", texts(QUIETS), parse_quiet_hours),
        Parser("settings", st.dictionaries(st.sampled_from(NAMES_OF_SETTINGS), texts(VALUES)), _settings, SettingError),
        Parser("env", encoded(["DISCORD_TOKEN=a.b.c\n# x\nA='${B}'\nexport C=\"d\\n\"\n"]), _env, SettingError),
        Parser("erasures", encoded(["123 1795336445000000\n4 5\n"]), _erasures),
    )
}  # fmt: skip
