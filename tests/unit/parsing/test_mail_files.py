"""Mailboxes and zips as mail programs write them: no mail in them is left out without a word."""

import io
import re
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.domain.messages import ClientMessage
from bot.parsing.import_file import parse_import_file
from bot.parsing.incoming import Attachment, IncomingMessage
from bot.parsing.mail_files import is_mail_file
from bot.parsing.message import parse_message

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
NAMES = ["青空商会", "白石", "Acme"]
MAILS = [
    f"From: noreply@lancers.co.jp\nDate: Sun, 22 Nov 2026 18:1{number}:05 +0900\n"
    f"Subject: {name}さんからのメッセージ受信通知\n\nFrom now on.\n\nFrom now on 2026\ntext\n"
    for number, name in enumerate(NAMES)
]


def mailbox(line: str, *, before: str = "", between: str = "\n") -> bytes:
    mails = (re.sub("(?m)^(?=From now)", ">", mail) for mail in MAILS)
    return (before + "".join(f"{line}\n{mail}{between}" for mail in mails)).encode()


def zipped(*files: tuple[str, bytes]) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    return whole.getvalue()


def clients(name: str, data: bytes) -> list[str | None]:
    file = Attachment(name, len(data), data)
    items = parse_message(IncomingMessage("1", "", (), (file,)), now=NOW, zone=TOKYO)
    imported = parse_import_file(name, data, now=NOW, zone=TOKYO)
    found = [item.client for item in items if isinstance(item, ClientMessage)]
    assert [message.thread.client for message in imported.messages] == found
    return found


@pytest.mark.parametrize(
    "line",
    [
        "From noreply@lancers.co.jp Sun Nov 22 09:14:06 2026",
        "From - Sun Nov 22 18:14:06 2026",
        "From 1712345678@xxx Sun Nov 22 09:14:06 +0000 2026",
        "From a@example.com Sun Nov 22 18:14:06 2026 JST",
        "From MAILER-DAEMON",
        "From a@example.com 2026-11-22T09:14:06Z",
    ],
)
@pytest.mark.parametrize("before", ["", "\ufeff", "\n", "\ufeff\r\n"])
def test_every_mail_of_a_mailbox_is_read(line: str, before: str) -> None:
    data = mailbox(line, before=before)
    assert clients("a.mbox", data) == NAMES
    assert clients("a.mbox", data.replace(b"\n", b"\r\n")) == NAMES


def test_no_blank_line_need_stand_before_a_mail() -> None:
    assert clients("a.mbox", mailbox("From a@example.com Sun Nov 22 18:14:06 2026", between="")) == NAMES


def test_a_line_of_a_text_does_not_end_its_mail() -> None:
    """Programs that write the length of a mail leave such lines as they are."""
    data = "".join(f"From - Sun Nov 22 18:14:06 2026\n{mail}\n" for mail in MAILS).encode()
    assert clients("a.mbox", data) == NAMES


@pytest.mark.parametrize(
    "names", [["cur/1795.M1P2.host:2,S", "new/1795.M2P2.host", "cur/3"], ["1.EML", "2.txt", "通知"], ["1", "2", "3"]]
)
def test_a_mail_in_a_zip_needs_no_ending_of_its_name(names: list[str]) -> None:
    others = [("a.pdf", b"%PDF-1.4"), ("index.html", b"<p>From: a</p>"), ("notes", "From: 3\n会議".encode())]
    mails = zip(names, map(str.encode, MAILS), strict=True)
    assert clients("a.zip", zipped(*others, *mails)) == NAMES


def test_a_mailbox_in_a_zip_needs_no_ending_of_its_name() -> None:
    box = mailbox("From - Sun Nov 22 18:14:06 2026")
    assert clients("a.zip", zipped(("Lancers.mbox/mbox", box), ("Lancers.mbox/table_of_contents", b"\0\1"))) == NAMES


@pytest.mark.parametrize(
    ("name", "data", "is_mail"),
    [
        ("a.eml", b"hello", True),
        ("A.MBOX", b"hello", True),
        ("notes.txt", b"hello", False),
        ("1700.M1.host", b"From: a@b\nDate: Sun, 22 Nov 2026 18:14:05 +0900\n\nhello", True),
        ("notes.txt", b"From: a\n\nhello", False),
    ],
)
def test_a_file_of_a_zip_has_mails_by_its_name_or_its_header(name: str, data: bytes, *, is_mail: bool) -> None:
    assert is_mail_file(name, data) is is_mail
