"""Whether a mail was signed (DKIM) by one of the domains that the operator trusts."""

from collections.abc import Callable, Collection

TxtResolver = Callable[[str], bytes | None]
"""The TXT record of a name, its parts joined; None if there is none or it cannot be looked up. It may block."""


class SignatureChecker:
    """Checks signatures in a thread, since the keys are looked up in the DNS."""

    def __init__(self, trusted_domains: Collection[str], resolve: TxtResolver | None = None) -> None:
        """`trusted_domains`: in lower case. `resolve`: the DNS unless tests give another one."""
        self._trusted_domains = frozenset(trusted_domains)
        self._resolve = resolve

    async def is_signed(self, data: bytes) -> bool:
        """Whether a trusted domain, that of the From field or a parent of it, has signed the mail.

        True for any valid signature without a length limit that covers From, Date, Subject and To. No error is raised.
        """
        raise NotImplementedError
