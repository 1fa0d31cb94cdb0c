"""Make the bytes of a row of `mails.tsv`, as mailers and members really send them.

door     file (an attached .eml) · text (typed or pasted) · post (a forwarded post) · embed (a post of a mail bridge) ·
         zip, zip-mac (with `__MACOSX/` and a file name in CP932) · mbox
style    direct (as it came), how the member's own mail quotes it (`QUOTES`), how it is attached (rfc822, rfc822-base64,
         octet), how its text is sent (html-only, empty-plain, flowed), how it was pasted (blank-lines, flattened,
         encoded-words), folded, client-quotes (the client quotes an older notification inside), raw (the subject column
         is the whole text)
charset  of header and body, as named there; `jis`, `eucjp`, `sjis`: what Windows mailers write under another name:
         `jis:iso-2022-jp`, or none with `jis:`
sender, date, subject   of the notification; several mails are separated by ` || `; `-` leaves a field out
"""

import base64
import email.header
import io
import textwrap
import zipfile
from datetime import UTC, datetime
from functools import cache
from typing import Final

from bot.parsing.incoming import Attachment, Embed, ForwardedMessage, IncomingMessage

SENDER: Final = "ランサーズ事務局 <noreply@lancers.co.jp>"
DATE: Final = "Sun, 22 Nov 2026 18:14:05 +0900"
MEMBER: Final = "柊 <member@example.com>"
MEMBERS_DATE: Final = "Mon, 23 Nov 2026 09:00:00 +0900"
"""When the member forwarded it: never the client's time."""
POSTED: Final = datetime(2026, 11, 24, 2, 50, tzinfo=UTC)
BODY: Final = "メッセージが届きました。\nランサーズにログインしてご確認ください。"
QUOTES: Final = {
    "gmail-ja": "---------- Forwarded message ---------\nFrom: {sender}\nDate: {date}\nSubject: {subject}\nTo: <member@example.com>",
    "gmail-en": "---------- Forwarded message ---------\nFrom: {sender}\nDate: {date}\nSubject: {subject}\nTo: <member@example.com>",
    "outlook-ja": "________________________________\n差出人: {sender}\n送信日時: {date}\n宛先: member@example.com <member@example.com>\n件名: {subject}",
    "outlook-en": "________________________________\nFrom: {sender}\nSent: {date}\nTo: member@example.com\nSubject: {subject}",
    "outlook-classic": "-----Original Message-----\nFrom: {sender}\nSent: {date}\nTo: member@example.com\nSubject: {subject}",
    "outlook-mobile": "Outlook for iOS を入手\n________________________________\n差出人: {sender}\n送信日時: {date}\n宛先: member@example.com\n件名: {subject}",
    "apple-ja": "iPhoneから送信\n\n転送されたメッセージ:\n\n差出人: {sender}\n日付: {date}\n宛先: member@example.com\n件名: {subject}",
    "apple-en": "Begin forwarded message:\n\nFrom: {sender}\nSubject: {subject}\nDate: {date}\nTo: member@example.com",
    "apple-quoted": "> 転送されたメッセージ:\n>\n> 差出人: {sender}\n> 件名: {subject}\n> 日付: {date}\n> 宛先: member@example.com",
    "thunderbird": "-------- Forwarded Message --------\nSubject: \t{subject}\nDate: \t{date}\nFrom: \t{sender}\nTo: \tmember@example.com",
    "thunderbird-ja": "-------- 転送メッセージ --------\n件名: \t{subject}\n日付: \t{date}\n差出人: \t{sender}\n宛先: \tmember@example.com",
    "yahoo-ja": "----- Forwarded Message -----\n差出人: {sender}\n宛先: member@example.com\n送信: {date}\n件名: {subject}",
    "blank-lines": "From: {sender}\n\nDate: {date}\n\nSubject: {subject}\n\nTo: member@example.com",
    "full-width": "差出人：{sender}\n日時：{date}\n宛先：member@example.com\n件名：{subject}",
    "starred": "*From:* {sender}\n*Sent:* {date}\n*To:* member@example.com\n*Subject:* {subject}",
    "flattened": "From: {sender} Date: {date} Subject: {subject} To: member@example.com",
}


@cache
def _ibm_letters() -> dict[str, bytes]:
    """The letters that Windows has at two places, at the place where its Shift_JIS has them."""
    codes = [bytes((lead, trail)) for lead in (0xFA, 0xFB, 0xFC) for trail in range(0x40, 0xFD)]
    return {letter: code for code in codes if len(letter := code.decode("cp932", "ignore")) == 1}


