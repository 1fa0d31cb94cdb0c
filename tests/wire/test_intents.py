"""Every kind of line that a member types, in both languages: what is recorded, what is asked and what one tap records."""

import json
from dataclasses import dataclass

import pytest

from bot.domain.calendar import from_micros
from bot.domain.types import Locale, MemberId
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, buttons_of, text_of
from tests.helpers.stage import TOKYO, Stage
from tests.helpers.wording import count_shown, says, shows

Entry = tuple[str, str | None, str, str]
"""Client, title, what happened, and when: the day of November 2026 and the time."""

NOW = "24 18:00"
RECEIPTS = {"received": "receipt-received", "sent": "receipt-sent", "dismissed": "receipt-dismissed"}
TIME_BUTTONS = ("action-at-now", "action-at-ten-ago", "action-at-hour-ago", "draft-enter-time", "draft-not-recorded")
EVENT_BUTTONS = (
    "action-received-now",
    "action-now",
    "action-dismiss",
    "draft-enter-received-time",
    "draft-not-recorded",
)


def received(client: str, at: str, title: str | None = None) -> Entry:
    return client, title, "received", at


def sent(client: str, at: str = NOW, title: str | None = None) -> Entry:
    return client, title, "sent", at


def dismissed(client: str, title: str | None = None) -> Entry:
    return client, title, "dismissed", NOW


@dataclass(frozen=True)
class Line:
    """What somebody types at 18:00, or at `at` of the next days, and what must follow."""

    text: str
    recorded: tuple[Entry, ...] = ()
    """With the taps, if there are some."""
    waiting: tuple[str, ...] = ()
    """Clients who wrote yesterday at 23:00, with their jobs: 高橋/ロゴ."""
    answered: bool = False
    """Whether they were answered at 9:00."""
    asked: str | None = None
    """The id of the question."""
    buttons: tuple[str, ...] = ()
    """What can be tapped, as `label` takes them."""
    taps: tuple[str, ...] = ()
    hour: int = 18
    minute: int = 0


TWO_JOBS_JA, TWO_JOBS_EN = ("高橋/ロゴ", "高橋/バナー"), ("Takahashi/Logo", "Takahashi/Banner")
JA, EN = ("田中", "高橋"), ("Tanaka", "Takahashi", "Studio B")


def new_client(name: str, text: str, *entries: Entry) -> Line:
    """A line of a client that nobody knows yet: asked, and recorded by one tap."""
    new = f"draft-new-client {name}"
    return Line(
        text,
        entries,
        (),
        asked="question-new-client",
        buttons=(new, "action-client", "draft-not-recorded"),
        taps=(new,),
    )


def near(known: str, written: str, text: str) -> Line:
    """A line of a client whose name is like a known one: that one is the first button."""
    buttons = (known, f"draft-new-client {written}", "action-client", "draft-not-recorded")
    return Line(
        text, (received(known, "24 09:00"),), (known,), asked="question-new-client-near", buttons=buttons, taps=(known,)
    )


def unclear(text: str, *waiting: str) -> Line:
    """A line that names nobody: only who it was is asked."""
    return Line(text, (), waiting, asked="question-unclear", buttons=(*waiting, "action-client", "draft-not-recorded"))


