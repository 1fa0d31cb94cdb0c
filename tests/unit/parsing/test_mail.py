"""Mails as Gmail, Outlook and Apple Mail quote them, in Japanese and English; and that no input breaks the reader."""

from base64 import b64encode
from datetime import UTC, datetime
from itertools import combinations
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.messages import (
    ClientMessage,
    IrrelevantMail,
    LoginCode,
    ParsedItem,
    ParseFailure,
    Statement,
    UnclearText,
)
from bot.domain.source_keys import is_same_message
from bot.parsing.incoming import Attachment, Embed, ForwardedMessage, IncomingMessage
from bot.parsing.mail import parse_eml
from bot.parsing.mail_envelope import parse_envelope
from bot.parsing.message import MAX_TEXT, parse_mail, parse_message
from bot.parsing.quoted_header import MAX_MAILS_AT_ONCE
from tests.helpers.amounts import examples

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=TOKYO)
SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
FROM = "ランサーズ事務局 <noreply@lancers.co.jp>"

FORMS = {
    "gmail-en": f"---------- Forwarded message ---------\nFrom: {FROM}\nDate: Sun, Nov 22, 2026 at 6:14 PM\nSubject: {SUBJECT}\nTo: <m@example.com>\n\n本文",
    "gmail-ja": f"---------- Forwarded message ---------\n差出人: {FROM}\nDate: 2026年11月22日(日) 18:14\nSubject: {SUBJECT}\nTo: <m@example.com>\n",
    "outlook-ja": f"見てください\n\n________________________________\n差出人: {FROM}\n送信日時: 2026年11月22日 18:14\n宛先: mika\n件名: {SUBJECT}\n\n本文",
    "outlook-en": f"From: {FROM}\nSent: Sunday, November 22, 2026 6:14 PM\nTo: mika\nSubject: {SUBJECT}\n",
    "apple-ja": f"転送されたメッセージ:\n\n> 差出人: {FROM}\n> 件名: {SUBJECT}\n> 日付: 2026年11月22日 18:14:05 JST\n> 宛先: m@example.com\n> \n> 本文",
    "apple-en": f"Begin forwarded message:\n\n> From: {FROM}\n> Subject: {SUBJECT}\n> Date: November 22, 2026 at 6:14:05 PM GMT+9\n> To: m@example.com\n",
    "bold": f"**差出人：** {FROM}\r\n**件名：** {SUBJECT}\r\n**日付：** 2026/11/22(日) 18:14\r\n",
}


def one(content: str) -> ParsedItem:
    [found] = parse_message(IncomingMessage("1", content, (), ()), now=NOW, zone=TOKYO)
    return found


@pytest.mark.parametrize("form", FORMS)
def test_every_quoting_style(form: str) -> None:
    found = one(FORMS[form])
    assert isinstance(found, ClientMessage)
    assert (found.client, found.title) == ("制作会社A", "ロゴ制作")
    assert found.time is not None
    assert found.time.at.replace(second=0) == datetime(2026, 11, 22, 9, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    "date", ["昨日 18:14", "18:14", "さっき", "Today at 11:30", "月曜日 9:00", "3時間前", "last night 11pm"]
)
def test_a_quoted_date_that_names_no_day_is_asked(date: str) -> None:
    """It is relative to when the mail was quoted, which nobody knows."""
    found = one(FORMS["outlook-ja"].replace("2026年11月22日 18:14", date))
    assert isinstance(found, ClientMessage)
    assert (found.client, found.time) == ("制作会社A", None)


def test_a_bridge_may_write_the_instant_of_a_mail() -> None:
    found = one(FORMS["outlook-ja"].replace("2026年11月22日 18:14", "<t:1795338845:f>"))
    assert isinstance(found, ClientMessage)
    assert found.time is not None
    assert found.time.at == datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)


def test_the_same_mail_has_one_identity_in_every_style() -> None:
    keys = [found.source_key for form in FORMS.values() if isinstance(found := one(form), ClientMessage)]
    assert len(keys) == len(FORMS)
    for key in keys:
        assert all(is_same_message(key, other) for other in keys)


def test_a_look_alike_sender_opens_no_window() -> None:
    hostile = FORMS["gmail-en"].replace("lancers.co.jp", "lancers.co.jp.evil.example")
    assert isinstance(one(hostile), IrrelevantMail)


