"""Mails that arrive by themselves: large ones are read by their first parts, log-in codes are refused."""

import base64
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import ClientMessage, LoginCode, ParsedItem, UnclearText
from bot.parsing.mail_envelope import parse_envelope
from bot.parsing.message import parse_mail

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)


def arrived(subject: str, rest: bytes = b"\r\ntext") -> list[ParsedItem]:
    head = f"From: noreply@lancers.co.jp\r\nDate: Sun, 22 Nov 2026 18:14:05 +0900\r\nSubject: {subject}\r\n"
    return parse_mail(head.encode() + rest, now=NOW, zone=TOKYO)


@pytest.mark.parametrize(
    "attachment",
    [base64.encodebytes(bytes(6_500_000)), b"\n" * 9_000_000, b"\n--" * 3_000_000],
    ids=["base64", "short lines", "lines like limits"],
)
def test_a_large_mail_is_read_by_its_first_parts(attachment: bytes) -> None:
    rest = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\ntext\r\n"
        b"--b\r\nContent-Type: application/octet-stream\r\n\r\n" + attachment + b"\r\n--b--\r\n"
    )
    [item] = arrived("制作会社Aさんからのメッセージ受信通知", rest)
    assert isinstance(item, ClientMessage)
    assert item.time is not None
    assert item.time.at == datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)


def test_a_log_in_code_is_refused_and_an_unknown_subject_asked_about() -> None:
    assert arrived("【ランサーズ】ログイン認証コード 123456") == [LoginCode()]
    [item] = arrived("[ランサーズ] 知らない件名")
    assert isinstance(item, UnclearText)


MAIL = "From: noreply@lancers.co.jp\nDate: Sun, 22 Nov 2026 18:14:05 +0900\nSubject: 青空商会さんからのメッセージ受信通知\n\n本文です。\n"


@pytest.mark.parametrize(
    "data",
    [
        ("X-Trace: a\n" * 900 + MAIL).encode(),
        ("To: a@example.jp,\n" + " b@example.jp,\n" * 900 + " c@example.jp\n" + MAIL).encode(),
        MAIL.encode("utf-16"),
        "\ufeff".encode("utf-16-be") + MAIL.encode("utf-16-be"),
        f"{len(MAIL.encode())}        \n{MAIL}<?xml version='1.0'?>\n<plist></plist>\n".encode(),
        f"220 mail.example.jp ready\n{MAIL}".encode(),
        f"garbage without a sign\r\n\r\n{MAIL}".encode(),
        f"From a@b.jp Sun Nov 22 18:14:05 2026\n???\n{MAIL}".encode(),
    ],
    ids=["many fields", "many recipients", "utf-16", "utf-16-be", "emlx", "greeting", "blank line", "mbox"],
)
def test_a_mail_of_an_unusual_shape_is_read(data: bytes) -> None:
    [item] = parse_mail(data, now=NOW, zone=TOKYO)
    assert isinstance(item, ClientMessage)
    assert item.client == "青空商会"
    assert item.time is not None
    assert item.time.at == datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)


def test_whose_a_mail_is_stands_below_a_line_that_is_no_field() -> None:
    data = f"220 ready\nDelivered-To: box+abc@example.jp\n{MAIL}".encode()
    assert parse_envelope(data, mailbox="box@example.jp").tokens == {"abc"}


def test_prose_is_no_mail() -> None:
    assert parse_mail("こんにちは。\nまた明日。\nFrom: a@b.jp\n".encode(), now=NOW, zone=TOKYO) == []
