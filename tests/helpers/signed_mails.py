"""Mails with a signature (DKIM) by a key of the tests."""

import subprocess
from functools import cache

import dkim


@cache
def private_key(bits: int = 1024) -> bytes:
    """A key to sign with, in PEM."""
    command = ["openssl", "genrsa", "-traditional", str(bits)]
    return subprocess.run(command, check=True, capture_output=True).stdout


@cache
def public_record(bits: int = 1024) -> bytes:
    """The TXT record that publishes the key; it belongs at `s1._domainkey.DOMAIN.`."""
    command = ["openssl", "rsa", "-pubout"]
    public = subprocess.run(command, input=private_key(bits), check=True, capture_output=True).stdout
    return b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])


def sign_mail(mail: bytes, domain: bytes, *, bits: int = 1024, **options: object) -> bytes:
    """The mail with a signature of the domain before it. `options`: those of `dkim.sign`."""
    return bytes(dkim.sign(mail, b"s1", domain, private_key(bits), **options)) + mail
