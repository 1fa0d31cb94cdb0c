"""A thread that runs one blocking call after the other, and that never delays the end of the process."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

Result = TypeVar("Result")


class DaemonThread:
    """Unlike a pool's thread it is left behind when it hangs, for example while a name is looked up."""

    def __init__(self, name: str) -> None:
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[[], Any]] | None] = queue.SimpleQueue()
        threading.Thread(target=self._call_loop, name=name, daemon=True).start()

    async def run(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """The result of a call in the thread. When the caller is cancelled, the call goes on."""
        future: Future[Result] = Future()
        self._calls.put((future, lambda: function(*arguments)))
        return await asyncio.wrap_future(future)

    def end(self) -> None:
        """Let the thread end after the calls that are waiting."""
        self._calls.put(None)

    def _call_loop(self) -> None:
        while (call := self._calls.get()) is not None:
            future, function = call
            if not future.set_running_or_notify_cancel():
                continue
            try:
                future.set_result(function())
            except BaseException as error:  # noqa: BLE001 — it is the caller's
                future.set_exception(error)
