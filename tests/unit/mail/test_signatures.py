"""Signatures of mails: which ones prove that Lancers sent it."""

import re
from collections.abc import Mapping
from threading import Event
from time import time
from typing import Any

import dkim.canonicalization
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.mail.signatures import DEFAULT_LIMITS, SignatureChecker, SignatureLimits
from tests.helpers.signed_mails import public_record, sign_mail

MAIL = (
    b"From: no-reply@lancers.jp\r\nTo: member@example.com\r\nSubject: =?utf-8?B?5LuV5LqL?=\r\n"
    b"Date: Tue, 24 Nov 2026 10:00:00 +0900\r\n\r\nhello\r\n"
)


def signed(mail: bytes = MAIL, *, domain: bytes = b"lancers.jp", bits: int = 1024, **options: object) -> bytes:
    return sign_mail(mail, domain, bits=bits, **options)


async def is_signed(mail: bytes, records: Mapping[str, bytes] | None = None) -> bool:
    known = {"s1._domainkey.lancers.jp.": public_record()} if records is None else records
    return await SignatureChecker(["lancers.jp", "lancers.co.jp"], known.get).is_signed(mail)


async def test_a_signature_of_the_senders_domain() -> None:
    assert await is_signed(signed())


async def test_one_of_several_is_enough() -> None:
    other = signed(domain=b"forwarder.example")
    assert await is_signed(other.removesuffix(MAIL) + signed())


async def test_a_sender_below_the_signing_domain() -> None:
    assert await is_signed(signed(MAIL.replace(b"@lancers.jp", b"@mail.lancers.jp")))


@pytest.mark.parametrize(
    "mail",
    [
        MAIL,
        signed().replace(b"hello", b"other"),
        signed().replace(b"Tue, 24", b"Wed, 25"),
        signed(length=True),
        *(signed(include_headers=[f for f in (b"from", b"to", b"subject", b"date") if f != left_out])
          for left_out in (b"to", b"subject", b"date")),
        signed(MAIL.replace(b"@lancers.jp", b"@lancers.jp.evil.com")),
        signed(MAIL.replace(b"@lancers.jp", b"@evil.com")),
        signed(MAIL.replace(b"@lancers.jp", b"@notlancers.jp")),
        signed(MAIL.replace(b"no-reply@lancers.jp", b"a@lancers.jp, b@lancers.jp")),
        signed().replace(b"From: no", b"From: a@lancers.jp\r\nFrom: no"),
        signed().replace(b"Subject:", b"Subject: forged\r\nSubject:"),
        b"DKIM-Signature: v=1\r\n" + MAIL,
        b"DKIM-Signature: " + b"a=b; " * 50_000 + b"\r\n" + MAIL,
        b"",
        b"\xff\x00",
        b" folded\r\nDKIM-Signature: x\r\n",
    ],
)  # fmt: skip
async def test_what_proves_nothing(mail: bytes) -> None:
    assert not await is_signed(mail)


SPACED = MAIL.replace(b"hello", b"hello" + b" \t" * 200 + b"you  ").replace(
    b"Subject: ", b"Subject: " + b" " * 200 + b"a \t b "
)


@pytest.mark.parametrize("body", [b"simple", b"relaxed"])
@pytest.mark.parametrize("header", [b"simple", b"relaxed"])
async def test_many_spaces_one_after_the_other(header: bytes, body: bytes) -> None:
    mail = signed(SPACED, canonicalize=(header, body))
    assert await is_signed(mail)
    assert not await is_signed(mail.replace(b"you", b"thou"))
    fewer = mail.replace(b" \t" * 200, b" ")
    assert await is_signed(fewer) is (body == b"relaxed")
    assert await is_signed(mail.replace(b"Subject:" + b" " * 201, b"Subject: ")) is (header == b"relaxed")


@given(st.lists(st.sampled_from([b" ", b"\t", b"\r", b"\n", b"\r\n", b"a", b"\x0b", b"\xa0"])).map(b"".join))
def test_spaces_before_the_end_of_a_line_are_removed_as_the_library_did(content: bytes) -> None:
    assert dkim.canonicalization.strip_trailing_whitespace(content) == re.sub(b"[\t ]+\r\n", b"\r\n", content)


