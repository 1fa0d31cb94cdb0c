"""Whether a mail was signed (DKIM) by one of the domains that the operator trusts."""

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

import dkim
import dkim.canonicalization
import dkim.util
import dns.exception
import dns.resolver
import structlog

from bot.parsing.mail_headers import domain_of_address, header_field_addresses, header_field_values, parse_header_fields

DNS_TIMEOUT: Final = 5.0
"""Seconds for one name."""
MIN_KEY_BITS: Final = 1024
ALGORITHMS: Final = frozenset({b"rsa-sha256", b"ed25519-sha256"})
"""RFC 8301 forbids SHA-1, with which the library would go on."""
SIGNED_FIELDS: Final = frozenset({b"from", b"date", b"subject", b"to"})
_THREADS: Final = 2
_HEADER_END: Final = re.compile(rb"\n\r?\n")
_LONE_CR: Final = re.compile(rb"\r(?!\n)")


def _strip_trailing_whitespace(content: bytes) -> bytes:
    """Do the same as the library's function of this name, whose time grows with the square of the spaces in a row."""
    *lines, last = content.split(b"\r\n")
    return b"\r\n".join([*(line.rstrip(b"\t ") for line in lines), last])


dkim.canonicalization.strip_trailing_whitespace = _strip_trailing_whitespace

TxtResolver = Callable[[str], bytes | None]
"""The TXT record of a name, its parts joined; None if there is none or it cannot be looked up. It may block."""

log = structlog.get_logger()
_silent = logging.Logger("signatures")  # noqa: LOG001 — dkimpy would quote the mail in the program's log
_silent.addHandler(logging.NullHandler())


def resolve_txt_record(name: str) -> bytes | None:
    """Look a TXT record up in the DNS."""
    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_TIMEOUT)
    except (dns.exception.DNSException, ValueError):
        return None
    return next((b"".join(record.strings) for record in answer), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureLimits:
    """What one mail may take up. A mail past a limit proves nothing, as if it were not signed."""

    timeout_seconds: float = 15.0
    """For all signatures of a mail."""
    mail_bytes: int = 256 * 1024
    """A notification is much shorter, and every signature is compared with the whole text."""
    spaces: int = 100
    """One after the other in a signature. The library's patterns take long to read more."""
    header_bytes: int = 64 * 1024
    """The library's time grows with the square of the lines of one field."""
    fields: int = 500
    signatures: int = 10
    """Signatures that are checked, from the topmost on."""
    signature_length: int = 4000
    """The library's patterns take long to read longer ones."""
    lookups: int = 4
    """Keys that are looked up."""
    record_bytes: int = 1000
    """A key of 4,096 bits takes about 750 bytes; computing with a larger one takes long."""


DEFAULT_LIMITS: Final = SignatureLimits()


class SignatureChecker:
    """Checks signatures in threads of its own, since the keys are looked up in the DNS."""

    def __init__(
        self,
        trusted_domains: Collection[str],
        resolve: TxtResolver = resolve_txt_record,
        *,
        limits: SignatureLimits = DEFAULT_LIMITS,
    ) -> None:
        """`trusted_domains`: in lower case. `resolve`: the DNS unless tests give another one."""
        self._trusted_domains = frozenset(trusted_domains)
        self._resolve = resolve
        self._limits = limits
        self._threads = ThreadPoolExecutor(_THREADS, "signatures")

    async def is_signed(self, data: bytes) -> bool:
        """Whether a trusted domain, that of the From field or a parent of it, has signed the mail.

        True for any valid signature without a length limit that covers From, Date, Subject and To. No error is raised.
        """
        limits = self._limits
        deadline = monotonic() + limits.timeout_seconds
        try:
            async with asyncio.timeout(limits.timeout_seconds):
                return await asyncio.get_running_loop().run_in_executor(
                    self._threads, self._has_valid_signature, data, deadline
                )
        except TimeoutError:
            log.info("signature_check_timed_out")
            return False

    def _has_valid_signature(self, data: bytes, deadline: float) -> bool:
        """Whether it is signed; no key is looked up after the deadline, when nobody waits for the result."""
        limits = self._limits
        end = _HEADER_END.search(data, 0, limits.header_bytes)
        if end is None or len(data) > limits.mail_bytes:
            return False
        fields = parse_header_fields(data)
        authors = header_field_addresses(header_field_values(fields, "from"))
        names = [name.encode() for name, _ in fields]
        if len(names) > limits.fields or len(authors) != 1 or any(names.count(name) != 1 for name in SIGNED_FIELDS):
            return False
        author_domain = domain_of_address(authors[0])
        if not self._is_trusted_domain(author_domain):
            return False
        try:
            checker = dkim.DKIM(data, logger=_silent, minkey=MIN_KEY_BITS, timeout=DNS_TIMEOUT)
        except (dkim.MessageFormatError, IndexError):  # IndexError: the first field begins as a folded line
            return False
        signatures = [value for name, value in checker.headers if name.lower() == b"dkim-signature"]
        if not _library_reads_same_fields(checker, names) or any(map(self._is_signature_too_long, signatures)):
            return False
        numbers = [
            number
            for number, value in enumerate(signatures[: limits.signatures])
            if self._would_prove_sender(value, author_domain)
        ]
        return any(
            self._is_signature_valid(checker, number) for number in numbers[: limits.lookups] if monotonic() < deadline
        )

    def _is_trusted_domain(self, domain: str) -> bool:
        return any(_is_within_domain(domain, trusted) for trusted in self._trusted_domains)

    def _is_signature_too_long(self, signature: bytes) -> bool:
        limits = self._limits
        return len(signature) > limits.signature_length or b" " * limits.spaces in signature.replace(b"\t", b" ")

    def _would_prove_sender(self, signature: bytes, author_domain: str) -> bool:
        """Whether a signature, if it is valid, proves that a trusted domain has sent the mail."""
        try:
            tags = dkim.util.parse_tag_value(signature)
            domain = tags.get(b"d", b"").decode("ascii").lower()
        except (dkim.util.InvalidTagValueList, ValueError):
            return False
        signed = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
        return (
            tags.get(b"a") in ALGORITHMS
            and b"l" not in tags
            and signed >= SIGNED_FIELDS
            and _is_within_domain(author_domain, domain)
            and self._is_trusted_domain(domain)
        )

    def _is_signature_valid(self, checker: dkim.DKIM, number: int) -> bool:
        try:
            return bool(checker.verify(number, dnsfunc=self._look_up_key))
        except Exception as error:  # noqa: BLE001 — the library fails in many ways on a hostile signature
            log.info("signature_not_checked", error_type=type(error).__name__)
            return False

    def _look_up_key(self, name: bytes | str, **_options: Any) -> bytes | None:
        record = self._resolve(name.decode("ascii") if isinstance(name, bytes) else name)
        return record if record is not None and len(record) <= self._limits.record_bytes else None


def _library_reads_same_fields(checker: dkim.DKIM, names: Sequence[bytes]) -> bool:
    """Whether the library reads the fields that we read: of others, a signature proves nothing.

    A lone CR ends a line for us and not for the library, and we read so much of a header and no more.
    """
    fields = checker.headers
    return [name.lower() for name, _ in fields] == names and not any(_LONE_CR.search(value) for _, value in fields)


def _is_within_domain(domain: str, parent: str) -> bool:
    """Whether a domain is `parent` or below it."""
    return bool(parent) and (domain == parent or domain.endswith(f".{parent}"))
