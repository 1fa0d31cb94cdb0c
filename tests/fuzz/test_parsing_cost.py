"""What is made to be expensive: twice the size takes about twice the time, and a bomb is refused before it goes off."""

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import ParseFailure
from bot.domain.names import client_key
from bot.errors import InvalidInputError
from bot.parsing import mail as mail_parser
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.import_file import parse_import_file
from bot.parsing.incoming import MAX_BYTES, MAX_FILES, Attachment, IncomingMessage
from bot.parsing.line.interpretation import parse_lines
from bot.parsing.mail import parse_eml, parse_quoted_mails
from bot.parsing.mail_files import split_mailbox
from bot.parsing.message import MAX_TEXT, parse_message
from bot.parsing.notification import parse_subject
from bot.parsing.times import tokenizer
from bot.parsing.times.future import parse_future_time
from bot.parsing.times.resolver import parse_time

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)


def mail(data: bytes) -> None:
    parse_eml(data[:MAX_BYTES], now=NOW, zone=TOKYO)


def refused(parse: Callable[..., object], text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse(text, now=NOW, zone=TOKYO)


def table(rows: str) -> None:
    parse_import_file("a.csv", rows.encode(), now=NOW, zone=TOKYO)


def nested(depth: int) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(depth))
    return b"Subject: a\n" + heads + b"x\n" * (59_000 - 3 * depth)


