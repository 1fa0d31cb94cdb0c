"""Keys by which the parts of one message are told from other messages."""

import pytest

from bot.domain.source_keys import hash_source_key_parts, is_part_of_same_message, source_key_of_part

LINE = hash_source_key_parts("line", 1)


@pytest.mark.parametrize(
    ("one", "other", "is_part"),
    [
        (LINE, source_key_of_part(LINE, 1), True),
        (source_key_of_part(LINE, 2), source_key_of_part(LINE, 13), True),
        (LINE, hash_source_key_parts("line", 2), False),
        # Ids of two commands that follow one another begin alike, and each key is as long as that of a line.
        ("interaction:15770676278077685831", "interaction:15770676278077685832", False),
    ],
)
def test_parts_of_one_message(one: str, other: str, *, is_part: bool) -> None:
    assert is_part_of_same_message(one, other) is is_part
    assert is_part_of_same_message(other, one) is is_part
