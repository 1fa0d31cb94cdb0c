"""How far a forwarded message travels: the functions and files of the bot that it enters, counted.

A reader follows this path first. Both figures may fall, and rise only with a reason. Functions of the tasks that run
beside it, with or without a message, do not count: whether one of them works in the meantime is chance. Since a post is
searched for every mail that it quotes, and a mail is recognized in each form in which it arrives, they are higher.
"""

import asyncio
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.helpers.machine import ROOT
from tests.helpers.stage import Stage

MAX_FUNCTIONS = 205
MAX_FILES = 40
BACKGROUND_TASKS = {"dispatcher", "periodic tasks"}


def file_of(code: CodeType) -> str | None:
    """The file of a function of the bot, below the checkout; None for every other function."""
    path = Path(code.co_filename)
    if not path.is_relative_to(ROOT) or path.relative_to(ROOT).parts[:2] == ("bot", "fake_discord"):
        return None
    return str(path.relative_to(ROOT)) if path.relative_to(ROOT).parts[0] in {"bot", "storage"} else None


def is_in_background() -> bool:
    """Whether a task that runs beside the message is being executed; False in a thread."""
    try:
        task = asyncio.current_task()
    except RuntimeError:
        return False
    return task is not None and task.get_name() in BACKGROUND_TASKS


@pytest.mark.sqlite_only  # the default engine; the other one has a pool of connections besides
async def test_a_forwarded_message_enters_few_functions(up: Stage) -> None:
    await up.mika.forward("[ランサーズ] 山田 さんから バナー のコメントが届いています", posted_at=up.at(9, 12))
    await up.mika.next_bot_message()  # what runs once for a process has run
    entered: set[CodeType] = set()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and not is_in_background():
            entered.add(frame.f_code)

    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())  # its threads start under the profile
    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        await up.mika.forward("[ランサーズ] 高橋 さんから ロゴ のコメントが届いています", posted_at=up.at(9, 40))
        await up.mika.next_bot_message()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    files = {code: file for code in entered if (file := file_of(code)) is not None}
    listing = sorted(f"{file}: {code.co_qualname}" for code, file in files.items())
    assert len(files) <= MAX_FUNCTIONS, "\n".join(listing)
    assert len(set(files.values())) <= MAX_FILES, "\n".join(sorted(set(files.values())))
