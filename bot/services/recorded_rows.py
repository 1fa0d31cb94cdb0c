"""Compares the rows of an import with what is recorded."""

from collections import Counter
from collections.abc import Iterable

from bot.domain.source_keys import KnownKeys
from bot.domain.text import cut_text
from bot.domain.types import ThreadId
from bot.errors import InvalidInputError
from bot.services.import_contents import ImportedRow
from storage.messages import RecordedRow
from storage.threads import ThreadKey


class RecordedRows:
    """Which rows of an import are recorded already. Identities are kept as hashes: a record can have 200,000 rows."""

    def __init__(self) -> None:
        self._threads: dict[int, int] = {}
        self._source_keys = KnownKeys()
        self._unmatched: Counter[int] = Counter()
        self._thread_sizes: Counter[int] = Counter()

    def add_threads(self, page: Iterable[tuple[ThreadId, ThreadKey]]) -> None:
        """Threads of the member; before their messages."""
        self._threads.update((thread_id, hash(key)) for thread_id, key in page)

    def add_messages(self, page: Iterable[RecordedRow]) -> None:
        """Recorded messages; one whose thread was made after the threads were read is known by its source key alone."""
        for row in page:
            self._source_keys.add(row.source_key)
            thread = self._threads.get(row.thread_id)
            if thread is None:
                continue
            self._unmatched[hash((thread, row.direction, row.kind, row.sent_at))] += 1
            self._thread_sizes[thread] += 1

    def take_new_rows(
        self, rows: Iterable[ImportedRow], new_per_thread: Counter[int], max_messages_per_thread: int
    ) -> list[ImportedRow]:
        """Those rows that are not recorded, counted by thread. Raises `InvalidInputError` for a thread too long."""
        new = []
        for row in rows:
            identity = row[0].identity
            thread_hash = hash((identity.client_key, identity.title_key))
            if not self._take_row_if_new(thread_hash, row):
                continue
            new.append(row)
            new_per_thread[thread_hash] += 1
            if self._thread_sizes[thread_hash] + new_per_thread[thread_hash] > max_messages_per_thread:
                name = identity.title or identity.client or "–"
                raise InvalidInputError("limits-thread", name=cut_text(name, 60), most=max_messages_per_thread)
        return new

    def _take_row_if_new(self, thread_hash: int, row: ImportedRow) -> bool:
        _, direction, kind, sent_at, _, _, source_key, _, _ = row
        identity = hash((thread_hash, direction, kind, sent_at))
        known_key = source_key is not None and source_key in self._source_keys
        # Another mail of the same second is not the recorded one.
        is_other = source_key is not None and self._source_keys.has_base(source_key)
        if known_key or (not is_other and self._unmatched.get(identity, 0) > 0):
            self._unmatched[identity] -= 1
            return False
        if source_key is not None:
            self._source_keys.add(source_key)
        return True
