"""Whether a mail was signed (DKIM) by one of the domains that the operator trusts."""

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Sequence
from typing import Any, Final

import dkim
import dns.exception
import dns.resolver
import structlog

from bot.parsing.mail_headers import addresses, domain_of, header_fields, values

MAX_SIGNATURES: Final = 10
MAX_SIGNATURE_LENGTH: Final = 4000
CHECK_TIMEOUT: Final = 15.0
"""Seconds for all signatures of a mail."""
DNS_TIMEOUT: Final = 5.0
"""Seconds for one name."""
MIN_KEY_BITS: Final = 1024
SIGNED_FIELDS: Final = frozenset({b"from", b"date", b"subject", b"to"})

_LONE_CR: Final = re.compile(rb"\r(?!\n)")

TxtResolver = Callable[[str], bytes | None]
"""The TXT record of a name, its parts joined; None if there is none or it cannot be looked up. It may block."""

log = structlog.get_logger()
_silent = logging.Logger("signatures")  # noqa: LOG001 — dkimpy would quote the mail in the program's log
_silent.addHandler(logging.NullHandler())


def resolve_txt(name: str) -> bytes | None:
    """Look a TXT record up in the DNS."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_TIMEOUT)
    except (dns.exception.DNSException, ValueError):
        return None
    return next((b"".join(record.strings) for record in answer), None)


class SignatureChecker:
    """Checks signatures in a thread, since the keys are looked up in the DNS."""

    def __init__(
        self,
        trusted_domains: Collection[str],
        resolve: TxtResolver = resolve_txt,
        *,
        timeout_seconds: float = CHECK_TIMEOUT,
    ) -> None:
        """`trusted_domains`: in lower case. `resolve`: the DNS unless tests give another one."""
        self._trusted_domains = frozenset(trusted_domains)
        self._resolve = resolve
        self._timeout_seconds = timeout_seconds

    async def is_signed(self, data: bytes) -> bool:
        """Whether a trusted domain, that of the From field or a parent of it, has signed the mail.

        True for any valid signature without a length limit that covers From, Date, Subject and To. No error is raised.
        """
        try:
            async with asyncio.timeout(self._timeout_seconds):
                return await asyncio.to_thread(self._check, data)
        except TimeoutError:
            log.info("signature_check_timed_out")
            return False

    def _check(self, data: bytes) -> bool:
        fields = header_fields(data)
        authors = addresses(values(fields, "from"))
        names = [name.encode() for name, _ in fields]
        if len(authors) != 1 or any(names.count(name) != 1 for name in SIGNED_FIELDS):
            return False
        author_domain = domain_of(authors[0])
        if not self._is_trusted(author_domain):
            return False
        signatures = [text for name, text in fields if name == "dkim-signature"]
        if any(len(text) > MAX_SIGNATURE_LENGTH for text in signatures):
            return False  # the library's patterns would take long
        count = min(len(signatures), MAX_SIGNATURES)
        return any(self._is_valid(data, index, author_domain, names) for index in range(count))

    def _is_trusted(self, domain: str) -> bool:
        return any(_is_within(domain, trusted) for trusted in self._trusted_domains)

    def _is_valid(self, data: bytes, index: int, author_domain: str, names: Sequence[bytes]) -> bool:
        try:
            checker = dkim.DKIM(data, logger=_silent, minkey=MIN_KEY_BITS, timeout=DNS_TIMEOUT)
            if not _sees_the_same(checker, names):
                return False
            if not checker.verify(index, dnsfunc=self._look_up):
                return False
            return self._covers(checker, author_domain)
        except Exception as error:  # noqa: BLE001 — the library fails in many ways on a hostile signature
            log.info("signature_not_checked", error_type=type(error).__name__)
            return False

    def _look_up(self, name: bytes | str, **_options: Any) -> bytes | None:
        return self._resolve(name.decode("ascii") if isinstance(name, bytes) else name)

    def _covers(self, checker: dkim.DKIM, author_domain: str) -> bool:
        tags = checker.signature_fields
        signed = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
        domain = tags.get(b"d", b"").decode("ascii").strip().rstrip(".").lower()
        return (
            b"l" not in tags
            and signed >= SIGNED_FIELDS
            and _is_within(author_domain, domain)
            and self._is_trusted(domain)
        )


def _sees_the_same(checker: dkim.DKIM, names: Sequence[bytes]) -> bool:
    """Whether the library reads the fields that we read: of others, a signature proves nothing.

    A lone CR ends a line for us and not for the library, and we read so much of a header and no more.
    """
    fields = checker.headers
    return [name.lower() for name, _ in fields] == names and not any(_LONE_CR.search(value) for _, value in fields)


def _is_within(domain: str, parent: str) -> bool:
    """Whether a domain is `parent` or below it."""
    return bool(parent) and (domain == parent or domain.endswith(f".{parent}"))
