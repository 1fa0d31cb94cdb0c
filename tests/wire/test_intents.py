"""Every kind of line that a member types, in both languages: what is recorded, what is asked and what one tap records."""

import json

import pytest

from bot.domain.calendar import instant_from_micros
from bot.domain.types import Locale, MemberId
from bot.fake_discord.state import Message
from bot.fake_discord.users import FakeUser, buttons_of, text_of
from tests.helpers.amounts import others_slow
from tests.helpers.stage import TOKYO, Stage
from tests.helpers.wording import count_shown, says, shows
from tests.wire.intent_lines import NOW, REQUESTS, ROWS, TIME_BUTTONS, Entry, Line, received

RECEIPTS = {"received": "receipt-received", "sent": "receipt-sent", "dismissed": "receipt-dismissed"}
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
        (
            client,
            title,
            direction if kind == "message" else kind,
            f"{instant_from_micros(at).astimezone(TOKYO):%d %H:%M}",
        )
        for client, title, direction, kind, at in rows
    )


@pytest.mark.others_on_sqlite("locale")
@pytest.mark.parametrize("locale", others_slow(LOCALES))
@pytest.mark.parametrize("row", ROWS)
async def test_what_a_line_is(up: Stage, row: str, locale: Locale) -> None:
    for line in ROWS[row][locale]:
        up.clock.advance_to(max(up.clock.now(), up.at(line.hour, line.minute)))
        user = await meet(up, locale, line)
        before = await entries(up, user)
        cards = await send(user, line.text, answers=1 if line.asked else len(line.recorded))
        shown = "\n".join(map(text_of, cards))
        if line.asked is None:
            for event, receipt in RECEIPTS.items():
                expected = sum(entry[2] == event for entry in line.recorded)
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


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", others_slow(LOCALES))
async def test_two_names_that_were_never_seen_are_two_questions(up: Stage, locale: Locale) -> None:
    up.clock.advance_to(up.at(18))
    line = Line("AcmeとBeta 15時" if locale == "ja" else "Acme and Beta 3pm")
    user = await meet(up, locale, line)
    cards = await send(user, line.text, answers=2)
    for card, client in zip(cards, ("Acme", "Beta"), strict=True):
        await user.click(card, says("draft-new-client", locale, client=client))
    assert await entries(up, user) == (received("Acme", "24 15:00"), received("Beta", "24 15:00"))


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", others_slow(LOCALES))
async def test_a_request_is_answered_as_its_command(up: Stage, locale: Locale) -> None:
    user = await meet(up, locale, Line("", waiting=("Acme",)))
    for line, command, options in REQUESTS[locale]:
        [card] = await send(user, line)
        assert text_of(card) == (await user.command(command, **options)).text, line
    assert len(await entries(up, user)) == 1


@pytest.mark.both_engines
@pytest.mark.others_on_sqlite
@pytest.mark.parametrize(("locale", "line"), [("ja", "取り消し"), ("en", "undo")])
async def test_the_last_record_is_taken_back(up: Stage, locale: Locale, line: str) -> None:
    user = await meet(up, locale, Line("", waiting=("Acme",)))
    [card] = await send(user, line)
    assert "Acme" in text_of(card)
    assert await entries(up, user) == ()


@pytest.mark.others_on_sqlite
@pytest.mark.parametrize("locale", others_slow(LOCALES))
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
