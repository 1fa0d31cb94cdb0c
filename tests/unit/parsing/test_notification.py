"""Subjects of Lancers' notifications, with what mailers and people write before them."""

import pytest

from bot.parsing.notification import (
    NotificationType,
    has_lancers_subject_prefix,
    is_forwarded_subject,
    parse_notification_subject,
    strip_subject_prefixes,
)

T = NotificationType


@pytest.mark.parametrize(
    ("subject", "kind", "client", "title"),
    [
        ("青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("Fwd: [ランサーズ] 青空商会 さんから 看板 のコメントが届いています", T.MESSAGE, "青空商会", "看板"),
        ("Re[2]: 青空商会さんが「看板」にコメントしました", T.MESSAGE, "青空商会", "看板"),
        ("【ランサーズ】仕事の招待状が届きました", T.INVITATION, None, None),
        ("認定ランサー認可のお知らせ", T.GRANTED, None, None),
        ("認定ランサー仮認可のお知らせ", T.GRANTED, None, None),
        ("認定ランサーに関するご案内", T.STATISTICS, None, None),
        ("ログイン認証コード 123456", T.LOGIN_CODE, None, None),
        ("連絡催促が届いています", T.CONTACT_REQUEST, None, None),
        ("[ランサーズ] クライアントから連絡催促がありました", T.CONTACT_REQUEST, None, None),
        ("[ランサーズ] 連絡催促のお知らせ", T.CONTACT_REQUEST, None, None),
        ("（再送）青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("【外部メール】青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("(External) 青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("EXTERNAL:青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("（株）青空商会さんからのメッセージ受信通知", T.MESSAGE, "（株）青空商会", None),
        ("自動返信: [ランサーズ] 青空商会 さんから 看板 のコメントが届いています", T.MESSAGE, "青空商会", "看板"),
        ("[社内ML:12] 【ランサーズ】青空商会さんからのメッセージ受信通知", T.MESSAGE, "青空商会", None),
        ("New mail [Lancers] 青空商会 さんが 看板 にコメントしました", T.MESSAGE, "青空商会", "看板"),
        (
            "[ランサーズ] 青空商会 さんから [Lancers]対応サイト のコメントが届いています",
            T.MESSAGE,
            "青空商会",
            "[Lancers]対応サイト",
        ),
        ("契約が成立しました", T.CONTRACT, None, None),
        ("お仕事の開始のお知らせ", T.CONTRACT, None, None),
    ],
)
def test_a_subject_says_what_is_announced(
    subject: str, kind: NotificationType, client: str | None, title: str | None
) -> None:
    found = parse_notification_subject(subject)
    assert found is not None
    assert (found.type, found.client, found.title) == (kind, client, title)


@pytest.mark.parametrize(
    "subject",
    [
        "連絡催促の申請を受け付けました", "連絡催促の取り下げのお知らせ", "連絡催促が終了しました", "連絡催促ができます",
        "連絡催促の期限が近づいています", "連絡催促機能リリースのお知らせ", "連絡催促に関する重要なお知らせ", "連絡催促のご案内",
        "連絡催促への対応期限まで残り1日です", "連絡催促とは", "連絡催促の仕様変更のお知らせ",
        "仕事の招待状が届きましたか", "お知らせ", "",
    ],
)  # fmt: skip
def test_any_other_subject_is_none(subject: str) -> None:
    assert parse_notification_subject(subject) is None


@pytest.mark.parametrize(
    "prefix",
    ["New mail: ", "自動返信: ", "新着メール：", "Automatic reply: ", "メール受信: ", "Gmail: ", "Doorst: ", "* ", "+ ", "**", "`", "<b>", "| ", "[ ] ", "」", "[freelance:0123] ", "[ML 42]", "{Spam?} ", "【要注意】"],
)  # fmt: skip
@pytest.mark.parametrize("rest", ["青空商会さんからのメッセージ受信通知", "青空商会 さんが 看板 にコメントしました"])
def test_an_unknown_prefix_is_no_part_of_a_name(prefix: str, rest: str) -> None:
    """It could be one, so that the member is asked who it is."""
    found = parse_notification_subject(f"{prefix}{rest}")
    assert found is not None
    assert (found.type, found.client) == (T.MESSAGE, None)
    assert getattr(parse_notification_subject(rest), "client", None) == "青空商会"


@pytest.mark.parametrize(
    ("subject", "forward", "of_lancers", "bare"),
    [
        ("Fwd: 【ランサーズ】 看板", True, True, "看板"),
        ("転送：[Lancers] 看板", True, True, "看板"),
        ("Re: 件名： 看板", False, False, "看板"),
        ("📧 (2) 11/22 9:05 看板", False, False, "看板"),
        ("看板 Fw", False, False, "看板 Fw"),
        ("件名\t看板", False, False, "看板"),
        ("【件名】重要 → 看板", False, False, "看板"),
        ("・11/22(日) 18時14分 看板", False, False, "看板"),
        ("2026年11月22日 9:05 ① 看板", False, False, "看板"),
        ("✅ 新着メール 看板", False, False, "看板"),
        ("→看板", False, False, "看板"),
        ("🌸看板", False, False, "🌸看板"),
    ],
)
def test_what_stands_before_a_subject(subject: str, bare: str, *, forward: bool, of_lancers: bool) -> None:
    assert (is_forwarded_subject(subject), has_lancers_subject_prefix(subject), strip_subject_prefixes(subject)) == (
        forward,
        of_lancers,
        bare,
    )


@pytest.mark.parametrize("name", ["1. 企画室", "10:00 カフェ", "① 番街", "重要 太郎", "・中点", "[委託] 青空商会"])
def test_the_name_behind_the_tag_of_lancers_is_read_whole(name: str) -> None:
    for before in ("", "Fwd: "):
        found = parse_notification_subject(f"{before}[ランサーズ] {name} さんから 看板 のコメントが届いています")
        assert found is not None
        assert (found.client, found.title) == (name, "看板")


@pytest.mark.parametrize("name", ["Re:Design工房", "Fw: 企画", "【重要】物産", "[SPAM] 物産", "=?utf-8?Q?=E8=AA=B0??="])
def test_a_name_that_may_have_something_else_before_it_is_asked(name: str) -> None:
    found = parse_notification_subject(f"[ランサーズ] {name} さんから 看板 のコメントが届いています")
    assert found is not None
    assert (found.client, found.title) == (None, "看板")
