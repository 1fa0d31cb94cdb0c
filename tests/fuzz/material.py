"""Input for the parsers: real samples with random changes, and text that often breaks programs."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

SUBJECT = "[ランサーズ] 制作会社A さんから ロゴ制作 のコメントが届いています"
NOTIFICATIONS = [
    SUBJECT,
    "制作会社Aさんからのメッセージ受信通知",
    "Fwd: 【ランサーズ】ログイン認証コード 123456",
    "[ランサーズ] 仕事の招待状が届きました",
    "[ランサーズ] 認定ランサー認可のお知らせ",
    "Bさんが「バナー」にコメントしました",
]
QUOTES = [
    f"---------- Forwarded message ---------\nFrom: noreply@lancers.co.jp\nDate: Sun, Nov 22, 2026 at 6:14 PM\nSubject: {SUBJECT}\nTo: m\n\n本文",
    f"> 差出人: ランサーズ <noreply@lancers.co.jp>\n> 件名: {SUBJECT}\n> 日付: 2026年11月22日 18:14:05 JST\n> \n> 本文",
    f"**差出人：** a@b\r\n**件名：** {SUBJECT}\r\n**日付：** 2026/11/22(日) 18:14\r\n",
]
MAILS = [
    f"From: noreply@lancers.co.jp\r\nSubject: {SUBJECT}\r\nDate: Mon, 23 Nov 2026 10:00:00 +0900\r\n\r\n{QUOTES[0]}\r\n".encode(),
    (
        b"From: =?iso-2022-jp?B?GyRCJWklcyU1ITwlOhsoQg==?= <a@lancers.jp>\nSubject: =?utf-8?Q?=E5=88=B6?=\n =?utf-8?B?5L2c?=\n"
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n"
        b"From: b@c\nSubject: x\nContent-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B%i\x1b(B\n--b--\n"
    ),
    b"Subject: a\nContent-Type: text/plain; charset*=utf-8''utf%2d8\nContent-Transfer-Encoding: base64\n\nSGVsbG8=\n",
]  # fmt: skip
ARRIVED = [
    b"Delivered-To: box+abcdefghij234567klmn@example.jp\r\nReceived: by x with LMTP\r\n\tfor <box+a@example.jp>; now\r\n" + MAILS[0],
    b'Return-Path: <>\nAuto-Submitted: auto-replied (x)\nTo: team: "box+a"@example.jp, <@r:box+b@example.jp>;, (\\)) a@b\nFrom: a@b\n\nx',
    (
        "From: Gmail <forwarding-noreply@google.com>\nTo: box+a@example.jp\nSubject: (#123456789) Gmail の転送の確認 - a@gmail.com\n\n"
        "https://mail-settings.google.com/mail/uf-a https://mail-settings.google.com/mail/vf-a\n確認コード: 123456789\n"
    ).encode(),
]  # fmt: skip
"""Mails as they reach the mailbox."""
SIGNED = (
    b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=lancers.jp; i=@lancers.jp; q=dns/txt; s=s1; t=1; x=9999999999;\r\n"
    b" h=from:to:subject:date; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n b=AAAA\r\n"
    b"From: a@lancers.jp\r\nTo: a@b\r\nSubject: a\r\nDate: now\r\n\r\n"
)
"""As far as its form goes: it is not valid."""
KEY_RECORD = (
    b"v=DKIM1; k=rsa; s=email; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDW1jzHoxW9gVg0u5SslMSUsmQ8ewYg7quHtBl2bjzTkhM0LXqkegJ/piJ5eHYU"
    b"W+I2H0Uk50MM4iUkVFlAkyrORM+jDWuZthyELEy5vr4V9Hkppo0YjQaCUrbSZdvtTjFnT7OrgCMgdyLhs6SaKfwdaGpJbnZ/OIpRGDsapn9g4QIDAQAB"
)
WHENS = [
    "昨日 14:30", "今朝8時半", "昨晩11時", "2026/11/22(日) 18:14", "Sun, 22 Nov 2026 18:14:05 +0900 (JST)", "3時間前",
    "last Friday 14:00", "<t:1795336445:R>", "令和8年11月22日 午後6時14分", "25:30", "2/29 9:00", "now",
]  # fmt: skip
LINES = ["制作会社A様 昨日 14:30", "14:30 株式会社B", "C社 3時間前", "ok 11/22 9:05"]
AMOUNTS = ["5万", "¥50,000", "1.5万円", "２万５０００", "1億", "0円", "9" * 30]
NAMES = ["制作会社A様", "  株式会社 髙橋﨑 🦊 ", "@everyone", "\u202eevil\u202c", "=HYPERLINK(1)", "👨‍👩‍👧さん"]
HISTORY = "thread,direction,sent_at,kind,client,title\nA,received,2026-11-20T10:00,,A社,ロゴ\nA,sent,2026-11-20T12:00+09:00,message,A社,ロゴ\n"
JOBS = "date,method,category,reward,outcome,evaluation,client,count\n2026-11-22,task,データ,5万,completed,4.5,A社,3\n"
LEADS = ["12h,4h,1h", "1h30m、90分", "なし", "23時間59分59秒前"]
QUIETS = ["23:00-07:00", "23時〜7時", "22:30から6:15まで", "none"]
COMING = ["明日 9:00", "12/24", "あさって", "金曜 18:00"]
CUSTOM_IDS = ["press:message:1:look", "choose:thread:999999999999999999:move", "press:import:0:confirm"]

_LETTERS = (
    "\0\x07\x1b\t\r\n\x85\u00a0\u200b\u200d\u200e\u200f\u202a\u202e\u2028\u2066\ufeff\ufe0f\ud800\udfff\ufffe\U000e0041"
    "０１２９：／年月日時分秒前午後AMapm月火水:;,.-+/'\"<>()[]{}=%*_`~|\\@#¥円万億千🦊İßﷺ①²"
)
ODD = st.text(st.sampled_from(_LETTERS), max_size=40)


def texts(samples: list[str], longest: int = 400) -> st.SearchStrategy[str]:
    """Samples cut up, joined and interspersed; odd letters alone; one thing said very often; anything."""
    piece = st.one_of(st.sampled_from(samples), ODD, st.text(max_size=20))
    part = st.builds(lambda text, a, b: text[min(a, b) : max(a, b)], piece, st.integers(0, 80), st.integers(0, 80))
    joined = st.lists(st.one_of(piece, part), max_size=6).map("".join)
    often = st.builds(lambda text, times: text * times, st.one_of(part, ODD), st.integers(1, longest))
    return st.one_of(st.sampled_from(samples), joined, often, st.text(max_size=longest))


def encoded(samples: list[str]) -> st.SearchStrategy[bytes]:
    """The same as bytes in the encodings that people's programs write, and with bytes changed."""

    def encode(text: str, encoding: str) -> bytes:
        return text.encode(encoding, "replace")

    written = st.builds(
        encode, texts(samples), st.sampled_from(["utf-8", "utf-8-sig", "cp932", "utf-16", "iso-2022-jp", "latin-1"])
    )
    return st.one_of(written, mutated(written))


