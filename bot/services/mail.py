"""The address to which a member has notification mails forwarded, and which of its mails they have confirmed."""

import hashlib
import hmac
import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.domain.calendar import lancers_date
from bot.domain.types import MailPathId, MailToken, MemberId, MessageId
from bot.errors import NotAllowedError
from bot.services.record_transaction import RecordTransactions
from storage import cards, mail_addresses, members, messages
from storage.database import Transaction
from storage.mail_addresses import MailAddress, MailPath, PathState

MAX_MAILS_PER_DAY: Final = 300
"""Mails of one address on one day; further ones are not read."""
TEST_DURATION: Final = timedelta(minutes=15)
"""How long a test waits for a mail."""
CONFIRMATION_DURATION: Final = timedelta(hours=24)
"""For how long after a member asked for the address a provider's request to confirm it is passed on."""

_LETTERS: Final = string.ascii_lowercase + "234567"
_TOKEN_LENGTH: Final = 20
"""Letters, 5 bits each: 100 bits that nobody guesses."""


@dataclass(frozen=True, slots=True)
class MailOptions:
    """What the operator has set up for mails."""

    address: str
    """The mailbox, as `box@example.jp`."""
    key: bytes
    """For the keyed hashes of addresses: not in the database, so that a copy of it does not reveal them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailOverview:
    """What `/mail` shows."""

    address: MailAddress | None
    """None: the member has none yet."""
    mails_this_month: int
    replies_since: int
    """Replies recorded since the last mail came, or since the address was made."""


@dataclass(frozen=True, slots=True)
class ArrivedMail:
    """What was noted of a mail when it came."""

    path: MailPath
    is_path_new: bool
    """No mail came on it before: then it counts towards the limit of the day, also if it says nothing new."""
    tested_at: datetime | None
    """When the test began that waits for a mail, if one does; `end_test` ends it once its result was sent."""


class MailService:
    """Members' addresses. Its methods raise `NotAllowedError` where the operator has set up no mailbox."""

    def __init__(self, transactions: RecordTransactions, options: MailOptions | None) -> None:
        self._transactions = transactions
        self._database = transactions.database
        self._options = options

    @property
    def is_available(self) -> bool:
        """Whether the operator has set up a mailbox."""
        return self._options is not None

    @property
    def _required_options(self) -> MailOptions:
        if self._options is None:
            raise NotAllowedError("mail-unavailable")
        return self._options

    def full_address(self, address: MailAddress) -> str:
        """The address to which the member has mails forwarded, for example `box+TOKEN@example.jp`."""
        local_part, _, domain = self._required_options.address.rpartition("@")
        return f"{local_part}+{address.token}@{domain}"

    def keyed_hash(self, text: str) -> str:
        """A hash by which an address is recognised again; without the operator's key it says nothing of the text."""
        key = self._required_options.key
        return hmac.new(key, text.strip().casefold().encode("utf-8", "replace"), hashlib.sha256).hexdigest()[:32]

    async def overview(self, member_id: MemberId, *, now: datetime) -> MailOverview:
        """The member's address and what came by it."""
        async with self._database.read() as transaction:
            address = await mail_addresses.find_mail_address(transaction, member_id)
            if address is None:
                return MailOverview(address=None, mails_this_month=0, replies_since=0)
            first_day = lancers_date(now).replace(day=1)
            return MailOverview(
                address=address,
                mails_this_month=await mail_addresses.count_mails_since(transaction, member_id, first_day),
                replies_since=await messages.count_replies_since(
                    transaction, member_id, address.last_mail_at or address.made_at
                ),
            )

    async def get_or_create_address(self, member_id: MemberId, *, now: datetime) -> MailAddress:
        """The member's address, made if they have none. A provider's request to confirm it may come from now on."""
        self._required_options  # noqa: B018 — raises
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            return await mail_addresses.get_or_create_mail_address(transaction, member_id, _new_mail_token(), now=now)

    async def replace_address(self, member_id: MemberId, *, now: datetime) -> MailAddress:
        """Another address in place of the former one, which is valid no more."""
        self._required_options  # noqa: B018 — raises
        async with self._database.write() as transaction:
            await members.get_or_create_member(transaction, member_id, now=now)
            await mail_addresses.delete_mail_paths(transaction, member_id)
            return await mail_addresses.replace_mail_address(transaction, member_id, _new_mail_token(), now=now)

    async def remove_address(self, member_id: MemberId) -> None:
        """Delete the member's address, and the decisions about its paths."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            await mail_addresses.delete_mail_address(transaction, member_id)
            await mail_addresses.delete_mail_paths(transaction, member_id)

    async def set_recording_paused(self, member_id: MemberId, since: datetime | None) -> None:
        """Record no mails from now on, or go on (None)."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            await mail_addresses.set_mail_paused(transaction, member_id, since)

    async def start_test(self, member_id: MemberId, *, now: datetime) -> None:
        """Tell the member of the next mail, whatever it is."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            await mail_addresses.set_mail_test(transaction, member_id, now)

    async def find_addresses(self, tokens: Collection[MailToken]) -> list[MailAddress]:
        """The addresses with these tokens, each of a member."""
        return await mail_addresses.find_mail_addresses_by_token(self._database, tokens)

    async def note_arrival(
        self, address: MailAddress, path: str, recipient: str | None, *, now: datetime, was_taken: bool = False
    ) -> ArrivedMail | None:
        """Note that a mail came by an address, on a path and with a recipient (keyed hashes).

        None: the address is valid no more, or too many came today; the mail is not read then. `was_taken`: it came
        before, and is one of those that were counted.
        """
        member_id = address.member_id
        async with self._database.write() as transaction:
            current = await _lock_and_recheck_address(transaction, address, now, was_counted=was_taken)
            if current is None:
                return None
            await mail_addresses.set_last_mail_at(transaction, member_id, now=now)
            tested_at = current.tested_at
            if tested_at is not None and now - tested_at > TEST_DURATION:
                tested_at = None
                await mail_addresses.set_mail_test(transaction, member_id, None)
            seen, is_new = await mail_addresses.save_seen_mail_path(transaction, member_id, path, recipient, now=now)
            return ArrivedMail(seen, is_new, tested_at)

    async def end_test(self, member_id: MemberId, tested_at: datetime) -> None:
        """End the test that began at `tested_at`, whose result was sent; one that began since goes on."""
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            current = await mail_addresses.find_mail_address(transaction, member_id)
            if current is not None and current.tested_at == tested_at:
                await mail_addresses.set_mail_test(transaction, member_id, None)

    async def note_confirmation(self, address: MailAddress, *, now: datetime) -> bool:
        """Count a provider's request to confirm an address; False, uncounted, where `note_arrival` returns None."""
        async with self._database.write() as transaction:
            if await _lock_and_recheck_address(transaction, address, now) is None:
                return False
            await mail_addresses.count_mail_of_day(transaction, address.member_id, lancers_date(now))
            return True

    async def count_mail(self, member_id: MemberId, *, now: datetime) -> None:
        """Count a mail towards the limit of the day; one whose record is found, since it is read again, is not."""
        async with self._database.write() as transaction:
            await mail_addresses.count_mail_of_day(transaction, member_id, lancers_date(now))

    async def mark_unconfirmed(self, member_id: MemberId, message_id: MessageId, path: MailPathId) -> None:
        """Mark a message as recorded from a mail of a path that the member has not confirmed."""
        async with self._database.write() as transaction:
            await mail_addresses.mark_message_unconfirmed(transaction, member_id, message_id, path)

    async def confirm_path(self, member_id: MemberId, message_id: MessageId, *, now: datetime) -> None:
        """Confirm that the mail of this message, and all others of its path, are Lancers'.

        Raises `NotAllowedError` when the message is not marked (any more).
        """
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            path = await _get_unconfirmed_mail_path(transaction, member_id, message_id)
            changed = await mail_addresses.set_mail_path_state(transaction, member_id, path.id, PathState.CONFIRMED)
            if path.recipient is not None:
                await mail_addresses.set_confirmed_mail_recipient(transaction, member_id, path.recipient)
            await cards.mark_cards_changed(transaction, member_id, changed, now=now)
        self._transactions.on_cards_changed()

    async def refuse_path(self, member_id: MemberId, message_id: MessageId) -> None:
        """Store that the mail of this message is not Lancers': the next one of its path is asked about first.

        The message itself is deleted by the caller. Raises `NotAllowedError` when it is not marked (any more).
        """
        async with self._database.write() as transaction:
            await members.lock_member(transaction, member_id)
            path = await _get_unconfirmed_mail_path(transaction, member_id, message_id)
            await mail_addresses.set_mail_path_state(transaction, member_id, path.id, PathState.REFUSED)


def _new_mail_token() -> MailToken:
    return MailToken("".join(secrets.choice(_LETTERS) for _ in range(_TOKEN_LENGTH)))


async def _lock_and_recheck_address(
    transaction: Transaction, address: MailAddress, now: datetime, *, was_counted: bool = False
) -> MailAddress | None:
    """The address as it is now, its member locked; None if it is valid no more or too many other mails came today."""
    await members.lock_member(transaction, address.member_id)
    current = await mail_addresses.find_mail_address(transaction, address.member_id)
    if current is None or current.token != address.token:
        return None
    count = await mail_addresses.count_mails_since(transaction, address.member_id, lancers_date(now))
    return current if was_counted or count < MAX_MAILS_PER_DAY else None


async def _get_unconfirmed_mail_path(transaction: Transaction, member_id: MemberId, message_id: MessageId) -> MailPath:
    if path := await mail_addresses.find_mail_path_of_message(transaction, member_id, message_id):
        return path
    raise NotAllowedError("mail-confirmed-already")
