"""The bot as it is, or with one thing broken on purpose, to see that the crash run notices."""

import asyncio
import sys

from bot.cli.main import main
from bot.mail.mailbox import MailboxReader
from bot.mail.mailbox_session import MailboxSession


def remove_first() -> None:
    """Removes a mail before its record is committed."""
    take = MailboxReader._load_and_take_mail

    async def remove_and_take(self: MailboxReader, session: MailboxSession, uid: int) -> None:
        load = session.load

        def load_and_remove(uid: int) -> bytes | None:
            data = load(uid)
            session.remove([uid])
            return data

        session.load = load_and_remove  # type: ignore[method-assign]
        try:
            await asyncio.sleep(0)
            await take(self, session, uid)
        finally:
            session.load = load  # type: ignore[method-assign]

    MailboxReader._load_and_take_mail = remove_and_take  # type: ignore[method-assign]


CHANGES = {"remove-first": remove_first}

if __name__ == "__main__":
    for name in sys.argv[1:]:
        CHANGES[name]()
    sys.exit(main(["run"]))
