"""Signatures of mails: which ones prove that Lancers sent it."""

from collections.abc import Mapping
from time import sleep, time

import pytest

from bot.mail.signatures import SignatureChecker
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

    def hangs(_name: str) -> bytes | None:
        sleep(0.5)
        return public_record()

    assert not await SignatureChecker(["lancers.jp"], hangs, timeout_seconds=0.05).is_signed(signed())


async def test_nothing_of_the_mail_is_logged(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    await is_signed(signed().replace(b"hello", b"canary"))
    await is_signed(b"DKIM-Signature: canary\r\n" + MAIL)
    output = capsys.readouterr()
    assert "canary" not in caplog.text + output.out + output.err
    assert "lancers.jp" not in caplog.text + output.out + output.err
