"""Texts that read like the last one of a conversation."""

import pytest

from bot.parsing.closing_phrases import is_closing_message


@pytest.mark.parametrize(
    ("text", "closes"),
    [
        ("宜しくお願いします", True), ("宜しくお願いします。", True), ("ありがとうございました", True), ("Thanks!", True), ("THANK YOU!!", True),
        ("承知しました。\nよろしくお願いいたします。", True), ("佐藤様\n\nお世話になりました。\nまたよろしくお願いします！", True), ("了解です！", True),
        ("", False), ("。", False), ("ロゴの修正をお願いします", False), ("ありがとうございます。もう1点よろしいでしょうか？", False),
        ("thanks, but one more thing", False), ("ありがとうございました" * 40, False), ("ok?", False),
        ("ありがとうございました".ljust(200, "。"), True), ("ありがとうございました".ljust(201, "。"), False),
    ],
)  # fmt: skip
def test_closing_messages(text: str, closes: bool) -> None:  # noqa: FBT001
    assert is_closing_message(text) is closes
