"""What is made to be expensive: twice the size takes about twice the time, and a bomb is refused before it goes off."""

import base64
import gzip
import io
import math
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.language import detect_language
from bot.domain.messages import ParseFailure
from bot.domain.names import client_key
from bot.errors import InvalidInputError
from bot.mail.signatures import SignatureChecker
from bot.parsing import mail_structure
from bot.parsing.closing_phrases import is_closing_message
from bot.parsing.forwarding_confirmation import parse_forwarding_confirmation
from bot.parsing.import_file import parse_import_file
from bot.parsing.incoming import MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, Attachment, IncomingMessage
from bot.parsing.line.interpretation import parse_typed_lines
from bot.parsing.mail import parse_eml, parse_quoted_mails
from bot.parsing.mail_envelope import parse_envelope
from bot.parsing.mail_files import split_mailbox
from bot.parsing.message import MAX_TEXT, parse_mail, parse_message
from bot.parsing.notification import parse_notification_subject
from bot.parsing.times import tokenizer
from bot.parsing.times.future import parse_future_time
from bot.parsing.times.resolver import parse_time
from tests.fuzz.material import KEY_RECORD, SIGNED
from tests.helpers.amounts import others_slow

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
TEN_MB = 10 * 1024 * 1024


def mail(data: bytes) -> None:
    parse_eml(data[:MAX_ATTACHMENT_BYTES], now=NOW, zone=TOKYO)


def refused(parse: Callable[..., object], text: str) -> None:
    with pytest.raises(InvalidInputError):
        parse(text, now=NOW, zone=TOKYO)


def table(rows: str) -> None:
    parse_import_file("a.csv", rows.encode(), now=NOW, zone=TOKYO)


def nested(depth: int) -> bytes:
    heads = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (each, each) for each in range(depth))
    return b"Subject: a\n" + heads + b"x\n" * (59_000 - 3 * depth)


def envelope(data: bytes) -> None:
    parse_envelope(data, mailbox="box@example.jp")


def confirmation(data: bytes) -> None:
    parse_forwarding_confirmation(b"From: forwarding-noreply@google.com\n" + data)


def arrived(data: bytes) -> None:
    parse_mail(b"From: a@lancers.jp\nDate: now\n" + data, now=NOW, zone=TOKYO)


