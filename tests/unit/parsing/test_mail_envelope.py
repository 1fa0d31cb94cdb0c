"""For whom a mail is: which header decides, and that nothing but an address of the mailbox does."""

import pytest

from bot.parsing.mail_envelope import MailEnvelope, parse_envelope


def envelope(head: str, **more: str) -> MailEnvelope:
    return parse_envelope(
        head.encode() + b"\r\n\r\nDelivered-To: box+body@example.jp", mailbox="Box@example.jp", **more
    )


@pytest.mark.parametrize(
    ("head", "tokens"),
    [
        ("Delivered-To: m@gmail.com\r\nX-Original-To: BOX+Abc2@Example.JP\r\nDelivered-To: box+d@example.jp", {"abc2"}),
        ("To: box+a@example.jp\nX-Forwarded-To: box+b@example.jp", {"b"}),
        ("To: box+a@example.jp\nReceived: by x\n for <box+c@example.jp>; now\nReceived: for <box+d@example.jp>", {"c"}),
        ("To: a@b, A <box+a@example.jp>\nCc: team: box+b@example.jp;", {"a", "b"}),
        ('To: "box+a@example.jp" <m@example.com>', set()),
        ("To: (box+a@example.jp) m@example.com", set()),
        ("To: box+a@example.jp <m@example.com>", set()),
        ("To: =?utf-8?Q?<box+a@example.jp>?= <m@example.com>".replace("<box", "=3Cbox").replace("jp>?", "jp=3E?"), set()),
        ('To: "box+a"@example.jp', {"a"}),
        ("To: box+a@example.jp.evil.com, box+a@evilexample.jp, box+a+b@example.jp, box+@example.jp, xbox+a@example.jp", set()),
        ("no header\nnor here\nTo: box+a@example.jp", set()),
        ("To: \0\udcff", set()),
    ],
)  # fmt: skip
def test_the_first_level_that_names_a_token_decides(head: str, tokens: set[str]) -> None:
    head = head.encode("utf-8", "replace").decode()
    for ends in (head.replace("\r\n", "\n"), head.replace("\r\n", "\n").replace("\n", "\r\n")):
        assert envelope(ends).tokens == tokens


@pytest.mark.parametrize(("beside", "tokens"), [(0, {"a"}), (1, set())])
def test_a_quarter_of_a_mebibyte_of_the_headers_is_read(beside: int, tokens: set[str]) -> None:
    field = "To: box+a@example.jp"
    head = "X-Long: ".ljust(256 * 1024 - len(field) - 1 + beside, "x") + "\n" + field
    assert envelope(head).tokens == tokens


def test_what_the_mail_server_says_decides_alone() -> None:
    head = "Delivered-To: box+a@example.jp"
    assert envelope(head, envelope_recipient="<box+b@example.jp>").tokens == {"b"}
    assert envelope(head, envelope_recipient="box@example.jp").tokens == set()


@pytest.mark.parametrize(
    ("head", "is_automatic"),
    [
        ("Content-Type: multipart/Report; report-type=delivery-status", True),
        ("Auto-Submitted: Auto-Replied (away); owner=x", True),
        ("From: box+a@example.jp", True),
        ("From: a@b\nSender: Box@Example.jp", True),
        ("Auto-Submitted: auto-generated\nPrecedence: bulk\nList-Id: <x>\nFrom: a@lancers.jp", False),
    ],
)
def test_automatic_mails(head: str, is_automatic: bool) -> None:  # noqa: FBT001 — a column of the table
    assert envelope(head).is_automatic is is_automatic


def test_sender_and_recipients() -> None:
    found = envelope("Return-Path: <x@Bounce.example>\nFrom: L <a@Lancers.jp>\nTo: M@x.jp, n@y.jp")
    assert (found.sender_domain, found.envelope_sender_domain) == ("lancers.jp", "bounce.example")
    assert found.recipients == ("m@x.jp", "n@y.jp")
    assert envelope("From: a@b, c@d").sender_domain == ""
    assert envelope("Return-Path: <x@y>", envelope_sender="<>").envelope_sender_domain == ""