# Each with about as much as its parser takes at all.
GROWING: dict[str, tuple[int, Callable[[int], object]]] = {
    "text": (50_000, lambda n: mail(b"Subject: a\n\n" + b"Subject: b\nDate: now\n\n" * (n // 3))),
    "continued": (50_000, lambda n: mail(b"Subject: a\n\nSubject: b\n" + b" x\n" * n)),
    "headers": (50_000, lambda n: mail(b"Subject: a\n" + b"X: a\n" * n + b"\nx")),
    "parts": (10_000, lambda n: mail(b"Content-Type: multipart/mixed; boundary=b\nSubject: a\n\n" + b"--b\n\nSubject: a\n\n" * n)),
    "words": (100_000, lambda n: mail(b"Subject: " + b"=?utf-8?b?" * n + b"\n\nx")),
    "charset": (400_000, lambda n: mail(b"Subject: a\nContent-Type: text/plain; charset=punycode\n\nab-" + b"c" * n)),
    "parameters": (100_000, lambda n: mail(b"Subject: a\nContent-Type: text/plain; " + b"a*0=b;" * n + b"\n\nx")),
    "headers of lancers": (8_000, lambda n: mail(b"Subject: a\n\n" + b"From: a@lancers.jp\nSubject: b\nDate: now\n\n" * n)),
    "html": (300_000, lambda n: mail(b"Subject: a\nContent-Type: text/html\n\n" + b"<p" * (n // 2))),
    "jis": (200_000, lambda n: mail(b"Subject: a\nContent-Type: text/plain\n\n" + b"\x1b$B" * (n // 3))),
    "euc": (400_000, lambda n: mail(b"Subject: a\nContent-Type: text/plain; charset=euc-jp\n\n" + b"\x8f\xb0\xa1a" * (n // 4))),
    "flowed": (50_000, lambda n: mail(b"Subject: a\nContent-Type: text/plain; format=flowed\n\n" + b"a \n" * n)),
    "mailbox": (10_000, lambda n: list(split_mailbox(b"From a@b 2026\n\n" * n))),
    "rows": (8_000, lambda n: table("thread,direction,sent_at\n" + "A,received,2026-11-20T10:00\n" * n)),
}  # fmt: skip

FULL: dict[str, Callable[[], object]] = {
    "closing": lambda: is_closing_message("ok" * 99 + "x"),
    "closing that grows when it is folded": lambda: is_closing_message("ﷺ" * 200),
    "line": lambda: parse_lines("今日" * 149 + "x", "line", now=NOW, zone=TOKYO),
    "line of clocks": lambda: parse_lines("x" + " 9:00" * 58 + "x", "line", now=NOW, zone=TOKYO),
    "when": lambda: refused(parse_time, "ﷺ" * 200),
    "coming": lambda: refused(parse_future_time, "今日" * 3000 + "x"),
    "coming, a day that never comes": lambda: refused(parse_future_time, "2/29 9:00 (月)"),
    "quoted": lambda: parse_quoted_mails("件名: a\n日付: 今日\n\n" * (MAX_TEXT // 15), now=NOW, zone=TOKYO),
    "subject": lambda: parse_subject("a さんから " * 70 + "の"),
    "name": lambda: client_key("ﷺ様 " * 1_000_000),
    "boundaries": lambda: mail(nested(40)),
    "more boundaries": lambda: mail(nested(400)),
}  # fmt: skip


def seconds(work: Callable[[], object]) -> float:
    """Of processor time, at best of three."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(3))


@pytest.mark.slow  # measures several times
@pytest.mark.parametrize("name", GROWING)
def test_twice_the_size_takes_about_twice_the_time(name: str) -> None:
    most, parse = GROWING[name]
    half, whole = seconds(lambda: parse(most // 2)), seconds(lambda: parse(most))
    assert whole < 3 * half + 0.05


@pytest.mark.parametrize("name", FULL)
def test_what_is_bounded_is_quick_however_it_is_filled(name: str) -> None:
    assert seconds(FULL[name]) < 2


def zipped(data: bytes, packing: int = zipfile.ZIP_DEFLATED, times: int = 1) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", packing) as packed:
        for number in range(times):
            packed.writestr(f"{number}.csv", data)
    return whole.getvalue()


@pytest.mark.slow  # tens of megabytes
@pytest.mark.parametrize(
    ("pack", "refused"),
    [
        (lambda: zipped(b"0" * (26 * 1024 * 1024)), "import-unpacked-too-large"),
        (lambda: zipped(b"0" * (20 * 1024 * 1024), times=6), "import-unpacked-too-large"),
        (lambda: zipped(b"x" * 100, zipfile.ZIP_LZMA), "import-zip"),
        (lambda: zipped(b"x" * 100, zipfile.ZIP_BZIP2), "import-zip"),
        (
            lambda: zipped(b"thread,direction,sent_at\n" + b"A,received,2026-11-20T10:00\n" * 800_000),
            "import-too-many-rows",
        ),
        (lambda: zipped(b"thread,direction,sent_at\n" + b"A,sent,x\n" * 2_000_000), "import-too-many-rows"),
    ],
    ids=["one file", "all files", "lzma", "bzip2", "rows", "bad rows"],
)
def test_a_bomb_is_refused_before_it_goes_off(pack: Callable[[], bytes], refused: str) -> None:
    data = pack()
    tracemalloc.start()
    try:
        try:
            imported = parse_import_file("a.zip", data, now=NOW, zone=TOKYO, max_rows=1000)
            said = [problem.reason.message_id for problem in imported.problems]
        except InvalidInputError as error:
            said = [error.message_id]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert refused in said
    assert peak < 100 * 1024 * 1024


def test_a_parcel_of_too_many_or_too_large_files_is_a_sentence() -> None:
    large = Attachment("a.eml", MAX_BYTES + 1, b"x" * (MAX_BYTES + 1))
    [found] = parse_message(IncomingMessage("1", "", (), (large,)), now=NOW, zone=TOKYO)
    assert isinstance(found, ParseFailure)
    assert found.error.message_id == "parsing-file-too-large"
    many = tuple(Attachment(f"{number}.eml", 10, b"Subject: a\n\n") for number in range(MAX_FILES + 5))
    findings = parse_message(IncomingMessage("1", "", (), many), now=NOW, zone=TOKYO)
    assert len(findings) == MAX_FILES + 1
    assert isinstance(findings[-1], ParseFailure)


def counted(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> list[object]:
    """The calls of a function from now on."""
    calls: list[object] = []
    original = getattr(module, name)

    def count(*arguments: object, **named: object) -> object:
        calls.append(arguments)
        return original(*arguments, **named)

    monkeypatch.setattr(module, name, count)
    return calls


@pytest.mark.parametrize("word", ["utc ", "z ", "+09:00 ", "日本時間", "今日", "9:00 ", "頃", "月曜", "2026/11/20 "])
def test_the_tokens_of_a_line_are_limited_before_they_are_read(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    reads = counted(monkeypatch, tokenizer, "match_tokens")
    assert tokenizer.tokenize(tokenizer.normalize(word * 100)).remainder
    assert len(reads) <= 2 * tokenizer.MAX_TOKENS + 2


@pytest.mark.parametrize(
    "data",
    [
        b"X: a\n" * 40_000 + b"\nx",
        b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000,
        nested(30),
    ],
    ids=["headers", "parts", "boundaries"],
)
def test_the_headers_and_parts_of_a_mail_are_limited_before_they_are_read(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads = counted(monkeypatch, mail_parser, "message_from_bytes")
    assert parse_eml(data, now=NOW, zone=TOKYO) == []
    assert reads == []