def _row_and_cell(letter: str) -> bytes:
    """Two bytes of seven bits, with the NEC and IBM letters of Windows at the place that fits into them."""
    lead, trail = letter.encode("cp932")
    row = (lead - (0x71 if lead < 0xA0 else 0xB1)) * 2 + 1
    if trail >= 0x9F:
        return bytes((row + 1, trail - 0x7E))
    return bytes((row, trail - (0x20 if trail > 0x7F else 0x1F)))


def _encode_sjis(letter: str) -> bytes:
    code = letter.encode("cp932")
    return _ibm_letters()[letter] if code[0] in {0xED, 0xEE} else code


def encode(text: str, charset: str) -> bytes:
    """`charset`: a codec of Python, or jis, eucjp, sjis as Windows mailers write them. Raises `UnicodeEncodeError`."""
    if charset == "sjis":
        return b"".join(map(_encode_sjis, text))
    if charset not in {"jis", "eucjp"}:
        return text.encode(charset)
    encoded = b""
    is_double = False
    for letter in text:
        if charset == "jis" and is_double == letter.isascii():
            is_double = not is_double
            encoded += b"\x1b$B" if is_double else b"\x1b(B"
        code = letter.encode() if letter.isascii() else _row_and_cell(letter)
        encoded += bytes(byte | 0x80 for byte in code) if charset == "eucjp" and not letter.isascii() else code
    return encoded + (b"\x1b(B" if is_double else b"")


def _words(text: str, codec: str, label: str, *, fold: bool = False) -> bytes:
    """A header's text as encoded words; raw where the mailer names no charset; in pieces on several lines with `fold`."""
    if text.isascii() or not label:
        return encode(text, codec)
    pieces = textwrap.wrap(text, 8, drop_whitespace=False) if fold else [text]
    return b"\r\n ".join(
        b"=?" + label.encode() + b"?B?" + base64.b64encode(encode(piece, codec)) + b"?=" for piece in pieces
    )


def _mail(
    sender: str, date: str, subject: str, body: str, charset: str, *, fold: bool = False, content_type: str = "",
    message_id: str = "",
) -> bytes:  # fmt: skip
    codec, _, label = charset.partition(":")
    label = label if ":" in charset else codec
    name, address = sender.rpartition(" ")[::2]
    lines = [
        b"From: " + (_words(name, codec, label) + b" " if name else b"") + address.encode() if sender != "-" else b"",
        b"To: member@example.com",
        b"Date: " + date.encode() if date != "-" else b"",
        b"Subject: " + _words(subject, codec, label, fold=fold) if subject != "-" else b"",
        f"Message-ID: <{message_id}>".encode() if message_id else b"",
        b"MIME-Version: 1.0",
        (content_type or "text/plain" + (f"; charset={label}" if label else "")).join(("Content-Type: ", "")).encode(),
        b"Content-Transfer-Encoding: 8bit",
    ]
    content = body.encode() if content_type else encode(body, codec)
    return b"\r\n".join(filter(None, lines)) + b"\r\n\r\n" + content.replace(b"\n", b"\r\n") + b"\r\n"


def _as_html(text: str) -> str:
    lines = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").split("\n")
    return "<html><body>" + "".join(f"<div>{line}</div>\n" for line in lines) + "</body></html>"


def _multipart(*parts: tuple[str, bytes]) -> str:
    joined = "".join(f"--limit\nContent-Type: {kind}\n\n{content.decode()}\n" for kind, content in parts)
    return joined + "--limit--\n"


def quoted(style: str, sender: str, date: str, subject: str) -> str:
    """The header as the member's mailer quotes it, or as it was pasted, with the body."""
    if style == "encoded-words":
        subject = email.header.Header(subject, "utf-8", maxlinelen=60).encode()
        style = "outlook-classic"
    fields = {"sender": sender, "date": date, "subject": subject}
    left_out = [f"{{{field}}}" for field, value in fields.items() if value == "-"]
    lines = QUOTES.get(style, "From: {sender}\nDate: {date}\nSubject: {subject}").split("\n")
    header = "\n".join(line for line in lines if not any(field in line for field in left_out))
    return header.format_map(fields) + "\n\n" + BODY