def test_a_log_in_code_is_refused_in_a_paste() -> None:
    assert one("件名: 【ランサーズ】ログイン認証コード 123456") == LoginCode()


@given(st.text(max_size=300), st.binary(max_size=600), st.sampled_from(list(FORMS.values())), st.integers(0, 300))
@settings(max_examples=examples(200))
def test_no_input_breaks_it(content: str, data: bytes, form: str, cut: int) -> None:
    mixed = form[:cut] + content + form[cut:]
    attachments = (
        Attachment("a.eml", len(data), data),
        Attachment("b.eml", 9, (mixed + "\n").encode("utf-8", "replace")),
    )
    found = parse_message(IncomingMessage("1", mixed, (), attachments), now=NOW, zone=TOKYO)
    assert found
    for each in parse_message(IncomingMessage("1", mixed, (), ()), now=NOW, zone=TOKYO):
        assert isinstance(each, ParseFailure) or "1" not in str(getattr(each, "error", ""))
        if isinstance(each, ClientMessage) and each.time is not None:
            assert each.time.at <= NOW


@pytest.mark.parametrize(
    "before", ["昨日 18:14 ", "今 ", "さっき ", "これ ", "From ", "Gmail ", "New ", "※", "ランサーズ "]
)
def test_a_word_before_a_pasted_subject_is_no_part_of_the_name(before: str) -> None:
    """In a mail's own header such a word belongs to the name, since nobody writes before the subject there."""
    subject = f"{before}青空商会さんからのメッセージ受信通知"
    pasted = one(subject)
    assert isinstance(pasted, ClientMessage)
    assert pasted.client is None
    assert getattr(one("青空商会さんからのメッセージ受信通知"), "client", None) == "青空商会"


def test_the_name_of_a_client_in_a_pasted_subject_is_read_whole() -> None:
    message = IncomingMessage("1", "New 青空商会さんからのメッセージ受信通知", (), ())
    [found] = parse_message(message, now=NOW, zone=TOKYO, known_names=["New 青空商会"])
    assert isinstance(found, ClientMessage)
    assert found.client == "New 青空商会"


def mail_file(text: str | bytes) -> ParsedItem:
    data = text if isinstance(text, bytes) else text.encode()
    file = Attachment("a.eml", len(data), data)
    [found] = parse_message(IncomingMessage("1", "", (), (file,)), now=NOW, zone=TOKYO)
    return found


DATED = f"From: {FROM}\nSubject: {SUBJECT}\nDate: Sun, 22 Nov 2026 18:14:05 +0900\n"


@pytest.mark.parametrize(
    ("date", "is_known"), [("Sun, 22 Nov 2026 18:14:05 +0900", True), ("Mon, 23 Nov 2026 18:14:05 +0900", False)]
)
def test_a_second_date_that_says_something_else_is_asked_about(date: str, *, is_known: bool) -> None:
    found = mail_file(f"{DATED}Date: {date}\n\ntext")
    assert isinstance(found, ClientMessage)
    assert (found.time is not None) is is_known