FORGED = MAIL.partition(b"\r\n\r\n")[0].replace(b"member@", b"other@")


@pytest.mark.parametrize(
    "end", [b"\r\r\r\n", b"\r \r\r\n", b"\rno field\r\r\n", b"\r\n" + b"X: " + b"a" * 300_000 + b"\r\n"]
)
@pytest.mark.parametrize("newline", [b"\r", b"\r\n"])
async def test_fields_that_the_signature_does_not_see(newline: bytes, end: bytes) -> None:
    options = {"include_headers": [b"from", b"to", b"subject", b"date"]}
    mail = signed(**options)
    signature = mail.removesuffix(MAIL)
    above = b"X: a\r\n" + signature + FORGED
    assert await is_signed(mail)
    assert not await is_signed(above.replace(b"\r\n", newline) + end + mail)


async def test_the_domain_of_another_signer() -> None:
    records = {"s1._domainkey.evil.com.": public_record()}
    assert not await is_signed(signed(domain=b"evil.com"), records)
    assert not await is_signed(signed(MAIL.replace(b"@lancers.jp", b"@evil.com"), domain=b"evil.com"), records)


@pytest.mark.parametrize("text", [b"", b"v=DKIM1; p=", b"v=DKIM1; p=!!!", b"v=DKIM1; k=rsa; p=AAAA", b"\xff" * 100])
async def test_a_key_that_is_none(text: bytes) -> None:
    assert not await is_signed(signed(), {"s1._domainkey.lancers.jp.": text})


async def test_a_key_that_is_too_short() -> None:
    assert not await is_signed(signed(bits=768), {"s1._domainkey.lancers.jp.": public_record(768)})


async def test_one_that_has_expired() -> None:
    mail = signed(signature_algorithm=b"rsa-sha256")
    assert b" x=" not in mail
    header, _, rest = mail.partition(b" s=s1;")
    assert not await is_signed(header + b" s=s1; x=%d;" % (time() - 864_000) + rest)


async def test_no_key_and_a_dns_that_hangs() -> None:
    assert not await is_signed(signed(), {})
    let_go = Event()

    def hangs(_name: str) -> bytes | None:
        let_go.wait(20)
        return public_record()

    limits = SignatureLimits(timeout_seconds=0.05)
    assert not await SignatureChecker(["lancers.jp"], hangs, limits=limits).is_signed(signed())
    let_go.set()


SIGNATURE = signed().removesuffix(MAIL)
DAMAGED = re.sub(rb" bh=....", b" bh=AAAA", SIGNATURE)