def make_mail(style: str, charset: str, sender: str, date: str, subject: str, message_id: str = "") -> bytes:
    """The bytes of one mail."""
    if style in {"direct", "folded", "client-quotes"}:
        body = BODY
        if style == "client-quotes":
            body += "\n\n" + quoted("gmail-ja", SENDER, "2026年11月20日(金) 10:00", "佐藤さんからのメッセージ受信通知")
        return _mail(sender, date, subject, body, charset, fold=style == "folded", message_id=message_id)
    forwarded = f"Fwd: {subject}"
    inner = _mail(sender, date, subject, BODY, charset)
    if style in {"rfc822", "rfc822-base64", "octet"}:
        kind = "application/octet-stream; name=mail.eml" if style == "octet" else "message/rfc822"
        if style != "rfc822":
            kind += "\nContent-Transfer-Encoding: base64"
            inner = base64.encodebytes(inner)
        body = _multipart(("text/plain; charset=utf-8", b"FYI"), (kind, inner.replace(b"\r\n", b"\n")))
        return _mail(MEMBER, MEMBERS_DATE, forwarded, body, "utf-8", content_type="multipart/mixed; boundary=limit")
    text = quoted("outlook-ja" if style in {"html-only", "empty-plain", "flowed"} else style, sender, date, subject)
    html = ("text/html; charset=utf-8", _as_html(text).encode())
    if style == "html-only":
        return _mail(MEMBER, MEMBERS_DATE, forwarded, html[1].decode(), "utf-8", content_type=html[0])
    if style == "empty-plain":
        body = _multipart(("text/plain; charset=utf-8", b""), html)
        return _mail(
            MEMBER, MEMBERS_DATE, forwarded, body, "utf-8", content_type="multipart/alternative; boundary=limit"
        )
    if style == "flowed":
        flowed = "\n".join(" \n".join(textwrap.wrap(line, 30, drop_whitespace=False)) for line in text.split("\n"))
        kind = "text/plain; charset=utf-8; format=flowed; delsp=yes"
        return _mail(MEMBER, MEMBERS_DATE, forwarded, flowed, "utf-8", content_type=kind)
    return _mail(MEMBER, MEMBERS_DATE, forwarded, text, charset)


def _zip(mails: list[bytes], *, mac: bool) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, mail in enumerate(mails):
            archive.writestr(f"mail{number}{'~~' if mac else ''}.eml", mail)
            if mac:
                archive.writestr(f"__MACOSX/._mail{number}~~.eml", b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X")
    return buffer.getvalue().replace(b"~~", "①".encode("cp932"))


def build(row: dict[str, str], message_id: str = "") -> IncomingMessage:
    """The message to the bot of a row."""
    door, style = row["door"] or "file", row["style"] or "direct"
    subjects = row["subject"].split(" || ")
    dates = (row["date"] or DATE).split(" || ")
    dates += dates[-1:] * (len(subjects) - len(dates))
    sender, charset = row["sender"] or SENDER, row["charset"] or "utf-8"
    if door in {"text", "post", "embed"}:
        if style == "raw":
            text = row["subject"].replace("\\n", "\n")
        else:
            text = "\n\n".join(quoted(style, sender, *mail) for mail in zip(dates, subjects, strict=True))
        if door == "text":
            return IncomingMessage(id="1", content=text, forwarded=(), attachments=())
        embeds = (Embed(title=subjects[0], author=sender, description=text, fields=()),) if door == "embed" else ()
        post = ForwardedMessage(
            content="" if embeds else text, embeds=embeds, posted_at=POSTED, original_id="2", attachments=()
        )
        return IncomingMessage(id="1", content="", forwarded=(post,), attachments=())
    mails = [make_mail(style, charset, sender, *mail, message_id) for mail in zip(dates, subjects, strict=True)]
    if door in {"zip", "zip-mac"}:
        files = [("mails.zip", _zip(mails, mac=door == "zip-mac"))]
    elif door == "mbox":
        files = [("mails.mbox", b"".join(b"From noreply@lancers.co.jp Sun Nov 22 18:14:05 2026\n" + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails))]  # fmt: skip
    else:
        files = [(f"mail{number}.eml", mail) for number, mail in enumerate(mails)]
    attachments = tuple(Attachment(name=name, size=len(data), data=data) for name, data in files)
    return IncomingMessage(id="1", content="", forwarded=(), attachments=attachments)