@pytest.mark.parametrize(
    "before",
    ["\ufeff", "\n\n", "\r\n", "\ufeff\n", ">From a@example.com Sun Nov 22 09:14:06 2026\n", "From a\n>From b\n"],
)
def test_what_stands_before_a_mail_is_passed_over(before: str) -> None:
    """An editor, or a program that delivers mails, put it there."""
    mail = f"{before}{DATED}To: box+abc@example.jp\n\ntext"
    for item in (mail_file(mail), *parse_mail(mail.encode(), now=NOW, zone=TOKYO)):
        assert getattr(item, "client", None) == "制作会社A"
    assert parse_envelope(mail.encode(), mailbox="box@example.jp").tokens == {"abc"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\r\r\n"])
def test_every_line_end_is_read(end: str) -> None:
    mail = f"{DATED}To: box+abc@example.jp\n\ntext".replace("\n", end).encode()
    for item in (mail_file(mail), *parse_mail(mail, now=NOW, zone=TOKYO)):
        assert isinstance(item, ClientMessage)
        assert item.time is not None
    assert parse_envelope(mail, mailbox="box@example.jp").tokens == {"abc"}


REWRITTEN = [
    "'ランサーズ事務局' via 通知 <notify@groups.example>",
    '"noreply@lancers.co.jp [via Relay]" <x1@relay.example>',
    '"ランサーズ事務局 - noreply at lancers.co.jp" <x1@alias.example>',
    "noreply=lancers.co.jp@forward.example",
    "SRS0=abcd=ZZ=lancers.co.jp=noreply@forward.example",
    "ランサーズ <noreply_at_lancers.co.jp_x1@alias.example>",
    "noreply_at_lancers_co_jp_x1@alias.example",
    "通知 <notify@list.example>\nReply-To: ランサーズ事務局 <noreply@lancers.co.jp>",
    "通知 <notify@list.example>\nX-Original-From: noreply@lancers.co.jp",
]


@pytest.mark.parametrize("sender", REWRITTEN)
def test_a_mail_whose_sender_a_forwarder_has_rewritten_is_asked_about(sender: str) -> None:
    """With its client and its time, also where the client quotes an older notification."""
    mail = DATED.replace(FROM, sender)
    older = f"\n> From: {FROM}\n> Date: Fri, 20 Nov 2026 10:00:00 +0900\n> Subject: 白石さんからのメッセージ受信通知\n"
    for text in ("text", older):
        found = mail_file(f"{mail}Content-Type: text/plain; charset=utf-8\n\n{text}")
        assert isinstance(found, Statement)
        assert (found.client, found.title, found.time_inferred) == ("制作会社A", "ロゴ制作", True)
        assert found.time is not None
        assert found.time.at == datetime(2026, 11, 22, 9, 14, 5, tzinfo=UTC)
    quoted = mail if "\n" in sender else f"From: m@example.com\nSubject: Fwd: {SUBJECT}\n\n{mail}\ntext"
    for forwarded in (mail_file(quoted), *([one(f"{mail}\ntext")] if "\n" not in sender else [])):
        assert isinstance(forwarded, Statement)
        assert (forwarded.client, forwarded.time_inferred) == ("制作会社A", True)
    unknown = mail_file(mail.replace(SUBJECT, "[ランサーズ] お知らせ") + "\ntext")
    assert isinstance(unknown, UnclearText)
    assert unknown.time is not None
    assert mail_file(mail.replace(SUBJECT, "会議") + "\ntext") == IrrelevantMail()


def test_each_attached_mail_without_a_sender_is_asked_about() -> None:
    names = ["白石", "青空商会"]
    mails = [f"Date: Sun, 22 Nov 2026 18:14:05 +0900\nSubject: {name}さんからのメッセージ受信通知\n" for name in names]
    parts = "".join(f"--b\nContent-Type: message/rfc822\n\n{mail}\ntext\n" for mail in mails)
    head = "From: mika@example.com\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n"
    found = parse_mail(f"{head}{parts}--b--\n".encode(), now=NOW, zone=TOKYO)
    assert [getattr(item, "client", None) for item in found] == names


def test_a_mail_that_is_attached_as_text_is_read_once() -> None:
    mail = DATED.replace("Date:", "X-Date:")
    part = f"--b\nContent-Type: text/plain; name=a.eml; charset=utf-8\n\n{mail}\ntext\n--b--\n"
    head = "From: mika@example.com\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n"
    [found] = parse_mail((head + part).encode(), now=NOW, zone=TOKYO)
    assert getattr(found, "client", None) == "制作会社A"


@pytest.mark.parametrize(
    "sender",
    [
        "phish@evil.example (noreply@lancers.co.jp)",
        "<phish@evil.example> noreply@lancers.co.jp",
        "phish@evil.example, noreply@lancers.co.jp",
        "noreply@lancers.co.jp, phish@evil.example",
        '"noreply@lancers.co.jp"@evil.example',
        "事務局 <noreply@lancers.co.jp@evil.example>",
        "noreply@lancers.co.jp <phish@[192.0.2.1]>",
        "noreply@lancers.co.jp <phish!@evil.example>",
        "phish@evil.example =?utf-8?Q?=3Cnoreply=40lancers.co.jp=3E?=",
        "phish@evil.example\nFrom: noreply@lancers.co.jp",
        "noreply@lancers.co.jp\nFrom: phish@evil.example",
    ],
)
def test_an_address_of_lancers_beside_the_senders_is_not_the_senders(sender: str) -> None:
    mail = f"From: {sender}\nSubject: {SUBJECT}\nDate: Sun, 22 Nov 2026 18:14:05 +0900\n\ntext"
    found = [mail_file(mail)] + ([] if "\n" in sender else [one(mail)])
    for item in found:
        assert not isinstance(item, ClientMessage) or item.time is None


@pytest.mark.parametrize(
    "sender",
    [
        "noreply@lancers.co.jp (Lancers, Inc.)",
        "(株)ランサーズ <noreply@mail.lancers.co.jp>",
        '"ask@example.com" <NoReply@LANCERS.CO.JP>',
        "Lancers, Inc. <info@lancers.jp.>",
    ],
)
def test_the_address_in_a_mails_header_is_the_senders(sender: str) -> None:
    found = mail_file(DATED.replace(FROM, sender) + "\ntext")
    assert isinstance(found, ClientMessage)
    assert found.time is not None


def test_an_empty_message_id_does_not_make_two_mails_one() -> None:
    mails = [
        f"From: noreply@lancers.co.jp\nSubject: Aさんからのメッセージ受信通知\nMessage-ID: <>\n{date}\n\n{text}"
        for date, text in [
            ("Date: Sun, 22 Nov 2026 18:14:05 +0900", "1"),
            ("Date: Sun, 22 Nov 2026 18:14:40 +0900", "2"),
            ("X-Other: 1", "3"),
            ("X-Other: 1", "4"),
        ]
    ]
    keys = []
    for mail in mails:
        file = Attachment("a.eml", len(mail), mail.encode())
        [item] = parse_message(IncomingMessage("1", "", (), (file,)), now=NOW, zone=TOKYO)
        assert isinstance(item, ClientMessage)
        keys.append(item.source_key)
    assert not any(is_same_message(one, other) for one, other in combinations(keys, 2))


def undated_forward(text: str, *, message_id: str = "", received: str = "a") -> ParsedItem:
    """What a file says with the member's own forward, which quotes a date that nobody can read."""
    quoted = FORMS["outlook-ja"].replace("2026年11月22日 18:14", "昨日 18:14")
    date = "Mon, 23 Nov 2026 09:00:00 +0900"
    head = f"Received: {received}\nFrom: m@example.com\nSubject: Fwd\nDate: {date}\nMessage-ID: <{message_id}>"
    return mail_file(f"{head}\nContent-Type: text/plain; charset=utf-8\n\n{quoted}\n{text}")


def test_two_forwards_without_a_readable_date_are_two_mails() -> None:
    one, again, other, other_id, same_id = keys = [
        item.source_key
        for item in (
            undated_forward("1"),
            undated_forward("1"),
            undated_forward("2"),
            undated_forward("1", message_id="a@example.com"),
            undated_forward("1", message_id="a@example.com", received="b"),
        )
        if isinstance(item, ClientMessage) and item.time is None
    ]
    assert one == again
    assert other_id == same_id
    assert len(set(keys)) == 3
    assert not any(is_same_message(*pair) for pair in combinations({one, other, other_id}, 2))


@pytest.mark.parametrize("as_file", [False, True])
def test_two_mails_without_a_date_in_one_text_are_two(as_file: bool) -> None:  # noqa: FBT001
    text = "\n\n".join(f"From: {FROM}\nSubject: {SUBJECT}\n\ntext" for _ in range(2))
    data = f"From: m@example.com\nSubject: two\nContent-Type: text/plain; charset=utf-8\n\n{text}".encode()
    files = (Attachment("a.eml", len(data), data),) if as_file else ()
    first, second = parse_message(IncomingMessage("1", "" if as_file else text, (), files), now=NOW, zone=TOKYO)
    assert isinstance(first, ClientMessage)
    assert isinstance(second, ClientMessage)
    assert not is_same_message(first.source_key, second.source_key)


FORWARDED_AGAIN = f"From: m@example.com\nSent: 2026/11/23 9:00\nTo: office@example.com\nSubject: Fwd: {SUBJECT}\n\ntext"


@pytest.mark.parametrize("mark", ["Fwd:", "Fw[2]:", "FWD(2):"])
def test_a_forward_of_which_only_the_subject_is_known_is_asked_about(mark: str) -> None:
    """Of one inside another mail, or of a pasted one, too; its date is when it was forwarded."""
    text = FORWARDED_AGAIN.replace("Fwd:", mark)
    head = "From: office@example.com\nSubject: see below\nContent-Type: text/plain; charset=utf-8\n\n"
    for found in (one(text), mail_file(head + text), mail_file(text.replace("Sent: 2026/11/23 9:00\n", ""))):
        assert isinstance(found, ClientMessage)
        assert (found.client, found.title, found.time) == ("制作会社A", "ロゴ制作", None)
    assert isinstance(one(text.replace(SUBJECT, "会議")), IrrelevantMail)


@pytest.mark.parametrize(
    "structure",
    [
        "Content-Type: text/plain; et*0=a; et*=b",
        "Content-Type: text/plain;et*0;ET*",
        "Content-Type: multipart/mixed; boundary=x;\n a*1*=a;\n a*=b",
        "Content-Disposition: attachment; filename*0=a; filename*=b",
    ],
)
def test_a_parameter_with_and_without_numbers_is_a_sentence(structure: str) -> None:
    """Python's library compares the numbers of its parts."""
    mail = f"From: noreply@lancers.co.jp\nSubject: Aさんからのメッセージ受信通知\n{structure}\n\n1".encode()
    [item] = parse_message(IncomingMessage("1", "", (), (Attachment("a.eml", len(mail), mail),)), now=NOW, zone=TOKYO)
    assert isinstance(item, ParseFailure)


def test_a_parameter_in_numbered_parts_is_read() -> None:
    """As RFC 2231 has it, and mailers write it."""
    structure = "Content-Type: text/plain; charset*0=utf; charset*1=-8; name*=UTF-8''a"
    mail = f"From: noreply@lancers.co.jp\nSubject: Aさんからのメッセージ受信通知\n{structure}\n\n1".encode()
    [item] = parse_message(IncomingMessage("1", "", (), (Attachment("a.eml", len(mail), mail),)), now=NOW, zone=TOKYO)
    assert isinstance(item, ClientMessage)


def quotation(client: str, day: str) -> str:
    subject = f"{client}さんからのメッセージ受信通知"
    return f"差出人: {FROM}\n" + (f"送信日時: {day} 18:14\n" if day else "") + f"宛先: m\n件名: {subject}\n\n本文"


@pytest.mark.parametrize(
    ("days", "certain"),
    [
        (["2026/11/22", "2026/11/23"], [True, True]),
        (["2026/11/22", "2026/11/22"], [True, True]),
        (["2026/11/22", "2026/11/20"], [True, False]),
        (["2026/11/22", "2026/11/20", "2026/11/21"], [True, False, False]),
        (["2026/11/22", "2026/11/20", "2026/11/23"], [True, False, True]),
        (["", "2026/11/20"], [False, False]),
        (["昨日", "2026/11/20"], [False, False]),
    ],
)
def test_a_mail_that_could_be_quoted_by_the_one_before_it_is_asked_about(days: list[str], certain: list[bool]) -> None:
    text = "\n\n".join(map(quotation, "甲乙丙", days))
    found = parse_message(IncomingMessage("1", text, (), ()), now=NOW, zone=TOKYO)
    assert [isinstance(item, ClientMessage) and item.time is not None for item in found] == certain


def attached(mail: bytes, *, as_base64: bool = False) -> bytes:
    """A mail of the member's with another one attached."""
    boundary = f"part-{len(mail)}"
    coding = "Content-Transfer-Encoding: base64\r\n" if as_base64 else ""
    head = (
        "From: mika@example.com\r\nSubject: outer\r\nDate: Mon, 23 Nov 2026 14:30:00 +0900\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary={boundary}\r\n\r\n"
        f"--{boundary}\r\nContent-Type: message/rfc822\r\n{coding}\r\n"
    )
    return head.encode() + (b64encode(mail) if as_base64 else mail) + f"\r\n--{boundary}--\r\n".encode()


LANCERS_MAIL = b"From: noreply@lancers.co.jp\r\nSubject: core\r\nDate: Mon, 23 Nov 2026 14:30:00 +0900\r\n\r\nhello\r\n"


@pytest.mark.parametrize("as_base64", [False, True])
def test_an_attached_mail_is_read(as_base64: bool) -> None:  # noqa: FBT001
    [header] = parse_eml(attached(LANCERS_MAIL, as_base64=as_base64), now=NOW, zone=TOKYO)
    assert header.subject == "core"


def test_every_attached_mail_of_a_site_is_read() -> None:
    """But not what a text quotes of other sites beside a mail of Lancers."""
    senders = ["a@coconala.com", "noreply@lancers.co.jp", "a@crowdworks.jp", "mika@example.com"]
    mails = [LANCERS_MAIL.replace(b"noreply@lancers.co.jp", sender.encode()) for sender in senders]
    parts = b"".join(b"--b\nContent-Type: message/rfc822\n\n" + mail + b"\n" for mail in mails)
    text = b"--b\n\nFrom: a@upwork.com\nSubject: S\n\n"
    head = b"From: mika@example.com\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n"
    found = parse_eml(head + text + parts + b"--b--\n", now=NOW, zone=TOKYO)
    assert [header.other_site for header in found] == ["ココナラ", None, "クラウドワークス"]


@pytest.mark.parametrize(
    "first", ["DKIM-Signature: v=1", "X-Received: by x", "ARC-Seal: i=1", "Authentication-Results: x", ""]
)
@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain; name=a.eml"])
def test_a_mail_that_is_attached_as_a_file_can_begin_with_any_field(first: str, kind: str) -> None:
    head = b"From: mika@example.com\nSubject: outer\nContent-Type: multipart/mixed; boundary=b\n\n"
    mail = f"{first}\n".encode() + LANCERS_MAIL if first else LANCERS_MAIL
    part = f"--b\nContent-Type: {kind}\nContent-Transfer-Encoding: base64\n\n".encode() + b64encode(mail)
    subjects = {header.subject for header in parse_eml(head + part + b"\n--b--\n", now=NOW, zone=TOKYO)}
    assert subjects == {"core"}


@pytest.mark.parametrize(("times", "subject"), [(4, "core"), (5, "outer")])
def test_a_mail_within_four_others_is_read(times: int, subject: str) -> None:
    mail = LANCERS_MAIL
    for _ in range(times):
        mail = attached(mail)
    [header] = parse_eml(mail, now=NOW, zone=TOKYO)
    assert header.subject == subject


def many_mails(door: str, count: int) -> list[ParsedItem]:
    """What a message with so many notifications in one text, or in one mail, says."""
    subjects = [f"客{number:02}さんからのメッセージ受信通知" for number in range(count)]
    text = "\n\n".join(
        f"From: {FROM}\nDate: Sun, 22 Nov 2026 18:14:05 +0900\nSubject: {subject}" for subject in subjects
    )
    head = "From: m@example.com\nSubject: many\n"
    plain = f"{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()
    parts = [f"--b\nContent-Type: message/rfc822\n\n{part}\n\ntext\n" for part in text.split("\n\n")]
    mixed = f"{head}Content-Type: multipart/mixed; boundary=b\n\n{''.join(parts)}--b--\n".encode()
    post = {"post": text, "post of subjects": "\n".join(subjects)}.get(door)
    if door in {"arrived", "arrived with attached mails"}:
        return parse_mail(plain if door == "arrived" else mixed, now=NOW, zone=TOKYO)
    message = IncomingMessage(
        "1",
        {"text": text, "subjects": "\n".join(subjects)}.get(door, ""),
        ()
        if post is None
        else (ForwardedMessage(content=post, embeds=(), posted_at=NOW, original_id="2", attachments=()),),
        (Attachment("a.eml", len(mixed), mixed),) if door == "file" else (),
    )
    return [*parse_message(message, now=NOW, zone=TOKYO)]


@pytest.mark.parametrize("count", [MAX_MAILS_AT_ONCE, MAX_MAILS_AT_ONCE + 1, 2 * MAX_MAILS_AT_ONCE])
@pytest.mark.parametrize(
    "door", ["text", "subjects", "post", "post of subjects", "file", "arrived", "arrived with attached mails"]
)
def test_of_too_many_mails_it_is_said_that_there_are_more(door: str, count: int) -> None:
    *mails, last = many_mails(door, count) if count > MAX_MAILS_AT_ONCE else [*many_mails(door, count), None]
    assert [getattr(mail, "client", None) for mail in mails] == [
        f"客{number:02}" for number in range(MAX_MAILS_AT_ONCE)
    ]
    assert last is None or (isinstance(last, ParseFailure) and last.error.message_id == "parsing-too-many-mails")


@pytest.mark.parametrize("beside", [0, 1])
def test_of_a_text_that_is_cut_off_it_is_said(beside: int) -> None:
    data = (FORMS["gmail-en"].ljust(MAX_TEXT + beside, "文")).encode()
    message = IncomingMessage("1", "", (), (Attachment("message.txt", len(data), data),))
    first, *others = parse_message(message, now=NOW, zone=TOKYO)
    assert isinstance(first, ClientMessage)
    assert [isinstance(item, ParseFailure) and item.error.message_id for item in others] == [
        "parsing-text-cut"
    ] * beside


LABELS_OF_TEXT = "差出人：乙\n件名：ロゴの件\n\n本文"
"""What a notification's own text can contain."""
FIRST = "甲さんからのメッセージ受信通知"
SECOND = "丙さんからのメッセージ受信通知"


@pytest.mark.parametrize(
    ("text", "clients"),
    [
        (f"{FIRST}\n\n{LABELS_OF_TEXT}", ["甲"]),
        (f"{FIRST}\n\n{quotation('丙', '2026/11/20')}", ["甲", "丙?"]),
        (f"{FIRST}\n\n{quotation('甲', '2026/11/20')}", ["甲"]),
        (f"{quotation('甲', '2026/11/20')}\n\n{SECOND}", ["甲"]),
        (f"From: phish@evil.example\nSubject: {FIRST}\n\n本文", []),
        (f"{FIRST}\n\nFrom: phish@evil.example\nSubject: {FIRST}", []),
    ],
)
@pytest.mark.parametrize("door", ["text", "post", "embed"])
def test_what_a_text_quotes_does_not_replace_the_subject_before_it(door: str, text: str, clients: list[str]) -> None:
    title, _, rest = text.partition("\n")
    embeds = (Embed(title, None, rest, ()),) if door == "embed" else ()
    posts = (
        ForwardedMessage(
            content=text if door == "post" else "", embeds=embeds, posted_at=NOW, original_id="2", attachments=()
        ),
    )
    message = IncomingMessage("1", text, (), ()) if door == "text" else IncomingMessage("1", "", posts, ())
    found = parse_message(message, now=NOW, zone=TOKYO)
    read = [
        f"{item.client}{'' if isinstance(item, ClientMessage) else '?'}"
        for item in found
        if isinstance(item, ClientMessage | Statement)
    ]
    assert read == clients
    assert clients or found == (IrrelevantMail(),)


def test_every_embed_of_a_post_is_read() -> None:
    """Of one by another sender nothing is read."""
    titles = {FIRST: FROM, SECOND: None, "乙さんからのメッセージ受信通知": "phish@evil.example"}
    embeds = tuple(Embed(title, author, "text", ()) for title, author in titles.items())
    found = parse_message(
        IncomingMessage(
            "1", "", (ForwardedMessage(content="", embeds=embeds, posted_at=NOW, original_id="2", attachments=()),), ()
        ),
        now=NOW,
        zone=TOKYO,
    )
    assert [getattr(item, "client", None) for item in found] == ["甲", "丙"]


def test_lines_that_a_mailer_wrapped_are_read_as_one() -> None:
    subject = "[ランサーズ] 鈴木 さんから \nロゴ のコメントが届いています"
    text = (
        "Hello \nthere.\n-----Original Message-----\nFrom: Lancers <noreply@lancers.jp>\nSent: Sunday, November 22, 2026 \n"
        f"6:14 PM\nTo: me@example.com\nSubject: {subject}\n\nx\n"
    )
    fields = f"From: me@example.com\nDate: {NOW:%a, %d %b %Y %H:%M:%S %z}\nSubject: Fwd: x\n"
    data = f"{fields}Content-Type: text/plain; charset=utf-8; format=flowed\n\n{text}".encode()
    [header] = parse_eml(data, now=NOW, zone=TOKYO)
    assert header.subject == subject.replace("\n", "")
    assert header.sent_at is not None
    assert header.sent_at.at == datetime(2026, 11, 22, 18, 14, tzinfo=TOKYO)
