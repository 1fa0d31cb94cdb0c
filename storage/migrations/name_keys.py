"""Step 11: keys of clients and titles are made anew, because letters that look alike now fold to one.

SQL knows no Unicode normalization, so the keys are computed here. A published step is never edited; if the folding
changes again, a later step runs this once more.
"""

from typing import Final

from bot.domain.calendar import instant_from_micros
from bot.domain.names import client_key, title_key
from bot.domain.source_keys import mail_key_base, source_key_base
from storage.database import Transaction

_BATCH: Final = 1000
"""Threads that are read at a time."""


async def refold_name_keys(transaction: Transaction) -> None:
    """Replace the keys of threads that fold in another way now, and the keys of mails that were made of them.

    Where a client has a thread of the same title already, the title's key gets a number: both remain, under one client.
    """
    after = 0
    while rows := await transaction.fetch(
        "SELECT thread_id, member_id, client, title, client_key, title_key, unsorted FROM threads"
        " WHERE thread_id > $1 ORDER BY thread_id LIMIT $2",
        after,
        _BATCH,
    ):
        for thread_id, member_id, client, title, old_client, old_title, unassigned in rows:
            new_client = client_key(client) if client else old_client
            new_title = title_key(title) if title and not unassigned else old_title
            if (new_client, new_title) != (old_client, old_title):
                new_title = await _unused_title_key(transaction, member_id, thread_id, new_client, new_title)
                await transaction.fetch(
                    "UPDATE threads SET client_key = $2, title_key = $3 WHERE thread_id = $1",
                    thread_id,
                    new_client,
                    new_title,
                )
                old_names, new_names = (old_client, old_title), (new_client, title_key(title or ""))
                await _rewrite_source_keys(transaction, member_id, thread_id, old_names, new_names)
        after = rows[-1][0]


async def _unused_title_key(transaction: Transaction, member_id: int, thread_id: int, client: str, title: str) -> str:
    """The title's key, or with the first number from 2 with which no other thread of the client has it."""
    taken = {
        row[0]
        for row in await transaction.fetch(
            "SELECT title_key FROM threads WHERE member_id = $1 AND client_key = $2 AND thread_id <> $3",
            member_id,
            client,
            thread_id,
        )
    }
    free, number = title, 2
    while free in taken:
        free, number = f"{title} ({number})".strip(), number + 1
    return free


async def _rewrite_source_keys(
    transaction: Transaction, member_id: int, thread_id: int, old: tuple[str, str], new: tuple[str, str]
) -> None:
    """Rewrite the mails' source keys that contain the old names; `old` and `new`: the client's and the title's key."""
    (old_client, old_title), (new_client, new_title) = old, new
    rows = await transaction.fetch(
        "SELECT message_id, sent_at, source_key FROM messages WHERE member_id = $1 AND thread_id = $2",
        member_id,
        thread_id,
    )
    for message_id, sent_at, key in rows:
        at, base = instant_from_micros(sent_at), source_key_base(key)
        new_bases = {
            mail_key_base("message", old_client, before, at): mail_key_base("message", new_client, after, at)
            for before, after in (("", ""), (old_title, new_title))
        }
        if base in new_bases:
            await transaction.fetch(
                "UPDATE messages SET source_key = $3 WHERE member_id = $1 AND message_id = $2 AND NOT EXISTS"
                " (SELECT 1 FROM messages AS other WHERE other.member_id = $1 AND other.source_key = $3)",
                member_id,
                message_id,
                new_bases[base] + key[len(base) :],
            )
