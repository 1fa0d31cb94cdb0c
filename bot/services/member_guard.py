"""One guard around each member's part of a round: a fault of one member's rows never ends it for the others."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import structlog

from bot.domain.types import MemberId
from bot.errors import StorageError
from bot.instrumentation import NULL_METRICS, Metrics, Round

ROW_FAULT: Final = "storage-failed"
"""What the database says of a statement that it cannot carry out; every other error of it concerns all members."""

log = structlog.get_logger()


@contextmanager
def member_guard(round_name: Round, member_id: MemberId, metrics: Metrics = NULL_METRICS) -> Iterator[None]:
    """Log and count a fault of the block. Raises `StorageError` when the database cannot be reached: the round ends."""
    try:
        yield
    except Exception as error:
        if not may_be_fault_of_one_member(error):
            raise
        log.exception("member_left_out_of_round", round=round_name, member_id=member_id)
        metrics.count("member_faults", round_name)


def may_be_fault_of_one_member(error: Exception) -> bool:
    """Whether an error may come from the rows of one member; False when the database cannot be reached."""
    return not isinstance(error, StorageError) or error.message_id == ROW_FAULT
