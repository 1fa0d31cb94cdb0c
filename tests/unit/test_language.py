"""The language of a typed line."""

import pytest

from bot.domain.language import detect_language
from bot.domain.types import Locale


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("制作会社A様 昨日 14:30", "ja"),
        ("ヘルプ", "ja"),
        ("ﾍﾙﾌﾟ", "ja"),
        ("Acme 15時", "ja"),
        ("replied to 田中さん", "ja"),
        ("help", "en"),
        ("lorem ipsum dolor", "en"),
        ("lorem ipsum", None),
        ("Acme Inc. yesterday 14:30", "en"),
        ("Müller 3pm", "en"),
        ("", None),
        ("14:30", None),
        ("👍", None),
        ("🙏 3", None),
        ("<@123456789> <:thumbs:12345> https://example.com/a 14:30", None),
        ("</status:123>", None),
        ("a 14:30", None),
        ("xxxx", None),
        ("asdf qwer", None),
        ("Acme 14:30", None),
        ("Acme Design 14:30", None),
        ("OK", None),
        ("asap", None),
        ("yesterday", "en"),
        ("replied Acme", "en"),
        ("Acme 10 min ago", "en"),
        ("undo", "en"),
        ("Bonjour tout le monde", "en"),
    ],
)
def test_the_language_of_a_line(text: str, locale: Locale | None) -> None:
    assert detect_language(text) == locale
