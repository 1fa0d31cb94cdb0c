"""Which parsed items are no attempt at a record, and which may answer a question."""

from datetime import UTC, datetime

import pytest

from bot.domain.messages import (
    Confirmation,
    Intent,
    LoginCode,
    MessageSource,
    ParsedItem,
    ParsedTime,
    ParseFailure,
    Precision,
    Statement,
    UnclearText,
    is_empty_record_attempt,
    may_answer_question,
)
from bot.errors import InvalidInputError

AT = ParsedTime(datetime(2026, 11, 24, tzinfo=UTC), Precision.MINUTE)


@pytest.mark.parametrize(
    ("item", "empty", "answer"),
    [
        (UnclearText("k", source=MessageSource.WRITTEN), True, True),
        (UnclearText("k", source=MessageSource.MAIL), False, True),
        (Statement(intent=None, client="A", client_certain=True, time=AT, source_key="k"), True, True),
        (Statement(intent=None, client="A", client_certain=True, time=None, day=AT.at, source_key="k"), False, True),
        (Statement(intent=Intent.RECEIVED, client=None, client_certain=False, time=AT, source_key="k"), False, True),
        (Statement(intent=Intent.RECEIVED, client="A", client_certain=True, time=None, source_key="k"), False, False),
        (ParseFailure(InvalidInputError("parsing-empty")), True, True),
        (ParseFailure(InvalidInputError("time-line")), True, True),
        (ParseFailure(InvalidInputError("time-future")), False, True),
        (Confirmation(confirmed=True), False, True),
        (LoginCode(), False, False),
    ],
)
def test_what_a_text_that_was_not_recorded_may_be(item: ParsedItem, *, empty: bool, answer: bool) -> None:
    assert is_empty_record_attempt(item) is empty
    assert may_answer_question(item) is answer
