"""Mails that arrive by themselves: large ones are read by their first parts, log-in codes are refused."""

import base64
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import ClientMessage, LoginCode, ParsedItem, UnclearText
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