def mutated(data: st.SearchStrategy[bytes]) -> st.SearchStrategy[bytes]:
    """A sample with parts removed, replaced or repeated."""

    def change(original: bytes, at: int, put: bytes, skip: int, twice: bool) -> bytes:  # noqa: FBT001 — drawn
        at %= len(original) + 1
        made = original[:at] + put + original[at + skip :]
        return made + made if twice else made

    return st.builds(change, data, st.integers(0, 5000), st.binary(max_size=30), st.integers(0, 30), st.booleans())


def mails() -> st.SearchStrategy[bytes]:
    """Mails, mails in mails, mails with hostile structure."""
    types = [
        "text/plain; charset=punycode", "text/plain; charset=idna", "multipart/mixed; boundary=b", "message/rfc822",
        "multipart/mixed", 'text/plain; charset="a', "text/plain; charset*0*=x''%ff; charset*1=y", "\0", "text/plain; charset=zip",
    ]  # fmt: skip
    nested = st.builds(
        lambda kinds, body: (
            "".join(f"Subject: {number}\nContent-Type: {kind}\n\n--b\n" for number, kind in enumerate(kinds)) + body
        ).encode("utf-8", "surrogatepass"),
        st.lists(st.sampled_from(types), max_size=60),
        texts(QUOTES + NOTIFICATIONS),
    )
    head = st.builds(
        lambda name, value, rest: f"{name}: {value}\n".encode("utf-8", "surrogatepass") + rest,
        st.sampled_from(["Subject", "From", "Date", "Content-Type", "Content-Transfer-Encoding", "X"]),
        texts(NOTIFICATIONS + WHENS + types + ["=?utf-8?b?", "=?x?q?=ff?=", "base64", "uuencode", "quoted-printable"]),
        st.sampled_from(MAILS),
    )
    whole = st.one_of(st.sampled_from(MAILS), nested, head)
    return st.one_of(whole, mutated(whole), st.binary(max_size=400))


def arriving() -> st.SearchStrategy[bytes]:
    """Mails as they reach the mailbox, and mails with hostile header fields."""
    names = [
        "Delivered-To", "X-Original-To", "X-Forwarded-To", "Received", "Return-Path", "To", "Cc", "From", "Sender",
        "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "Subject",
    ]  # fmt: skip
    values = [
        "box+a@example.jp", "<box+b@example.jp>", "for <box+c@example.jp>", '"a@b" <c@d>', "(a (b) <c@d>", "team: a@b;",
        "forwarding-noreply@google.com", "auto-replied", "multipart/report", "multipart/mixed; boundary=b", "base64", "\\", '"', "<", ",",
    ]  # fmt: skip
    head = st.lists(st.tuples(st.sampled_from(names), texts(values, 100)), max_size=8)
    headed = st.builds(
        lambda fields, rest: (
            "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "surrogatepass") + rest
        ),
        head,
        st.one_of(st.sampled_from([*ARRIVED, *MAILS]), mails()),
    )
    return st.one_of(headed, mutated(headed), mutated(st.sampled_from(ARRIVED)), mails())