class Resolver:
    """Knows the key of lancers.jp, and notes what it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def resolve(self, name: str) -> bytes | None:
        self.asked.append(name)
        return public_record() if name == "s1._domainkey.lancers.jp." else None

    async def is_signed(self, mail: bytes, **limits: Any) -> bool:
        checker = SignatureChecker(["lancers.jp"], self.resolve, limits=SignatureLimits(**limits))
        return await checker.is_signed(mail)


@pytest.mark.parametrize(
    ("limits", "is_within"),
    [
        ({"mail_bytes": len(SIGNATURE + MAIL)}, True),
        ({"mail_bytes": len(SIGNATURE + MAIL) - 1}, False),
        ({"header_bytes": 1000}, True),
        ({"header_bytes": 100}, False),
        ({"fields": 5}, True),
        ({"fields": 4}, False),
        ({"signature_length": 1000}, True),
        ({"signature_length": 100}, False),
        ({"record_bytes": 400}, True),
        ({"record_bytes": 100}, False),
        ({"spaces": 2}, True),
        ({"spaces": 1}, False),
        ({"lookups": 1}, True),
        ({"lookups": 0}, False),
        ({"signatures": 1}, True),
        ({"signatures": 0}, False),
    ],
)
async def test_a_mail_past_a_limit_counts_as_unsigned(limits: dict[str, int], is_within: bool) -> None:  # noqa: FBT001
    assert await Resolver().is_signed(SIGNATURE + MAIL, **limits) is is_within


async def test_so_many_keys_are_looked_up() -> None:
    resolver = Resolver()
    assert not await resolver.is_signed(DAMAGED * 8 + MAIL)
    assert len(resolver.asked) == DEFAULT_LIMITS.lookups


async def test_only_keys_of_the_senders_domain_are_looked_up() -> None:
    resolver = Resolver()
    foreign = signed(domain=b"slow.example").removesuffix(MAIL)
    assert await resolver.is_signed(foreign * 8 + SIGNATURE + MAIL)
    assert not await resolver.is_signed(foreign * 8 + MAIL)
    assert not await resolver.is_signed(signed(length=True))
    assert not await resolver.is_signed(foreign * 2000 + MAIL)
    assert set(resolver.asked) == {"s1._domainkey.lancers.jp."}
    assert len(resolver.asked) == 1


async def test_after_the_time_no_further_key_is_looked_up() -> None:
    asked: list[str] = []
    let_go, has_ended = Event(), Event()

    def hangs(name: str) -> bytes | None:
        asked.append(name)
        let_go.wait(20)
        return None

    limits = SignatureLimits(timeout_seconds=0.05)
    checker = SignatureChecker(["lancers.jp"], hangs, limits=limits)
    assert not await checker.is_signed(DAMAGED * 4 + MAIL)
    let_go.set()
    checker._threads.submit(has_ended.set)
    checker._threads.shutdown(wait=True)
    assert len(asked) == 1


async def test_sha1_proves_nothing() -> None:
    assert not await is_signed(signed(signature_algorithm=b"rsa-sha1"))


@pytest.mark.parametrize(
    ("author", "signer"),
    [
        (b"a@lancers.jp.evil.example", b"evil.example"),
        (b"a@lancers.jp.evil.example", b"lancers.jp.evil.example"),
        (b"a@xn--lncers-4ta.jp", b"xn--lncers-4ta.jp"),
        ("a@l\u0430ncers.jp".encode(), b"xn--lncers-2fg.jp"),
        ("a@lancers\u3002jp".encode(), b"lancers.jp"),
        (b"a@lancers.jp.", b"lancers.jp"),
        (b"a@lancers.jp", b"jp"),
        (b"a@lancers.jp", b"mail.lancers.jp"),
        (b"a@lancers.jp", b"lancers.co.jp"),
        (b"a@lancers.jp", b"lancers.jp.evil.example"),
        (b"a@evil-lancers.jp", b"evil-lancers.jp"),
        (b'"no-reply@lancers.jp" <a@evil.example>', b"evil.example"),
        (b'"no-reply@lancers.jp" <a@evil.example>', b"lancers.jp"),
        (b"no-reply@lancers.jp <a@evil.example>", b"lancers.jp"),
        (b"a@evil.example (no-reply@lancers.jp)", b"lancers.jp"),
        (b"a@lancers.jp, b@evil.example", b"lancers.jp"),
        (b"a@lancers.jp\r\nFrom: b@evil.example", b"lancers.jp"),
        (b"lancers.jp:a@evil.example;", b"evil.example"),
        (b'"a@lancers.jp"@evil.example', b"evil.example"),
    ],
)
async def test_a_look_alike_of_the_sender(author: bytes, signer: bytes) -> None:
    """Whoever signs publishes a key."""
    mail = MAIL.replace(b"no-reply@lancers.jp", author)
    checker = SignatureChecker(["lancers.jp", "lancers.co.jp"], lambda _name: public_record())
    assert await checker.is_signed(signed())
    assert not await checker.is_signed(signed(mail, domain=signer))


async def test_a_field_that_the_signature_covers_once_is_there_once() -> None:
    for name in (b"From: a@lancers.jp", b"To: x@example.com", b"Date: Wed, 25 Nov 2026 10:00:00 +0900"):
        for place in (b"From:", b"\r\n\r\nhello"):
            added = name + b"\r\n" + place if place == b"From:" else b"\r\n" + name + place
            assert not await is_signed(signed().replace(place, added, 1)), added


async def test_nothing_of_the_mail_is_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    await is_signed(signed().replace(b"hello", b"canary"))
    await is_signed(b"DKIM-Signature: canary\r\n" + MAIL)
    output = capsys.readouterr()
    assert "canary" not in caplog.text + output.out + output.err
    assert "lancers.jp" not in caplog.text + output.out + output.err
