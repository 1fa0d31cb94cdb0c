"""Any mix of header fields: a mail is recorded for the member whose address decides, and for nobody else."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.types import MemberId
from bot.fake_discord.clock import ManualClock
from bot.mail.intake import IncomingMail, MailIntake, MailOutcome
from bot.mail.signatures import SignatureChecker
from bot.services.container import Services
from bot.services.mail import MailOptions
from bot.settings import read_defaults
from storage.connect import open_database
from tests.helpers.arriving_mails import MAILBOX, CountedOutcomes, notification
from tests.helpers.mail_reading import SilentNotices
from tests.helpers.servers import make_migrated_file

NOW: Final = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MEMBERS: Final = 4
FORMER, UNKNOWN, NOBODYS = range(MEMBERS, MEMBERS + 3)
"""Places of an address that is valid no more, of one that never was, and of one that is not the mailbox's."""
DELIVERY: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Delivered-To")
NAMES: Final = (*DELIVERY, "X-Forwarded-To", "Received", "To", "Cc", "Reply-To", "References", "X-To")

Field = tuple[str, Sequence[int]]
"""A name, and whose addresses the field has."""
FIELDS: Final = st.lists(
    st.tuples(
        st.sampled_from(NAMES).flatmap(lambda name: st.sampled_from([name, name.upper(), name.lower()])),
        st.lists(st.integers(0, NOBODYS), min_size=1, max_size=2),
    ),
    max_size=6,
)


def deciding(fields: Sequence[Field]) -> set[int]:
    """Whose addresses decide: those of the first level that names any of the mailbox."""

    def named(names: Iterable[str]) -> list[set[int]]:
        wanted = {name.lower() for name in names}
        return [set(places) - {NOBODYS} for name, places in fields if name.lower() in wanted]

    first_received = named(["Received"])[:1]
    last_level = set().union(*named(["To", "Cc"]))
    return next(filter(None, [*named(DELIVERY), *named(["X-Forwarded-To"]), *first_received, last_level]), set())


def expected(places: set[int]) -> tuple[MailOutcome, list[int]]:
    """What becomes of the mail, and which member gets it."""
    members = sorted(place for place in places if place < MEMBERS)
    if not members:
        return MailOutcome.UNKNOWN_TOKEN if places else MailOutcome.NO_RECIPIENT, []
    return (MailOutcome.SEVERAL_RECIPIENTS, []) if len(members) > 1 else (MailOutcome.TAKEN, members)


def line(field: Field, addresses: Sequence[str]) -> str:
    name, places = field
    if name.lower() == "received":
        return f"{name}: from mx (for <{addresses[0]}>) by mx2" + "".join(
            f" for <{addresses[place]}>" for place in places
        )
    return f"{name}: " + ", ".join(addresses[place] for place in places)


@pytest.mark.slow
def test_a_mail_is_recorded_for_the_member_whose_address_decides(tmp_path: Path) -> None:
    with asyncio.Runner() as runner:
        url = runner.run(make_migrated_file(tmp_path / "nintei.db"))
        database = runner.run(open_database(url))
        options = MailOptions(MAILBOX, b"key")
        services = Services(database, read_defaults({}), lambda: None, mail=options)
        unsigned = SignatureChecker([], lambda _name: None)
        intake = MailIntake(
            services, ManualClock(NOW), SilentNotices(), unsigned, mailbox=MAILBOX, metrics=CountedOutcomes()
        )

        async def addresses() -> list[str]:
            made = [
                await services.mail.get_or_create_address(MemberId(number + 1), now=NOW) for number in range(MEMBERS)
            ]
            former = services.mail.full_address(made[0])
            made[0] = await services.mail.replace_address(MemberId(1), now=NOW)
            await services.mail.get_or_create_address(MemberId(MEMBERS + 1), now=NOW)
            return [*map(services.mail.full_address, made), former, "box+aaaaaaaa@example.jp", "mika@gmail.com"]

        box = runner.run(addresses())
        numbers = count()

        async def take(fields: Sequence[Field], *, upper: bool) -> tuple[MailOutcome, list[int]]:
            client = f"会社{next(numbers)}"
            lines = "".join(line(field, [one.upper() for one in box] if upper else box) + "\r\n" for field in fields)
            of_lancers = notification(client, sent_at=NOW - timedelta(hours=1), body="\r\n".join(box))
            mail = lines.encode() + of_lancers.replace(b"\r\nTo: ", b"\r\nX-Was-To: ")
            outcome = await intake.take(IncomingMail(mail))
            await database.fetch("DELETE FROM mail_days")
            rows = await database.fetch(
                "SELECT member_id FROM messages JOIN threads USING (member_id, thread_id) WHERE client = $1", client
            )
            return outcome, [row[0] - 1 for row in rows]

        @example(fields=[("To", [0]), ("Cc", [0])], upper=False)
        @example(fields=[("To", [1])], upper=False)
        @example(fields=[("To", [2])], upper=False)
        @example(fields=[("To", [3])], upper=False)
        @given(fields=FIELDS, upper=st.booleans())
        @settings(max_examples=60, database=None)
        def check(fields: Sequence[Field], *, upper: bool) -> None:
            outcome, members = runner.run(take(fields, upper=upper))
            assert (outcome, members) == expected(deciding(fields))

        try:
            check()
            recorded = runner.run(database.fetch("SELECT DISTINCT member_id FROM messages"))
            assert {row[0] for row in recorded} == set(range(1, MEMBERS + 1))
        finally:
            runner.run(database.close())