ROWS: dict[str, dict[Locale, tuple[Line, ...]]] = {
    "a reply": {
        "ja": (
            Line("田中さんに返信しました", (sent("田中"),), JA),
            Line("返信した 田中さん", (sent("田中"),), JA),
            Line("さっき高橋さんに返した", (sent("高橋", "24 17:50"),), JA),
            Line("高橋さん 14:30に返信済み", (sent("高橋", "24 14:30"),), JA),
            Line("Tanakaさんに5分前に返信しました", (sent("Tanaka", "24 17:55"),), EN),
            Line("たった今Studio Bに返信しました", (sent("Studio B"),), EN),
        ),
        "en": (
            Line("I replied to Tanaka", (sent("Tanaka"),), EN),
            Line("replied Tanaka", (sent("Tanaka"),), EN),
            Line("replied to Takahashi a moment ago", (sent("Takahashi", "24 17:50"),), EN),
            Line("replied to Takahashi at 14:30", (sent("Takahashi", "24 14:30"),), EN),
            Line("replied to Tanaka 5 min ago", (sent("Tanaka", "24 17:55"),), EN),
            Line("I replied to Studio B just now", (sent("Studio B"),), EN),
        ),
    },
    "a reply when the window closed": {
        "ja": (
            Line("田中さんに返信しました", (sent("田中", "24 23:05"),), JA, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-now",), hour=23, minute=5),
            Line("さっき高橋さんに返した", (sent("高橋", "24 22:55"),), JA, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-ten-ago",), hour=23, minute=5),
        ),
        "en": (
            Line("replied to Tanaka", (sent("Tanaka", "24 23:05"),), EN, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-now",), hour=23, minute=5),
            Line("replied to Takahashi a moment ago", (sent("Takahashi", "24 22:55"),), EN, asked="question-replied-time",
                 buttons=TIME_BUTTONS, taps=("action-at-ten-ago",), hour=23, minute=5),
        ),
    },
    "a reply where several wait, or none": {
        "ja": (
            Line("高橋さんに返信しました", (sent("高橋", NOW, "バナー"),), TWO_JOBS_JA, asked="question-thread",
                 buttons=("thread-titled 高橋 ロゴ", "thread-titled 高橋 バナー", "draft-not-recorded"),
                 taps=("thread-titled 高橋 バナー",)),
            Line("田中さんに返信しました", (sent("田中"),), ("田中",), answered=True, asked="question-nothing-waits",
                 buttons=("action-anyway", "draft-not-recorded"), taps=("action-anyway",)),
            Line("返信しました", (sent("田中"),), JA, asked="question-replied-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
        ),
        "en": (
            Line("I replied to Takahashi", (sent("Takahashi", NOW, "Banner"),), TWO_JOBS_EN, asked="question-thread",
                 buttons=("thread-titled Takahashi Logo", "thread-titled Takahashi Banner", "draft-not-recorded"),
                 taps=("thread-titled Takahashi Banner",)),
            Line("replied to Tanaka", (sent("Tanaka"),), ("Tanaka",), answered=True, asked="question-nothing-waits",
                 buttons=("action-anyway", "draft-not-recorded"), taps=("action-anyway",)),
            Line("I replied", (sent("Tanaka"),), EN, asked="question-replied-client",
                 buttons=(*EN, "action-client", "draft-not-recorded"), taps=("Tanaka",)),
        ),
    },
    "no reply needed": {
        "ja": (
            Line("高橋さん返信不要", (dismissed("高橋"),), JA),
            Line("やりとり終了", (dismissed("高橋"),), JA, asked="question-dismissed-client",
                 buttons=(*JA, "draft-not-recorded"), taps=("高橋",)),
            Line("Acmeは返信不要", (dismissed("Acme"),), ("Acme", "Tanaka")),
        ),
        "en": (
            Line("Takahashi: no reply needed", (dismissed("Takahashi"),), EN),
            Line("The conversation is over", (dismissed("Takahashi"),), EN, asked="question-dismissed-client",
                 buttons=(*EN, "draft-not-recorded"), taps=("Takahashi",)),
            Line("no reply needed Acme", (dismissed("Acme"),), ("Acme", "Tanaka")),
        ),
    },
    "a received message": {
        "ja": (
            Line("さっき山田さんから連絡", (received("山田", "24 17:50"),)),
            Line("山田さん いま届いた", (received("山田", NOW),)),
            Line("伊藤さん、昨日の22時頃にメッセージもらいました", (received("伊藤", "23 22:00"),)),
            Line("Acmeから1時間前に連絡がありました", (received("Acme", "24 17:00"),), ("Acme",)),
            Line("15時にAcmeからメッセージ", (received("Acme", "24 15:00"),), ("Acme",)),
            Line("田中様より修正依頼 8:00", (received("田中", "24 08:00"),)),
        ),
        "en": (
            Line("Yamada contacted me a moment ago", (received("Yamada", "24 17:50"),), ("Yamada",)),
            Line("Yamada-san wrote just now", (received("Yamada", NOW),)),
            Line("Got a message from Ito yesterday around 10pm", (received("Ito", "23 22:00"),), ("Ito",)),
            Line("Acme wrote me an hour ago", (received("Acme", "24 17:00"),), ("Acme",)),
            Line("Message from Acme at 3pm", (received("Acme", "24 15:00"),), ("Acme",)),
            Line("Revision request from Tanaka 8:00", (received("Tanaka", "24 08:00"),), ("Tanaka",)),
        ),
    },
    "several messages": {
        "ja": (
            Line("山田さんと田中さん 15時", (received("山田", "24 15:00"), received("田中", "24 15:00"))),
            Line("山田さん 15時、田中さん 16時", (received("山田", "24 15:00"), received("田中", "24 16:00"))),
            Line("山田さん 15時\n田中さん 16時", (received("山田", "24 15:00"), received("田中", "24 16:00"))),
            Line("AcmeとBeta 15時", (received("Acme", "24 15:00"), received("Beta", "24 15:00")), ("Acme", "Beta")),
        ),
        "en": (
            Line("Yamada-san and Tanaka-san 3pm", (received("Yamada", "24 15:00"), received("Tanaka", "24 15:00"))),
            Line("Acme 3pm, Beta 4pm", (received("Acme", "24 15:00"), received("Beta", "24 16:00")), ("Acme", "Beta")),
            Line("Acme 3pm\nBeta 4pm", (received("Acme", "24 15:00"), received("Beta", "24 16:00")), ("Acme", "Beta")),
            Line("Acme and Beta 3pm", (received("Acme", "24 15:00"), received("Beta", "24 15:00")), ("Acme", "Beta")),
        ),
    },
    "a name or a time alone": {
        "ja": (
            Line("田中", (received("田中", NOW),), JA, asked="question-event", buttons=EVENT_BUTTONS,
                 taps=("action-received-now",)),
            Line("田中", (received("田中", NOW),), asked="question-new-client-event",
                 buttons=("draft-new-client-now 田中", "action-at-ten-ago", "draft-enter-time", "action-client", "draft-not-recorded"),
                 taps=("draft-new-client-now 田中",)),
            Line("17:30", (received("田中", "24 17:30"),), JA, asked="question-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
        ),
        "en": (
            Line("Tanaka", (received("Tanaka", NOW),), EN, asked="question-event", buttons=EVENT_BUTTONS,
                 taps=("action-received-now",)),
            Line("Tanaka", (received("Tanaka", NOW),), asked="question-new-client-event",
                 buttons=("draft-new-client-now Tanaka", "action-at-ten-ago", "draft-enter-time", "action-client", "draft-not-recorded"),
                 taps=("draft-new-client-now Tanaka",)),
            Line("5:30 pm", (received("Tanaka", "24 17:30"),), EN, asked="question-client",
                 buttons=(*EN, "action-client", "draft-not-recorded"), taps=("Tanaka",)),
        ),
    },
    "a client and a job": {
        "ja": (
            Line("高橋「バナー制作」 15:00", (received("高橋", "24 15:00", "バナー制作"),), JA),
            Line("田中様(ロゴ) 8:00", (received("田中", "24 08:00", "ロゴ"),)),
            Line("高橋 ロゴの件 15:00", (received("高橋", "24 15:00", "ロゴ"),), JA),
            new_client("高橋", "高橋「バナー制作」 15:00", received("高橋", "24 15:00", "バナー制作")),
        ),
        "en": (
            Line('Takahashi "Banner design" 3pm', (received("Takahashi", "24 15:00", "Banner design"),), EN),
            Line("Tanaka (Logo) 8:00", (received("Tanaka", "24 08:00", "Logo"),), EN),
            new_client("Takahashi", "Takahashi “Banner design” 15:00", received("Takahashi", "24 15:00", "Banner design")),
        ),
    },
    "a client's text": {
        "ja": (
            unclear("はじめまして。海山商店の北村と申します。\nロゴの修正を明日15時までにお願いできますでしょうか。", *JA),
            unclear("お世話になっております。\n海山商店の北村です。先日のバナーの件、いかがでしょうか。", *JA),
        ),
        "en": (
            unclear("Nice to meet you. I am Kitamura of Seahill.\nCould you change the logo by 3pm tomorrow?", *EN),
            unclear("Thank you for your continued support. This is Kitamura of Seahill. How is the banner?", *EN),
        ),
    },
    "mention, politeness, a near match": {
        "ja": (
            Line("@Nintei 田中さん 8時", (received("田中", "24 08:00"),)),
            unclear("ご担当者様", *JA),
            Line("ご担当者様 8時", (received("田中", "24 08:00"),), JA, asked="question-client",
                 buttons=(*JA, "action-client", "draft-not-recorded"), taps=("田中",)),
            near("Acme Inc.", "Acme", "Acme様 9:00"),
            near("Acme", "Acme Inc.", "Acme Inc.から連絡 9:00"),
            near("高橋", "株式会社高橋", "株式会社高橋 9:00"),
        ),
        "en": (
            Line("@Nintei Tanaka 8:00", (received("Tanaka", "24 08:00"),), EN),
            unclear("Dear Sir or Madam", *EN),
            near("Acme Inc.", "Acme", "Acme 9:00"),
            near("Acme", "Acme Inc.", "Acme Inc. 9:00"),
            near("Acme", "Acme Inc.", "Message from Acme Inc. at 9am"),
        ),
    },
    "a name that was never seen": {
        "ja": (
            new_client("スタジオ海", "スタジオ海 15時", received("スタジオ海", "24 15:00")),
            new_client("打ち合わせ", "打ち合わせ 15時", received("打ち合わせ", "24 15:00")),
            unclear("打ち合わせ 田中さん 15時", *JA),
        ),
        "en": (
            new_client("Seahill", "Seahill 3pm", received("Seahill", "24 15:00")),
            new_client("Acme", "Message from Acme at 3pm", received("Acme", "24 15:00")),
            new_client("Meeting", "Meeting 3pm", received("Meeting", "24 15:00")),
            unclear("Meeting with Tanaka 3pm", *EN),
        ),
    },
}  # fmt: skip

REQUESTS: dict[Locale, tuple[tuple[str, str, dict[str, str]], ...]] = {
    "ja": (
        ("ヘルプ", "help", {}), ("使い方", "help", {}), ("ステータス", "status", {}), ("返信待ちは？", "pending", {}),
        ("手数料 5万円", "fee", {"amount": "50000"}),
    ),
    "en": (
        ("help", "help", {}), ("how to use", "help", {}), ("status", "status", {}), ("what is pending?", "pending", {}),
        ("fee 50,000 yen", "fee", {"amount": "50000"}),
    ),
}  # fmt: skip
"""Lines, and the command that answers the same."""

LOCALES: list[Locale] = ["ja", "en"]


def label(button: str, locale: Locale) -> str:
    """The label of a button: a client, or the id of a text with its client and title."""
    text_id, *names = button.split(" ", maxsplit=1 if button.startswith("draft-new-client") else -1)
    if not text_id.isascii() or "-" not in text_id:
        return button
    return says(text_id, locale, **dict(zip(("client", "title"), names, strict=False)))


async def meet(up: Stage, locale: Locale, line: Line) -> FakeUser:
    """Another member, with those that wait, at the time of the line."""
    assert up.bot is not None
    user = up.discord.add_user("Ren", "ja" if locale == "ja" else "en-US")
    await up.bot.client.services.members.get_or_register(MemberId(user.user.id), now=up.clock.now(), locale=locale)
    for each in line.waiting:
        client, _, job = each.partition("/")
        await user.command("received", client=client, at="11/23 23:00", **({"thread": job} if job else {}))
        if line.answered:
            await user.command("replied", client=client, at="9:00")
    user.drain_bot_messages()
    return user


async def send(user: FakeUser, line: str, *, answers: int = 1) -> list[Message]:
    await user.write(line)
    return [await user.next_bot_message() for _ in range(answers)]


async def entries(up: Stage, user: FakeUser) -> tuple[Entry, ...]:
    """What is recorded without what waited before."""
    rows = await up.rows(
        "SELECT client, title, direction, kind, sent_at FROM messages JOIN threads USING (member_id, thread_id)"
        " WHERE messages.member_id = $1 ORDER BY message_id",
        user.user.id,
    )
    return tuple(
        (client, title, direction if kind == "message" else kind, f"{from_micros(at).astimezone(TOKYO):%d %H:%M}")
        for client, title, direction, kind, at in rows
    )


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("row", ROWS)
async def test_what_a_line_is(up: Stage, row: str, locale: Locale) -> None:
    for line in ROWS[row][locale]:
        up.clock.advance_to(max(up.clock.now(), up.at(line.hour, line.minute)))
        user = await meet(up, locale, line)
        before = await entries(up, user)
        cards = await send(user, line.text, answers=1 if line.asked else len(line.recorded))
        shown = "\n".join(map(text_of, cards))
        if line.asked is None:
            for what, receipt in RECEIPTS.items():
                expected = sum(entry[2] == what for entry in line.recorded)
                assert count_shown(shown, receipt, locale) == expected, (line.text, shown)
            is_now = any(entry[2:] == ("sent", NOW) for entry in line.recorded)
            assert (says("action-time", locale) in buttons_of(cards[0])) is is_now, line.text
        else:
            assert shows(shown, line.asked, locale), (line.text, shown)
            buttons = list(buttons_of(cards[0]))
            assert set(buttons) == {label(each, locale) for each in line.buttons}, line.text
            if line.asked == "question-new-client-near":
                assert buttons[0] == line.buttons[0], line.text
            assert await entries(up, user) == before, line.text
        card = cards[0]
        for tap in line.taps:
            card = (await user.click(card, label(tap, locale))).message
        assert (await entries(up, user))[len(before) :] == line.recorded, line.text


@pytest.mark.parametrize("locale", LOCALES)
async def test_two_names_that_were_never_seen_are_two_questions(up: Stage, locale: Locale) -> None:
    up.clock.advance_to(up.at(18))
    line = Line("AcmeとBeta 15時" if locale == "ja" else "Acme and Beta 3pm")
    user = await meet(up, locale, line)
    cards = await send(user, line.text, answers=2)
    for card, client in zip(cards, ("Acme", "Beta"), strict=True):
        await user.click(card, says("draft-new-client", locale, client=client))
    assert await entries(up, user) == (received("Acme", "24 15:00"), received("Beta", "24 15:00"))


@pytest.mark.parametrize("locale", LOCALES)
async def test_a_request_is_answered_as_its_command(up: Stage, locale: Locale) -> None:
    user = await meet(up, locale, Line("", waiting=("Acme",)))
    for line, command, options in REQUESTS[locale]:
        [card] = await send(user, line)
        assert text_of(card) == (await user.command(command, **options)).text, line
    assert len(await entries(up, user)) == 1


@pytest.mark.parametrize(("locale", "line"), [("ja", "取り消し"), ("en", "undo")])
async def test_the_last_record_is_taken_back(up: Stage, locale: Locale, line: str) -> None:
    user = await meet(up, locale, Line("", waiting=("Acme",)))
    [card] = await send(user, line)
    assert "Acme" in text_of(card)
    assert await entries(up, user) == ()


@pytest.mark.parametrize("locale", LOCALES)
async def test_nothing_of_a_clients_text_is_stored(up: Stage, locale: Locale) -> None:
    """Not even while it is asked about; who and when are asked one after the other."""
    up.clock.advance_to(up.at(18))
    words = [json.dumps(word)[1:-1].encode() for word in ("海山", "北村", "Kitamura", "Seahill")]
    words += ["海山".encode(), "北村".encode()]
    for line in ROWS["a client's text"][locale]:
        user = await meet(up, locale, line)
        [card] = await send(user, line.text)
        when = await user.click(card, line.waiting[0])
        assert shows(when.text, "question-time", locale)
        assert set(buttons_of(when.message)) == {label(each, locale) for each in TIME_BUTTONS}
        stored = await up.raw()
        assert line.waiting[0].encode() in stored
        assert [word for word in words if word in stored] == []
        await user.click(when.message, says("action-at-ten-ago", locale))
        assert (await entries(up, user))[-1] == received(line.waiting[0], "24 17:50")
        stored = await up.raw()
        assert [word for word in words if word in stored] == []
