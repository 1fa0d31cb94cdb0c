"""The threads that the rows of a history name: those of one name are one thread, with the client and title of any.

Threads of one client without titles get their names as titles: else the record would join them.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from bot.domain.names import UNASSIGNED_PREFIX, clean_name, clean_title
from bot.domain.text import format_excerpt
from bot.errors import InvalidInputError
from bot.parsing.export_reader import WrittenThread
from bot.parsing.history_csv import MAX_KEPT_NAMES, HistoryRow

NamesByClientAndTitle = dict[tuple[str, str], tuple[str, str]]
"""The key and the name of the first thread that a client and a title are of."""

_NAMELESS: Final = WrittenThread(None, None)


class HistoryThreads:
    """The thread of each row. Not clear are two clients or titles of one name, and two names of one client and title.

    `names`: of the threads in the files of a zip so far.
    """

    def __init__(self, rows: Iterable[HistoryRow], names: NamesByClientAndTitle) -> None:
        self._threads: dict[str, WrittenThread] = {}
        """By the key of its name; without a client where no row has one."""
        self._names = names
        self._thread_of = lru_cache(MAX_KEPT_NAMES)(self._find_thread)
        names_of_rows: dict[str, str] = {}
        for thread_key, name, client, title in dict.fromkeys(
            (row.thread_key, row.thread, row.client, row.title) for row in rows
        ):
            names_of_rows.setdefault(thread_key, name)
            said, own = self._threads.get(thread_key, _NAMELESS), _clean_client_and_title(client, title)
            client_and_title = own if said.title is None and said.unassigned is None else said
            self._threads[thread_key] = client_and_title._replace(client=said.client or own.client)
        for thread_key, name in names_of_rows.items():
            thread = self._threads[thread_key]
            if thread.client is None and thread.unassigned is None:
                self._threads[thread_key] = thread._replace(client=clean_name(name) or None)
        counts = Counter(thread.key for thread in self._threads.values())
        for thread_key, name in names_of_rows.items():
            thread = self._threads[thread_key]
            is_untitled = thread.title is None and thread.unassigned is None
            first_key, _ = names.get(thread.key, ("", ""))
            is_joined = counts[thread.key] > 1 or first_key != ""
            if is_untitled and is_joined and thread_key not in {first_key, thread.key[0]}:
                self._threads[thread_key] = thread._replace(title=clean_title(name) or None)

    def thread_of(self, row: HistoryRow) -> WrittenThread:
        """Raises `InvalidInputError` where the thread is not clear, or has no name that can be seen."""
        return self._thread_of(row.thread_key, row.thread, row.client, row.title)._replace(site=row.site)

    def _find_thread(self, thread_key: str, name: str, client: str, title: str) -> WrittenThread:
        thread, own = self._threads[thread_key], _clean_client_and_title(client, title)
        if any(mine not in {"", of_all} for mine, of_all in zip(own.key, thread.key, strict=True)):
            raise InvalidInputError("history-names-differ", thread=format_excerpt(name))
        first_key, first_name = self._names.setdefault(thread.key, (thread_key, name))
        if first_key != thread_key and thread.unassigned is None:  # the names of the others are written by the export
            raise InvalidInputError(
                "history-thread-twice", thread=format_excerpt(name), other=format_excerpt(first_name)
            )
        return thread


def _clean_client_and_title(client: str, title: str) -> WrittenThread:
    if title.startswith(UNASSIGNED_PREFIX):
        return WrittenThread(clean_name(client) or None, None, title)
    return WrittenThread(clean_name(client) or None, clean_title(title) or None)