def signature(data: bytes, *, body: bytes = b"", number: int = 1) -> None:
    """As if Lancers had signed it; `data`: further fields."""
    fields = SIGNED.removesuffix(b"\r\n").replace(b"bh=47", b"bh=AA")  # not valid: every signature is tried
    head, _, rest = fields.partition(b"From:")
    checker = SignatureChecker(["lancers.jp"], lambda _name: KEY_RECORD)
    assert not checker._has_valid_signature(head * number + b"From:" + rest + data + b"\r\n" + body, math.inf)


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
    "addresses": (50_000, lambda n: envelope(b"To: " + b"a@b," * (n // 4) + b"\n\n")),
    "tokens": (50_000, lambda n: envelope(b"To: " + b"<box+a@example.jp>," * (n // 19) + b"\n\n")),
    "comments": (100_000, lambda n: envelope(b"To: " + b"(" * n + b"\n\n")),
    "received": (200_000, lambda n: envelope(b"Received: for <a@b>\n" * (n // 20) + b"\n")),
    "spaces of received": (200_000, lambda n: envelope(b"Received: " + b"for " * (n // 8) + b" " * (n // 2) + b"\n\n")),
    "folds": (50_000, lambda n: envelope(b"To: a\n" + b" x\n" * (n // 3) + b"\n")),
    "words of a request": (100_000, lambda n: confirmation(b"Subject: " + b"=?utf-8?b?QQ==?= " * (n // 17) + b"\n\nx")),
    "brackets of a request": (100_000, lambda n: confirmation(b"Subject: " + b"( " * (n // 2) + b"\n\nx")),
    "links of a request": (100_000, lambda n: confirmation(b"Subject: a\n\n" + b"https://a" * (n // 9))),
    "codes of a request": (100_000, lambda n: confirmation(b"Subject: a\n\n" + b"confirmation code " * (n // 18) + b" " * n)),
    "reports in an arrived mail": (8_000, lambda n: arrived(b"Subject: a\nContent-Type: message/delivery-status\n\n" + b"a: b\n\n" * (n // 2))),
    "signed text": (250_000, lambda n: signature(b"", body=b"a b\t \r\n" * (n // 7))),
    "signed empty lines": (250_000, lambda n: signature(b"", body=b"\r\n" * (n // 2))),
    "signed folds": (30_000, lambda n: signature(b"X: a\r\n" + b" x\r\n" * (n // 4))),
    "mailbox": (10_000, lambda n: list(split_mailbox(b"From a@b 2026\n\n" * n))),
    "language": (40_000, lambda n: detect_language("あ." * (n // 4) + "\n" + "<:" * (n // 4))),
    "rows": (8_000, lambda n: table("thread,direction,sent_at\n" + "A,received,2026-11-20T10:00\n" * n)),
}  # fmt: skip

BOMBS: dict[str, Callable[[], bytes]] = {
    "text": lambda: b"Subject: a\n\n" + b"x" * TEN_MB,
    "lines": lambda: b"Subject: a\n\n" + b"\n" * TEN_MB,
    "spaces": lambda: b"Subject: a\n\n" + b" " * TEN_MB + b"x",
    "100,000 fields": lambda: b"Subject: a\n" + b"X: a\n" * 100_000 + b"\nx",
    "one field": lambda: b"Subject: a\nTo: " + b"a@b," * (TEN_MB // 4) + b"\n\nx",
    "one field of quotes": lambda: b"Subject: a\nTo: " + b'"' * TEN_MB + b"\n\nx",
    "one field of folds": lambda: b"Subject: a\nTo: a\n" + b" x\n" * (TEN_MB // 3) + b"\nx",
    "signatures": lambda: b"Subject: a\n" + b"DKIM-Signature: v=1; d=lancers.jp; h=from:to:subject:date\n" * 10_000 + b"\nx",
    "received": lambda: b"Subject: a\n" + b"Received: by x for <box+a@example.jp>; now\n" * 10_000 + b"\nx",
    "nested": lambda: nested(1000),
    "nested deeper": lambda: nested(5000),
    "nested with text": lambda: nested(100) + b"x\n" * 500_000,
    "one boundary": lambda: b"Subject: a\nContent-Type: multipart/mixed; boundary=" + b"b" * TEN_MB + b"\n\n--" + b"b" * TEN_MB,
    "parts": lambda: b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 500_000,
    "parameters": lambda: b"Subject: a\nContent-Type: text/plain; " + b"a*0=b;" * 500_000 + b"\n\nx",
    "base64": lambda: b"Subject: a\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(gzip.compress(b"0" * TEN_MB) * 50),
    "charset": lambda: b"Subject: a\nContent-Type: text/plain; charset=punycode\n\nab-" + b"c" * TEN_MB,
    "wrong charset": lambda: b"Subject: a\nContent-Type: text/plain; charset=utf-16\n\n" + b"\xd8" * TEN_MB,
    "charset of a subject": lambda: b"Subject: =?punycode?q?ab-" + b"c" * TEN_MB + b"?=\n\nx",
    "references": lambda: b"Subject: a\nContent-Type: text/html\n\n" + b"&#" + b"9" * TEN_MB,
}  # fmt: skip
"""Arriving mails of up to 10 MB, and past it."""

FULL: dict[str, Callable[[], object]] = {
    "closing": lambda: is_closing_message("ok" * 99 + "x"),
    "closing that grows when it is folded": lambda: is_closing_message("ﷺ" * 200),
    "line": lambda: parse_typed_lines("今日" * 149 + "x", "line", now=NOW, zone=TOKYO),
    "line of clocks": lambda: parse_typed_lines("x" + " 9:00" * 58 + "x", "line", now=NOW, zone=TOKYO),
    "when": lambda: refused(parse_time, "ﷺ" * 200),
    "coming": lambda: refused(parse_future_time, "今日" * 3000 + "x"),
    "coming, a day that never comes": lambda: refused(parse_future_time, "2/29 9:00 (月)"),
    "quoted": lambda: parse_quoted_mails("件名: a\n日付: 今日\n\n" * (MAX_TEXT // 15), now=NOW, zone=TOKYO),
    "subject": lambda: parse_notification_subject("a さんから " * 70 + "の"),
    "name": lambda: client_key("ﷺ様 " * 1_000_000),
    "boundaries": lambda: mail(nested(40)),
    "more boundaries": lambda: mail(nested(400)),
    "signed spaces": lambda: signature(b"", body=(b" " * 99 + b"x") * 2600),
    "signed spaces without an end": lambda: signature(b"", body=b" " * 200_000 + b"x"),
    "spaces of a field": lambda: signature(b"X: " + b" " * 60_000 + b"x\r\n"),
    "many signatures": lambda: signature(b"", body=b"a b\t \r\n" * 30_000, number=100),
    "many fields": lambda: signature(b"X: a\r\n" * 100_000),
    "signed folds without an end": lambda: signature(b"X: a\r\n \r\n" + b" x\r\n" * 100_000),
}  # fmt: skip


def seconds(work: Callable[[], object], tries: int = 3) -> float:
    """Of processor time, the best of some tries."""

    def once() -> float:
        began = time.process_time()
        work()
        return time.process_time() - began

    return min(once() for _ in range(tries))


@pytest.mark.slow  # measures several times
@pytest.mark.parametrize("name", GROWING)
def test_twice_the_size_takes_about_twice_the_time(name: str) -> None:
    most, parse = GROWING[name]
    half, whole = seconds(lambda: parse(most // 2)), seconds(lambda: parse(most))
    assert whole < 3 * half + 0.05


@pytest.mark.parametrize("name", FULL)
def test_what_is_bounded_is_quick_however_it_is_filled(name: str) -> None:
    assert seconds(FULL[name]) < 2


def read_arriving(data: bytes) -> None:
    """All that is done with the bytes of an arriving mail."""
    for parse in (envelope, confirmation, arrived):
        parse(data)
    SignatureChecker(["lancers.jp"], lambda _name: KEY_RECORD)._has_valid_signature(
        SIGNED.removesuffix(b"\r\n") + data, math.inf
    )


@pytest.mark.parametrize("name", others_slow(BOMBS))
def test_an_arriving_mail_is_read_quickly_whatever_is_in_it(name: str) -> None:
    data = BOMBS[name]()
    assert seconds(lambda: read_arriving(data), tries=1) < 3


@pytest.mark.parametrize("name", others_slow(["text", "lines", "parts", "base64"]))
def test_an_arriving_mail_takes_little_memory(name: str) -> None:
    data = BOMBS[name]()
    tracemalloc.start()
    try:
        read_arriving(data)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100 * 1024 * 1024


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
def test_a_zip_bomb_is_refused_before_it_is_unpacked(pack: Callable[[], bytes], refused: str) -> None:
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


def test_a_zip_of_too_many_or_too_large_files_is_a_sentence() -> None:
    large = Attachment("a.eml", MAX_ATTACHMENT_BYTES + 1, b"x" * (MAX_ATTACHMENT_BYTES + 1))
    [found] = parse_message(IncomingMessage("1", "", (), (large,)), now=NOW, zone=TOKYO)
    assert isinstance(found, ParseFailure)
    assert found.error.message_id == "parsing-file-too-large"
    many = tuple(Attachment(f"{number}.eml", 10, b"Subject: a\n\n") for number in range(MAX_ATTACHMENTS + 5))
    findings = parse_message(IncomingMessage("1", "", (), many), now=NOW, zone=TOKYO)
    assert len(findings) == MAX_ATTACHMENTS + 1
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
    reads = counted(monkeypatch, tokenizer, "match_time_tokens")
    assert tokenizer.tokenize_time_text(tokenizer.normalize_time_text(word * 100)).remainder
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
    reads = counted(monkeypatch, mail_structure, "message_from_bytes")
    assert parse_eml(data, now=NOW, zone=TOKYO) == []
    assert reads == []