def signed() -> st.SearchStrategy[tuple[bytes, bytes]]:
    """A mail with signatures, and the record in which its key is published."""
    mail = st.one_of(mutated(st.just(SIGNED)), mutated(st.just(SIGNED + b"x \t\r\n")), arriving())
    twice = st.builds(lambda first, second: first.partition(b"From:")[0] + second, mail, mail)
    record = st.one_of(st.just(KEY_RECORD), mutated(st.just(KEY_RECORD)), st.binary(max_size=100))
    return st.tuples(st.one_of(mail, twice), record)


def takeout() -> dict[str, Any]:
    """An export as the bot writes it, with one of everything."""
    instant = "2026-11-20T10:00:00+00:00"
    return {
        "format": "nintei", "version": 1, "exported_at": instant,
        "tables": {
            "members": [{"locale": "ja", "timezone": "Asia/Tokyo", "edition": "2016", "lead_times": "4h", "quiet_hours": "",
                         "review_day": 5, "digest": "weekly", "badge": "held", "badge_since": instant, "keeps_history": 1,
                         "last_login": "2026-11-20"}],
            "threads": [{"thread_id": 1, "client": "A社", "title": "ロゴ", "title_key": "ロゴ", "unsorted": 0}],
            "messages": [{"thread_id": 1, "direction": "received", "kind": "message", "sent_at": instant, "exactness": "minute",
                          "source": "mail", "source_key": "k", "recorded_at": instant, "closing": 0}],
            "jobs": [{"day": "2026-11-20", "method": "task", "category": "c", "reward": 5, "outcome": "completed", "stars": 45,
                      "satisfied": 1, "client": None, "count": 2}],
            "profile_items": [{"item": "photo", "filled": 1, "confirmed_on": "2026-11-20"}],
            "goals": [{"category": "Web", "line": 100, "source": None, "set_on": "2026-11-20"}],
            "calibrations": [{"shown_on": "2026-11-20", "reply_rate": 900, "reply_rate_unit": 10, "replies": 10,
                              "completion_rate": None, "task_approval": None, "satisfaction": None, "evaluation": None,
                              "earnings": None}],
        },
    }  # fmt: skip


JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.floats(), ODD,
        st.sampled_from([10**400, -1, 2**63, "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+14:00", "sent", "\ud800", "\0"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(ODD, inner, max_size=3)),
    max_leaves=5,
)  # fmt: skip


@st.composite
def exports(draw: Callable[[st.SearchStrategy[Any]], Any]) -> bytes:
    """An export in which some values became others."""
    made = takeout()
    for _ in range(draw(st.integers(0, 3))):
        rows = made["tables"][draw(st.sampled_from(sorted(made["tables"])))]
        row = rows[0]
        row[draw(st.sampled_from(sorted(row)))] = draw(JSON_VALUES)
    if draw(st.integers(0, 4)) == 0:
        made["tables"][draw(st.sampled_from(sorted(made["tables"])))] = draw(JSON_VALUES)
    data = json.dumps(made).encode()
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 5)) == 0 else data


@st.composite
def bundles(draw: Callable[[st.SearchStrategy[Any]], Any]) -> tuple[str, bytes]:
    """A file to import: its name and its bytes."""
    contents: dict[str, st.SearchStrategy[bytes]] = {
        "csv": st.one_of(encoded([HISTORY]), encoded([JOBS])),
        "json": st.one_of(
            exports(),
            st.sampled_from([b"[" * 100_000, b'{"a":' * 50_000, b"1" * 5000, b'{"format":"nintei","version":"\\ud800"}']),
        ),
        "eml": mails(),
        "txt": st.binary(max_size=50),
    }  # fmt: skip
    kind = draw(st.sampled_from(sorted(contents)))
    if draw(st.integers(0, 2)):
        return f"a.{kind}", draw(contents[kind])
    whole = io.BytesIO()
    packing = draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2]))
    with zipfile.ZipFile(whole, "w", packing) as packed:
        for number in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(sorted(contents)))
            packed.writestr(
                draw(st.sampled_from([f"{number}.{kind}", f"../{number}.{kind}", f"/{number}.zip"])),
                draw(contents[kind]),
            )
    data = whole.getvalue()
    return "a.zip", draw(st.one_of(st.just(data), mutated(st.just(data))))
