"""Which labelled lines of a text are one header."""

import pytest

from bot.parsing.quoted_header import quoted_headers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Subject: S\nFrom: F\nDate: D\n\nwords", [{"subject": "S", "sender": "F", "date": "D"}]),
        ("Subject: S\n\nFrom: F\n\nDate: D\n\nwords", [{"subject": "S", "sender": "F", "date": "D"}]),
        ("Subject: S\n\nFrom: F\n\nwords", []),
        ("Subject: S\n\nwords\n\nFrom: F\nDate: D", []),
        ("Subject: S\n\nwords\nFrom: F\n\nDate: D", []),
        ("Subject: S\nwords\nFrom: F\nDate: D", []),
        ("Subject: S\nFrom: F\n\nwords\n\nDate: D", [{"subject": "S", "sender": "F"}]),
        (
            "Subject: S\nFrom: F\n\nSubject: S2\nFrom: F2",
            [{"subject": "S", "sender": "F"}, {"subject": "S2", "sender": "F2"}],
        ),
        (
            "From: F\nSubject: [Lancers] 田中さんからの\nメッセージ受信通知\ntext",
            [{"sender": "F", "subject": "[Lancers] 田中さんからのメッセージ受信通知"}],
        ),
        (
            "From: F\nSubject: [Lancers]\n田中さんからのメッセージ受信通知\ntext",
            [{"sender": "F", "subject": "[Lancers] 田中さんからのメッセージ受信通知"}],
        ),
        ("\u200bSub：S\n\u200bＦｒｏｍ：Ｆ\nＤａｔｅ：D", [{"subject": "S", "sender": "Ｆ", "date": "D"}]),
        (  # the text begins like a subject
            "From: F\nSubject: [Lancers] 未読のお知らせ\n田中さんからのメッセージ受信通知\ntext",
            [{"sender": "F", "subject": "[Lancers] 未読のお知らせ"}],
        ),
    ],
)
def test_which_lines_are_one_header(text: str, found: list[dict[str, str]]) -> None:
    assert [header.values for header in quoted_headers(text)] == found
